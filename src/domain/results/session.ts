import type { RoleCounts, SessionFacts, TokenUsage } from "../session.ts"
import type { Action, SessionRow, Warning } from "./common.ts"

export interface InfoResult {
  readonly _tag: "info"
  readonly row: SessionRow
  readonly byRole: RoleCounts
  readonly tokenUsage: TokenUsage | null
  readonly durationMs: number | null
  readonly bytes: number
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export interface StatsResult {
  readonly _tag: "stats"
  readonly row: SessionRow
  readonly byRole: RoleCounts
  readonly totalMessages: number
  readonly totalTokens: number
  readonly facts: SessionFacts
  readonly archived: boolean
  readonly bytes: number
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
