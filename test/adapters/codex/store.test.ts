import * as fs from "node:fs"
import * as zlib from "node:zlib"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { codex } from "../../../src/adapters/codex/index.ts"
import { parseRolloutName } from "../../../src/adapters/codex/format.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, type KitMessage, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { base, codexHome, first, fixtureRecords, rolloutPath, Script, second, segment } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const hello = (id: string, text = "hello"): string => jsonLines(new Script(id).meta().user(text).answer("hi").lines)

const chain = (name: string): string => jsonLines(fixtureRecords(name))

const writeDatabase = (path: string, statements: ReadonlyArray<string>): void => {
  const database = new DatabaseSync(path)
  for (const statement of statements) database.exec(statement)
  database.close()
}

describe("codex: roots", () => {
  const host = { home: "/home/dev", platform: "linux", ignoreEnv: false }
  it("the home, unless CODEX_HOME says otherwise", () => {
    assert.deepStrictEqual(codex.roots({ ...host, env: {} }), ["/home/dev/.codex"])
    assert.deepStrictEqual(codex.roots({ ...host, env: { CODEX_HOME: "/a/, /b,/a" } }), ["/a", "/b"])
    assert.deepStrictEqual(codex.roots({ ...host, env: { CODEX_HOME: "/a", CODEX_SQLITE_HOME: "/db" } }), ["/a", "/db"])
    assert.deepStrictEqual(codex.roots({ ...host, ignoreEnv: true, env: { CODEX_HOME: "/a" } }), ["/home/dev/.codex"])
  })

  it("names of rollouts", () => {
    const name = (tail: string) => parseRolloutName(`rollout-2026-11-01T10-00-00-${first.toUpperCase()}${tail}`)
    assert.deepInclude(name(".jsonl"), { threadId: first, segmentId: first, compressed: false })
    assert.deepInclude(name(`_${segment}.jsonl.zst`), { threadId: first, segmentId: segment, compressed: true })
    assert.isNull(name(".json"))
    assert.isNull(name("_.jsonl"))
    assert.isNull(parseRolloutName(`${first}.jsonl`))
  })
})

describe("codex: what lies where", () => {
  test("dated, flat and archived; plain wins over compressed; nothing else is a session", (home) =>
    Effect.gen(function* () {
      const ids = [1, 2, 3, 4].map((n) => `01a00000-0000-7000-8000-00000000010${n}`)
      const root = codexHome(home)
      const zst = (id: string, text: string) => zlib.zstdCompressSync(hello(id, text))
      writeFile(rolloutPath(home, ids[0]!), hello(ids[0]!))
      writeFile(`${root}/sessions/rollout-2025-05-07-${ids[1]}.jsonl`, hello(ids[1]!))
      writeFile(`${root}/archived_sessions/rollout-2026-10-01T10-00-00-${ids[2]}.jsonl.zst`, zst(ids[2]!, "packed"))
      writeFile(rolloutPath(home, ids[3]!), hello(ids[3]!, "plain"))
      writeFile(`${rolloutPath(home, ids[3]!)}.zst`, zst(ids[3]!, "stale"))
      writeFile(`${root}/sessions/2026/11/01/notes.jsonl`, "{}\n")
      writeFile(`${root}/sessions/2026/11/01/rollout-2026-11-01T10-00-00-${ids[0]}.jsonl.tmp`, "{}\n")
      writeFile(`${root}/shell_snapshots/rollout-2026-11-01T10-00-00-${second}.jsonl`, "{}\n")
      writeFile(`${root}/thread-writer-locks/${ids[0]}.lock`, "")
      const discovery = yield* discoverIn(codex, home)
      assert.deepStrictEqual(discovery.unreadable, [])
      assert.deepStrictEqual(discovery.entries.map((entry) => entry.id).sort(), ids)
      assert.deepStrictEqual(
        discovery.entries.filter((entry) => entry.archived).map((entry) => entry.id),
        [ids[2]]
      )
      const packed = yield* readIn(codex, home, ids[2]!)
      assert.strictEqual(packed.head.firstPrompt, "packed")
      assert.deepStrictEqual(messagesOf(packed.transcript), [
        ["user", "packed"],
        ["assistant", "hi"]
      ])
      assert.strictEqual((yield* readIn(codex, home, ids[3]!)).head.firstPrompt, "plain")
      assert.deepStrictEqual(yield* codex.notes([codexHome(home)], discovery), [
        "1 archived session",
        "1 compressed rollout",
        "1 thread writer lock"
      ])
    }))

  test("a compressed rollout makes its messages again, and a broken one is an error", (home) =>
    Effect.gen(function* () {
      const path = `${rolloutPath(home, first)}.zst`
      writeFile(path, zlib.zstdCompressSync(hello(first, "packed")))
      const { transcript } = yield* readIn(codex, home, first, { retainedChars: -1 })
      assert.strictEqual(transcript.message(1).text, "packed")
      writeFile(path, "no zstd at all")
      const { entries } = yield* discoverIn(codex, home)
      const failure = yield* codex.survey(entries[0]!).pipe(Effect.flip)
      assert.strictEqual(failure.path, path)
    }))

  test("names: the last line of the index, else the newest database", (home) =>
    Effect.gen(function* () {
      for (const id of [first, second, base]) writeFile(rolloutPath(home, id), hello(id))
      writeFile(
        `${codexHome(home)}/session_index.jsonl`,
        `${JSON.stringify({ id: first, thread_name: "Old" })}\nbroken\n${JSON.stringify({ id: first, thread_name: "New " })}\n`
      )
      const threads = "CREATE TABLE threads (id TEXT, name TEXT, rollout_path TEXT)"
      writeDatabase(`${codexHome(home)}/state_4.sqlite`, [
        threads,
        `INSERT INTO threads VALUES ('${second}', 'Four', '')`
      ])
      writeDatabase(`${codexHome(home)}/state_10.sqlite`, [
        threads,
        `INSERT INTO threads VALUES ('${first}', 'Ignored', ''), ('${second}', 'Ten', ''), ('${base}', NULL, '')`,
        "CREATE TABLE thread_spawn_edges (parent_thread_id TEXT, child_thread_id TEXT, status TEXT)",
        `INSERT INTO thread_spawn_edges VALUES ('${first}', '${base}', 'open')`
      ])
      const { entries, unreadable } = yield* discoverIn(codex, home)
      assert.deepStrictEqual(unreadable, [])
      const titles = Object.fromEntries(entries.map((entry) => [entry.id, entry.indexTitle]))
      assert.deepStrictEqual(titles, { [first]: "New", [second]: "Ten", [base]: null })
      const child = entries.find((entry) => entry.id === base)!
      assert.strictEqual(child.kind, "subagent")
      assert.strictEqual(child.parentId, first)
      const { transcript } = yield* readIn(codex, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: base, kind: "file", description: null, toolUseId: null }
      ])
    }))

  test("a database that cannot be read costs its names, not the sessions", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, first), hello(first))
      writeFile(`${codexHome(home)}/state_5.sqlite`, "no database ".repeat(100))
      const { entries, unreadable } = yield* discoverIn(codex, home)
      assert.strictEqual(entries.length, 1)
      assert.deepStrictEqual(
        unreadable.map(({ path }) => path),
        [`${codexHome(home)}/state_5.sqlite`]
      )
      writeFile(`${codexHome(home)}/state_5.sqlite`, "")
      assert.deepStrictEqual((yield* discoverIn(codex, home)).unreadable, [
        { path: `${codexHome(home)}/state_5.sqlite`, reason: "the file is empty: 0 bytes" }
      ])
    }))

  test("databases in a place of their own, by variable or by configuration", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, first), hello(first))
      fs.mkdirSync(`${home}/db`)
      writeDatabase(`${home}/db/state_5.sqlite`, [
        "CREATE TABLE threads (id TEXT, name TEXT)",
        `INSERT INTO threads VALUES ('${first}', 'Elsewhere')`
      ])
      const byVariable = yield* codex.discover([codexHome(home), `${home}/db`])
      assert.strictEqual(byVariable.entries[0]?.indexTitle, "Elsewhere")
      writeFile(`${codexHome(home)}/config.toml`, `model = "x"\nsqlite_home = "${home}/db"\n`)
      assert.strictEqual((yield* discoverIn(codex, home)).entries[0]?.indexTitle, "Elsewhere")
    }))
})

describe("codex: histories over several files", () => {
  const forkMessages: ReadonlyArray<KitMessage> = [
    ["user", "base one"],
    ["assistant", "answer one"],
    ["tool_use", 'spawn_agent {"message":"x"}'],
    ["tool_result", '{"agent_id":"01a00000-0000-7000-8000-0000000000cc","nickname":"Bohr"}'],
    ["user", "fork one"],
    ["assistant", "fork answer"]
  ]

  test("a fork begins with its base, up to where it left it", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, base), chain("chain-base"))
      writeFile(rolloutPath(home, first, "02"), chain("chain-fork"))
      const { entry, head, transcript } = yield* readIn(codex, home, first)
      assert.deepStrictEqual(messagesOf(transcript), [
        ...forkMessages,
        ["user", "fork two, taken back"],
        ["assistant", "forgotten"]
      ])
      assert.deepStrictEqual(skippedOf(transcript), {})
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.strictEqual(head.firstPrompt, "fork one")
      assert.strictEqual(transcript.facts.forkedFrom, base)
      assert.deepStrictEqual(transcript.facts.subagents, [])
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 150,
        output: 20,
        cacheRead: 50,
        cacheCreation: 0,
        thinking: 0
      })
      const discovery = yield* discoverIn(codex, home)
      assert.deepStrictEqual(yield* codex.linkedFiles(entry, discovery), [rolloutPath(home, base)])
      const other = discovery.entries.find(({ id }) => id === base)!
      assert.deepStrictEqual(yield* codex.linkedFiles(other, discovery), [])
      const again = yield* readIn(codex, home, first, { retainedChars: -1 })
      assert.deepStrictEqual(messagesOf(again.transcript), messagesOf(transcript))
    }))

  test("after a revert the thread is one session of all its segments", (home) =>
    Effect.gen(function* () {
      writeFile(`${codexHome(home)}/archived_sessions/rollout-2026-10-01T10-00-00-${base}.jsonl`, chain("chain-base"))
      writeFile(rolloutPath(home, first, "02"), chain("chain-fork"))
      writeFile(rolloutPath(home, first, "03", `_${segment}`), chain("chain-segment"))
      const discovery = yield* discoverIn(codex, home)
      assert.deepStrictEqual(discovery.entries.map(({ id }) => id).sort(), [first, base].sort())
      const { entry, head, transcript } = yield* readIn(codex, home, first)
      assert.strictEqual(entry.file.path, rolloutPath(home, first, "03", `_${segment}`))
      assert.deepStrictEqual(messagesOf(transcript), [
        ...forkMessages,
        ["user", "fork two, better"],
        ["assistant", "better answer"]
      ])
      assert.strictEqual(head.firstPrompt, "fork one")
      assert.strictEqual(head.createdAt, Date.UTC(2026, 10, 1, 10, 0, 20))
      assert.strictEqual(head.model, "gpt-6-luna")
      assert.strictEqual(transcript.facts.tokenUsage?.output, 45)
      assert.strictEqual((yield* codex.linkedFiles(entry, discovery)).length, 2)
    }))

  test("the database says which segment is current", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, first, "02"), hello(first, "older"))
      writeFile(rolloutPath(home, first, "03", `_${segment}`), hello(first, "newer"))
      writeDatabase(`${codexHome(home)}/state_5.sqlite`, [
        "CREATE TABLE threads (id TEXT, rollout_path TEXT)",
        `INSERT INTO threads VALUES ('${first}', '/gone/${rolloutPath("", first, "02").split("/").at(-1)}')`
      ])
      assert.strictEqual((yield* readIn(codex, home, first)).head.firstPrompt, "older")
    }))

  test("a base that is gone, broken or its own is said", (home) =>
    Effect.gen(function* () {
      const own: ReadonlyArray<KitMessage> = [
        ["user", "fork one"],
        ["assistant", "fork answer"],
        ["user", "fork two, taken back"],
        ["assistant", "forgotten"]
      ]
      writeFile(rolloutPath(home, first, "02"), chain("chain-fork"))
      const read = () => Effect.map(readIn(codex, home, first), ({ transcript }) => transcript)
      const gone = yield* read()
      assert.deepStrictEqual(messagesOf(gone), own)
      assert.deepStrictEqual(skippedOf(gone), { "history base not found": 1 })
      writeFile(`${rolloutPath(home, base)}.zst`, "no zstd at all")
      assert.deepStrictEqual(skippedOf(yield* read()), { "history base not readable": 1 })
      writeFile(
        rolloutPath(home, first, "02"),
        chain("chain-fork").replaceAll(`"thread_id":"${base}"`, `"thread_id":"${first}"`)
      )
      const own2 = yield* read()
      assert.deepStrictEqual(messagesOf(own2), own)
      assert.deepStrictEqual(skippedOf(own2), { "history base without an end": 1 })
    }))

  test("a base that grows after the fork changes nothing", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, base), chain("chain-base"))
      writeFile(rolloutPath(home, first, "02"), chain("chain-fork"))
      const before = yield* readIn(codex, home, first)
      fs.appendFileSync(rolloutPath(home, base), jsonLines(new Script(base, Date.now(), 20).user("more").lines))
      const after = yield* readIn(codex, home, first)
      assert.strictEqual(after.transcript.contentHash, before.transcript.contentHash)
    }))

  test("the marker is in the first bytes of exactly the files that need others", (home) =>
    Effect.gen(function* () {
      writeFile(rolloutPath(home, base), chain("chain-base"))
      writeFile(rolloutPath(home, first, "02"), chain("chain-fork"))
      const { entries } = yield* discoverIn(codex, home)
      for (const entry of entries) {
        const start = fs.readFileSync(entry.file.path).subarray(0, 64 * 1024)
        assert.strictEqual(start.includes(codex.linkMarker!), entry.id === first)
      }
    }))
})
