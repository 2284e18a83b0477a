import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import * as nodePath from "node:path"
import type { DatabaseSync, StatementSync } from "node:sqlite"
import { pathToFileURL } from "node:url"
import { FileError } from "../domain/errors.ts"
import { type BehindLog, Sqlite, type SqliteDatabase, type SqlValue } from "../services/Sqlite.ts"

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
const usualCopyLimit = 512 * 1024 * 1024

type Rows = ReturnType<SqliteDatabase["all"]>

/** Integers that a number can hold as numbers: SQLite gives all of a statement's as bigint, or fails on the first. */
const withNumbers = (row: Rows[number]): Rows[number] =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const number = typeof value === "bigint" ? Number(value) : Number.NaN
      return [name, Number.isSafeInteger(number) ? number : value]
    })
  )

/** Statements that are kept for the next time, per database: one is asked the same for every row of a session. */
const keptStatements = 64

/** Columns of the tables; not of virtual ones, whose module may not be there. */
const schemaSql = `SELECT s.name AS of, c.name AS name FROM sqlite_schema s JOIN pragma_table_info(s.name) c
  WHERE s.type = 'table' AND s.sql NOT LIKE 'CREATE VIRTUAL%'`

const wrap = (database: DatabaseSync): SqliteDatabase => {
  const kept = new Map<string, StatementSync>()
  const tables = new Map<string, Set<string>>()
  const prepared = (sql: string): StatementSync => {
    const known = kept.get(sql)
    if (known !== undefined) return known
    const made = database.prepare(sql)
    if (kept.size < keptStatements) kept.set(sql, made)
    return made
  }
  return {
    all: (sql, ...params) => {
      try {
        return prepared(sql).all(...params) as Rows
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code !== "ERR_OUT_OF_RANGE") throw cause
        const statement = database.prepare(sql)
        statement.setReadBigInts(true)
        return (statement.all(...params) as Rows).map(withNumbers)
      }
    },
    columns: (table) => {
      if (tables.size === 0) {
        for (const { name, of } of database.prepare(schemaSql).all()) {
          const columns = tables.get(String(of))
          if (columns === undefined) tables.set(String(of), new Set([String(name)]))
          else columns.add(String(name))
        }
      }
      const known = tables.get(table)
      if (known !== undefined) return known
      const rows = database.prepare("SELECT name FROM pragma_table_info(?)").all(table)
      const columns = new Set(rows.map((row) => String(row["name"])))
      tables.set(table, columns)
      return columns
    }
  }
}

/** Connections that are open at a time: a source may have a database for each of thousands of sessions. */
const mostConnections = 32

/** A database that is open, as long as its files keep their stamp. */
interface Connection {
  readonly stamp: string
  readonly database: DatabaseSync
  readonly use: SqliteDatabase
  readonly behind: BehindLog | null
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

const connect = (path: string, stamp: string, limit: number): Connection => {
  // SQLite takes an empty file for a database without tables; to whoever looks for sessions it is one that was lost.
  if (sizeOf(path) === 0 && sizeOf(`${path}-wal`) === 0) throw new Error("the file is empty: 0 bytes")
  const { DatabaseSync: Database } = process.getBuiltinModule("node:sqlite")
  const logBytes = sizeOf(`${path}-wal`)
  if (logBytes === 0 || sizeOf(path) > limit) {
    const database = new Database(`${pathToFileURL(path).href}?immutable=1`, { readOnly: true, timeout: 1000 })
    const behind = logBytes === 0 ? null : { path, logBytes, limit }
    return { stamp, database, use: wrap(database), behind, close: () => database.close() }
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
    return { stamp, database, use: wrap(database), behind: null, close }
  } catch (cause) {
    remove()
    throw cause
  }
}

const fileError = (path: string, cause: unknown): FileError =>
  cause instanceof FileError
    ? cause
    : new FileError({ path, reason: cause instanceof Error ? cause.message : String(cause) })

/** How long rows are given out before others have their turn. */
const sliceMs = 10

type OnRow = (row: ReadonlyArray<SqlValue>) => void

/** Gives out rows for a while; true once there are no more. */
const someRows = (rows: Iterator<ReadonlyArray<SqlValue>>, onRow: OnRow): boolean => {
  for (const until = performance.now() + sliceMs; ;) {
    const { done, value } = rows.next()
    if (done === true) return true
    onRow(value)
    if (performance.now() > until) return false
  }
}

const eachRow = Effect.fnUntraced(function* (
  database: DatabaseSync,
  path: string,
  sql: string,
  params: ReadonlyArray<SqlValue>,
  onRow: OnRow
) {
  const attempt = <A>(run: () => A) => Effect.try({ try: run, catch: (cause) => fileError(path, cause) })
  const rows = yield* Effect.acquireRelease(
    attempt(() => {
      const statement = database.prepare(sql)
      statement.setReturnArrays(true)
      return statement.iterate(...params) as Iterator<unknown> as Iterator<ReadonlyArray<SqlValue>>
    }),
    // A statement that is left in the middle would keep its place in the database.
    (iterator) => Effect.sync(() => void iterator.return?.())
  )
  while (!(yield* attempt(() => someRows(rows, onRow)))) yield* Effect.yieldNow
}, Effect.scoped)

const make = Effect.fnUntraced(function* (limit: number) {
  const connections = new Map<string, Connection>()
  const behind = new Map<string, BehindLog>()
  yield* Effect.addFinalizer(() => Effect.sync(() => connections.forEach(({ close }) => close())))
  /** Null where there is no such database. */
  const connection = (path: string): Connection | null => {
    const own = stampOf(path)
    if (own === "-") return null
    const stamp = own + stampOf(`${path}-wal`)
    const known = connections.get(path)
    connections.delete(path)
    if (known?.stamp === stamp) {
      // The last one that was used is the last one to go.
      connections.set(path, known)
      return known
    }
    known?.close()
    const oldest = connections.size < mostConnections ? undefined : connections.keys().next().value
    if (oldest !== undefined) {
      connections.get(oldest)?.close()
      connections.delete(oldest)
    }
    const made = connect(path, stamp, limit)
    connections.set(path, made)
    if (made.behind !== null) behind.set(path, made.behind)
    return made
  }
  const attempt = <A>(path: string, run: () => A) => Effect.try({ try: run, catch: (cause) => fileError(path, cause) })
  return Sqlite.of({
    read: (path, use) =>
      attempt(path, () => {
        const opened = connection(path)
        return opened === null ? null : use(opened.use)
      }),
    each: (path, sql, params, onRow) =>
      Effect.flatMap(
        attempt(path, () => connection(path)),
        (opened) => (opened === null ? Effect.void : eachRow(opened.database, path, sql, params, onRow))
      ),
    behind: Effect.sync(() => Array.from(behind.values()))
  })
})

/**
 * Connections are kept for the next time: many sessions lie in one database, and what stands beside a log would be copied
 * for each of them. `copyLimit`: bytes over which a database is not copied.
 */
export const layerWith = ({ copyLimit }: { readonly copyLimit: number }) => Layer.effect(Sqlite, make(copyLimit))

export const layer = layerWith({ copyLimit: usualCopyLimit })
