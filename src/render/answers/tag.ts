import type { TagResult } from "../../domain/results.ts"
import type { TagEnvelope } from "../../schemas/tag.ts"
import { sanitizeLine } from "../terminal.ts"
import { type Encoder, metaOf, nextLine, type Shape, warningLines } from "./common.ts"

const wire = (result: TagResult): Shape<typeof TagEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  status: result.status,
  id: result.id,
  source: result.source,
  tags: result.tags,
  actions: result.actions
})

export const tag: Encoder<TagResult> = {
  wire,
  text: (result, style) =>
    `${sanitizeLine(`${result.id}  ${result.source}  ${result.status.replace("_", " ")}`)}\n` +
    `  ${result.tags.length === 0 ? style.paint.dim("no tags") : sanitizeLine(result.tags.join(" "))}\n` +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
}
