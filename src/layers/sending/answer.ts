import * as Effect from "effect/Effect"
import { shortestPrefix } from "../../domain/ids.ts"
import { exitCodes } from "../../domain/error-table.ts"
import type { Action, ReadResult, SentResult, Warning } from "../../domain/results.ts"
import { ToolError } from "../../domain/send-errors.ts"
import type { Delivery } from "../../domain/proof.ts"
import type { StoredJob } from "../../services/JobStore.ts"
import type { ReadBackForm, SendRequest } from "../../services/Sends.ts"
import { Sessions } from "../../services/Sessions.ts"
import { commandLine, openCatalog } from "../sessions/catalog.ts"
import type { Performed } from "./perform.ts"

/** What is to be shown of a session that a prompt went to. */
interface Sent {
  readonly sessionId: string
  readonly previousSessionId: string | null
  readonly source: string
  readonly delivery: Delivery
  readonly before: number
  readonly isNewSession: boolean
  readonly exitCode: number
  readonly notices: ReadonlyArray<string>
}

const notice = (source: string, message: string): Warning => ({ source, code: "NOTICE", message })

/** The new messages of a session, within the budget. */
const readBack = Effect.fnUntraced(function* (sent: Sent, request: SendRequest, form: ReadBackForm) {
  const sessions = yield* Sessions
  return (yield* sessions.read({
    id: sent.sessionId,
    source: sent.source,
    view: form.view,
    tokens: request.tokens,
    anchor: { kind: "after", index: sent.before },
    roles: null,
    charOffset: 0,
    branchOf: null,
    ifChanged: null,
    includeSummary: false,
    printing: form.printing,
    notices: [],
    words: ["--preset", request.preset]
  })) as ReadResult
})

const answerOf = Effect.fnUntraced(function* (sent: Sent, request: SendRequest, form: ReadBackForm) {
  const command = yield* commandLine
  const read = yield* readBack(sent, request, form)
  const catalog = yield* openCatalog(sent.source)
  const ids = catalog.entries.map(({ entry }) => entry.id)
  const words = [shortestPrefix(sent.sessionId, ids), "--source", sent.source]
  const actions: ReadonlyArray<Action> = [
    ...(read.cursor.next === null
      ? []
      : [{ command: read.cursor.next.command, description: "The rest of the new messages" }]),
    { command: command(["send", ...words, "--file", "prompt.md"]), description: "Send a follow-up" },
    { command: command(["read", ...words]), description: "Read the whole session" }
  ]
  return {
    _tag: "send",
    sessionId: sent.sessionId,
    previousSessionId: sent.previousSessionId,
    source: sent.source,
    delivery: sent.delivery,
    totalMessages: read.totalMessages,
    messageCountBefore: sent.before,
    newMessages: Math.max(0, read.totalMessages - sent.before),
    totalTokens: read.totalTokens,
    returnedTokens: read.returnedTokens,
    range: read.range,
    isNewSession: sent.isNewSession,
    partial: read.partial || sent.delivery === "unanswered",
    exitCode: sent.exitCode,
    warnings: [...sent.notices.map((message) => notice(sent.source, message)), ...read.warnings],
    messages: read.messages,
    actions
  } satisfies SentResult
})

/** The answer to a send that was carried out just now. */
export const sentAnswer = (performed: Performed, request: SendRequest, form: ReadBackForm) => {
  const { before, exitCode, notices, previousId, settled, target } = performed
  const isShorter = settled.transcript.count < before.count
  return answerOf(
    {
      sessionId: settled.found.entry.id,
      previousSessionId: previousId,
      source: target.adapter.source,
      delivery: settled.proof.delivery,
      // A tool that compacted the session meanwhile has put the prompt at another place.
      before: isShorter ? (settled.proof.promptIndex ?? 1) - 1 : before.count,
      isNewSession: target.kind === "new" || target.kind === "fork",
      exitCode,
      notices
    },
    request,
    form
  )
}

/** What a job of before came to, as the answer to the same send again. */
export const knownAnswer = Effect.fnUntraced(function* (
  { exit, record }: StoredJob,
  request: SendRequest,
  form: ReadBackForm
) {
  const { delivery, sessionId } = record
  if (record.lastError !== null || exit !== exitCodes.OK || sessionId === null || delivery === null) {
    return yield* new ToolError({
      message: `the first send under this key failed: ${record.lastError ?? `exit code ${exit ?? "unknown"}`}`,
      suggestion: `sessionr job ${record.jobId}`,
      bin: record.bin,
      exit_code: exit,
      signal: null,
      stderr_tail: [],
      stdout_tail: [],
      session_id: sessionId
    })
  }
  const sent: Sent = {
    sessionId,
    previousSessionId: record.previousSessionId,
    source: record.source,
    delivery,
    before: record.messageCountBefore,
    isNewSession: record.kind === "new" || record.kind === "fork",
    exitCode: exit,
    notices: [`nothing was sent: this is what ${record.jobId} of before came to`]
  }
  return yield* answerOf(sent, request, form)
})
