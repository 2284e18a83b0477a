import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { pause } from "./pause.ts"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { StoredProcess } from "../domain/job.ts"
import { SessionBusy } from "../domain/send-errors.ts"
import { isoTime } from "../domain/time.ts"
import { type Lease, type LeaseKey, type LeaseRequest, Leases } from "../services/Leases.ts"
import { Processes, type ProcessId } from "../services/Processes.ts"
import { readDocument, type StateDocument, StateFiles, writeDocument } from "../services/StateFiles.ts"
import { hashTexts, randomText } from "./hash.ts"

const Held = Schema.Struct({
  version: Schema.Literal(1),
  token: Schema.String,
  source: Schema.String,
  subject: Schema.String,
  holders: Schema.Array(StoredProcess),
  command: Schema.String,
  jobId: Schema.NullOr(Schema.String),
  since: Schema.Finite
})

type Held = typeof Held.Type

const documentOf = (key: LeaseKey): StateDocument<Held | null, unknown> => ({
  name: `leases/${hashTexts(key.source, key.subject).slice(0, 32)}.json`,
  schema: Schema.NullOr(Held) as unknown as Schema.Codec<Held | null, unknown>,
  empty: null
})

/** How long whoever waits in a queue sleeps between two looks, in milliseconds. */
const queuePauseMs = 60

const busy = (held: Held): SessionBusy => {
  const [first] = held.holders
  return new SessionBusy({
    message: `another process (pid ${first?.pid ?? "unknown"}) is writing to ${held.subject} of ${held.source} since ${isoTime(held.since)}`,
    suggestion: held.jobId === null ? "sessionr jobs" : `sessionr wait ${held.jobId}`,
    holder: { pid: first?.pid ?? 0, command: held.command, since: isoTime(held.since) },
    job_id: held.jobId
  })
}

/** Leases as small files of our state; whoever looks at one does so while no other process does. */
export const layer = Layer.effect(
  Leases,
  Effect.gen(function* () {
    const processes = yield* Processes
    const files = yield* StateFiles
    const anyAlive = (holders: ReadonlyArray<ProcessId>) =>
      Effect.map(Effect.forEach(holders, processes.isAlive), (alive) => alive.some(Boolean))
    const provided = Effect.provideService(StateFiles, files)

    const leaseOf = (key: LeaseKey, token: string): Lease => {
      const document = documentOf(key)
      const whileOurs = (next: (held: Held) => Held | null) =>
        files
          .locked(
            document.name,
            lockPatience
          )(
            Effect.gen(function* () {
              const held = yield* readDocument(document)
              if (held === null || held.token !== token) return
              const after = next(held)
              if (after === null) yield* files.remove(document.name)
              else yield* writeDocument(document, after)
            })
          )
          .pipe(provided)
      return {
        extend: (process) => whileOurs((held) => ({ ...held, holders: [...held.holders, process] })),
        // A lease that cannot be given back ends with its holders.
        release: Effect.ignore(whileOurs(() => null))
      }
    }

    /** Who has the lease now: a file is replaced whole, so this needs no lock. */
    const holder = (document: StateDocument<Held | null, unknown>) =>
      Effect.gen(function* () {
        const held = yield* readDocument(document).pipe(provided)
        return held !== null && (yield* anyAlive(held.holders)) ? held : null
      })

    const take = (request: LeaseRequest, document: StateDocument<Held | null, unknown>, waitMs: number) =>
      files
        .locked(document.name, { waitMs })(
          Effect.gen(function* () {
            const held = yield* holder(document)
            if (held !== null) return yield* busy(held)
            const token = randomText(12)
            yield* writeDocument(document, {
              version: 1,
              token,
              source: request.key.source,
              subject: request.key.subject,
              holders: [yield* processes.self],
              command: request.command,
              jobId: request.jobId,
              since: yield* Clock.currentTimeMillis
            })
            return leaseOf(request.key, token)
          })
        )
        .pipe(provided)

    /** Of a hundred that want the same lease at once, all but one see that it is taken, without waiting for each other. */
    const acquire = Effect.fnUntraced(function* (request: LeaseRequest) {
      const document = documentOf(request.key)
      const until = performance.now() + lockPatience.waitMs
      for (;;) {
        const held = yield* holder(document)
        if (held !== null) return yield* busy(held)
        const lease = yield* take(request, document, glanceMs).pipe(
          Effect.catchTag("StateError", (error) =>
            performance.now() < until ? Effect.succeed(null) : Effect.fail(error)
          )
        )
        if (lease !== null) return lease
      }
    })

    return Leases.of({
      acquire,
      queue: (request) =>
        acquire(request).pipe(
          Effect.catchTag("SessionBusy", () => Effect.as(pause(queuePauseMs), null)),
          Effect.repeat({ until: (lease) => lease !== null }),
          Effect.map((lease) => lease!)
        )
    })
  })
)

/** How long we wait for the lock before we look again whether the lease was taken meanwhile, in milliseconds. */
const glanceMs = 40

/** A hundred processes may want the same lease at once, and each looks for a few milliseconds. */
const lockPatience = { waitMs: 30_000 }
