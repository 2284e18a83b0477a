import type { Action, CwdScope, SessionRow, Warning } from "./common.ts"

/** A cursor: the command that goes on, and its numbers for callers that build their own. */
export interface ListCursor {
  readonly command: string
  readonly offset: number
  readonly limit: number
}

export interface ListResult {
  readonly _tag: "list"
  readonly scope: CwdScope
  readonly scopeReason: string
  readonly cwd: string
  readonly search: { query: string; scanned: number; available: number; truncated: boolean } | null
  readonly hidden: { subagents: number; empty: number }
  readonly warnings: ReadonlyArray<Warning>
  readonly nextAction: Action
  readonly sessions: ReadonlyArray<SessionRow>
  readonly totalAvailable: number
  readonly limit: number
  readonly offset: number
  readonly availableSources: ReadonlyArray<string>
  readonly cursor: { next: ListCursor | null; prev: ListCursor | null; first: ListCursor | null }
  readonly actions: ReadonlyArray<Action>
  /** Milliseconds since the epoch: what ages in a table are counted from. */
  readonly now: number
}
