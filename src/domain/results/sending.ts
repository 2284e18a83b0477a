import type { JobStatus } from "../job.ts"
import type { MessageView } from "../view.ts"
import type { Delivery } from "../proof.ts"
import type { Action, Warning } from "./common.ts"

/** What a send in the foreground did, once its delivery was proved. */
export interface SentResult {
  readonly _tag: "send"
  readonly sessionId: string
  /** The id that was asked for, where the tool answered under another. */
  readonly previousSessionId: string | null
  readonly source: string
  readonly delivery: Delivery
  readonly totalMessages: number
  readonly messageCountBefore: number
  readonly newMessages: number
  readonly totalTokens: number
  readonly returnedTokens: number
  readonly range: { readonly from: number; readonly to: number } | null
  readonly isNewSession: boolean
  readonly partial: boolean
  readonly exitCode: number
  readonly warnings: ReadonlyArray<Warning>
  readonly messages: ReadonlyArray<MessageView>
  readonly actions: ReadonlyArray<Action>
}

/** What a send would start. */
export interface DryRunResult {
  readonly _tag: "dry-run"
  readonly source: string
  readonly cwd: string
  readonly bin: string
  readonly args: ReadonlyArray<string>
  readonly stdin: string | null
  readonly env: Readonly<Record<string, string>>
  readonly wouldSpawn: string
  readonly sessionId: string | null
  readonly estimatedInputTokens: number
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export type SendResult = SentResult | DryRunResult

/** A job as it is now. */
export interface JobView {
  readonly jobId: string
  readonly sessionId: string | null
  readonly previousSessionId: string | null
  readonly source: string
  readonly status: JobStatus
  readonly pid: number | null
  readonly exitCode: number | null
  readonly startedAt: number
  readonly completedAt: number | null
  readonly isNewSession: boolean
  readonly messageCountBefore: number
  readonly delivery: Delivery | null
  readonly lastError: string | null
  readonly readBack: { readonly source: string; readonly tokens: number; readonly preset: string }
}

export interface JobResult {
  readonly _tag: "job"
  readonly job: JobView
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export interface JobsResult {
  readonly _tag: "jobs"
  readonly jobs: ReadonlyArray<JobView>
  readonly total: number
  /** Ids of jobs that were forgotten; null where that was not asked for. */
  readonly pruned: ReadonlyArray<string> | null
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
