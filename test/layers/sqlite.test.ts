import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { Sqlite } from "../../src/services/Sqlite.ts"
import { snapshotOf, storeLayer, temporaryHome, writeFile } from "../support/store.ts"

const names = "SELECT id, name FROM people ORDER BY id"

const inHome = <A, E>(use: (home: string, sqlite: Sqlite["Service"]) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    return yield* use(yield* temporaryHome, yield* Sqlite)
  }).pipe(Effect.provide(storeLayer), Effect.scoped)

describe("foreign databases", () => {
  it.effect("are read and left byte-identical", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        const path = nodePath.join(home, "a dir ?#%", "data.db")
        fs.mkdirSync(nodePath.dirname(path))
        const database = new DatabaseSync(path)
        database.exec("CREATE TABLE people (id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'Ada'), (2, NULL)")
        database.close()
        const before = snapshotOf(home)
        const rows = yield* sqlite.read(path, ({ all }) => all(names))
        assert.deepStrictEqual(
          rows?.map(({ id, name }) => [id, name]),
          [
            [1, "Ada"],
            [2, null]
          ]
        )
        const columns = yield* sqlite.read(path, ({ columns: of }) => [of("people"), of("nobody")])
        assert.deepStrictEqual(columns, [new Set(["id", "name"]), new Set<string>()])
        assert.deepStrictEqual(snapshotOf(home), before)
      })
    )
  )

  it.effect("show rows that are only in the write-ahead log, while their writer is alive, and are not touched", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        const path = nodePath.join(home, "data.db")
        const writer = new DatabaseSync(path)
        writer.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        writer.exec("CREATE TABLE people (id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'in the log')")
        const before = snapshotOf(home)
        const rows = yield* sqlite.read(path, ({ all }) => all(names))
        assert.strictEqual(rows?.[0]?.["name"], "in the log")
        assert.deepStrictEqual(snapshotOf(home), before)
        writer.close()
      })
    )
  )

  it.effect("take parameters, and hold integers that numbers cannot", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        const path = nodePath.join(home, "data.db")
        const database = new DatabaseSync(path)
        database.exec("CREATE TABLE people (id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'a'), (2, 'b')")
        database.exec("INSERT INTO people VALUES (9007199254740993, 'large'), (-5, x'00ff')")
        database.close()
        const rows = yield* sqlite.read(path, ({ all }) => all("SELECT name FROM people WHERE id = ?", 2))
        assert.strictEqual(rows?.[0]?.["name"], "b")
        const ids = yield* sqlite.read(path, ({ all }) => all("SELECT id FROM people ORDER BY id").map(({ id }) => id))
        assert.deepStrictEqual(ids, [-5, 1, 2, 9007199254740993n])
        const bytes = yield* sqlite.read(path, ({ all }) => all("SELECT name FROM people WHERE id < 0")[0]?.["name"])
        assert.deepStrictEqual(bytes, new Uint8Array([0, 255]))
      })
    )
  )

  it.effect("give their rows one by one, and let others have their turn", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        const path = nodePath.join(home, "data.db")
        const database = new DatabaseSync(path)
        database.exec("CREATE TABLE people (id INTEGER, name TEXT); INSERT INTO people VALUES (1, 'Ada'), (2, x'00ff')")
        database.close()
        const rows: Array<ReadonlyArray<unknown>> = []
        yield* sqlite.each(path, "SELECT id, name FROM people WHERE id >= ? ORDER BY id", [1], (row) => rows.push(row))
        assert.deepStrictEqual(rows, [
          [1, "Ada"],
          [2, new Uint8Array([0, 255])]
        ])
        // A hundred thousand rows take more than one turn.
        let seen = 0
        let turns = 0
        const many = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100000) SELECT x FROM n"
        const others = Effect.forever(Effect.flatMap(Effect.yieldNow, () => Effect.sync(() => turns++)))
        yield* Effect.raceFirst(
          sqlite.each(path, many, [], () => void seen++),
          others
        )
        assert.strictEqual(seen, 100_000)
        assert.isAbove(turns, 1)
        const error = yield* Effect.flip(sqlite.each(path, "SELECT * FROM nobody", [], () => {}))
        assert.include(error.reason, "nobody")
        yield* sqlite.each(nodePath.join(home, "none.db"), "SELECT 1", [], () => assert.fail("a row of nothing"))
      })
    )
  )

  it.effect("may be more than are kept open at a time", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        const paths = Array.from({ length: 40 }, (_, at) => nodePath.join(home, `${at}.db`))
        for (const [at, path] of paths.entries()) {
          const database = new DatabaseSync(path)
          database.exec(`CREATE TABLE people (id INTEGER, name TEXT); INSERT INTO people VALUES (${at}, 'a')`)
          database.close()
        }
        for (const round of ["first", "again"]) {
          for (const [at, path] of paths.entries()) {
            const rows = yield* sqlite.read(path, ({ all }) => all(names))
            assert.strictEqual(rows?.[0]?.["id"], at, round)
          }
        }
        // Only Linux tells which files are open.
        if (!fs.existsSync("/proc/self/fd")) return
        const open = fs.readdirSync("/proc/self/fd").flatMap((fd) => {
          try {
            return fs.readlinkSync(`/proc/self/fd/${fd}`)
          } catch {
            return []
          }
        })
        const own = open.filter((path) => path.startsWith(home))
        assert.isTrue(own.length > 0 && own.length < paths.length, `${own.length} are open`)
      })
    )
  )

  it.effect("that are missing are null; those that are none, or a wrong query, are errors", () =>
    inHome((home, sqlite) =>
      Effect.gen(function* () {
        assert.isNull(yield* sqlite.read(nodePath.join(home, "none.db"), ({ all }) => all("SELECT 1")))
        const path = nodePath.join(home, "fake.db")
        writeFile(path, "this is no database, and long enough to have a header of a hundred bytes".repeat(9))
        const error = yield* Effect.flip(sqlite.read(path, ({ all }) => all("SELECT * FROM people")))
        assert.strictEqual(error.path, path)
        assert.isAbove(error.reason.length, 3)
        assert.deepStrictEqual(fs.readdirSync(home), ["fake.db"])
      })
    )
  )
})
