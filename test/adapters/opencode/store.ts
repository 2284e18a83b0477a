import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import type { KitSession } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"

/** A row, with the name of its table; `data` and other JSON columns as the values that they hold. */
export type Row = Readonly<Record<string, unknown>>

export const first = "ses_0a1b2c3d4effAAAAAAAAAAAAAA"
export const second = "ses_0a1b2c3d4effBBBBBBBBBBBBBB"
export const child = "ses_0a1b2c3d4effCCCCCCCCCCCCCC"

const fixture = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/opencode/${name}`, import.meta.url)), "utf8")

/** Rows of a file in `test/fixtures/opencode`, for the session `id`. */
export const fixtureRows = (name: string, id = first): ReadonlyArray<Row> =>
  fixture(`${name}.jsonl`)
    .replaceAll("SESSION", id)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)

export type Version = "1.2" | "1.18" | "2"

const schema: { readonly [K in Version]: ReadonlyArray<string> } = {
  "1.2": ["schema-1.2.sql"],
  "1.18": ["schema-1.2.sql", "schema-1.18.sql"],
  "2": ["schema-1.2.sql", "schema-1.18.sql", "schema-2.sql"]
}

export const dataDir = (home: string): string => `${home}/.local/share/opencode`

export const databasePath = (home: string): string => `${dataDir(home)}/opencode.db`

/** What is written here need not survive a crash. */
const openFast = (path: string): DatabaseSync => {
  const database = new DatabaseSync(path)
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
  return database
}

/** A new, empty database of a version. */
export const createDatabase = (path: string, version: Version): void => {
  for (const end of ["", "-wal", "-shm"]) fs.rmSync(path + end, { force: true })
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  const database = openFast(path)
  database.exec(`BEGIN; ${schema[version].map(fixture).join("\n")}; COMMIT`)
  database.close()
}

const toSql = (value: unknown): SQLInputValue => {
  if (typeof value === "string" || typeof value === "number" || value === null) return value
  return typeof value === "boolean" ? Number(value) : JSON.stringify(value)
}

const prefixes: Readonly<Record<string, string>> = { message: "msg_0", part: "prt_0", session_message: "msg_0" }

let made = 0

/** The columns that a tool would fill in from the row itself. */
const completed = (row: Row, session: string): Row => {
  const data = row["data"] as Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  const isMessage = row["table"] === "message" || row["table"] === "session_message"
  const time = isMessage && typeof data === "object" ? data?.["time"]?.["created"] : undefined
  return {
    ...(prefixes[String(row["table"])] === undefined
      ? {}
      : { id: `${prefixes[String(row["table"])]}${String(made++).padStart(9, "0")}`, session_id: session }),
    ...(time === undefined ? {} : { time_created: time, time_updated: time }),
    ...row
  }
}

/** Inserts rows; a later row takes the place of an earlier one with its id. Rows of no known table are left out. */
export const insertRows = (database: DatabaseSync, rows: ReadonlyArray<Row>, session: string): void => {
  const columns = new Map<string, ReadonlyArray<string>>()
  database.exec("BEGIN")
  for (const given of rows) {
    const table = given["table"]
    if (typeof table !== "string" || !/^[a-z_][a-z_0-9]*$/.test(table)) continue
    if (!columns.has(table)) {
      const found = database.prepare("SELECT name FROM pragma_table_info(?)").all(table)
      columns.set(
        table,
        found.map((column) => String(column["name"]))
      )
    }
    const row = completed(given, session)
    const names = columns.get(table)!.filter((name) => row[name] !== undefined)
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

/** A row for a session that was created and never used. */
const bareSession = (id: string): Row => ({
  table: "session",
  id,
  directory: "/home/dev/app",
  title: "New session - 2026-11-01T10:00:00.000Z",
  version: "1.18.33",
  time_created: 1793500000000,
  time_updated: 1793500000000
})

const isSessionRow = (row: Row): boolean => row["table"] === "session" || row["table"] === "session_v2"

const withSession = ({ id, records }: KitSession): ReadonlyArray<Row> => {
  const rows = records as ReadonlyArray<Row>
  return rows.some(isSessionRow) ? rows : [bareSession(id), ...rows]
}

/** Writes sessions as the only ones of the home's database. */
export const writeDatabase =
  (version: Version) =>
  (home: string, sessions: ReadonlyArray<KitSession>): void => {
    const path = databasePath(home)
    createDatabase(path, version)
    for (const session of sessions) addRows(path, withSession(session), session.id)
    const mtimeMs = Math.max(...sessions.map((session) => session.mtimeMs ?? 0))
    if (mtimeMs > 0) fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
  }

const isName = (value: unknown): value is string => typeof value === "string" && /^\w+$/.test(value)

const writeTreeRow = (home: string, given: Row, session: string): void => {
  const { table, ...row } = completed(given, session)
  const storage = `${dataDir(home)}/storage`
  const { data, id, message_id: messageID, session_id: sessionID } = row
  if (!isName(id)) return
  const inner = typeof data === "object" && data !== null && !Array.isArray(data) ? data : { data }
  const write = (path: string, value: unknown) => writeFile(`${storage}/${path}.json`, JSON.stringify(value))
  if (table === "session") {
    const { directory, parent_id: parentID, revert, title, version } = row
    const time = { created: row["time_created"], updated: row["time_updated"], archived: row["time_archived"] }
    write(`session/global/${id}`, { id, projectID: "global", directory, parentID, revert, title, version, time })
  } else if (table === "message" && isName(sessionID)) write(`message/${sessionID}/${id}`, { id, sessionID, ...inner })
  else if (table === "part" && isName(messageID))
    write(`part/${messageID}/${id}`, { id, sessionID, messageID, ...inner })
}

/** Writes sessions as the tree of files of 1.1. */
export const writeTree = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  fs.rmSync(`${dataDir(home)}/storage`, { recursive: true, force: true })
  for (const session of sessions) for (const row of withSession(session)) writeTreeRow(home, row, session.id)
}

export const addToTree = (home: string, rows: ReadonlyArray<Row>, session: string): void => {
  for (const row of rows) writeTreeRow(home, row, session)
}

/** Runs with an empty home and the services that adapters may use. */
export const inHome = <A, E>(run: (home: string) => Effect.Effect<A, E, StoreServices>) =>
  Effect.flatMap(temporaryHome, run).pipe(Effect.scoped, Effect.provide(storeLayer))
