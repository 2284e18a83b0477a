import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AppError, StateError } from "../../domain/errors.ts"
import type { JobRecord } from "../../domain/job.ts"
import { exitCodes } from "../../domain/error-table.ts"
import type { Delivery } from "../../domain/proof.ts"
import { oneLine } from "../../domain/text.ts"
import { JobStore } from "../../services/JobStore.ts"
import { Redactor } from "../../services/Redactor.ts"
import type { ProcessId } from "../../services/Processes.ts"

/** UTF-16 units of an error that a record keeps. */
const errorChars = 500

/** Writes down how a send goes on; or nothing, for a send in the foreground that nobody will ask for again. */
export interface Recorder {
  readonly created: (record: JobRecord) => Effect.Effect<void, StateError>
  readonly started: (child: ProcessId) => Effect.Effect<void, StateError>
  readonly named: (sessionId: string) => Effect.Effect<void, StateError>
  /**
   * How the child ended, as soon as it has: whatever happens to us afterwards, that is known. Gives back whether somebody
   * has cancelled the job.
   */
  readonly exited: (exit: number) => Effect.Effect<boolean, StateError>
  readonly settled: (where: {
    readonly sessionId: string | null
    readonly previousSessionId: string | null
    readonly delivery: Delivery
  }) => Effect.Effect<void, StateError>
  /** The end, with the reason where it is a bad one. */
  readonly ended: (error: AppError | null) => Effect.Effect<void, StateError>
}

export const silent: Recorder = {
  created: () => Effect.void,
  started: () => Effect.void,
  named: () => Effect.void,
  exited: () => Effect.succeed(false),
  settled: () => Effect.void,
  ended: () => Effect.void
}

/** A recorder for a job. */
export const recorder = Effect.fnUntraced(function* (jobId: string) {
  const jobs = yield* JobStore
  const redactor = yield* Redactor
  const change = (next: (known: JobRecord) => JobRecord) => Effect.asVoid(jobs.update(jobId, next))
  return {
    created: jobs.create,
    started: (child) => change((known) => ({ ...known, child })),
    named: (sessionId) => change((known) => ({ ...known, sessionId: known.sessionId ?? sessionId })),
    exited: (exit) =>
      Effect.gen(function* () {
        const isCancelled = (yield* jobs.read(jobId))?.record.cancelled === true
        yield* jobs.finish(jobId, isCancelled ? exitCodes.CANCELLED : exit)
        return isCancelled
      }),
    settled: ({ delivery, previousSessionId, sessionId }) =>
      change((known) => ({ ...known, delivery, previousSessionId, sessionId: sessionId ?? known.sessionId })),
    ended: (error) =>
      Effect.gen(function* () {
        const completedAt = yield* Clock.currentTimeMillis
        const lastError = error === null ? null : oneLine((yield* redactor.load)(error.message).text, errorChars)
        const stored = yield* jobs.read(jobId)
        // It failed before there was a record: then there is no job.
        if (stored === null) return
        yield* change((known) => ({ ...known, completedAt, lastError: known.lastError ?? lastError }))
        if (stored.exit === null) yield* jobs.finish(jobId, exitCodes.ERROR)
      })
  } satisfies Recorder
})
