import * as Data from "effect/Data"
import type { Told } from "./errors.ts"

/** Failures of commands that start a tool or look after what was started. See `errors.ts` for the shape. */
export class MissingMessage extends Data.TaggedError("MissingMessage")<Told> {}

export class MissingSource extends Data.TaggedError("MissingSource")<Told> {}

export class MissingSession extends Data.TaggedError("MissingSession")<Told> {}

export class UnsupportedSource extends Data.TaggedError("UnsupportedSource")<
  Told & {
    readonly source: string
    readonly alternatives: ReadonlyArray<string>
  }
> {}

export class UnsupportedOperation extends Data.TaggedError("UnsupportedOperation")<
  Told & {
    readonly source: string
    readonly operation: string
    readonly supported: ReadonlyArray<string>
  }
> {}

export class JobNotFound extends Data.TaggedError("JobNotFound")<
  Told & {
    readonly job_id: string
  }
> {}

export class NameNotFound extends Data.TaggedError("NameNotFound")<
  Told & {
    readonly session_name: string
  }
> {}

/** What a tool left behind when it failed; tails are its last lines, without secrets. */
interface ToolDetail extends Told {
  readonly bin: string
  readonly exit_code: number | null
  readonly signal: string | null
  readonly stderr_tail: ReadonlyArray<string>
  readonly stdout_tail: ReadonlyArray<string>
  readonly session_id: string | null
}

export class ToolError extends Data.TaggedError("ToolError")<ToolDetail> {}

export class AuthRequired extends Data.TaggedError("AuthRequired")<ToolDetail> {}

export class RateLimited extends Data.TaggedError("RateLimited")<
  ToolDetail & {
    readonly retry_after_s: number | null
  }
> {}

export class SpawnError extends Data.TaggedError("SpawnError")<
  Told & {
    readonly bin: string
    readonly searched: ReadonlyArray<string>
    readonly error: string
  }
> {}

export class SendTimeout extends Data.TaggedError("SendTimeout")<
  Told & {
    readonly timeout_s: number
    readonly delivery: string
  }
> {}

export class NotDelivered extends Data.TaggedError("NotDelivered")<
  Told & {
    readonly delivery: string
    readonly session_id: string | null
  }
> {}

/** Who has what we want. */
export interface Holder {
  readonly pid: number
  readonly command: string | null
  readonly since: string
}

export class SessionBusy extends Data.TaggedError("SessionBusy")<
  Told & {
    readonly holder: Holder
    readonly job_id: string | null
  }
> {}

export class IdempotencyConflict extends Data.TaggedError("IdempotencyConflict")<
  Told & {
    readonly key: string
    readonly job_id: string | null
  }
> {}

export class JobTimeout extends Data.TaggedError("JobTimeout")<
  Told & {
    readonly job_id: string
    readonly timeout_s: number
  }
> {}

export class NewSessionNotDetected extends Data.TaggedError("NewSessionNotDetected")<
  Told & {
    readonly source: string
    readonly cwd: string
    readonly waited_ms: number
  }
> {}

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
