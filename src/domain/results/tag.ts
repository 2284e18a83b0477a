import type { Action, Warning } from "./common.ts"

/** What `tag` did: `already_tagged` and `not_tagged` say that there was nothing to do. */
export const tagStatuses = ["added", "already_tagged", "removed", "not_tagged", "shown"] as const

export interface TagResult {
  readonly _tag: "tag"
  readonly status: (typeof tagStatuses)[number]
  readonly id: string
  readonly source: string
  readonly tags: ReadonlyArray<string>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
