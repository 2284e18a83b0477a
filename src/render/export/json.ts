import type * as Schema from "effect/Schema"
import { isoTime, isoTimeOrNull } from "../../domain/time.ts"
import { makeView, viewMessage } from "../../domain/view.ts"
import type { ExportDocument } from "../../schemas/export.ts"
import { jsonText } from "../json.ts"
import { wireMessage } from "../wire-message.ts"
import { cleanTitle, type Document, type ExportSource } from "./source.ts"

type Shape = Schema.Codec.Encoded<typeof ExportDocument>

const whole = makeView("full", null, true)

const sessionOf = (source: ExportSource): Shape["session"] => {
  const { again, row, transcript } = source
  const clean = (text: string | null): string | null => (text === null ? null : again.text(text))
  return {
    id: row.id,
    source: row.source,
    title: cleanTitle(source),
    cwd: clean(row.cwd),
    git_branch: clean(row.gitBranch),
    model: clean(row.model),
    parent_id: row.parentId,
    forked_from: transcript.facts.forkedFrom,
    created_at: isoTimeOrNull(row.createdAt),
    updated_at: isoTime(row.updatedAt),
    duration_ms: transcript.facts.durationMs,
    total_messages: transcript.count,
    total_tokens_estimate: transcript.totalTokens,
    by_role: transcript.byRole,
    token_usage: transcript.facts.tokenUsage
  }
}

/** Every message whole, in the shape that `read --preset full` prints. */
function* messagesOf({ redaction, transcript }: ExportSource): Generator<Shape["messages"][number], void, void> {
  for (let index = 1; index <= transcript.count; index++) {
    const message = redaction.message(transcript.message(index))
    yield wireMessage(viewMessage(message, transcript.tokens(index), whole, true))
  }
}

const head = (source: ExportSource) =>
  ({
    format: "sessionr-export",
    format_version: 1,
    exported_by: `sessionr ${source.version}`,
    redacted: source.redaction.isOn,
    session: sessionOf(source)
  }) satisfies Partial<Shape>

/** One JSON object; every message has a line of its own. */
export function* jsonDocument(source: ExportSource): Document {
  yield `${jsonText(head(source), 2).slice(0, -2)},\n  "messages": [`
  let separator = "\n    "
  for (const message of messagesOf(source)) {
    yield separator + jsonText(message)
    separator = ",\n    "
  }
  yield `${separator === "\n    " ? "" : "\n  "}],\n  "redactions": ${jsonText(source.redaction.counts)}\n}\n`
}

/** A line for the session, one for each message, and one that says that this was all. */
export function* jsonlDocument(source: ExportSource): Document {
  yield `${jsonText({ type: "session", ...head(source) })}\n`
  for (const message of messagesOf(source)) yield `${jsonText({ type: "message", ...message })}\n`
  yield `${jsonText({ type: "end", messages: source.transcript.count, redactions: source.redaction.counts })}\n`
}
