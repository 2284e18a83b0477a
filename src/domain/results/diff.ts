import type { RoleCounts, TokenUsage } from "../session.ts"
import type { MessageView } from "../view.ts"
import type { Action, Warning } from "./common.ts"
import type { ReadCursor } from "./read.ts"

/** What two sessions are to each other, as their tools recorded it, or else as their calls show. */
export type Relation =
  | "same_session"
  | "a_forked_from_b"
  | "b_forked_from_a"
  | "forks_of_one"
  | "a_subagent_of_b"
  | "b_subagent_of_a"
  /** Leading messages with calls of the same ids: one was copied from the other, and no tool says which. */
  | "shared_history"
  | "unrelated"

/** The part of a session behind what it shares with the other. */
export interface AfterSplit {
  readonly messages: number
  readonly byRole: RoleCounts
  /** Estimated. */
  readonly tokens: number
  readonly toolCalls: number
  readonly toolErrors: number
  /** Newest time minus oldest, milliseconds; null where nothing has a time. */
  readonly durationMs: number | null
}

export interface DiffSession {
  readonly id: string
  readonly source: string
  readonly title: string | null
  readonly cwd: string | null
  readonly gitBranch: string | null
  readonly model: string | null
  readonly parentId: string | null
  readonly forkedFrom: string | null
  readonly createdAt: number | null
  readonly updatedAt: number
  readonly totalMessages: number
  readonly totalTokens: number
  readonly tokenUsage: TokenUsage | null
  readonly durationMs: number | null
  readonly after: AfterSplit
}

/** Calls of one tool behind the split. */
export interface ToolDifference {
  readonly name: string
  readonly a: { readonly count: number; readonly errors: number }
  readonly b: { readonly count: number; readonly errors: number }
}

/** A step of the aligned messages behind the split: a run that both have, or a message that only one has. */
export type Difference =
  | {
      readonly number: number
      readonly side: "same"
      readonly a: { readonly from: number; readonly to: number }
      readonly b: { readonly from: number; readonly to: number }
    }
  | { readonly number: number; readonly side: "a" | "b"; readonly message: MessageView }

/** The aligned messages, as far as they fit. */
export interface Differences {
  readonly total: number
  readonly shown: ReadonlyArray<Difference>
  readonly tokenBudget: number
  /** Whether steps follow, or a message was cut. */
  readonly isPartial: boolean
  readonly returnedTokens: number
  /** False where only messages that occur once in each session could be aligned: see `domain/diff/align.ts`. */
  readonly isExact: boolean
  readonly cursor: { next: ReadCursor | null; prev: ReadCursor | null; first: ReadCursor | null }
}

export interface DiffResult {
  readonly _tag: "diff"
  readonly a: DiffSession
  readonly b: DiffSession
  readonly relation: Relation
  readonly isIdentical: boolean
  readonly shared: {
    /** Leading messages with the same role and text. */
    readonly messages: number
    readonly tokens: number
    /** Calls among them that have one id in both, and those that do not. */
    readonly sameCalls: number
    readonly otherCalls: number
    /** Time of the last of them in each session. */
    readonly until: { readonly a: number | null; readonly b: number | null }
  }
  readonly tools: ReadonlyArray<ToolDifference>
  /** Files modified in the whole of each session. */
  readonly files: {
    readonly onlyA: ReadonlyArray<string>
    readonly onlyB: ReadonlyArray<string>
    readonly both: ReadonlyArray<string>
  }
  /** Null where they were not asked for. */
  readonly differences: Differences | null
  readonly partial: boolean
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
