import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as TestClock from "effect/testing/TestClock"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { expectTypeOf } from "vitest"
import { errorTable } from "../../src/domain/error-table.ts"
import type {
  AppError,
  DryRunResult,
  JobResult,
  ReadResult,
  SentResult,
  UnchangedResult
} from "../../src/library/index.ts"
import * as library from "../../src/library/index.ts"
import { Sessions } from "../../src/library/index.ts"
import { type LibraryOptions, libraryLayer } from "../support/library.ts"
import { copyClaudeHome, demoHome, runCli, testNow } from "../support/run-cli.ts"
import { snapshotOf, temporaryHome } from "../support/store.ts"

const id = "33df6d44-dd8f-4a44-b953-a787c477423d"

/** A program on the library, over a copy of the demo home on whose machine nothing is started. */
const over = <A, E>(
  program: (sessions: Sessions["Service"], home: string) => Effect.Effect<A, E>,
  options: Partial<LibraryOptions> = {}
) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(testNow)
    const home = options.home ?? (yield* copyClaudeHome)
    const state = yield* temporaryHome
    return yield* Effect.gen(function* () {
      return yield* program(yield* Sessions, home)
    }).pipe(Effect.provide(libraryLayer({ home, state, ...options })))
  })

describe("reading", () => {
  it.effect("gives what the program prints", () =>
    Effect.gen(function* () {
      const [list, search, read, diff] = yield* over(
        (sessions) =>
          Effect.all([
            sessions.list({ cwd: "all", limit: 4 }),
            sessions.search("rounding invoice"),
            sessions.read(id, { tokens: 300 }),
            sessions.diff(id, "9e577bdb", { messages: { tokens: 400 } })
          ]),
        { home: demoHome }
      )
      const printed = (words: ReadonlyArray<string>) => Effect.map(runCli(words), ({ json }) => json)
      const listed = yield* printed(["list", "--cwd", "all", "-n", "4"])
      assert.deepStrictEqual(
        list.sessions.map((row) => row.id),
        listed.sessions.map((row: { id: string }) => row.id)
      )
      const found = yield* printed(["search", "rounding", "invoice"])
      assert.deepStrictEqual(
        search.results.map((one) => [one.id, one.matchCount]),
        found.results.map((one: { id: string; match_count: number }) => [one.id, one.match_count])
      )
      const shown = yield* printed(["read", id, "--tokens", "300"])
      assert.strictEqual(read.returnedTokens, shown.meta.returned_tokens_estimate)
      assert.strictEqual(read.cursor.next?.command, shown.meta.cursor.next)
      assert.deepStrictEqual(
        read.messages.map(({ content }) => content),
        shown.messages.map(({ content }: { content: string }) => content)
      )
      const differing = yield* printed(["diff", id, "9e577bdb", "--messages", "--tokens", "400"])
      assert.strictEqual(diff.shared.messages, differing.shared.messages)
      assert.strictEqual(diff.differences?.shown.length, differing.differences.length)
    })
  )

  it.effect("says that nothing has changed", () =>
    Effect.gen(function* () {
      const [first, again] = yield* over((sessions) =>
        Effect.gen(function* () {
          const read = yield* sessions.read(id)
          return [read, yield* sessions.read(id, { ifChanged: read.etag })] as const
        })
      )
      assert.strictEqual(again._tag, "unchanged")
      assert.strictEqual(again.etag, first.etag)
    })
  )

  it.effect("follows a cursor to the end, every character once", () =>
    Effect.gen(function* () {
      const [whole, pieces] = yield* over((sessions) =>
        Effect.gen(function* () {
          const options = { preset: "full" } as const
          const all: Array<string> = []
          let anchor: library.Anchor | null = "head"
          while (anchor !== null) {
            const page: ReadResult = yield* sessions.read("9e577bdb", { ...options, tokens: 200, anchor })
            all.push(...page.messages.map(({ content }) => content ?? ""))
            const { next } = page.cursor
            anchor = next && { after: next.after ?? 0, charOffset: page.messages.at(-1)?.nextChar ?? 0 }
          }
          const { messages } = yield* sessions.read("9e577bdb", options)
          return [messages.map(({ content }) => content ?? "").join(""), all.join("")]
        })
      )
      assert.isAbove(whole!.length, 1000)
      assert.strictEqual(pieces, whole)
    })
  )

  it.effect("keeps two libraries of two homes apart", () =>
    Effect.gen(function* () {
      const [state, home] = [yield* temporaryHome, yield* temporaryHome]
      const count = Effect.flatMap(Sessions, (sessions) => sessions.list({ cwd: "all" })).pipe(
        Effect.map(({ totalAvailable }) => totalAvailable)
      )
      const layer = (where: string) => Sessions.layer({ home: where, stateDir: state, cacheDir: state, env: {} })
      const counts = yield* Effect.gen(function* () {
        const outer = yield* count
        const inner = yield* count.pipe(Effect.provide(layer(home)))
        return [outer > 50, inner]
      }).pipe(Effect.provide(layer(demoHome)))
      assert.deepStrictEqual(counts, [true, 0])
    })
  )
})

describe("sending", () => {
  it.effect("starts, resumes, names, and shows what it would start", () =>
    Effect.gen(function* () {
      const written = { stdout: "", stderr: "" }
      const recorded = { started: [], ended: [] }
      yield* over(
        (sessions, home) =>
          Effect.gen(function* () {
            const begun = yield* sessions.start({ source: "claude", prompt: "begin", name: "base" })
            assert.deepInclude(begun, { delivery: "delivered", isNewSession: true, messageCountBefore: 0 })
            assert.deepStrictEqual(
              begun.messages.map(({ content }) => content),
              ["begin", "Done."]
            )
            const named = yield* sessions.names()
            assert.deepInclude(named.names[0], { name: "base", id: begun.sessionId, source: "claude" })
            const resumed = yield* sessions.resume(id, { prompt: "and now" })
            assert.deepInclude(resumed, { delivery: "delivered", sessionId: id, newMessages: 2 })
            const before = snapshotOf(nodePath.join(home, ".claude"))
            const plan = yield* sessions.fork("base", { prompt: "another way", dryRun: true })
            assert.include(plan.args, "--fork-session")
            assert.deepStrictEqual(snapshotOf(nodePath.join(home, ".claude")), before)
            const checkpoint = yield* sessions.checkpoint("base", "start-here", { at: 1 })
            assert.strictEqual(checkpoint.names[0]?.at, 1)
            const removed = yield* sessions.removeName("start-here")
            assert.strictEqual(removed.status, "removed")
          }),
        { written, recorded }
      )
      assert.lengthOf(recorded.started, 2)
      assert.deepStrictEqual(written, { stdout: "", stderr: "" })
    })
  )

  it.effect("a prompt that did not arrive is a failure", () =>
    Effect.gen(function* () {
      const error = yield* over((sessions) => Effect.flip(sessions.resume(id, { prompt: "x", detectTimeoutMs: 0 })), {
        agent: { writes: "nothing" }
      })
      assert.strictEqual(error._tag, "NotDelivered")
      assert.deepInclude(library.errorFacts(error), { code: "NOT_DELIVERED", exitCode: 1, retry: true })
    })
  )

  it.effect("names a job's supervisor that is not there, and starts nothing", () =>
    Effect.gen(function* () {
      const [home, state] = [yield* copyClaudeHome, yield* temporaryHome]
      const bin = nodePath.join(state, "bin")
      fs.mkdirSync(bin)
      const start = (binary?: string) =>
        Effect.flatMap(Sessions, (sessions) =>
          Effect.flip(sessions.start({ source: "claude", prompt: "x", cwd: "/", async: true }))
        ).pipe(
          Effect.provide(
            Sessions.layer({
              home,
              stateDir: nodePath.join(state, "state"),
              env: { PATH: bin },
              ...(binary === undefined ? {} : { binary })
            })
          )
        )
      const onPath = yield* start()
      assert.instanceOf(onPath, library.SpawnError)
      assert.deepInclude({ ...onPath }, { bin: "sessionr", searched: [bin], error: "ENOENT" })
      assert.include(onPath.suggestion, "binary")
      const byPath = yield* start(nodePath.join(bin, "nowhere"))
      assert.instanceOf(byPath, library.SpawnError)
      assert.deepStrictEqual(byPath.searched, [nodePath.join(bin, "nowhere")])
      // Something else of that name: it says nothing that we understand.
      fs.writeFileSync(nodePath.join(bin, "sessionr"), "#!/bin/sh\necho hello\n", { mode: 0o755 })
      const other = yield* start()
      assert.strictEqual(other._tag, "StateError")
      assert.isFalse(fs.existsSync(nodePath.join(state, "state/jobs")))
    })
  )
})

/** A call with options that the compiler would refuse. */
// eslint-disable-next-line typescript/no-explicit-any
const unchecked = (value: unknown): any => value

describe("failures", () => {
  const fails = (
    title: string,
    call: (sessions: Sessions["Service"]) => Effect.Effect<unknown, AppError>,
    tag: AppError["_tag"],
    detail: Readonly<Record<string, unknown>> = {}
  ) =>
    it.effect(title, () =>
      Effect.gen(function* () {
        const error = yield* over((sessions) => Effect.flip(call(sessions)), { home: demoHome })
        assert.strictEqual(error._tag, tag)
        assert.instanceOf(error, Error)
        assert.isTrue(library.isAppError(error))
        assert.deepInclude(library.errorFacts(error).detail, detail)
      })
    )

  fails("no such session", ({ read }) => read("ffffffff"), "SessionNotFound", { session_id: "ffffffff" })
  fails("no such source", ({ list }) => list({ source: "cluade" }), "InvalidSource", { did_you_mean: ["claude"] })
  fails("a source named as every object's property", ({ list }) => list({ source: "constructor" }), "InvalidSource")
  fails("a limit out of bounds", ({ list }) => list({ limit: 0 }), "InvalidArg", { argument: "limit", max: 1000 })
  fails("half a message", ({ read }) => read(id, { anchor: { after: 1.5 } }), "InvalidArg", { argument: "after" })
  fails("no budget", ({ read }) => read(id, { tokens: 0 }), "InvalidTokenBudget")
  fails("nothing to look for", ({ search }) => search(" "), "MissingQuery")
  fails("no date", ({ list }) => list({ since: new Date("no") }), "InvalidDuration")
  fails("no prompt", ({ start }) => start(unchecked({ source: "claude" })), "MissingMessage")
  fails("no source", ({ start }) => start(unchecked({ prompt: "x" })), "MissingSource")
  fails("no such preset", ({ read }) => read(id, { preset: unchecked("huge") }), "InvalidPreset")
  fails("two anchors", ({ read }) => read(id, { anchor: unchecked({ page: 1, before: 2 }) }), "ConflictingFlags", {
    flags: ["page", "before"]
  })
  fails("no anchor", ({ read }) => read(id, { anchor: unchecked({}) }), "UsageError")
  fails("a range backwards", ({ read }) => read(id, { anchor: { from: 5, to: 2 } }), "InvalidArg")
  fails("no name", ({ name }) => name(id, "no name"), "InvalidArg", { argument: "name" })
  fails("no such job", ({ wait }) => wait("j-20261120-101500-9f3a6c01"), "JobNotFound")

  it.effect("a home that is none", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Sessions.pipe(Effect.asVoid, Effect.provide(Sessions.layer({ home: "/nowhere/at/all", env: {} })))
      )
      assert.instanceOf(error, library.FileNotReadable)
      assert.strictEqual(error.path, "/nowhere/at/all")
    })
  )

  it("every one is exported", () => {
    assert.deepStrictEqual(
      Object.keys(errorTable).filter((tag) => !(tag in library)),
      []
    )
  })
})

describe("types", () => {
  it("of a send follow from what is asked", () => {
    type Service = Sessions["Service"]
    const types = ({ fork, read, resume, start }: Service) => {
      const base = { source: "claude", prompt: "x" }
      expectTypeOf(start(base)).toEqualTypeOf<Effect.Effect<SentResult, AppError>>()
      expectTypeOf(start({ ...base, async: true })).toEqualTypeOf<Effect.Effect<JobResult, AppError>>()
      expectTypeOf(resume("a", { prompt: "x", dryRun: true })).toEqualTypeOf<Effect.Effect<DryRunResult, AppError>>()
      expectTypeOf(fork("a", { prompt: "x", idempotencyKey: "k" })).toEqualTypeOf<
        Effect.Effect<SentResult | JobResult, AppError>
      >()
      expectTypeOf(read("a")).toEqualTypeOf<Effect.Effect<ReadResult, AppError>>()
      expectTypeOf(read("a", { ifChanged: "e" })).toEqualTypeOf<Effect.Effect<ReadResult | UnchangedResult, AppError>>()
      return [
        // @ts-expect-error a new session needs to know whose
        start({ prompt: "x" }),
        // @ts-expect-error there is no such option
        resume("a", { prompt: "x", tokns: 1 })
      ]
    }
    expectTypeOf(types).toBeFunction()
  })
})
