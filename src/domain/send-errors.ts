import * as Schema from "effect/Schema"

/** Failures of commands that start a tool or look after what was started. See `errors.ts` for the shape. */
const base = { message: Schema.String, suggestion: Schema.optionalKey(Schema.String) }

const strings = Schema.Array(Schema.String)

export class MissingMessage extends Schema.TaggedError<MissingMessage>()("MissingMessage", base) {}

export class MissingSource extends Schema.TaggedError<MissingSource>()("MissingSource", base) {}

export class MissingSession extends Schema.TaggedError<MissingSession>()("MissingSession", base) {}

export class UnsupportedSource extends Schema.TaggedError<UnsupportedSource>()("UnsupportedSource", {
  ...base,
  source: Schema.String,
  alternatives: strings
}) {}

export class UnsupportedOperation extends Schema.TaggedError<UnsupportedOperation>()("UnsupportedOperation", {
  ...base,
  source: Schema.String,
  operation: Schema.String,
  supported: strings
}) {}

export class JobNotFound extends Schema.TaggedError<JobNotFound>()("JobNotFound", { ...base, job_id: Schema.String }) {}

export class NameNotFound extends Schema.TaggedError<NameNotFound>()("NameNotFound", {
  ...base,
  session_name: Schema.String
}) {}

/** What a tool left behind when it failed; tails are its last lines, without secrets. */
const toolDetail = {
  ...base,
  bin: Schema.String,
  exit_code: Schema.NullOr(Schema.Int),
  signal: Schema.NullOr(Schema.String),
  stderr_tail: strings,
  stdout_tail: strings,
  session_id: Schema.NullOr(Schema.String)
}

export class ToolError extends Schema.TaggedError<ToolError>()("ToolError", toolDetail) {}

export class AuthRequired extends Schema.TaggedError<AuthRequired>()("AuthRequired", toolDetail) {}

export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", {
  ...toolDetail,
  retry_after_s: Schema.NullOr(Schema.Int)
}) {}

export class SpawnError extends Schema.TaggedError<SpawnError>()("SpawnError", {
  ...base,
  bin: Schema.String,
  searched: strings,
  error: Schema.String
}) {}

export class SendTimeout extends Schema.TaggedError<SendTimeout>()("SendTimeout", {
  ...base,
  timeout_s: Schema.Int,
  delivery: Schema.String
}) {}

export class NotDelivered extends Schema.TaggedError<NotDelivered>()("NotDelivered", {
  ...base,
  delivery: Schema.String,
  session_id: Schema.NullOr(Schema.String)
}) {}

export const Holder = Schema.Struct({
  pid: Schema.Int,
  command: Schema.NullOr(Schema.String),
  since: Schema.String
})

export class SessionBusy extends Schema.TaggedError<SessionBusy>()("SessionBusy", {
  ...base,
  holder: Holder,
  job_id: Schema.NullOr(Schema.String)
}) {}

export class IdempotencyConflict extends Schema.TaggedError<IdempotencyConflict>()("IdempotencyConflict", {
  ...base,
  key: Schema.String,
  job_id: Schema.NullOr(Schema.String)
}) {}

export class JobTimeout extends Schema.TaggedError<JobTimeout>()("JobTimeout", {
  ...base,
  job_id: Schema.String,
  timeout_s: Schema.Int
}) {}

export class NewSessionNotDetected extends Schema.TaggedError<NewSessionNotDetected>()("NewSessionNotDetected", {
  ...base,
  source: Schema.String,
  cwd: Schema.String,
  waited_ms: Schema.Int
}) {}

export type SendingError =
  | MissingMessage
  | MissingSource
  | MissingSession
  | UnsupportedSource
  | UnsupportedOperation
  | JobNotFound
  | NameNotFound
  | ToolError
  | AuthRequired
  | RateLimited
  | SpawnError
  | SendTimeout
  | NotDelivered
  | SessionBusy
  | IdempotencyConflict
  | JobTimeout
  | NewSessionNotDetected
