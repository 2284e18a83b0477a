import type { ContextResult } from "./results/context.ts"
import type { DiffResult } from "./results/diff.ts"
import type { DocumentResult } from "./results/document.ts"
import type { ExportResult } from "./results/export.ts"
import type { ListResult } from "./results/list.ts"
import type { DoctorResult, SourcesResult } from "./results/machine.ts"
import type { NamesResult } from "./results/names.ts"
import type { ReadResult, UnchangedResult } from "./results/read.ts"
import type { PrunedResult, PrunePlanResult, RestoredResult, TrashResult } from "./results/prune.ts"
import type { SearchResult } from "./results/search.ts"
import type { TagResult } from "./results/tag.ts"
import type { JobResult, JobsResult, SendResult } from "./results/sending.ts"
import type { InfoResult, StatsResult } from "./results/session.ts"
import type { TotalsResult } from "./results/totals.ts"
import type { TreeResult } from "./results/tree.ts"

export type * from "./results/common.ts"
export type * from "./results/context.ts"
export type * from "./results/diff.ts"
export type * from "./results/document.ts"
export type * from "./results/export.ts"
export type * from "./results/list.ts"
export type * from "./results/machine.ts"
export type * from "./results/names.ts"
export type * from "./results/read.ts"
export type * from "./results/prune.ts"
export type * from "./results/search.ts"
export type * from "./results/sending.ts"
export type * from "./results/session.ts"
export type * from "./results/tag.ts"
export type * from "./results/totals.ts"
export type * from "./results/tree.ts"

/** What a command computes, and an encoder prints. */
export type CommandResult =
  | ListResult
  | SearchResult
  | ReadResult
  | UnchangedResult
  | ContextResult
  | DiffResult
  | InfoResult
  | StatsResult
  | ExportResult
  | TagResult
  | TotalsResult
  | TreeResult
  | PrunePlanResult
  | PrunedResult
  | RestoredResult
  | TrashResult
  | DoctorResult
  | SourcesResult
  | DocumentResult
  | NamesResult
  | SendResult
  | JobResult
  | JobsResult
