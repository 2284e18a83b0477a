import type { ExportResult } from "../../domain/results.ts"
import type { RedactionCounts } from "../../domain/redaction.ts"
import type { ExportEnvelope } from "../../schemas/export.ts"
import { type Encoder, line, metaOf, nextLine, type Shape, warningLines } from "./common.ts"

/** What was redacted, in words. */
export const redactionText = (isOn: boolean, counts: RedactionCounts): string => {
  if (!isOn) return "not redacted"
  const rules = Object.entries(counts)
  if (rules.length === 0) return "redaction found nothing"
  const total = rules.reduce((sum, [, count]) => sum + count, 0)
  return `redacted ${total}: ${rules.map(([rule, count]) => `${rule} ${count}`).join(", ")}`
}

const wire = (result: ExportResult): Shape<typeof ExportEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  session_id: result.sessionId,
  source: result.source,
  path: result.path,
  format: result.format,
  bytes: result.bytes,
  messages: result.messages,
  redacted: result.redacted,
  redactions: result.redactions,
  ...(result.content === null ? {} : { content: result.content }),
  actions: result.actions
})

/** Of `export`. A document that goes to stdout itself is printed by the command, piece by piece. */
export const exported: Encoder<ExportResult> = {
  wire,
  text: (result, style) =>
    result.content ??
    line(`${result.path}: ${result.format}, ${result.messages} messages, ${result.bytes} bytes`) +
      line(redactionText(result.redacted, result.redactions)) +
      warningLines(result.warnings, style) +
      nextLine(result.actions, style)
}
