import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** Questions about directories of this machine; none of them fails. */
export class Directories extends Context.Service<
  Directories,
  {
    readonly exists: (path: string) => Effect.Effect<boolean>
    /** The path with symbolic links resolved; the path itself where that fails. */
    readonly realPath: (path: string) => Effect.Effect<string>
    /** Top of the git worktree that contains the path; null outside one. */
    readonly worktreeOf: (path: string) => Effect.Effect<string | null>
    /** Bytes and files below a directory; null where it does not exist. */
    readonly size: (path: string) => Effect.Effect<{ bytes: number; files: number } | null>
  }
>()("sessionr/services/Directories") {}
