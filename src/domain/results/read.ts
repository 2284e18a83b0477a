import type { RoleCounts } from "../session.ts"
import type { MessageView, Preset } from "../view.ts"
import type { Action, Warning } from "./common.ts"

export interface SessionSummary {
  readonly id: string
  readonly source: string
  readonly model: string | null
  readonly cwd: string | null
  readonly gitBranch: string | null
  readonly totalMessages: number
  readonly totalTokens: number
  readonly pagesEstimate: number
  readonly durationMs: number | null
  readonly byRole: RoleCounts
}

/** A cursor of `read`: `after` is the index after which it goes on, `char` the offset inside the next message. */
export interface ReadCursor {
  readonly command: string
  readonly after: number | null
  readonly tokens: number
}

export interface UpgradeOption {
  readonly preset: Preset
  readonly estimatedTokens: number
  readonly willFit: boolean
  readonly command: string
}

export interface ReadResult {
  readonly _tag: "read"
  /** On the first page, or when asked for. */
  readonly session: SessionSummary | null
  readonly sessionId: string
  readonly source: string
  readonly totalMessages: number
  readonly totalTokens: number
  /** Estimated tokens of `messages` as printed. */
  readonly returnedTokens: number
  readonly tokenBudget: number
  readonly preset: string
  readonly anchor: "head" | "tail" | "search" | "page"
  readonly search: {
    query: string
    matches: number
    matchIndex: number | null
    matchIndices: ReadonlyArray<number>
  } | null
  readonly range: { from: number; to: number } | null
  readonly hasMoreBefore: boolean
  readonly hasMoreAfter: boolean
  readonly cursorBefore: number | null
  readonly cursorAfter: number | null
  readonly cursor: { next: ReadCursor | null; prev: ReadCursor | null; first: ReadCursor | null }
  readonly page: { current: number; total: number } | null
  readonly etag: string
  readonly partial: boolean
  readonly nextAction: {
    /** The same by way of ourselves, which proves that the prompt has arrived; waiting, and in the background. */
    readonly resume: string
    readonly resumeAsync: string
    /** The tool's own command, to be run by a shell with the prompt in `prompt.md`. */
    readonly direct: string
    readonly verified: boolean
    readonly tip: string
  } | null
  readonly detailHint: {
    readonly currentPreset: string
    readonly hiddenToolCalls: number
    readonly truncatedResults: number
    readonly thinkingHidden: boolean
    readonly upgradeOptions: ReadonlyArray<UpgradeOption>
  }
  readonly warnings: ReadonlyArray<Warning>
  readonly messages: ReadonlyArray<MessageView>
  readonly actions: ReadonlyArray<Action>
}

export interface UnchangedResult {
  readonly _tag: "unchanged"
  readonly etag: string
  readonly sessionId: string
  readonly source: string
  readonly totalMessages: number
  readonly updatedAt: number
  readonly actions: ReadonlyArray<Action>
}

/** One item of `read --batch`. */
export type BatchItem =
  | { readonly _tag: "answer"; readonly result: ReadResult }
  | { readonly _tag: "failure"; readonly sessionId: string; readonly error: unknown }
