import type { NamesResult } from "../../domain/results.ts"
import { isoTime } from "../../domain/time.ts"
import type { NamesEnvelope } from "../../schemas/names.ts"
import { renderTable } from "../terminal.ts"
import { type Encoder, metaOf, nextLine, type Shape, warningLines } from "./common.ts"

const wire = (result: NamesResult): Shape<typeof NamesEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  status: result.status,
  names: result.names.map(({ at, createdAt, id, name, source }) => ({
    name,
    session_id: id,
    source,
    ...(at === null ? {} : { at }),
    created_at: isoTime(createdAt)
  })),
  actions: result.actions
})

/** The answer of `name` and `checkpoint`. */
export const names: Encoder<NamesResult> = {
  wire,
  text: (result, style) =>
    (result.names.length === 0
      ? `${style.paint.dim("no names")}\n`
      : renderTable(
          [{ title: "NAME", max: 64 }, { title: "SOURCE", max: 14 }, { title: "SESSION", max: 40 }, { title: "AT" }],
          result.names.map(({ at, id, name, source }) => [name, source, id, at === null ? "" : String(at)]),
          style.width,
          style.paint
        )) +
    (result.status === "listed" ? "" : `${style.paint.dim(result.status)}\n`) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
}
