import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type { JobResult, JobsResult, SendResult } from "../domain/results.ts"
import type { JobStatus } from "../domain/job.ts"
import type { Permission, SendKind } from "../domain/sending.ts"
import type { View } from "../domain/view.ts"
import type { Printing } from "./Sessions.ts"

/** A send as it was asked for. Everything in it can be written as JSON but `printing`. */
export interface SendRequest {
  readonly kind: SendKind
  /** Full id, prefix or name of the session that is resumed or forked; null for the other kinds. */
  readonly id: string | null
  readonly source: string | null
  /** Absolute; null: the session's own directory, or the current one for a new session. */
  readonly cwd: string | null
  readonly prompt: string
  /** Given to the session that the prompt goes to. */
  readonly name: string | null
  readonly timeoutMs: number | null
  readonly detectTimeoutMs: number
  readonly queue: boolean
  readonly idempotencyKey: string | null
  readonly model: string | null
  readonly permission: Permission | null
  readonly extra: ReadonlyArray<string>
  readonly tokens: number
  readonly preset: string
}

/** How the new messages are shown. */
export interface ReadBackForm {
  readonly view: View
  readonly printing: Printing
  /** How a piece of the tool's own output is to be written to our standard error. */
  readonly mirrored: (text: string) => string
}

/** Sending prompts into sessions, and looking after what was started. */
export class Sends extends Context.Service<
  Sends,
  {
    /** What would be started; nothing is written, locked or started. */
    readonly dryRun: (request: SendRequest) => Effect.Effect<SendResult, AppError>
    /** Sends, waits for the tool, and proves the delivery. */
    readonly send: (request: SendRequest, form: ReadBackForm) => Effect.Effect<SendResult | JobResult, AppError>
    /** Sends in the background: answers as soon as the tool runs. */
    readonly start: (request: SendRequest) => Effect.Effect<JobResult, AppError>
    /** The background half of `start`: this process looks after the tool until its end. */
    readonly supervise: (task: string) => Effect.Effect<void, AppError>
    readonly job: (id: string) => Effect.Effect<JobResult, AppError>
    readonly wait: (id: string, timeoutMs: number, intervalMs: number) => Effect.Effect<JobResult, AppError>
    readonly cancel: (id: string) => Effect.Effect<JobResult, AppError>
    readonly jobs: (filter: {
      readonly status: JobStatus | null
      readonly limit: number
    }) => Effect.Effect<JobsResult, AppError>
    /** Forgets jobs that ended longer ago than so many milliseconds. */
    readonly pruneJobs: (olderThanMs: number, dryRun: boolean) => Effect.Effect<JobsResult, AppError>
  }
>()("sessionr/services/Sends") {}
