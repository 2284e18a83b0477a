import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { commands } from "../../src/commands/table.ts"
import { NameNotFound } from "../../src/domain/send-errors.ts"
import { make } from "../../src/library/make.ts"
import { Sessions as Library } from "../../src/library/Sessions.ts"
import { Sends } from "../../src/services/Sends.ts"
import { Sessions } from "../../src/services/Sessions.ts"
import { servicesLayer } from "../support/library.ts"
import { demoHome } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"

type Recorded = Array<readonly [method: string, request: unknown]>

const names = {
  sessions: ["list", "search", "read", "name", "context", "diff", "info", "tag", "stats"],
  sends: ["dryRun", "send", "start", "job", "wait", "cancel", "jobs"]
} as const

const nothing = new NameNotFound({ message: "nothing is done", session_name: "x" })

/** Services that write down what they are asked, and fail. */
const recorders = (recorded: Recorded) => {
  const methods = (list: ReadonlyArray<string>) =>
    Object.fromEntries(
      list.map((name) => [
        name,
        (...args: ReadonlyArray<unknown>) => {
          recorded.push([name, comparable(args)])
          return Effect.fail(nothing)
        }
      ])
    )
  return Layer.mergeAll(
    Layer.succeed(Sessions, methods(names.sessions) as never),
    Layer.succeed(Sends, methods(names.sends) as never)
  )
}

/** Functions by what they are called: how something is printed is not to be compared. */
const comparable = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === "function" ? "a function" : item === Infinity ? "infinity" : item
    )
  )

/** What the handler of a command asks for, when nothing was typed but these. */
const typedRequest = (name: string, args: ReadonlyArray<string>, flags: Readonly<Record<string, unknown>>) => {
  const spec = commands.find((command) => command.name === name)!
  const blank = Object.fromEntries(
    Object.entries(spec.flags).map(([flag, { value }]) => [flag, value === undefined ? false : null] as const)
  )
  return spec.run({ args, flags: { ...blank, ...flags } as never, extra: [] })
}

const requestsOf = (
  typed: (run: typeof typedRequest) => Effect.Effect<unknown, unknown, never> | ReturnType<typeof typedRequest>,
  called: (library: Library["Service"]) => Effect.Effect<unknown, unknown>
) =>
  Effect.gen(function* () {
    const recorded: Recorded = []
    const state = yield* temporaryHome
    const services = Layer.provideMerge(recorders(recorded), servicesLayer({ home: demoHome, state }))
    const both = Effect.gen(function* () {
      yield* Effect.flip(typed(typedRequest))
      yield* Effect.flip(called(yield* Library))
    })
    yield* both.pipe(Effect.provide(Layer.provideMerge(Layer.effect(Library, make), services)))
    return recorded
  })

const id = "33df6d44"
const prompt = "go on"

/** A command with as little typed as it takes, and the call of the library that should ask for the same. */
const pairs: Readonly<Record<string, Parameters<typeof requestsOf>>> = {
  list: [(run) => run("list", [], {}), (library) => library.list()],
  search: [(run) => run("search", ["rounding"], {}), (library) => library.search("rounding")],
  read: [(run) => run("read", [id], {}), (library) => library.read(id)],
  context: [(run) => run("context", [id], {}), (library) => library.context(id)],
  diff: [(run) => run("diff", [id, "9e577bdb"], {}), (library) => library.diff(id, "9e577bdb")],
  "diff --messages": [
    (run) => run("diff", [id, "9e577bdb"], { messages: true }),
    (library) => library.diff(id, "9e577bdb", { messages: true })
  ],
  info: [(run) => run("info", [id], {}), (library) => library.info(id)],
  stats: [(run) => run("stats", [id], {}), (library) => library.stats(id)],
  tag: [(run) => run("tag", [id], {}), (library) => library.tag(id)],
  name: [(run) => run("name", [id, "main"], {}), (library) => library.name(id, "main")],
  "name --list": [(run) => run("name", [], { list: true }), (library) => library.names()],
  "name --remove": [(run) => run("name", [], { remove: "main" }), (library) => library.removeName("main")],
  checkpoint: [(run) => run("checkpoint", [id, "main"], {}), (library) => library.checkpoint(id, "main")],
  "send --new": [
    (run) => run("send", [], { new: true, source: "claude", message: prompt }),
    (library) => library.start({ source: "claude", prompt })
  ],
  "send --continue": [
    (run) => run("send", [], { continue: true, source: "claude", message: prompt }),
    (library) => library.continue({ source: "claude", prompt })
  ],
  send: [(run) => run("send", [id], { message: prompt }), (library) => library.resume(id, { prompt })],
  "send --fork": [
    (run) => run("send", [id], { message: prompt, fork: true }),
    (library) => library.fork(id, { prompt })
  ],
  "send --async": [
    (run) => run("send", [id], { message: prompt, async: true }),
    (library) => library.resume(id, { prompt, async: true })
  ],
  "send --dry-run": [
    (run) => run("send", [id], { message: prompt, "dry-run": true }),
    (library) => library.resume(id, { prompt, dryRun: true })
  ],
  job: [(run) => run("job", ["j-1"], {}), (library) => library.job("j-1")],
  wait: [(run) => run("wait", ["j-1"], {}), (library) => library.wait("j-1")],
  cancel: [(run) => run("cancel", ["j-1"], {}), (library) => library.cancel("j-1")],
  jobs: [(run) => run("jobs", [], {}), (library) => library.jobs()]
}

/** The same with everything said. */
const everything: Readonly<Record<string, Parameters<typeof requestsOf>>> = {
  list: [
    (run) =>
      run("list", ["codex"], {
        limit: "3",
        offset: "2",
        search: "rounding",
        "max-sessions": "7",
        cwd: "all",
        since: "2026-05-01",
        until: "2026-06-01",
        branch: "main",
        model: "opus",
        tag: "vat",
        "include-subagents": true,
        "include-empty": true
      }),
    (library) =>
      library.list({
        source: "codex",
        limit: 3,
        offset: 2,
        search: "rounding",
        maxSessions: 7,
        cwd: "all",
        since: "2026-05-01",
        until: "2026-06-01",
        branch: "main",
        model: "opus",
        tag: "vat",
        includeSubagents: true,
        includeEmpty: true
      })
  ],
  search: [
    (run) =>
      run("search", [], {
        query: "rou.*ing",
        source: "claude",
        cwd: "auto",
        since: "2026-05-01",
        until: "2026-06-01",
        "max-sessions": "9",
        role: "user,assistant",
        regex: true,
        "case-sensitive": true,
        context: "20",
        top: "4"
      }),
    (library) =>
      library.search("rou.*ing", {
        source: "claude",
        cwd: "auto",
        since: "2026-05-01",
        until: "2026-06-01",
        maxSessions: 9,
        roles: ["user", "assistant"],
        regex: true,
        caseSensitive: true,
        context: 20,
        top: 4
      })
  ],
  "read on": [
    (run) => run("read", [id], { source: "claude", after: "3", "char-offset": "5", tokens: "100", preset: "full" }),
    (library) =>
      library.read(id, { source: "claude", anchor: { after: 3, charOffset: 5 }, tokens: 100, preset: "full" })
  ],
  "read before": [
    (run) => run("read", [id], { before: "3" }),
    (library) => library.read(id, { anchor: { before: 3 } })
  ],
  "read a range": [
    (run) => run("read", [id, "3", "5"], {}),
    (library) => library.read(id, { anchor: { from: 3, to: 5 } })
  ],
  "read a page": [(run) => run("read", [id], { page: "2" }), (library) => library.read(id, { anchor: { page: 2 } })],
  "read the end": [(run) => run("read", [id], { anchor: "tail" }), (library) => library.read(id, { anchor: "tail" })],
  "read around a match": [
    (run) => run("read", [id], { search: "/vat/", after: "2", role: "user" }),
    (library) => library.read(id, { anchor: { search: "/vat/", after: 2 }, roles: ["user"] })
  ],
  "read if changed": [
    (run) => run("read", [id], { "if-changed": "e", detail: "meta", "include-summary": true, "branch-of": "u" }),
    (library) => library.read(id, { ifChanged: "e", detail: "meta", includeSummary: true, branchOf: "u" })
  ],
  context: [
    (run) =>
      run("context", [id], {
        format: "markdown",
        tokens: "500",
        "target-source": "codex",
        "include-system-prompt": true,
        "include-tool-results": true
      }),
    (library) =>
      library.context(id, {
        format: "markdown",
        tokens: 500,
        targetSource: "codex",
        includeSystemPrompt: true,
        includeToolResults: true
      })
  ],
  diff: [
    (run) => run("diff", [id, id], { messages: true, tokens: "50", after: "2", source: "claude", "source-b": "codex" }),
    (library) => library.diff(id, id, { messages: { tokens: 50, after: 2 }, source: "claude", sourceB: "codex" })
  ],
  send: [
    (run) =>
      run("send", [id], {
        message: prompt,
        source: "claude",
        name: "main",
        cwd: "/srv",
        timeout: "5",
        "detect-timeout-ms": "10",
        queue: true,
        "idempotency-key": "k",
        model: "opus",
        permission: "plan",
        tokens: "300",
        preset: "minimal"
      }),
    (library) =>
      library.resume(id, {
        prompt,
        source: "claude",
        name: "main",
        cwd: "/srv",
        timeoutMs: 5000,
        detectTimeoutMs: 10,
        queue: true,
        idempotencyKey: "k",
        model: "opus",
        permission: "plan",
        tokens: 300,
        preset: "minimal"
      })
  ],
  wait: [
    (run) => run("wait", ["j-1"], { timeout: "7", interval: "2" }),
    (library) => library.wait("j-1", { timeoutMs: 7000, intervalMs: 2000 })
  ],
  jobs: [
    (run) => run("jobs", [], { status: "running", limit: "3" }),
    (library) => library.jobs({ status: "running", limit: 3 })
  ],
  tag: [(run) => run("tag", [id], { add: "a,b" }), (library) => library.tag(id, { add: ["a", "b"] })],
  checkpoint: [
    (run) => run("checkpoint", [id, "main"], { at: "3", source: "claude" }),
    (library) => library.checkpoint(id, "main", { at: 3, source: "claude" })
  ]
}

const sameRequests = (title: string, [typed, called]: Parameters<typeof requestsOf>) =>
  it.effect(title, () =>
    Effect.gen(function* () {
      const recorded = yield* requestsOf(typed, called)
      assert.lengthOf(recorded, 2)
      assert.deepStrictEqual(recorded[1], recorded[0])
    })
  )

describe("the library asks for what the command asks for", () => {
  describe("with nothing said", () => {
    for (const [title, pair] of Object.entries(pairs)) sameRequests(title, pair)
  })
  describe("with everything said", () => {
    for (const [title, pair] of Object.entries(everything)) sameRequests(title, pair)
  })
})
