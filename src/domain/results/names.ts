import type { NamedSession } from "../names.ts"
import type { Action, Warning } from "./common.ts"

/** What `name` or `checkpoint` did: `moved` says that the name was another session's before. */
export const nameStatuses = ["named", "moved", "unchanged", "removed", "listed"] as const

export interface NamesResult {
  readonly _tag: "names"
  readonly status: (typeof nameStatuses)[number]
  /** The name in question, or all of them. */
  readonly names: ReadonlyArray<NamedSession>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
