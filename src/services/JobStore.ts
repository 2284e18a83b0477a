import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StateError } from "../domain/errors.ts"
import type { JobRecord } from "../domain/job.ts"

export interface StoredJob {
  readonly record: JobRecord
  /** What the supervisor wrote when the child had ended; null until then. */
  readonly exit: number | null
}

/** Records of sends, one set of files each, written atomically and only ever read whole. */
export class JobStore extends Context.Service<
  JobStore,
  {
    readonly create: (record: JobRecord) => Effect.Effect<void, StateError>
    readonly read: (jobId: string) => Effect.Effect<StoredJob | null, StateError>
    /** Changes a record while nobody else does. */
    readonly update: (jobId: string, change: (record: JobRecord) => JobRecord) => Effect.Effect<JobRecord, StateError>
    /** Writes the exit code, unless one is there: the first counts. */
    readonly finish: (jobId: string, exit: number) => Effect.Effect<void, StateError>
    /** Every record that can be read, newest first. */
    readonly list: Effect.Effect<ReadonlyArray<StoredJob>, StateError>
    readonly remove: (jobId: string) => Effect.Effect<void, StateError>
    /** Files that the child's output goes to; they exist once a child was started. */
    readonly outputs: (jobId: string) => { readonly stdout: string; readonly stderr: string }
    /** The last lines of those files. */
    readonly tails: (
      jobId: string,
      lines: number
    ) => Effect.Effect<{ readonly stdout: ReadonlyArray<string>; readonly stderr: ReadonlyArray<string> }>
    /** Ends when the record or its exit may have changed, at the latest after so many milliseconds. */
    readonly changed: (jobId: string, withinMs: number) => Effect.Effect<void>
  }
>()("sessionr/services/JobStore") {}
