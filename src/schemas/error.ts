import * as Schema from "effect/Schema"
import { errorTable } from "../domain/error-table.ts"
import { Actions, apiVersion, Count, timing } from "./common.ts"

const PrefixMatch = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  cwd: Schema.NullOr(Schema.String),
  updated_at: Schema.String
})

const Holder = Schema.Struct({ pid: Schema.Int, command: Schema.NullOr(Schema.String), since: Schema.String })

const strings = Schema.Array(Schema.String)

/** The details that a code may carry, all of them: which code has which is said in `help errors`. */
export const ErrorDetail = Schema.Struct({
  argument: Schema.optionalKey(Schema.NullOr(Schema.String)),
  value: Schema.optionalKey(Schema.String),
  valid: Schema.optionalKey(strings),
  unknown: Schema.optionalKey(strings),
  did_you_mean: Schema.optionalKey(strings),
  accepted: Schema.optionalKey(Schema.String),
  min: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  max: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  flags: Schema.optionalKey(strings),
  path: Schema.optionalKey(Schema.String),
  reason: Schema.optionalKey(Schema.String),
  source: Schema.optionalKey(Schema.String),
  topic: Schema.optionalKey(Schema.String),
  session_id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  cwd: Schema.optionalKey(Schema.String),
  prefix_matches: Schema.optionalKey(Schema.Array(PrefixMatch)),
  sessions_available: Schema.optionalKey(Count),
  skipped_sources: Schema.optionalKey(strings),
  alternatives: Schema.optionalKey(strings),
  operation: Schema.optionalKey(Schema.String),
  supported: Schema.optionalKey(strings),
  job_id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  session_name: Schema.optionalKey(Schema.String),
  bin: Schema.optionalKey(Schema.String),
  searched: Schema.optionalKey(strings),
  error: Schema.optionalKey(Schema.String),
  exit_code: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  signal: Schema.optionalKey(Schema.NullOr(Schema.String)),
  stderr_tail: Schema.optionalKey(strings),
  stdout_tail: Schema.optionalKey(strings),
  retry_after_s: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  timeout_s: Schema.optionalKey(Schema.Int),
  delivery: Schema.optionalKey(Schema.String),
  holder: Schema.optionalKey(Holder),
  key: Schema.optionalKey(Schema.String),
  waited_ms: Schema.optionalKey(Schema.Int),
  report: Schema.optionalKey(Schema.String)
})

const codes = Object.values(errorTable).map((row) => row.code)

export const ErrorBody = Schema.Struct({
  code: Schema.Literals(codes),
  class: Schema.Literals([
    "validation",
    "not_found",
    "auth",
    "rate_limit",
    "unsupported",
    "tool",
    "internal",
    "partial"
  ]),
  message: Schema.String,
  detail: Schema.optionalKey(ErrorDetail),
  suggestion: Schema.optionalKey(Schema.String),
  retry: Schema.Boolean,
  exit_code: Count
})

export const ErrorEnvelope = Schema.Struct({
  api_version: apiVersion,
  error: ErrorBody,
  meta: Schema.optionalKey(Schema.Struct(timing)),
  actions: Actions
})
