import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import * as nodePath from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { FileError } from "../domain/errors.ts"
import { Sqlite, type SqliteDatabase } from "../services/Sqlite.ts"

const size = (path: string): number | null => {
  try {
    return fs.statSync(path).size
  } catch {
    return null
  }
}

type Rows = ReturnType<SqliteDatabase["all"]>

/** Integers that a number can hold as numbers: SQLite gives all of a statement's as bigint, or fails on the first. */
const withNumbers = (row: Rows[number]): Rows[number] =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const number = typeof value === "bigint" ? Number(value) : Number.NaN
      return [name, Number.isSafeInteger(number) ? number : value]
    })
  )

const wrap = (database: DatabaseSync): SqliteDatabase => ({
  all: (sql, ...params) => {
    const statement = database.prepare(sql)
    try {
      return statement.all(...params) as Rows
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== "ERR_OUT_OF_RANGE") throw cause
      statement.setReadBigInts(true)
      return (statement.all(...params) as Rows).map(withNumbers)
    }
  },
  columns: (table) => {
    const rows = database.prepare("SELECT name FROM pragma_table_info(?)").all(table)
    return new Set(rows.map((row) => String(row["name"])))
  }
})

const readDatabase = <A>(path: string, use: (database: SqliteDatabase) => A): A | null => {
  if (size(path) === null) return null
  const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite")
  const open = (file: string): A => {
    const database = new Database(`${pathToFileURL(file).href}?immutable=1`, { readOnly: true, timeout: 1000 })
    try {
      return use(wrap(database))
    } finally {
      database.close()
    }
  }
  if ((size(`${path}-wal`) ?? 0) === 0) return open(path)
  // Even a read-only connection writes to the shared-memory file beside a log: read a private copy of both instead.
  const copy = fs.mkdtempSync(nodePath.join(os.tmpdir(), "sessionr-sqlite-"))
  try {
    const target = nodePath.join(copy, "copy.sqlite")
    fs.copyFileSync(path, target, fs.constants.COPYFILE_FICLONE)
    fs.copyFileSync(`${path}-wal`, `${target}-wal`, fs.constants.COPYFILE_FICLONE)
    const database = new Database(target, { timeout: 1000 })
    try {
      return use(wrap(database))
    } finally {
      database.close()
    }
  } finally {
    fs.rmSync(copy, { recursive: true, force: true })
  }
}

export const layer = Layer.succeed(
  Sqlite,
  Sqlite.of({
    read: (path, use) =>
      Effect.try({
        try: () => readDatabase(path, use),
        catch: (cause) => new FileError({ path, reason: cause instanceof Error ? cause.message : String(cause) })
      })
  })
)
