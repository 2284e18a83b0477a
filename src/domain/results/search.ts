import type { Role } from "../message.ts"
import type { Action, Warning } from "./common.ts"

export interface SearchMatch {
  readonly messageIndex: number
  readonly role: Role
  readonly snippet: string
  readonly charOffset: number
}

export interface SearchResult {
  readonly _tag: "search"
  readonly query: string
  readonly scanned: number
  readonly available: number
  readonly warnings: ReadonlyArray<Warning>
  readonly results: ReadonlyArray<{
    id: string
    source: string
    cwd: string | null
    updatedAt: number
    summary: string
    parentId: string | null
    matchCount: number
    matches: ReadonlyArray<SearchMatch>
  }>
  readonly totalMatches: number
  readonly actions: ReadonlyArray<Action>
}
