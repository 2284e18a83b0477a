import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { pause } from "../pause.ts"
import { exitCodes } from "../../domain/error-table.ts"
import { type JobRecord, jobState, type JobStatus } from "../../domain/job.ts"
import type { Action, JobResult, JobsResult, JobView } from "../../domain/results.ts"
import { JobNotFound, JobTimeout } from "../../domain/send-errors.ts"
import { JobStore, type StoredJob } from "../../services/JobStore.ts"
import { Processes } from "../../services/Processes.ts"
import { commandLine } from "../sessions/catalog.ts"
import { isJobAlive } from "./once.ts"
import { graceMs } from "./run.ts"

/** A wait that ran out is to be tried again with twice its time, at most this many seconds. */
const longestWait = 3600

/** How long a supervisor is given to write what became of a child that was ended, in milliseconds. */
const lastWordsMs = 700

/** A job as it is now. */
export const viewJob = Effect.fnUntraced(function* ({ exit, record }: StoredJob) {
  const state = jobState(record, exit, yield* isJobAlive(record))
  return {
    jobId: record.jobId,
    sessionId: record.sessionId,
    previousSessionId: record.previousSessionId,
    source: record.source,
    status: state.status,
    pid: record.child?.pid ?? null,
    exitCode: state.exitCode,
    startedAt: record.startedAt,
    completedAt: record.completedAt,
    isNewSession: record.kind === "new" || record.kind === "fork",
    messageCountBefore: record.messageCountBefore,
    delivery: record.delivery,
    lastError: state.lastError,
    readBack: record.readBack
  } satisfies JobView
})

const notFound = (id: string) =>
  new JobNotFound({ message: `there is no job ${JSON.stringify(id)}`, suggestion: "sessionr jobs", job_id: id })

const stored = Effect.fnUntraced(function* (id: string) {
  const jobs = yield* JobStore
  return (yield* jobs.read(id)) ?? (yield* notFound(id))
})

/** What to do next with a job. */
export const jobResult = Effect.fnUntraced(function* (job: JobView) {
  const command = yield* commandLine
  const { jobId, messageCountBefore, readBack, sessionId, status } = job
  const running: ReadonlyArray<Action> = [
    { command: command(["job", jobId]), description: "Look at it again" },
    { command: command(["wait", jobId]), description: "Wait until it has ended" },
    { command: command(["cancel", jobId]), description: "End it" }
  ]
  const finished: ReadonlyArray<Action> =
    sessionId === null
      ? []
      : [
          {
            command: command([
              "read",
              sessionId,
              "--after",
              String(messageCountBefore),
              "--source",
              readBack.source,
              "--tokens",
              String(readBack.tokens),
              "--preset",
              readBack.preset
            ]),
            description: "Read new messages"
          }
        ]
  return {
    _tag: "job",
    job,
    warnings: [],
    actions: status === "running" ? running : finished
  } satisfies JobResult
})

const resultOf = Effect.fnUntraced(function* (id: string) {
  return yield* jobResult(yield* viewJob(yield* stored(id)))
})

/** `job`. */
export const job = Effect.fn("Sends.job")(resultOf)

/** `wait`. */
export const wait = Effect.fn("Sends.wait")(function* (id: string, timeoutMs: number, intervalMs: number) {
  const jobs = yield* JobStore
  const command = yield* commandLine
  const until = performance.now() + timeoutMs
  for (;;) {
    const result = yield* resultOf(id)
    if (result.job.status !== "running") return result
    const left = until - performance.now()
    if (left <= 0) {
      const seconds = Math.round(timeoutMs / 1000)
      return yield* new JobTimeout({
        message: `${id} still runs after ${seconds} s`,
        suggestion: command(["wait", id, "--timeout", String(Math.min(longestWait, Math.max(1, seconds) * 2))]),
        job_id: id,
        timeout_s: seconds
      })
    }
    yield* jobs.changed(id, Math.max(1, Math.min(intervalMs, left)))
  }
})

/** Whether nothing more will happen to a job, and its session can be sent to again. */
const isOver = Effect.fnUntraced(function* (id: string) {
  const { record } = yield* stored(id)
  return !(yield* isJobAlive(record))
})

const endChild = Effect.fnUntraced(function* ({ child, supervisor }: JobRecord) {
  const processes = yield* Processes
  if (child !== null) return yield* processes.endGroup(child, graceMs)
  // Nothing was started yet: without its supervisor nothing will be.
  if (supervisor !== null) yield* processes.endGroup(supervisor, graceMs)
  return false
})

/** `cancel`: ends the group, records 130, keeps the logs. A job that has ended stays as it is. */
export const cancel = Effect.fn("Sends.cancel")(function* (id: string) {
  const jobs = yield* JobStore
  const before = yield* stored(id)
  if ((yield* viewJob(before)).status !== "running") {
    const result = yield* resultOf(id)
    const message = `${id} had ended already (${result.job.status}): nothing was changed`
    return { ...result, warnings: [{ source: null, code: "JOB_ENDED", message }] } satisfies JobResult
  }
  const marked = yield* jobs.update(id, (record) => ({ ...record, cancelled: true }))
  yield* endChild(marked)
  const after = yield* stored(id)
  if (marked.child === null && after.record.child !== null) yield* endChild(after.record)
  const until = performance.now() + lastWordsMs
  while (!(yield* isOver(id)) && performance.now() < until) yield* pause(20)
  yield* jobs.finish(id, exitCodes.CANCELLED)
  const completedAt = yield* Clock.currentTimeMillis
  yield* jobs.update(id, (record) => ({ ...record, completedAt: record.completedAt ?? completedAt }))
  return yield* resultOf(id)
})

/** `jobs`: newest first. */
export const list = Effect.fn("Sends.jobs")(function* (filter: {
  readonly status: JobStatus | null
  readonly limit: number
}) {
  const jobs = yield* JobStore
  const command = yield* commandLine
  const views = yield* Effect.forEach(yield* jobs.list, viewJob)
  const kept = views.filter(({ status }) => filter.status === null || status === filter.status)
  const newest = kept[0]
  return {
    _tag: "jobs",
    jobs: kept.slice(0, filter.limit),
    total: kept.length,
    pruned: null,
    warnings: [],
    actions:
      newest === undefined
        ? [{ command: command(["list", "--cwd", "all"]), description: "Sessions that a prompt can be sent to" }]
        : [{ command: command(["job", newest.jobId]), description: "Look at the newest" }]
  } satisfies JobsResult
})

/** `jobs --prune`: forgets what ended longer ago than that. */
export const prune = Effect.fn("Sends.pruneJobs")(function* (olderThanMs: number, dryRun: boolean) {
  const jobs = yield* JobStore
  const command = yield* commandLine
  const before = (yield* Clock.currentTimeMillis) - olderThanMs
  const views = yield* Effect.forEach(yield* jobs.list, viewJob)
  const old = views.filter(
    ({ completedAt, startedAt, status }) => status !== "running" && (completedAt ?? startedAt) < before
  )
  if (!dryRun) yield* Effect.forEach(old, ({ jobId }) => jobs.remove(jobId), { discard: true })
  return {
    _tag: "jobs",
    jobs: old,
    total: old.length,
    pruned: dryRun ? [] : old.map(({ jobId }) => jobId),
    warnings: [],
    actions: [{ command: command(["jobs"]), description: "What is left" }]
  } satisfies JobsResult
})
