import * as Schema from "effect/Schema"
import { Actions, Count } from "./common.ts"
import { ErrorBody } from "./error.ts"
import { Message, ReadMeta, SessionSummary } from "./read.ts"

/** The last line of every JSONL answer. */
export const EndLine = Schema.Struct({ type: Schema.Literal("end"), actions: Actions, exit_code: Count })

/** Lines of `read --batch`. */
export const BatchLine = Schema.Union([
  Schema.Struct({ type: Schema.Literal("meta"), count: Count }),
  Schema.Struct({
    type: Schema.Literal("session"),
    session_id: Schema.String,
    session: Schema.optionalKey(SessionSummary),
    meta: ReadMeta
  }),
  Schema.Struct({ type: Schema.Literal("message"), session_id: Schema.String, ...Message.fields }),
  Schema.Struct({ type: Schema.Literal("error"), session_id: Schema.String, error: ErrorBody }),
  EndLine
])
