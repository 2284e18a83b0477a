import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type { PrunedResult, PrunePlanResult, RestoredResult, TrashResult } from "../domain/results.ts"
import type { CwdChoice } from "./Sessions.ts"

export interface PruneRequest {
  /** Sessions that were last active longer ago than this, in milliseconds. */
  readonly olderThanMs: number
  readonly source: string | null
  readonly cwd: CwdChoice
  /** The caller's own flags as words, for the next command. */
  readonly words: ReadonlyArray<string>
}

/** Old sessions: to the trash in our own state, back from it, and out of it for good. */
export class Prune extends Context.Service<
  Prune,
  {
    /** Only looks. */
    readonly plan: (request: PruneRequest) => Effect.Effect<PrunePlanResult, AppError>
    readonly run: (request: PruneRequest) => Effect.Effect<PrunedResult, AppError>
    readonly undo: (trash: string) => Effect.Effect<RestoredResult, AppError>
    /** What has lain in the trash for longer than so many milliseconds. */
    readonly emptyTrash: (olderThanMs: number, dryRun: boolean) => Effect.Effect<TrashResult, AppError>
  }
>()("sessionr/services/Prune") {}
