import * as Effect from "effect/Effect"
import { pause } from "../pause.ts"
import type { JobRecord } from "../../domain/job.ts"
import { IdempotencyConflict } from "../../domain/send-errors.ts"
import { JobStore, type StoredJob } from "../../services/JobStore.ts"
import { Journal, type JournalEntry } from "../../services/Journal.ts"
import { Processes } from "../../services/Processes.ts"
import type { SendRequest } from "../../services/Sends.ts"
import { hashTexts } from "../hash.ts"
import { openCatalog } from "../sessions/catalog.ts"
import { jobVariable, type Manner, perform, type Performed } from "./perform.ts"
import { lookFor } from "./settle.ts"
import { findTarget } from "./target.ts"

/** A send that was carried out now, or one that was before under the same key. */
export type Once =
  | { readonly kind: "done"; readonly performed: Performed }
  | { readonly kind: "known"; readonly job: StoredJob }

/** What makes two requests the same. How the answer is read back is not part of it. */
const requestHash = (request: SendRequest): string =>
  hashTexts(
    request.kind,
    JSON.stringify([request.id, request.source, request.cwd, request.name, request.model, request.permission]),
    JSON.stringify(request.extra),
    request.prompt
  )

/** How long somebody who has begun is given to write its record, in milliseconds. */
const recordPatienceMs = 15_000

/** The record of a job that somebody else has begun: it may be about to be written. */
const awaitRecord = Effect.fnUntraced(function* (entry: JournalEntry) {
  const jobs = yield* JobStore
  const processes = yield* Processes
  const until = performance.now() + recordPatienceMs
  for (;;) {
    const job = yield* jobs.read(entry.jobId)
    if (job !== null) return job
    if (!(yield* processes.isAlive(entry.by)) || performance.now() >= until) return null
    yield* pause(20)
  }
})

/** Whether anything of a job runs. A child whose pid was never written down is found by what it carries. */
export const isJobAlive = Effect.fnUntraced(function* ({ child, jobId, supervisor }: JobRecord) {
  const processes = yield* Processes
  if (supervisor !== null && (yield* processes.isAlive(supervisor))) return true
  if (child !== null) return yield* processes.isAlive(child)
  return (yield* processes.marked(jobVariable, jobId)).length > 0
})

/**
 * Whether a job certainly did nothing: no child was written down, nothing of it runs, and the prompt is in no session
 * that was written to since. Then it may be begun anew under its key.
 */
const neverStarted = Effect.fnUntraced(function* (request: SendRequest, { exit, record }: StoredJob) {
  if (record.child !== null || exit !== null || (yield* isJobAlive(record))) return false
  const target = yield* findTarget(request)
  const catalog = yield* openCatalog(target.adapter.source)
  const older = catalog.entries.filter(({ entry }) => entry.file.mtimeMs < record.startedAt - 1000)
  const ids: ReadonlySet<string> = new Set(older.map(({ entry }) => entry.id))
  const before = { count: record.messageCountBefore, ids }
  const seen = yield* lookFor({
    target,
    before,
    plan: { sessionId: record.sessionId, sessionName: null },
    prompt: request.prompt,
    saidId: null
  })
  return seen === null || seen.proof.delivery === "not_delivered"
})

const conflict = (key: string, jobId: string) =>
  new IdempotencyConflict({
    message: `the idempotency key ${JSON.stringify(key)} was used for another request`,
    suggestion: `sessionr job ${jobId}`,
    key,
    job_id: jobId
  })

/**
 * Carries out a send, at most once for each idempotency key: the intent is on the disk before anything is started, and
 * whoever comes later is given what came of it.
 */
export const performOnce = Effect.fnUntraced(function* (request: SendRequest, manner: Manner) {
  const journal = yield* Journal
  const processes = yield* Processes
  const { idempotencyKey: key } = request
  const { jobId } = manner
  const done = Effect.map(perform(request, manner), (performed): Once => ({ kind: "done", performed }))
  if (key === null || jobId === null) return yield* done
  const mine: JournalEntry = { key, request: requestHash(request), jobId, by: yield* processes.self }
  let standing = yield* journal.begin(mine)
  for (;;) {
    if (standing.request !== mine.request) return yield* conflict(key, standing.jobId)
    if (standing.jobId === jobId) return yield* done
    const job = yield* awaitRecord(standing)
    if (job !== null && !(yield* neverStarted(request, job))) return { kind: "known", job } satisfies Once
    standing = yield* journal.replace(mine, standing.jobId)
  }
})
