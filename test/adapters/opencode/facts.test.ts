import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { opencode } from "../../../src/adapters/opencode/index.ts"
import { FileError } from "../../../src/domain/errors.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { snapshotOf, storeLayer, temporaryHome } from "../../support/store.ts"
import { messages, parts, rows, start, text } from "./conversation.ts"
import { earlyMessages, partsMessages, rowsMessages } from "./fixtures.ts"
import {
  addRows,
  createDatabase,
  databasePath,
  dataDir,
  first,
  fixtureRows,
  insertRows,
  type Row,
  second,
  type Version,
  writeDatabase,
  writeTree
} from "./store.ts"

const inHome = <A, E>(run: (home: string) => Effect.Effect<A, E, StoreServices>) =>
  Effect.flatMap(temporaryHome, run).pipe(Effect.scoped, Effect.provide(storeLayer))

const reading = (
  version: Version,
  records: ReadonlyArray<Row>,
  check: (read: Effect.Success<ReturnType<typeof readIn>>) => void
) =>
  inHome((home) => {
    writeDatabase(version)(home, [{ id: first, records }])
    return Effect.map(readIn(opencode, home, first), check)
  })

describe("opencode 1.18", () => {
  it.effect("head, tokens, files and agents", () =>
    reading("1.18", fixtureRows("parts"), ({ head, transcript }) => {
      assert.deepStrictEqual(head, {
        cwd: "/home/dev/zoo/app",
        createdAt: 1793500000000,
        updatedAt: 1793500090000,
        isEmpty: false,
        kind: "session",
        parentId: null,
        gitBranch: null,
        model: "m-1",
        title: "Count the stripes",
        firstPrompt: "Count the stripes in @zebra.ts with @scout",
        forkedFrom: null
      })
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 1500,
        output: 110,
        cacheRead: 600,
        cacheCreation: 5,
        thinking: 20
      })
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/zoo/app/notes.txt",
        "/home/dev/zoo/app/zebra.ts",
        "/home/dev/zoo/app/lion.ts",
        "/home/dev/zoo/app/cat.ts"
      ])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "ses_child", kind: "file", description: "look around", toolUseId: "call_p5" }
      ])
      assert.strictEqual(transcript.facts.forkedFrom, null)
      assert.deepInclude(transcript.facts.toolFrequency, { name: "edit", count: 1, errors: 1 })
      assert.deepInclude(transcript.facts.toolFrequency, { name: "bash", count: 2, errors: 0 })
    })
  )

  it.effect("files ride on the prompt, on the result, or are a prompt of their own", () =>
    reading("1.18", fixtureRows("parts"), ({ transcript }) => {
      const attached = Array.from({ length: transcript.count }, (_, at) => transcript.message(at + 1)).flatMap(
        ({ blocks, index }) =>
          blocks.filter(({ type }) => type === "attachment").map((block) => [index, block] as const)
      )
      assert.deepStrictEqual(attached, [
        [3, { type: "attachment", kind: "document", mediaType: "text/plain", bytes: null }],
        [7, { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }],
        [12, { type: "attachment", kind: "image", mediaType: "image/png", bytes: 2 }]
      ])
    })
  )

  it.effect("thinking rides on what follows; calls and results have the times of their state", () =>
    reading("1.18", fixtureRows("parts"), ({ transcript }) => {
      assert.deepStrictEqual(transcript.message(5).blocks, [{ type: "thinking", text: "grep will tell" }])
      assert.strictEqual(transcript.time(6), 1793500002500)
      assert.strictEqual(transcript.time(7), 1793500002600)
      assert.deepStrictEqual(transcript.message(9).blocks, [
        { type: "tool_result", toolUseId: "call_p2", isError: true }
      ])
    })
  )

  it.effect("a fork counts what it spent itself, its parent what it spent", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const tokens = { total: 130, input: 100, output: 20, reasoning: 0, cache: { read: 10, write: 0 } }
        const answer = (id: string, at: number) => ({
          table: "message",
          id,
          data: { role: "assistant", time: { created: at }, tokens }
        })
        const session = (id: string, at: number, spent: number, title: string) => ({
          table: "session",
          id,
          directory: "/home/dev/app",
          title,
          tokens_input: spent,
          tokens_output: spent / 5,
          tokens_cache_read: spent / 10,
          time_created: at,
          time_updated: at + 5000
        })
        const records = [
          session(first, start, 200, "Zoo"),
          answer("msg_a1", start + 100),
          text("msg_a1", "prt_a1", "one"),
          answer("msg_a2", start + 200),
          text("msg_a2", "prt_a2", "two")
        ]
        const fork = [
          session(second, start + 1000, 300, "Zoo (fork #1)"),
          answer("msg_b1", start + 100),
          text("msg_b1", "prt_b1", "one"),
          answer("msg_b2", start + 200),
          text("msg_b2", "prt_b2", "two"),
          answer("msg_b3", start + 1100),
          text("msg_b3", "prt_b3", "three")
        ]
        writeDatabase("1.18")(home, [
          { id: first, records },
          { id: second, records: fork }
        ])
        const own = (spent: number) => ({
          input: spent,
          output: spent / 5,
          cacheRead: spent / 10,
          cacheCreation: 0,
          thinking: 0
        })
        const parent = yield* readIn(opencode, home, first)
        const forked = yield* readIn(opencode, home, second)
        assert.deepStrictEqual(parent.transcript.facts.tokenUsage, own(200))
        assert.deepStrictEqual(forked.transcript.facts.tokenUsage, own(100))
        assert.deepStrictEqual(
          messagesOf(forked.transcript).map(([, said]) => said),
          ["one", "two", "three"]
        )
      })
    )
  )
})

describe("opencode before 1.2 and soon after", () => {
  const usage = { input: 110, output: 44, cacheRead: 140, cacheCreation: 3, thinking: 15 }

  it.effect("1.2: columns that came later are not missed; reasoning is part of the output", () =>
    reading("1.2", fixtureRows("early"), ({ head, transcript }) => {
      assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
      assert.strictEqual(head.title, null)
      assert.strictEqual(head.model, "m-0b")
      assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/poem.txt"])
    })
  )

  it.effect("the tree of files says the same, and its files are the session's", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [{ id: first, records: fixtureRows("early") }])
        const { entry, head, transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
        assert.strictEqual(head.model, "m-0b")
        assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
        assert.strictEqual(entry.file.path, `${dataDir(home)}/storage/session/global/${first}.json`)
        assert.strictEqual(entry.sidecars.length, 8)
        assert.isTrue(entry.sidecars.every((path) => fs.existsSync(path)))
        const discovery = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(yield* opencode.notes([], discovery), [
          "1 session only in the JSON files of 1.1, which opencode 1.17 and later cannot see"
        ])
      })
    )
  )

  it.effect("mid-2025: below its project, parts below their session", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [{ id: first, records: fixtureRows("early") }])
        const storage = `${dataDir(home)}/storage`
        const old = `${dataDir(home)}/project/home-dev-old/storage/session`
        fs.mkdirSync(`${old}/info`, { recursive: true })
        fs.renameSync(`${storage}/session/global/${first}.json`, `${old}/info/${first}.json`)
        fs.renameSync(`${storage}/message`, `${old}/message`)
        fs.mkdirSync(`${old}/part/${first}`, { recursive: true })
        for (const name of fs.readdirSync(`${storage}/part`)) {
          fs.renameSync(`${storage}/part/${name}`, `${old}/part/${first}/${name}`)
        }
        fs.rmSync(storage, { recursive: true })
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
        assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
      })
    )
  )

  it.effect("parts that are still in their message are read", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [
          {
            id: first,
            records: [
              {
                table: "message",
                id: "msg_1",
                session_id: first,
                data: { role: "user", parts: [{ type: "text", text: "hello" }, 5] }
              }
            ]
          }
        ])
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), [["user", "hello"]])
        assert.deepStrictEqual(skippedOf(transcript), { "part that is no JSON object": 1 })
      })
    )
  )
})

describe("opencode 2", () => {
  it.effect("head, tokens, files, agents and the fork's origin", () =>
    reading("2", fixtureRows("messages"), ({ head, transcript }) => {
      assert.deepStrictEqual(messagesOf(transcript), rowsMessages)
      assert.strictEqual(head.title, null)
      assert.strictEqual(head.model, "m-2")
      assert.strictEqual(head.firstPrompt, "Count stripes")
      assert.strictEqual(transcript.facts.forkedFrom, "ses_origin")
      // What the fork copied is older than it, and 2.x does not count it in its row.
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 700,
        output: 47,
        cacheRead: 300,
        cacheCreation: 2,
        thinking: 7
      })
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/zoo/app/zebra.ts",
        "/home/dev/zoo/docs/zoo.md",
        "/home/dev/zoo/app/b.txt"
      ])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "ses_kid", kind: "file", description: "look", toolUseId: "call_v3" }
      ])
      assert.deepInclude(transcript.facts.toolFrequency, { name: "shell", count: 3, errors: 1 })
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 2 }
      ])
      assert.deepStrictEqual(transcript.message(13).blocks, [
        { type: "tool_result", toolUseId: "call_v1", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
      ])
    })
  )

  it.effect("a revert hides from its message on, in the order of the conversation", () =>
    reading(
      "2",
      [
        {
          table: "session_v2",
          id: first,
          title: "cut",
          revert: { messageID: "msg_5" },
          time_created: start,
          time_updated: start
        },
        { table: "session_message", id: "msg_9", type: "user", seq: 1, data: { text: "kept" } },
        { table: "session_message", id: "msg_5", type: "user", seq: 2, data: { text: "gone" } },
        { table: "session_message", id: "msg_6", type: "user", seq: 3, data: { text: "gone too" } }
      ],
      ({ transcript }) => {
        assert.deepStrictEqual(messagesOf(transcript), [["user", "kept"]])
        assert.deepStrictEqual(skippedOf(transcript), { "reverted message": 2 })
      }
    )
  )
})

describe("opencode: a session that is kept more than once", () => {
  const update = (table: string, at: number): Row => ({
    table,
    id: first,
    directory: "/home/dev/app",
    title: table,
    time_created: start,
    time_updated: at
  })

  const titleWith = (records: ReadonlyArray<Row>) =>
    inHome((home) =>
      Effect.gen(function* () {
        writeDatabase("2")(home, [{ id: first, records }])
        const { entries } = yield* discoverIn(opencode, home)
        assert.strictEqual(entries.length, 1)
        const { head, transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), messages)
        return head.title
      })
    )

  const both = [...parts.conversation(first), ...rows.conversation(first)]

  it.effect("the newer one counts, 2.x on a tie, and never an empty one", () =>
    Effect.gen(function* () {
      const older = update("session", start)
      const newer = update("session_v2", start + 1)
      assert.strictEqual(yield* titleWith([...both, older, newer]), "session_v2")
      assert.strictEqual(yield* titleWith([...both, older, update("session_v2", start)]), "session_v2")
      assert.strictEqual(yield* titleWith([...both, update("session", start + 2), newer]), "session")
      assert.strictEqual(yield* titleWith([...parts.conversation(first), older, newer]), "session")
    })
  )

  it.effect("the database wins over the tree of files it was migrated from", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [
          { id: first, records: fixtureRows("early") },
          { id: second, records: fixtureRows("early", second) }
        ])
        writeDatabase("1.2")(home, [{ id: first, records: parts.conversation(first) }])
        const { entries, unreadable } = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(unreadable, [])
        assert.deepStrictEqual(
          entries.map(({ id, sidecars }) => [id, sidecars.length]),
          [
            [first, 0],
            [second, 8]
          ]
        )
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), messages)
      })
    )
  )

  it.effect("every channel's database is read, other files and databases are not", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeDatabase("1.18")(home, [{ id: first, records: fixtureRows("parts") }])
        const dev = `${dataDir(home)}/opencode-dev.db`
        createDatabase(dev, "1.2")
        addRows(dev, [...parts.conversation(second), update("session", start + 5)], second)
        const other = new DatabaseSync(`${dataDir(home)}/opencode-other.db`)
        other.exec("CREATE TABLE things (id TEXT)")
        other.close()
        fs.writeFileSync(`${dataDir(home)}/opencode-empty.db`, "")
        fs.writeFileSync(`${dataDir(home)}/opencode-broken.db`, "no database at all ".repeat(100))
        fs.writeFileSync(`${dataDir(home)}/auth.json`, "{}")
        const { entries, unreadable } = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(entries.map(({ id }) => id).sort(), [first, second].sort())
        assert.deepStrictEqual(unreadable.map(({ path }) => path).sort(), [
          `${dataDir(home)}/opencode-broken.db`,
          `${dataDir(home)}/opencode-empty.db`
        ])
        // The same session in both has no messages in the one that is newer.
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), partsMessages)
      })
    )
  )
})

describe("opencode: the write-ahead log", () => {
  it.effect("what is only in the log is read; the log is searched and watched, and nothing of it touched", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const path = databasePath(home)
        createDatabase(path, "1.18")
        const writer = new DatabaseSync(path)
        writer.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        insertRows(writer, parts.conversation(first), first)
        fs.utimesSync(path, 1_700_000_000, 1_700_000_000)
        fs.utimesSync(`${path}-wal`, 1_700_000_500, 1_700_000_500)
        const before = snapshotOf(home)
        const { entry, transcript } = yield* readIn(opencode, home, first, { retainedChars: -1 })
        assert.deepStrictEqual(messagesOf(transcript), messages)
        assert.strictEqual(entry.file.path, path)
        assert.strictEqual(entry.file.mtimeMs, 1_700_000_500_000)
        assert.deepStrictEqual(entry.sidecars, [`${path}-wal`])
        assert.include(fs.readFileSync(`${path}-wal`, "latin1"), "count the files")
        assert.deepStrictEqual(snapshotOf(home), before)
        const discovery = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(yield* opencode.notes([], discovery), ["1 database with a write-ahead log"])
        writer.close()
      })
    )
  )

  it.effect("a database that goes away is an error, when its messages are made again too", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeDatabase("1.18")(home, [{ id: first, records: parts.conversation(first) }])
        const { entry, transcript } = yield* readIn(opencode, home, first, { retainedChars: -1 })
        const discovery = yield* discoverIn(opencode, home)
        fs.rmSync(databasePath(home))
        const error = yield* Effect.flip(opencode.load(entry, discovery, {}))
        assert.strictEqual(error.path, databasePath(home))
        assert.throws(() => transcript.message(1), FileError)
      })
    )
  )

  it.effect("messages behind the first window are made again as well", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const records = Array.from({ length: 300 }, (_, at): ReadonlyArray<Row> => {
          const id = String(at).padStart(4, "0")
          const data = { role: "user", time: { created: start + at } }
          return [{ table: "message", id: `msg_${id}`, data }, text(`msg_${id}`, `prt_${id}`, `said ${at}`)]
        }).flat()
        writeDatabase("1.18")(home, [{ id: first, records }])
        const { transcript } = yield* readIn(opencode, home, first, { retainedChars: -1 })
        const inOrder = Array.from({ length: 300 }, (_, at) => at + 1)
        for (const index of [300, 1, 65, 64, 200, ...inOrder, ...inOrder.toReversed()]) {
          assert.strictEqual(transcript.message(index).text, `said ${index - 1}`)
        }
      })
    )
  )
})

describe("opencode: roots", () => {
  const roots = (env: Record<string, string>, ignoreEnv = false) =>
    opencode.roots({ env, home: "/home/dev", platform: "linux", ignoreEnv })

  it("the data directory, and a database that is named", () => {
    const standard = "/home/dev/.local/share/opencode"
    assert.deepStrictEqual(roots({}), [standard])
    assert.deepStrictEqual(roots({ XDG_DATA_HOME: "/data/" }), ["/data/opencode"])
    assert.deepStrictEqual(roots({ XDG_DATA_HOME: "/data", OPENCODE_DB: "x.db" }, true), [standard])
    assert.deepStrictEqual(roots({ OPENCODE_DB: ":memory:" }), [standard])
    assert.deepStrictEqual(roots({ OPENCODE_DB: "mine.db" }), [`${standard}/mine.db`, standard])
    assert.deepStrictEqual(roots({ OPENCODE_DB: "/srv/mine.sqlite" }), ["/srv/mine.sqlite", standard])
  })

  it.effect("a named database is read, once where it is in the data directory too", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const named = `${home}/elsewhere.sqlite`
        createDatabase(named, "1.18")
        addRows(named, parts.conversation(second), second)
        writeDatabase("1.18")(home, [{ id: first, records: parts.conversation(first) }])
        const discovery = yield* opencode.discover([named, databasePath(home), dataDir(home)])
        assert.deepStrictEqual(discovery.entries.map(({ id, root }) => [id, root]).sort(), [
          [first, databasePath(home)],
          [second, named]
        ])
        assert.deepStrictEqual(yield* opencode.discover([`${home}/none.db`]), { entries: [], unreadable: [] })
      })
    )
  )

  it.effect("archived sessions are marked and noted; a brief survey asks for no messages", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const records = [...parts.conversation(first)]
        records[0] = { ...records[0], time_archived: start + 10_000 }
        writeDatabase("1.18")(home, [{ id: first, records }])
        const discovery = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(
          discovery.entries.map(({ archived }) => archived),
          [true]
        )
        assert.deepStrictEqual(yield* opencode.notes([], discovery), ["1 archived session"])
        const head = yield* opencode.survey(discovery.entries[0]!, true)
        assert.strictEqual(head.firstPrompt, null)
        assert.strictEqual(head.cwd, "/home/dev/app")
        assert.strictEqual(head.isEmpty, false)
        assert.isNull(yield* opencode.retention([]))
        assert.deepStrictEqual(yield* opencode.linkedFiles(discovery.entries[0]!, discovery), [])
      })
    )
  )
})
