import * as Data from "effect/Data"
import type { SendingError } from "./send-errors.ts"

/**
 * Every failure of the program: one class per code. `error-table.ts` gives each its code, class, exit code and retry.
 * The fields besides these two are the `detail` of the published error. They are plain classes: what is printed has its
 * schema in `schemas/error.ts`, and forty schemas more would be in every start.
 */
export interface Told {
  readonly message: string
  /** A command to paste. */
  readonly suggestion?: string
}

interface InvalidChoice extends Told {
  readonly value: string
  readonly valid: ReadonlyArray<string>
  readonly did_you_mean: ReadonlyArray<string>
}

export class UsageError extends Data.TaggedError("UsageError")<
  Told & {
    readonly argument: string | null
    readonly did_you_mean: ReadonlyArray<string>
  }
> {}

export class InvalidOutputFormat extends Data.TaggedError("InvalidOutputFormat")<InvalidChoice> {}

export class InvalidSource extends Data.TaggedError("InvalidSource")<InvalidChoice> {}

export class InvalidPreset extends Data.TaggedError("InvalidPreset")<InvalidChoice> {}

export class InvalidRole extends Data.TaggedError("InvalidRole")<
  Told & {
    readonly unknown: ReadonlyArray<string>
    readonly valid: ReadonlyArray<string>
    readonly did_you_mean: ReadonlyArray<string>
  }
> {}

export class InvalidAnchor extends Data.TaggedError("InvalidAnchor")<InvalidChoice> {}

export class InvalidAnchorUsage extends Data.TaggedError("InvalidAnchorUsage")<Told> {}

export class InvalidTokenBudget extends Data.TaggedError("InvalidTokenBudget")<
  Told & {
    readonly value: string
  }
> {}

export class InvalidDuration extends Data.TaggedError("InvalidDuration")<
  Told & {
    readonly value: string
    readonly accepted: string
  }
> {}

export class InvalidArg extends Data.TaggedError("InvalidArg")<
  Told & {
    readonly argument: string
    readonly value: string
    readonly min: number | null
    readonly max: number | null
  }
> {}

export class MissingQuery extends Data.TaggedError("MissingQuery")<Told> {}

export class ConflictingFlags extends Data.TaggedError("ConflictingFlags")<
  Told & {
    readonly flags: ReadonlyArray<string>
  }
> {}

export class FileNotReadable extends Data.TaggedError("FileNotReadable")<
  Told & {
    readonly path: string
    readonly reason: string
  }
> {}

export class FileNotWritable extends Data.TaggedError("FileNotWritable")<
  Told & {
    readonly path: string
    readonly reason: string
  }
> {}

/** A session whose id begins like what was asked for. */
export interface PrefixMatch {
  readonly id: string
  readonly source: string
  readonly cwd: string | null
  readonly updated_at: string
}

export class SessionNotFound extends Data.TaggedError("SessionNotFound")<
  Told & {
    readonly session_id: string
    readonly cwd: string
    readonly prefix_matches: ReadonlyArray<PrefixMatch>
    readonly sessions_available: number
    /** Sources that could not be looked through, so that an absence there proves nothing. */
    readonly skipped_sources: ReadonlyArray<string>
  }
> {}

export class TopicNotFound extends Data.TaggedError("TopicNotFound")<
  Told & {
    readonly topic: string
    readonly valid: ReadonlyArray<string>
    readonly did_you_mean: ReadonlyArray<string>
  }
> {}

export class ParseError extends Data.TaggedError("ParseError")<
  Told & {
    readonly path: string
    readonly source: string
    readonly reason: string
  }
> {}

export class ConfirmationRequired extends Data.TaggedError("ConfirmationRequired")<Told> {}

/** Our own state is unreadable, damaged, full, not writable or locked. */
export class StateError extends Data.TaggedError("StateError")<
  Told & {
    readonly path: string
    readonly reason: string
  }
> {}

/** A defect: never raised on purpose, made at the edge from whatever was thrown. */
export class UnknownError extends Data.TaggedError("UnknownError")<
  Told & {
    readonly report: string
  }
> {}

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
export class FileError extends Data.TaggedError("FileError")<{
  readonly path: string
  readonly reason: string
}> {}
