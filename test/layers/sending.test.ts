import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as JobStoreLive from "../../src/layers/JobStoreLive.ts"
import * as JournalLive from "../../src/layers/JournalLive.ts"
import * as LeasesLive from "../../src/layers/LeasesLive.ts"
import * as NamesLive from "../../src/layers/NamesLive.ts"
import { Journal } from "../../src/services/Journal.ts"
import { Leases } from "../../src/services/Leases.ts"
import { Names } from "../../src/services/Names.ts"
import { Processes, type ProcessId } from "../../src/services/Processes.ts"
import { memoryLayer, memoryState } from "../support/state-files.ts"

const processId = (pid: number): ProcessId => ({ pid, startedAt: String(pid), bootId: "b" })

/** Processes of which only some are alive; `self` can be changed, as if another process asked. */
const world = () => {
  const alive = new Set([1, 2, 3])
  const now = { self: 1 }
  const layer = Layer.succeed(
    Processes,
    Processes.of({
      self: Effect.sync(() => processId(now.self)),
      isAlive: ({ pid }) => Effect.succeed(alive.has(pid)),
      isRunning: (pid) => Effect.succeed(alive.has(pid)),
      start: () => Effect.die("nothing is started here"),
      startSelf: () => Effect.die("nothing is started here"),
      endGroup: () => Effect.succeed(true),
      marked: () => Effect.succeed([])
    })
  )
  const state = Layer.mergeAll(memoryLayer(memoryState()), layer)
  const layers = Layer.mergeAll(LeasesLive.layer, JournalLive.layer, NamesLive.layer, JobStoreLive.layer)
  return { alive, now, layers: Layer.provideMerge(layers, state) }
}

const key = { source: "claude", subject: "s1" }
const request = { key, command: "send s1", jobId: null }

describe("Leases", () => {
  it.live("one holder a session; others are told who it is", () => {
    const { layers, now } = world()
    return Effect.gen(function* () {
      const leases = yield* Leases
      const lease = yield* leases.acquire({ ...request, jobId: "j-1" })
      now.self = 2
      const busy = yield* Effect.flip(leases.acquire(request))
      assert.strictEqual(busy._tag, "SessionBusy")
      if (busy._tag === "SessionBusy") {
        assert.strictEqual(busy.holder.pid, 1)
        assert.strictEqual(busy.job_id, "j-1")
      }
      yield* leases.acquire({ ...request, key: { ...key, subject: "s2" } })
      yield* lease.release
      yield* leases.acquire(request)
    }).pipe(Effect.provide(layers))
  })

  it.live("a lease whose holders are all dead is nobody's; a living child keeps it", () => {
    const { alive, layers, now } = world()
    return Effect.gen(function* () {
      const leases = yield* Leases
      const lease = yield* leases.acquire(request)
      yield* lease.extend(processId(3))
      alive.delete(1)
      now.self = 2
      assert.strictEqual((yield* Effect.flip(leases.acquire(request)))._tag, "SessionBusy")
      alive.delete(3)
      yield* leases.acquire(request)
      // Whoever lost it cannot give back what is another's now.
      yield* lease.release
      now.self = 1
      assert.strictEqual((yield* Effect.flip(leases.acquire(request)))._tag, "SessionBusy")
    }).pipe(Effect.provide(layers))
  })

  it.live("a queue waits its turn", () => {
    const { layers } = world()
    return Effect.gen(function* () {
      const leases = yield* Leases
      const lease = yield* leases.acquire(request)
      const waiting = yield* Effect.forkChild(leases.queue(request))
      yield* Effect.sleep(150)
      assert.isUndefined(waiting.pollUnsafe())
      yield* lease.release
      yield* Fiber.join(waiting)
    }).pipe(Effect.provide(layers))
  })
})

describe("Journal", () => {
  it.live("the first entry of a key stands", () => {
    const { layers } = world()
    return Effect.gen(function* () {
      const journal = yield* Journal
      const entry = { key: "k", request: "r", jobId: "j-1", by: processId(1) }
      assert.deepInclude(yield* journal.begin(entry), entry)
      assert.strictEqual((yield* journal.begin({ ...entry, jobId: "j-2" })).jobId, "j-1")
      assert.strictEqual((yield* journal.replace({ ...entry, jobId: "j-3" }, "j-2")).jobId, "j-1")
      assert.strictEqual((yield* journal.replace({ ...entry, jobId: "j-3" }, "j-1")).jobId, "j-3")
    }).pipe(Effect.provide(layers))
  })
})

describe("Names", () => {
  it.live("move along with their session, and can be taken away", () => {
    const { layers } = world()
    return Effect.gen(function* () {
      const names = yield* Names
      const main = { name: "main", source: "codex", id: "a", at: null, createdAt: 1 }
      assert.isNull(yield* names.set(main))
      yield* names.set({ ...main, name: "pin", at: 3 })
      yield* names.set({ ...main, name: "other", source: "claude" })
      yield* names.move("codex", "a", "b")
      assert.deepStrictEqual(
        (yield* names.all).map(({ id, name }) => [name, id]),
        [
          ["main", "b"],
          ["other", "a"],
          ["pin", "b"]
        ]
      )
      assert.strictEqual((yield* names.set(main))?.id, "b")
      assert.strictEqual((yield* names.remove("main"))?.id, "a")
      assert.isNull(yield* names.remove("main"))
      assert.isNull(yield* names.find("main"))
    }).pipe(Effect.provide(layers))
  })
})
