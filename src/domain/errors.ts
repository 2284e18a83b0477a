import * as Schema from "effect/Schema"
import type { SendingError } from "./send-errors.ts"

/**
 * Every failure of the program: one class per code. `error-table.ts` gives each its code, class, exit code and retry.
 * The fields besides `message` and `suggestion` are the `detail` of the published error.
 */
const base = { message: Schema.String, suggestion: Schema.optionalKey(Schema.String) }
const invalidChoice = {
  ...base,
  value: Schema.String,
  valid: Schema.Array(Schema.String),
  did_you_mean: Schema.Array(Schema.String)
}

export class UsageError extends Schema.TaggedError<UsageError>()("UsageError", {
  ...base,
  argument: Schema.NullOr(Schema.String),
  did_you_mean: Schema.Array(Schema.String)
}) {}

export class InvalidOutputFormat extends Schema.TaggedError<InvalidOutputFormat>()(
  "InvalidOutputFormat",
  invalidChoice
) {}

export class InvalidSource extends Schema.TaggedError<InvalidSource>()("InvalidSource", invalidChoice) {}

export class InvalidPreset extends Schema.TaggedError<InvalidPreset>()("InvalidPreset", invalidChoice) {}

export class InvalidRole extends Schema.TaggedError<InvalidRole>()("InvalidRole", {
  ...base,
  unknown: Schema.Array(Schema.String),
  valid: Schema.Array(Schema.String),
  did_you_mean: Schema.Array(Schema.String)
}) {}

export class InvalidAnchor extends Schema.TaggedError<InvalidAnchor>()("InvalidAnchor", invalidChoice) {}

export class InvalidAnchorUsage extends Schema.TaggedError<InvalidAnchorUsage>()("InvalidAnchorUsage", base) {}

export class InvalidTokenBudget extends Schema.TaggedError<InvalidTokenBudget>()("InvalidTokenBudget", {
  ...base,
  value: Schema.String
}) {}

export class InvalidDuration extends Schema.TaggedError<InvalidDuration>()("InvalidDuration", {
  ...base,
  value: Schema.String,
  accepted: Schema.String
}) {}

export class InvalidArg extends Schema.TaggedError<InvalidArg>()("InvalidArg", {
  ...base,
  argument: Schema.String,
  value: Schema.String,
  min: Schema.NullOr(Schema.Finite),
  max: Schema.NullOr(Schema.Finite)
}) {}

export class MissingQuery extends Schema.TaggedError<MissingQuery>()("MissingQuery", base) {}

export class ConflictingFlags extends Schema.TaggedError<ConflictingFlags>()("ConflictingFlags", {
  ...base,
  flags: Schema.Array(Schema.String)
}) {}

export class FileNotReadable extends Schema.TaggedError<FileNotReadable>()("FileNotReadable", {
  ...base,
  path: Schema.String,
  reason: Schema.String
}) {}

export class FileNotWritable extends Schema.TaggedError<FileNotWritable>()("FileNotWritable", {
  ...base,
  path: Schema.String,
  reason: Schema.String
}) {}

export const PrefixMatch = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  cwd: Schema.NullOr(Schema.String),
  updated_at: Schema.String
})

export class SessionNotFound extends Schema.TaggedError<SessionNotFound>()("SessionNotFound", {
  ...base,
  session_id: Schema.String,
  cwd: Schema.String,
  prefix_matches: Schema.Array(PrefixMatch),
  sessions_available: Schema.Int,
  /** Sources that could not be looked through, so that an absence there proves nothing. */
  skipped_sources: Schema.Array(Schema.String)
}) {}

export class TopicNotFound extends Schema.TaggedError<TopicNotFound>()("TopicNotFound", {
  ...base,
  topic: Schema.String,
  valid: Schema.Array(Schema.String),
  did_you_mean: Schema.Array(Schema.String)
}) {}

export class ParseError extends Schema.TaggedError<ParseError>()("ParseError", {
  ...base,
  path: Schema.String,
  source: Schema.String,
  reason: Schema.String
}) {}

export class ConfirmationRequired extends Schema.TaggedError<ConfirmationRequired>()("ConfirmationRequired", base) {}

/** Our own state is unreadable, damaged, full, not writable or locked. */
export class StateError extends Schema.TaggedError<StateError>()("StateError", {
  ...base,
  path: Schema.String,
  reason: Schema.String
}) {}

/** A defect: never raised on purpose, made at the edge from whatever was thrown. */
export class UnknownError extends Schema.TaggedError<UnknownError>()("UnknownError", {
  ...base,
  report: Schema.String
}) {}

export type AppError =
  | SendingError
  | UsageError
  | InvalidOutputFormat
  | InvalidSource
  | InvalidPreset
  | InvalidRole
  | InvalidAnchor
  | InvalidAnchorUsage
  | InvalidTokenBudget
  | InvalidDuration
  | InvalidArg
  | MissingQuery
  | ConflictingFlags
  | FileNotReadable
  | FileNotWritable
  | SessionNotFound
  | TopicNotFound
  | ParseError
  | ConfirmationRequired
  | StateError
  | UnknownError

/** A file of a foreign store could not be read: adapters turn it into a count or a `ParseError`, no caller sees it. */
export class FileError extends Schema.TaggedError<FileError>()("FileError", {
  path: Schema.String,
  reason: Schema.String
}) {}
