import * as Schema from "effect/Schema"
import { exportFormats } from "../domain/results/export.ts"
import {
  Actions,
  apiVersion,
  ByRole,
  Count,
  NullableString,
  sessionHead,
  timing,
  TokenUsage,
  Warnings
} from "./common.ts"
import { Message } from "./read.ts"

/** How often each rule of the redaction found something. */
const Redactions = Schema.Record(Schema.String, Count)

/** The answer of `export`. */
export const ExportEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.optionalKey(Schema.Struct({ warnings: Schema.optionalKey(Warnings), ...timing })),
  session_id: Schema.String,
  source: Schema.String,
  /** Absolute; null where the document is in `content`. */
  path: NullableString,
  format: Schema.Literals(exportFormats),
  /** Of the document as UTF-8. */
  bytes: Count,
  messages: Count,
  redacted: Schema.Boolean,
  redactions: Redactions,
  content: Schema.optionalKey(Schema.String),
  actions: Actions
})

const session = Schema.Struct({
  ...sessionHead,
  duration_ms: Schema.NullOr(Count),
  total_messages: Count,
  total_tokens_estimate: Count,
  by_role: ByRole,
  token_usage: Schema.NullOr(TokenUsage)
})

const head = {
  format: Schema.Literal("sessionr-export"),
  format_version: Schema.Literal(1),
  exported_by: Schema.String,
  redacted: Schema.Boolean,
  session
}

/** What `export --format json` writes: the same whatever the API version. */
export const ExportDocument = Schema.Struct({ ...head, messages: Schema.Array(Message), redactions: Redactions })

/** A line of what `export --format jsonl` writes. */
export const ExportDocumentLine = Schema.Union([
  Schema.Struct({ type: Schema.Literal("session"), ...head }),
  Schema.Struct({ type: Schema.Literal("message"), ...Message.fields }),
  Schema.Struct({ type: Schema.Literal("end"), messages: Count, redactions: Redactions })
])
