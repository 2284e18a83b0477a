import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import * as v8 from "node:v8"
import * as vm from "node:vm"
import * as zlib from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { zed } from "../../../src/adapters/zed/index.ts"
import { FileError } from "../../../src/domain/errors.ts"
import type { Adapter, StoreServices } from "../../../src/services/Adapter.ts"
import { StoreFiles } from "../../../src/services/StoreFiles.ts"
import { discoverIn, messagesOf, readIn } from "../../support/adapter-kit.ts"
import { runCli } from "../../support/run-cli.ts"
import { snapshotOf, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { current, messages } from "./conversation.ts"
import {
  addRow,
  child,
  databasePath,
  documentOf,
  end,
  first,
  insert,
  packed,
  rootOf,
  type Row,
  rowOf,
  second,
  start,
  writeRows,
  writeSidebar
} from "./store.ts"

const inHome = <A, E>(run: (home: string) => Effect.Effect<A, E, StoreServices>) =>
  Effect.flatMap(temporaryHome, run).pipe(Effect.scoped, Effect.provide(storeLayer))

/** Lets go of documents that are only kept for as long as there is room: a turn of the event loop, then a collection. */
const forget = Effect.promise(async () => {
  v8.setFlagsFromString("--expose-gc")
  await new Promise((resolve) => setTimeout(resolve, 1))
  const collect = vm.runInNewContext("gc") as () => void
  collect()
})

const conversation = documentOf(current.conversation())

describe("roots", () => {
  const home = "/home/dev"
  const roots = (platform: string, env: Record<string, string> = {}, ignoreEnv = false) =>
    zed.roots({ env, home, platform, ignoreEnv })

  it("one data directory for each platform, moved by its variable", () => {
    assert.deepStrictEqual(roots("linux"), ["/home/dev/.local/share/zed"])
    assert.deepStrictEqual(roots("freebsd", { XDG_DATA_HOME: "/data/" }), ["/data/zed"])
    assert.deepStrictEqual(roots("linux", { XDG_DATA_HOME: "/data", FLATPAK_XDG_DATA_HOME: "/flat" }), [
      "/flat/zed",
      "/data/zed"
    ])
    assert.deepStrictEqual(roots("linux", { XDG_DATA_HOME: "/data" }, true), ["/home/dev/.local/share/zed"])
    assert.deepStrictEqual(roots("darwin", { XDG_DATA_HOME: "/data" }), ["/home/dev/Library/Application Support/Zed"])
    assert.deepStrictEqual(roots("win32", { LOCALAPPDATA: "C:\\L" }), ["C:\\L/Zed"])
    assert.deepStrictEqual(roots("win32"), ["/home/dev/AppData/Local/Zed"])
  })
})

describe("rows", () => {
  it.effect("documents are read as frames, blobs and texts, whatever their type is said to be", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const text = JSON.stringify(conversation)
        const rows: ReadonlyArray<Row> = [
          { data_type: "zstd", data: packed(conversation) },
          { data_type: "", data: packed(conversation) },
          { data_type: "json", data: text },
          { data_type: "json", data: Buffer.from(text) },
          { data_type: "zstd", data: Buffer.from(`\ufeff${text}`) }
        ]
        for (const row of rows) {
          writeRows(home, "2026", [rowOf(first, conversation, row)])
          const { transcript } = yield* readIn(zed, home, first)
          assert.deepStrictEqual(messagesOf(transcript), messages)
        }
      })
    )
  )

  it.effect("a damaged document is said, and hides no other", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const frame = packed(conversation)
        const broken: ReadonlyArray<Row> = [
          { data: frame.subarray(0, 40) },
          { data: Buffer.from("{torn") },
          { data: packed([1]) },
          { data: 7 }
        ]
        const rows = broken.map((row, at) => rowOf(`broken-${at}`, {}, row))
        writeRows(home, "2026", [...rows, rowOf(first, conversation)])
        const discovery = yield* discoverIn(zed, home)
        assert.strictEqual(discovery.entries.length, 5)
        for (const entry of discovery.entries) {
          const brief = yield* zed.survey(entry, true)
          assert.strictEqual(brief.isEmpty, false)
          assert.strictEqual(brief.cwd, "/home/dev/app")
          if (entry.id === first) continue
          const error = yield* Effect.flip(zed.load(entry, discovery, {}))
          assert.instanceOf(error, FileError)
          assert.include(error.reason, `thread ${entry.id}`)
          assert.strictEqual((yield* Effect.flip(zed.survey(entry))).path, databasePath(home))
        }
        assert.deepStrictEqual(messagesOf((yield* readIn(zed, home, first)).transcript), messages)
      })
    )
  )

  it.effect("a row that has gone since is an error, one without a document is empty", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeRows(home, "2026", [rowOf(first, conversation), rowOf(second, {}, { data: new Uint8Array() })])
        const discovery = yield* discoverIn(zed, home)
        const empty = yield* readIn(zed, home, second)
        assert.strictEqual(empty.head.isEmpty, true)
        assert.deepStrictEqual(empty.transcript.head, empty.head)
        const gone = discovery.entries.find(({ id }) => id === first)!
        writeRows(home, "2026", [])
        assert.include((yield* Effect.flip(zed.load(gone, discovery, {}))).reason, "no longer in the database")
        const { thread: _, ...foreign } = { thread: null, ...gone }
        assert.include((yield* Effect.flip(zed.survey(foreign))).reason, "no entry of zed")
      })
    )
  )

  it.effect("odd columns: times, folders and parents of the wrong kind; columns of a fork", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeRows(home, "2026", [
          rowOf(first, conversation, {
            updated_at: "yesterday",
            created_at: 5,
            folder_paths: Buffer.from("/x"),
            parent_id: first
          }),
          rowOf(second, conversation, { folder_paths: "\n/b\n/c\n", folder_paths_order: "x,9,1" })
        ])
        const database = new DatabaseSync(databasePath(home))
        database.exec("ALTER TABLE threads ADD COLUMN workspace_id TEXT")
        database.close()
        const odd = yield* readIn(zed, home, first)
        assert.strictEqual(odd.head.updatedAt, end)
        assert.strictEqual(odd.head.kind, "session")
        assert.strictEqual(odd.head.cwd, "/home/dev/app")
        assert.strictEqual((yield* readIn(zed, home, second)).head.cwd, "/c")
      })
    )
  )

  it.effect("rows that are only in the log are seen, and date the session", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeRows(home, "2026", [rowOf(first, conversation)])
        fs.utimesSync(databasePath(home), 1000, 1000)
        const database = new DatabaseSync(databasePath(home))
        database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        insert(database, "threads", rowOf(second, conversation))
        const before = snapshotOf(home)
        const { entry, transcript } = yield* readIn(zed, home, second)
        assert.deepStrictEqual(snapshotOf(home), before)
        database.close()
        assert.deepStrictEqual(entry.sidecars, [`${databasePath(home)}-wal`])
        assert.isAbove(entry.file.mtimeMs, 1_000_000)
        assert.deepStrictEqual(messagesOf(transcript), messages)
      })
    )
  )

  it.effect("a file that is no database, or has other tables", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeFile(databasePath(home), "no database at all, but long enough to be looked at".repeat(100))
        const broken = yield* discoverIn(zed, home)
        assert.deepStrictEqual(
          broken.unreadable.map(({ path }) => path),
          [databasePath(home)]
        )
        fs.rmSync(databasePath(home))
        const database = new DatabaseSync(databasePath(home))
        database.exec("CREATE TABLE threads (name TEXT)")
        database.close()
        assert.deepStrictEqual(yield* discoverIn(zed, home), { entries: [], unreadable: [] })
      })
    )
  )

  it.effect("a message that was not kept is made again from what the database holds then", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const many = Array.from({ length: 300 }, (_, at) => current.prompt("", `prompt ${at}`)[0])
        writeRows(home, "2026", [rowOf(first, documentOf(many))])
        const { transcript } = yield* readIn(zed, home, first, { retainedChars: 1000 })
        addRow(databasePath(home), rowOf(first, documentOf([...many, ...current.growth()])))
        yield* forget
        assert.deepStrictEqual(
          messagesOf(transcript).map(([, text]) => text),
          many.map((_, at) => `prompt ${at}`)
        )
        const { transcript: unseen } = yield* readIn(zed, home, first, { retainedChars: 1000 })
        writeRows(home, "2026", [])
        yield* forget
        assert.throws(() => unseen.message(300), FileError)
      })
    )
  )
})

describe("the sidebar", () => {
  const rows: ReadonlyArray<Row> = [
    { thread_id: Buffer.from("1"), session_id: first, title: "Counting", title_override: "My count", archived: 1 },
    { thread_id: Buffer.from("2"), session_id: second, title: "Named", folder_paths: "/home/dev/side" },
    { thread_id: Buffer.from("3"), session_id: "of-claude", agent_id: "claude-code", title: "Elsewhere" },
    { thread_id: Buffer.from("4"), session_id: null, title: "A draft" },
    { thread_id: Buffer.from("5"), session_id: "deleted", title: "Gone" }
  ]

  it.effect("names and archives threads, and adds none", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const bare: Row = { summary: "", folder_paths: null }
        writeRows(home, "2026", [rowOf(first, conversation), rowOf(second, conversation, bare)])
        writeSidebar(home, "stable", rows, end)
        writeSidebar(home, "preview", [{ ...rows[0]!, title_override: "Older name", archived: 0 }], start)
        writeFile(`${rootOf(home)}/db/0-nightly/db.sqlite`, "torn".repeat(2000))
        writeFile(`${rootOf(home)}/db/0-global/other.sqlite`, "not asked for")
        const discovery = yield* discoverIn(zed, home)
        assert.deepStrictEqual(discovery.unreadable, [])
        assert.deepStrictEqual(
          discovery.entries.map(({ archived, id, indexTitle }) => [id, indexTitle, archived]),
          [
            [first, "My count", true],
            [second, null, false]
          ]
        )
        const { head } = yield* readIn(zed, home, second)
        assert.strictEqual(head.title, "Named")
        assert.strictEqual(head.cwd, "/home/dev/side")
        assert.deepStrictEqual(yield* zed.notes([rootOf(home)], discovery), [
          "1 archived thread",
          "1 thread of another agent, to be found in that agent's own sessions"
        ])
      })
    )
  )
})

describe("search", () => {
  const found = (home: string, adapter: Adapter, query: string) =>
    Effect.map(runCli(["search", query, "--cwd", "all"], { home, adapters: [adapter] }), ({ exitCode, json }) => {
      assert.strictEqual(exitCode, 0)
      return (json.results as ReadonlyArray<{ id: string }>).map(({ id }) => id)
    })

  it.effect("reads what its bytes do not show", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const filler = "the quick brown fox jumps over the lazy dog. ".repeat(50)
        const about = (text: string) => documentOf(current.prompt("", `${filler}${text} ${filler}`))
        writeRows(home, "2026", [
          rowOf(first, about("marmalade"), { summary: "Breakfast" }),
          rowOf(child, about("porridge"), { parent_id: first })
        ])
        assert.isFalse(fs.readFileSync(databasePath(home)).includes("marmalade"))
        assert.deepStrictEqual(yield* found(home, zed, "marmalade"), [first])
        assert.deepStrictEqual(yield* found(home, zed, "porridge"), [child])
        assert.deepStrictEqual(yield* found(home, zed, "breakfast marmalade"), [first])
        assert.deepStrictEqual(yield* found(home, zed, "treacle"), [])
        // Scanned like any other source it would not be found.
        const { opaque: _, ...scanned } = zed
        assert.deepStrictEqual(yield* found(home, scanned, "marmalade"), [])
      })
    )
  )
})

describe("inflateSync", () => {
  it.effect("gives what a frame holds, up to the limit, and names the file where it cannot", () =>
    Effect.gen(function* () {
      const files = yield* StoreFiles
      const frame = zlib.zstdCompressSync(Buffer.from("x".repeat(1000)))
      assert.strictEqual(files.inflateSync("/a.db", frame, 1000).length, 1000)
      for (const [bytes, limit] of [
        [frame, 999],
        [frame.subarray(0, 9), 1000],
        [Buffer.from("no frame"), 1000]
      ] as const) {
        const error = yield* Effect.flip(
          Effect.try({ try: () => files.inflateSync("/a.db", bytes, limit), catch: (cause) => cause as FileError })
        )
        assert.instanceOf(error, FileError)
        assert.strictEqual(error.path, "/a.db")
      }
    }).pipe(Effect.provide(storeLayer))
  )
})
