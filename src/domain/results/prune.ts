import type { Action, Warning } from "./common.ts"

/** A session with everything that belongs to it, subagents included. */
export interface PruneItem {
  readonly id: string
  readonly source: string
  readonly filePath: string
  /** Of all its files. */
  readonly bytes: number
  /** Milliseconds since the epoch; of its newest subagent where that is later. */
  readonly updatedAt: number
}

/** A session that stays where it is, and why. */
export interface PruneRefusal {
  readonly id: string
  readonly source: string
  readonly reason: string
}

/** `prune --dry-run`: what would be moved. */
export interface PrunePlanResult {
  readonly _tag: "prune"
  readonly wouldDelete: ReadonlyArray<PruneItem>
  readonly bytes: number
  readonly refused: ReadonlyArray<PruneRefusal>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

/** `prune --yes`: what was moved. */
export interface PrunedResult {
  readonly _tag: "pruned"
  /** What `prune --undo` takes; null where nothing was moved. */
  readonly trash: string | null
  readonly deleted: ReadonlyArray<PruneItem>
  readonly bytes: number
  readonly refused: ReadonlyArray<PruneRefusal>
  /** Sessions that changed meanwhile, or that something failed with: they are as they were. */
  readonly skipped: ReadonlyArray<PruneRefusal>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export const restoreStatuses = ["restored", "already_there", "partial"] as const

export interface RestoredItem {
  readonly id: string
  readonly source: string
  readonly filePath: string
  readonly status: (typeof restoreStatuses)[number]
}

/** `prune --undo`: what is back. */
export interface RestoredResult {
  readonly _tag: "restored"
  readonly trash: string
  readonly sessions: ReadonlyArray<RestoredItem>
  /** Sessions that came back in this run. */
  readonly restored: number
  /** Files that could not be put back. Nothing of theirs is lost: what was kept is kept. */
  readonly conflicts: ReadonlyArray<{ id: string; source: string; path: string; reason: string }>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

/** What one `prune` moved, as it lies in the trash. */
export interface TrashItem {
  readonly trash: string
  /** Milliseconds since the epoch. */
  readonly movedAt: number
  readonly sessions: number
  readonly files: number
  readonly bytes: number
}

/** `prune --empty-trash`: what is freed, or would be. */
export interface TrashResult {
  readonly _tag: "trash"
  readonly dryRun: boolean
  readonly items: ReadonlyArray<TrashItem>
  readonly bytes: number
  readonly refused: ReadonlyArray<{ trash: string; reason: string }>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
