import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import * as nodePath from "node:path"
import type { DatabaseSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { FileError } from "../domain/errors.ts"
import { Sqlite, type SqliteDatabase } from "../services/Sqlite.ts"

/** Size and time of a file, `-` where there is none: what tells whether it has been written to. */
const stampOf = (path: string): string => {
  const stat = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat === undefined ? "-" : `${stat.size}.${stat.mtimeNs}.${stat.ino}`
}

const sizeOf = (path: string): number => fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0

/**
 * A database over this many bytes is not copied for the sake of its log: it is read as the last checkpoint left it.
 * An editor's state can be gigabytes, and a list must not fill the disk.
 */
const copyLimit = 512 * 1024 * 1024

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

/** A database that is open, as long as its files keep their stamp. */
interface Connection {
  readonly stamp: string
  readonly database: DatabaseSync
  readonly close: () => void
}

/** How often a copy is made again when the tool wrote to the files meanwhile; the last one is taken as it is. */
const copyAttempts = 3

/** A private copy of a database and its log, in a directory of its own. */
const copyOf = (path: string): string => {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), "sessionr-sqlite-"))
  const target = nodePath.join(directory, "copy.sqlite")
  for (let attempt = 1; ; attempt++) {
    const before = stampOf(path) + stampOf(`${path}-wal`)
    fs.copyFileSync(path, target, fs.constants.COPYFILE_FICLONE)
    fs.copyFileSync(`${path}-wal`, `${target}-wal`, fs.constants.COPYFILE_FICLONE)
    if (attempt === copyAttempts || before === stampOf(path) + stampOf(`${path}-wal`)) return target
  }
}

const connect = (path: string, stamp: string): Connection => {
  const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite")
  if (sizeOf(`${path}-wal`) === 0 || sizeOf(path) > copyLimit) {
    const database = new Database(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true, timeout: 1000 })
    return { stamp, database, close: () => database.close() }
  }
  // Even a read-only connection writes to the shared-memory file beside a log: read a private copy of both instead.
  const copy = copyOf(path)
  const remove = () => fs.rmSync(nodePath.dirname(copy), { recursive: true, force: true })
  try {
    const database = new Database(copy, { timeout: 1000 })
    const close = () => {
      database.close()
      remove()
    }
    return { stamp, database, close }
  } catch (cause) {
    remove()
    throw cause
  }
}

/**
 * Connections are kept until the program ends: many sessions lie in one database, and what stands beside a log would be
 * copied for each of them.
 */
export const layer = Layer.effect(
  Sqlite,
  Effect.gen(function* () {
    const connections = new Map<string, Connection>()
    yield* Effect.addFinalizer(() => Effect.sync(() => connections.forEach(({ close }) => close())))
    const connection = (path: string): Connection => {
      const stamp = stampOf(path) + stampOf(`${path}-wal`)
      const known = connections.get(path)
      if (known?.stamp === stamp) return known
      known?.close()
      connections.delete(path)
      const made = connect(path, stamp)
      connections.set(path, made)
      return made
    }
    return Sqlite.of({
      read: (path, use) =>
        Effect.try({
          try: () => (stampOf(path) === "-" ? null : use(wrap(connection(path).database))),
          catch: (cause) => new FileError({ path, reason: cause instanceof Error ? cause.message : String(cause) })
        })
    })
  })
)
