import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { pause } from "../pause.ts"
import { type JobRecord, makeJobId } from "../../domain/job.ts"
import type { Delivery } from "../../domain/proof.ts"
import { SendTimeout } from "../../domain/send-errors.ts"
import type { SendPlan } from "../../domain/sending.ts"
import { type Lease, type LeaseKey, Leases } from "../../services/Leases.ts"
import { Names } from "../../services/Names.ts"
import { type ChildOutput, Processes } from "../../services/Processes.ts"
import type { SendRequest } from "../../services/Sends.ts"
import { randomText } from "../hash.ts"
import { exitNumber, notDelivered, notDetected, toolError } from "./outcome.ts"
import { refuseOpen } from "./open-elsewhere.ts"
import { childEnvironment, makePlan, programPath } from "./plan.ts"
import { Redactor } from "../../services/Redactor.ts"
import type { Recorder } from "./recorder.ts"
import { type Heard, listen, waitFor, withChild } from "./run.ts"
import { type Settled, settle } from "./settle.ts"
import { type Before, findTarget, lookBefore, type Target } from "./target.ts"
import { countNewSession } from "./new-sessions.ts"

/** The variable that a child carries the id of its job in: it is found by it when nobody wrote down its pid. */
export const jobVariable = "SESSIONR_JOB"

/** How a send is carried out: with a record of its own, or in the foreground without one. */
export interface Manner {
  /** Under this id everything is recorded; null: nothing is. */
  readonly jobId: string | null
  readonly record: Recorder
  /** Where the tool's output goes besides what we keep of it. */
  readonly output: (heard: Heard) => ChildOutput
  /** Told as soon as the tool runs. */
  readonly started: (record: JobRecord) => Effect.Effect<void>
}

/** What a send came to. */
export interface Performed {
  readonly target: Target
  readonly before: Before
  readonly settled: Settled
  readonly previousId: string | null
  readonly exitCode: number
  readonly notices: ReadonlyArray<string>
}

/** One writer a session, and one a directory where only the directory tells which session is new. */
const leaseKey = ({ adapter, cwd, found, kind }: Target, isNamed: boolean): LeaseKey | null => {
  if (found !== null && kind !== "fork") return { source: adapter.source, subject: found.entry.id }
  return isNamed ? null : { source: adapter.source, subject: cwd }
}

const noLease: Lease = { extend: () => Effect.void, release: Effect.void }

const takeLease = (request: SendRequest, key: LeaseKey | null, jobId: string | null) =>
  Effect.gen(function* () {
    const leases = yield* Leases
    if (key === null) return noLease
    const wanted = { key, command: `send ${key.subject}`, jobId }
    // New sessions of one directory take turns: nobody asked for one of them, so nobody is turned away.
    return yield* request.queue || request.kind === "new" || request.kind === "fork"
      ? leases.queue(wanted)
      : leases.acquire(wanted)
  })

/** A fresh record, before anything has been started. */
const newRecord = Effect.fnUntraced(function* (
  request: SendRequest,
  jobId: string,
  target: Target,
  bin: string,
  plan: SendPlan,
  before: Before
) {
  const processes = yield* Processes
  return {
    version: 1,
    jobId,
    source: target.adapter.source,
    kind: target.kind,
    sessionId: knownId(target, plan),
    previousSessionId: null,
    cwd: target.cwd,
    bin,
    // The prompt may be among them; it is in the session, and in no second place.
    args: plan.stdin === null ? plan.args.map((word) => word.replace(request.prompt, () => "<prompt>")) : plan.args,
    supervisor: yield* processes.self,
    child: null,
    startedAt: yield* Clock.currentTimeMillis,
    completedAt: null,
    messageCountBefore: before.count,
    delivery: null,
    lastError: null,
    cancelled: false,
    readBack: { source: target.adapter.source, tokens: request.tokens, preset: request.preset },
    name: request.name,
    idempotencyKey: request.idempotencyKey
  } satisfies JobRecord
})

/** An id for a job that starts now. */
export const mintJobId = Effect.map(Clock.currentTimeMillis, (now) => makeJobId(now, randomText(4)))

const mintUuid = (): string => {
  const hex = randomText(16)
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** How often we look whether the tool has named its session, in milliseconds. */
const watchMs = 150

/** Ends with the session's id, once the tool has said it. */
const namedSession = Effect.fnUntraced(function* (heard: Heard) {
  for (;;) {
    const sessionId = heard.sessionId()
    if (sessionId !== null) return sessionId
    yield* pause(watchMs)
  }
})

/** The id that was asked for, where another one answered. */
const rotated = ({ found, kind }: Target, sessionId: string | null): string | null =>
  found === null || sessionId === null || kind === "fork" || found.entry.id === sessionId ? null : found.entry.id

/** The id that is known before the tool runs. */
const knownId = ({ found, kind }: Target, plan: SendPlan): string | null =>
  plan.sessionId ?? (kind === "fork" ? null : (found?.entry.id ?? null))

const timedOut = ({ adapter }: Target, timeoutMs: number, sessionId: string | null, delivery: Delivery) =>
  new SendTimeout({
    message: `${adapter.displayName} did not end within ${timeoutMs / 1000} s and was ended`,
    suggestion: sessionId === null ? "sessionr list --cwd all" : `sessionr read ${sessionId} --anchor tail`,
    timeout_s: Math.round(timeoutMs / 1000),
    delivery
  })

/** Names follow a session whose tool gave it another id; the name that was asked for is given. */
const keepNames = Effect.fnUntraced(function* (
  name: string | null,
  source: string,
  id: string,
  previousId: string | null
) {
  const names = yield* Names
  if (previousId !== null) yield* names.move(source, previousId, id)
  if (name === null) return
  yield* names.set({ name, source, id, at: null, createdAt: yield* Clock.currentTimeMillis })
})

/** A plan whose program was found. */
interface Ready {
  readonly binPath: string
  readonly plan: SendPlan
  /** The message after which a fork begins; null where it is of the whole session. */
  readonly forkedAt: number | null
}

/** The part of a send that needs the session for itself: from the count of its messages to the proof. */
const underLease = Effect.fnUntraced(function* (
  request: SendRequest,
  manner: Manner,
  target: Target,
  { binPath, forkedAt, plan }: Ready,
  lease: Lease
) {
  const { jobId, record } = manner
  const { source } = target.adapter
  yield* refuseOpen(target, request.queue)
  const whole = yield* lookBefore(target)
  const before: Before = forkedAt === null ? whole : { ...whole, count: forkedAt }
  if (target.kind === "new" || target.kind === "fork") yield* countNewSession(binPath)
  const fresh = yield* newRecord(request, jobId ?? "", target, binPath, plan, before)
  yield* record.created(fresh)
  const heard = listen(target.sender)
  const marked = jobId === null ? {} : { [jobVariable]: jobId }
  const env = { ...(yield* childEnvironment(target, plan)), ...marked }
  const start = { bin: binPath, args: plan.args, cwd: plan.cwd, env, stdin: plan.stdin, output: manner.output(heard) }
  const ran = yield* withChild(start, (child) =>
    Effect.gen(function* () {
      yield* manner.started({ ...fresh, child: child.id })
      yield* lease.extend(child.id)
      yield* record.started(child.id)
      const name = Effect.flatMap(namedSession(heard), record.named)
      return yield* Effect.raceFirst(waitFor(child, request.timeoutMs), Effect.andThen(name, Effect.never))
    })
  )
  const isCancelled = ran.exit !== null && (yield* record.exited(exitNumber(ran.exit)))
  // Some tools end with 0 when they are told to end: there is no answer to wait for, and the session is free again.
  const isWell = ran.exit?.code === 0 && heard.failure() === null && !isCancelled
  const clues = { target, before, plan, prompt: request.prompt, saidId: heard.sessionId() }
  const settled = yield* settle(clues, isWell ? request.detectTimeoutMs : 0)
  const sessionId = settled?.found.entry.id ?? clues.saidId ?? knownId(target, plan)
  const delivery = settled?.proof.delivery ?? "not_delivered"
  const previousId = rotated(target, sessionId)
  yield* record.settled({ sessionId, previousSessionId: previousId, delivery })
  if (ran.exit === null) return yield* timedOut(target, request.timeoutMs ?? 0, sessionId, delivery)
  const redactor = yield* Redactor
  const isFine = ran.exit.code === 0 && heard.failure() === null
  const error = isFine ? null : toolError(target, binPath, ran.exit, heard, sessionId, yield* redactor.load)
  if (error !== null) return yield* error
  if (settled === null && target.kind !== "resume") {
    return yield* notDetected(source, target.cwd, request.detectTimeoutMs)
  }
  if (settled === null || delivery === "not_delivered") return yield* notDelivered(source, sessionId)
  yield* keepNames(request.name, source, settled.found.entry.id, previousId)
  yield* record.ended(null)
  return {
    target,
    before,
    settled,
    previousId,
    exitCode: exitNumber(ran.exit),
    notices: plan.notices
  } satisfies Performed
})

/**
 * Carries out a send: target, plan, lease, record, child, identity, proof. Fails with what went wrong; a record then
 * says so too.
 */
export const perform = Effect.fn("Sends.perform")(function* (request: SendRequest, manner: Manner) {
  const target = yield* findTarget(request)
  const planned = yield* makePlan(request, target, mintUuid())
  const binPath = yield* programPath(planned, target)
  const { plan } = planned
  const isNamed = plan.sessionId !== null || plan.sessionName !== null || target.sender.namesSession
  return yield* Effect.acquireUseRelease(
    takeLease(request, leaseKey(target, isNamed), manner.jobId),
    (lease) => underLease(request, manner, target, { binPath, plan, forkedAt: planned.forkedAt }, lease),
    (lease) => lease.release
  ).pipe(Effect.tapError((error) => Effect.ignore(manner.record.ended(error))))
})
