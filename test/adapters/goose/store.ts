import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

/** A message as a line has it; or, with `table`, a row that only a database has. */
export type Row = Readonly<Record<string, unknown>>

export const first = "20261101_3"
export const second = "20261101_4"
export const child = "20261101_5"

const fixture = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/goose/${name}`, import.meta.url)), "utf8")

/** Messages of a file in `test/fixtures/goose`. */
export const fixtureRows = (name: string): ReadonlyArray<Row> =>
  fixture(`${name}.jsonl`)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)

export type Version = 1 | 10 | 17

export const sessionsDir = (home: string): string => `${home}/.local/share/goose/sessions`
export const databasePath = (home: string): string => `${sessionsDir(home)}/sessions.db`
export const linesPath = (home: string, id: string): string => `${sessionsDir(home)}/${id}.jsonl`

/** What is written here need not survive a crash. */
const openFast = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path)
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
  return database
}

/** A new, empty database of a schema. */
export const createDatabase = (path: string, version: Version): void => {
  for (const end of ["", "-wal", "-shm"]) fs.rmSync(path + end, { force: true })
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  const database = openFast(path)
  const schemas = ([1, 10, 17] as const).filter((number) => number <= version)
  database.exec(`BEGIN; ${schemas.map((number) => fixture(`schema-${number}.sql`)).join("\n")}; COMMIT`)
  database.close()
}

const toSql = (value: unknown): SQLInputValue => {
  if (typeof value === "string" || typeof value === "number" || value === null) return value
  return typeof value === "boolean" ? Number(value) : JSON.stringify(value)
}

const completed = (row: Row, session: string): Row => {
  if (row["table"] === "sessions") return { id: session, ...row }
  if (row["table"] !== undefined) return { session_id: session, ...row }
  const { content, created, id, metadata, role } = row
  const json = typeof content === "string" && content.startsWith("raw:") ? content.slice(4) : JSON.stringify(content)
  return {
    table: "messages",
    session_id: session,
    message_id: id,
    role,
    content_json: json,
    created_timestamp: created,
    metadata_json: metadata
  }
}

/** Inserts rows; columns that the schema does not have are left out. */
export const insertRows = (database: DatabaseSync, rows: ReadonlyArray<Row>, session: string): void => {
  const columns = new Map<string, ReadonlyArray<string>>()
  database.exec("BEGIN")
  for (const given of rows) {
    const row = completed(given, session)
    const { table } = row
    if (typeof table !== "string" || !/^[a-z_]+$/.test(table)) continue
    if (!columns.has(table)) {
      const found = database.prepare("SELECT name FROM pragma_table_info(?)").all(table)
      columns.set(
        table,
        found.map((column) => String(column["name"]))
      )
    }
    // Only sessions have ids of text: others are numbered by the database.
    const names = columns
      .get(table)!
      .filter((name) => row[name] !== undefined && (name !== "id" || table === "sessions"))
    if (names.length === 0) continue
    const places = names.map(() => "?").join(", ")
    database
      .prepare(`INSERT OR REPLACE INTO ${table} (${names.join(", ")}) VALUES (${places})`)
      .run(...names.map((name) => toSql(row[name])))
  }
  database.exec("COMMIT")
}

export const addRows = (path: string, rows: ReadonlyArray<Row>, session = first): void => {
  const database = openFast(path)
  insertRows(database, rows, session)
  database.close()
}

const withSession = (rows: ReadonlyArray<Row>): ReadonlyArray<Row> =>
  rows.some(({ table }) => table === "sessions")
    ? rows
    : [{ table: "sessions", working_dir: "/home/dev/app", created_at: "2026-11-01 10:00:00" }, ...rows]

/** Writes sessions as the only ones of the home's database. */
export const writeDatabase =
  (version: Version) =>
  (home: string, sessions: ReadonlyArray<KitSession>): void => {
    const path = databasePath(home)
    createDatabase(path, version)
    for (const { id, records } of sessions) addRows(path, withSession(records as ReadonlyArray<Row>), id)
    const mtimeMs = Math.max(...sessions.map((session) => session.mtimeMs ?? 0))
    if (mtimeMs > 0) fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
  }

/** Writes sessions as the files of before 1.10. */
export const writeLines = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    const lines = (records as ReadonlyArray<Row>).filter(({ table }) => table === undefined)
    writeFile(linesPath(home, id), jsonLines(lines), mtimeMs)
  }
}
