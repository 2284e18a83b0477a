import type { RoleCounts, TokenUsage } from "../session.ts"
import type { Action, CwdScope, Warning } from "./common.ts"

export const breakdowns = ["source", "day", "model", "project"] as const

export type Breakdown = (typeof breakdowns)[number]

/** What some sessions have in common, summed. */
export interface GroupTotals {
  /** Sessions that people began, and those that other sessions began. */
  readonly sessions: number
  readonly subagents: number
  readonly messages: number
  readonly byRole: RoleCounts
  /** Tool results that failed. */
  readonly toolErrors: number
  /** As the tools counted them, each answer once; null where none of the sessions has a count. */
  readonly tokens: TokenUsage | null
  /** Of the sessions and subagents those with messages, but without any count of tokens. */
  readonly withoutUsage: number
  /** Estimated tokens of the messages. */
  readonly tokensEstimate: number
  /** From the first to the last message of each session; of a day, those of that day. Milliseconds. */
  readonly durationMs: number
}

export interface TotalsGroup extends GroupTotals {
  readonly by: Breakdown
  /** A source, a UTC day, a model or a directory; null where it is not known. */
  readonly key: string | null
}

export interface TotalsResult {
  readonly _tag: "totals"
  readonly scope: CwdScope
  readonly scopeReason: string
  readonly cwd: string
  /** Milliseconds since the epoch. */
  readonly since: number | null
  readonly until: number | null
  /** The breakdown that was asked for; null for all. */
  readonly by: Breakdown | null
  /** Sessions with neither messages nor tokens: they count nowhere. */
  readonly empty: number
  readonly total: GroupTotals
  readonly groups: ReadonlyArray<TotalsGroup>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
