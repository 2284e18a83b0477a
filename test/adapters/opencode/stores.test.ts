import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { opencode } from "../../../src/adapters/opencode/index.ts"
import { FileError } from "../../../src/domain/errors.ts"
import { discoverIn, messagesOf, readIn } from "../../support/adapter-kit.ts"
import { snapshotOf } from "../../support/store.ts"
import { messages, parts, rows, start, text } from "./conversation.ts"
import { partsMessages } from "./fixtures.ts"
import {
  addRows,
  createDatabase,
  databasePath,
  dataDir,
  first,
  inHome,
  fixtureRows,
  insertRows,
  type Row,
  second,
  writeDatabase,
  writeTree
} from "./store.ts"

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
