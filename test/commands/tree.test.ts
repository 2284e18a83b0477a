import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as nodePath from "node:path"
import { adapters } from "../../src/layers/adapters.ts"
import { runCli } from "../support/run-cli.ts"
import { jsonLines, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId, counting } from "../support/stores.ts"

// eslint-disable-next-line typescript/no-explicit-any
type Json = any

const edgesOf = (json: Json): ReadonlyArray<string> =>
  json.edges.map(
    ({ at, from, to, type }: Json) => `${from.slice(0, 9)} ${type} ${to.slice(0, 9)}${at === null ? "" : ` at ${at}`}`
  )

const idsOf = (json: Json): ReadonlyArray<string> => json.nodes.map(({ id }: Json) => id.slice(0, 8))

describe("trees of the demo home", () => {
  it.effect("has every fork and subagent that says what it came from, newest tree first", () =>
    Effect.gen(function* () {
      for (const [source, edges] of [
        [
          "claude",
          [
            "9e577bdb- subagent agent-a5a",
            "9e577bdb- subagent agent-a06",
            "bfe7aa11- fork 59347f09-",
            "1117a09c- subagent agent-122"
          ]
        ],
        ["codex", ["01a1d462- subagent 01a1d462-", "01a1c0e7- fork 01a1c10e-"]]
      ] as const) {
        const { json } = yield* runCli(["tree", "-s", source])
        assert.deepStrictEqual(edgesOf(json), edges)
        assert.strictEqual(json.roots.length, json.total_trees)
        assert.isTrue(json.nodes.every(({ missing, source: of }: Json) => !missing && of === source))
        const kinds = new Map(json.nodes.map(({ id, kind }: Json) => [id, kind]))
        for (const { to, type } of json.edges)
          assert.strictEqual(kinds.get(to), type === "fork" ? "session" : "subagent")
        // Every session is shown, related to none, or empty.
        const list = (yield* runCli(["list", source, "--cwd", "all", "--include-subagents", "--include-empty"])).json
        const { empty, unrelated } = json.meta.hidden
        assert.strictEqual(json.nodes.length + empty + unrelated, list.total_available)
      }
    })
  )

  it.effect("with an id: what is related to it, and at which message it began", () =>
    Effect.gen(function* () {
      const claude = (yield* runCli(["tree", "59347f09"])).json
      assert.deepStrictEqual(claude.focus, { id: "59347f09-bae9-45a9-9caa-ce0a17d0c83e", source: "claude" })
      assert.deepStrictEqual(idsOf(claude), ["bfe7aa11", "59347f09"])
      // Both have the first 7 messages; the fork was made after the second answer.
      assert.deepStrictEqual(edgesOf(claude), ["bfe7aa11- fork 59347f09- at 7"])
      // Of the 22 messages of the fork its own are 1 / 1 / 0 / 1 / 1.
      assert.deepStrictEqual(edgesOf((yield* runCli(["tree", "01a1c0e7"])).json), ["01a1c0e7- fork 01a1c10e- at 18"])
      const { json } = yield* runCli(["tree", "9e577bdb"])
      assert.deepStrictEqual(edgesOf(json), ["9e577bdb- subagent agent-a5a at 3", "9e577bdb- subagent agent-a06 at 12"])
      for (const { at, to } of json.edges) {
        const { messages } = (yield* runCli(["read", "9e577bdb", String(at), String(at), "--preset", "full"])).json
        assert.strictEqual(messages[0].role, "tool_use")
        const child = (yield* runCli(["read", to, "1", "1", "--preset", "full"])).json.messages[0].content
        assert.strictEqual(messages[0].blocks.at(-1).input.prompt, child)
      }
    })
  )

  it.effect("a session that is related to none is a tree of one", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["tree", "33df6d44"])
      assert.deepStrictEqual(idsOf(json), ["33df6d44"])
      assert.deepStrictEqual([json.edges, json.total_trees], [[], 1])
      assert.strictEqual(json.nodes[0].total_messages, 57)
    })
  )

  it.effect("--all shows those too, --cwd the trees that touch a directory, -n the newest", () =>
    Effect.gen(function* () {
      const all = (yield* runCli(["tree", "--all", "--limit", "1000"])).json
      assert.strictEqual(all.meta.hidden.unrelated, 0)
      const list = (yield* runCli(["list", "--cwd", "all", "--limit", "1000"])).json
      for (const { id } of list.sessions)
        assert.isTrue(
          all.nodes.some((node: Json) => node.id === id),
          id
        )
      const shop = (yield* runCli(["tree", "--cwd", "/srv/acme/shop", "-s", "claude"])).json
      assert.deepStrictEqual(edgesOf(shop), ["bfe7aa11- fork 59347f09-"])
      assert.strictEqual(shop.meta.cwd_scope, "explicit")
      const one = (yield* runCli(["tree", "-n", "1", "-s", "claude"])).json
      assert.deepStrictEqual([one.roots.length, one.total_trees, one.has_more], [1, 3, true])
      assert.deepStrictEqual(idsOf(one), ["9e577bdb", "agent-a5", "agent-a0"])
    })
  )

  it.effect("text is drawn with branches, and the session that was asked for is marked", () =>
    Effect.gen(function* () {
      const { stdout } = yield* runCli(["tree", "9e577bdb", "--output", "text"], { columns: 60 })
      const [root, first, second] = stdout.split("\n")
      assert.strictEqual(root, "9e577bdb *  claude, 3d, 18 messages: Webhook retries: give …")
      assert.match(first!, /^├─ subagent at 3 agent-a5 {2}3d, 8 messages: Find/)
      assert.match(second!, /^└─ subagent at 12 agent-a0 {2}3d, 4 messages: Run/)
      assert.isTrue([root, first, second].every((line) => line!.length <= 60))
    })
  )
})

const line = (id: string, at: number, more: object = {}) => ({
  type: "user",
  uuid: `${id}-${at}`,
  parentUuid: at === 0 ? null : `${id}-${at - 1}`,
  sessionId: id,
  cwd: "/w",
  timestamp: new Date(Date.UTC(2026, 10, 1) + at * 1000).toISOString(),
  message: { role: "user", content: `prompt ${at} \u001b[31mred` },
  ...more
})

const from = (sessionId: string) => ({ forkedFrom: { sessionId, messageUuid: "x" } })

const write = (home: string, id: string, records: ReadonlyArray<unknown>): void =>
  writeFile(nodePath.join(home, ".claude/projects/-w", `${id}.jsonl`), jsonLines(records))

const ids = Array.from({ length: 6 }, (_, at) => claudeId(at))

describe("trees of stores as they can be", () => {
  it.effect("a parent that is gone is there as missing, and brings its forks together", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        for (const id of [ids[1]!, ids[2]!]) write(home, id, [line(id, 0, from(ids[0]!)), line(id, 1)])
        const { json } = yield* runCli(["tree"], { home })
        assert.deepStrictEqual(idsOf(json), ["00000000", "10000000", "20000000"])
        assert.deepStrictEqual(json.roots, [{ id: ids[0], source: "claude" }])
        assert.deepStrictEqual(json.nodes[0], {
          id: ids[0],
          source: "claude",
          kind: "session",
          title: null,
          summary: "",
          cwd: null,
          created_at: null,
          updated_at: null,
          total_messages: null,
          missing: true
        })
        const { stdout } = yield* runCli(["tree", "10", "--output", "text"], { home })
        assert.match(stdout, /^00000000-\S+ {2}claude: \(not in the store\)\n├─ fork 10000000 \*/)
        assert.notInclude(stdout, "\u001b")
      })
    )
  )

  it.effect("sessions that come from each other in a circle end", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        for (const [at, id] of ids.entries()) write(home, id, [line(id, 0, from(ids[(at + 1) % ids.length]!))])
        const { json } = yield* runCli(["tree"], { home })
        assert.deepStrictEqual([json.nodes.length, json.edges.length, json.roots.length], [6, 6, 1])
        const { stdout } = yield* runCli(["tree", "--output", "text"], { home })
        assert.include(stdout, "(shown above)")
        const focused = (yield* runCli(["tree", "30"], { home })).json
        assert.strictEqual(focused.nodes.length, 6)
      })
    )
  )

  it.effect("a session that says where it goes on is continued there", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        const [old, next] = [ids[1]!, ids[2]!]
        write(home, old, [line(old, 0), { type: "continued-in", continuedInSessionId: next, sessionId: old }])
        write(home, next, [line(next, 5)])
        const { json } = yield* runCli(["tree"], { home })
        assert.deepStrictEqual(edgesOf(json), ["10000000- continuation 20000000-"])
        const { stats } = (yield* runCli(["stats", old], { home })).json
        assert.strictEqual(stats.totalMessages, 1)
      })
    )
  )

  it.effect("a fork that only its records tell is read for once, then remembered", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        const state = yield* temporaryHome
        const copilot = adapters.find(({ source }) => source === "copilot")!
        const loads: Array<string> = []
        const options = { home, state, adapters: [counting(copilot, loads)] }
        const event = (type: string, data: object, n: number) => ({
          type,
          data,
          id: `e${n}`,
          timestamp: new Date(Date.UTC(2026, 10, 1) + n * 1000).toISOString()
        })
        const start = (id: string) => [
          event("session.start", { sessionId: id, context: { cwd: "/w" } }, 0),
          event("user.message", { content: "hello" }, 1)
        ]
        const file = (id: string) => nodePath.join(home, ".copilot/session-state", id, "events.jsonl")
        const [origin, fork] = [ids[1]!, ids[2]!]
        writeFile(file(origin), jsonLines(start(origin)))
        const message = `Forked from "A" (${origin}) as "B" (${fork}).`
        writeFile(file(fork), jsonLines([...start(fork), event("session.info", { infoType: "fork", message }, 2)]))
        for (const expected of [[origin, fork], []]) {
          const { json } = yield* runCli(["tree", "-s", "copilot"], options)
          assert.deepStrictEqual(edgesOf(json), ["10000000- fork 20000000-"])
          // What a list reads for its counts comes from what is remembered as well.
          assert.deepStrictEqual(loads.splice(0).toSorted(), expected)
        }
      })
    )
  )
})
