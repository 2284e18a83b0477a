import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync, type SQLInputValue } from "node:sqlite"
import { fileURLToPath } from "node:url"
import * as zlib from "node:zlib"
import type { KitSession } from "../../support/adapter-kit.ts"

export const first = "11111111-aaaa-4bbb-8ccc-000000000001"
export const second = "22222222-aaaa-4bbb-8ccc-000000000002"
export const child = "33333333-aaaa-4bbb-8ccc-000000000003"

export const start = Date.UTC(2026, 10, 1, 10)
export const end = start + 240_000

const fixture = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/zed/${name}`, import.meta.url)), "utf8")

export type Document = Readonly<Record<string, unknown>>

export const fixtureDocument = (name: string): Document =>
  JSON.parse(fixture(`${name}.json`).replaceAll("CHILD", child)) as Document

export const fixtureMessages = (name: string): ReadonlyArray<unknown> =>
  fixtureDocument(name)["messages"] as ReadonlyArray<unknown>

export type Generation = "2025" | "2026"

export const rootOf = (home: string): string => `${home}/.local/share/zed`

export const databasePath = (home: string): string => `${rootOf(home)}/threads/threads.db`

const created = (path: string, scripts: ReadonlyArray<string>): DatabaseSync => {
  for (const tail of ["", "-wal", "-shm"]) fs.rmSync(path + tail, { force: true })
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
  for (const script of scripts) database.exec(fixture(script))
  return database
}

/** As the tool writes times into columns. */
export const rustTime = (millis: number): string => new Date(millis).toISOString().replace("Z", "000000+00:00")

export type Row = Readonly<Record<string, SQLInputValue>>

export const insert = (database: DatabaseSync, table: string, row: Row): void => {
  const names = Object.keys(row)
  database
    .prepare(`INSERT OR REPLACE INTO ${table} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`)
    .run(...names.map((name) => row[name]!))
}

export const packed = (document: unknown): Uint8Array => zlib.zstdCompressSync(Buffer.from(JSON.stringify(document)))

/** A row as Zed of 2026 writes it; `more` takes its place. */
export const rowOf = (id: string, document: unknown, more: Row = {}): Row => ({
  id,
  summary: "Counting",
  updated_at: rustTime(end),
  data_type: "zstd",
  data: packed(document),
  folder_paths: "/home/dev/app\n/home/dev/lib",
  folder_paths_order: "0,1",
  created_at: rustTime(start),
  ...more
})

/** A row of 2025, uncompressed. */
export const oldRowOf = (id: string, document: unknown, more: Row = {}): Row => ({
  id,
  summary: "Counting",
  updated_at: rustTime(end),
  data_type: "json",
  data: Buffer.from(JSON.stringify(document)),
  ...more
})

export const addRow = (path: string, row: Row): void => {
  const database = new DatabaseSync(path)
  database.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY")
  insert(database, "threads", row)
  database.close()
}

/** Writes rows as the only ones of the home's database. */
export const writeRows = (home: string, generation: Generation, rows: ReadonlyArray<Row>): void => {
  const scripts = generation === "2025" ? ["threads-2025.sql"] : ["threads-2025.sql", "threads-2026.sql"]
  const database = created(databasePath(home), scripts)
  for (const row of rows) insert(database, "threads", row)
  database.close()
}

export const writeSidebar = (home: string, channel: string, rows: ReadonlyArray<Row>, mtimeMs: number): void => {
  const path = `${rootOf(home)}/db/0-${channel}/db.sqlite`
  const database = created(path, ["sidebar.sql"])
  for (const row of rows) insert(database, "sidebar_threads", row)
  database.close()
  fs.utimesSync(path, mtimeMs / 1000, mtimeMs / 1000)
}

const snapshot = {
  worktree_snapshots: [{ worktree_path: "/home/dev/app", git_state: { current_branch: "main" } }],
  timestamp: "2026-11-01T10:00:00Z"
}

/** A document around messages, as of the newest version. */
export const documentOf = (messages: ReadonlyArray<unknown>): Document => ({
  title: "Counting",
  messages,
  updated_at: new Date(end).toISOString(),
  initial_project_snapshot: snapshot,
  cumulative_token_usage: { input_tokens: 9, output_tokens: 5 },
  model: { provider: "zed.dev", model: "m-1" },
  version: "0.3.0"
})

/** The same of 2025. */
export const oldDocumentOf = (messages: ReadonlyArray<unknown>): Document => ({
  version: "0.2.0",
  summary: "Counting",
  messages,
  updated_at: new Date(end).toISOString(),
  initial_project_snapshot: snapshot,
  model: { provider: "zed.dev", model: "m-1" }
})

export const writeKit =
  (generation: Generation) =>
  (home: string, sessions: ReadonlyArray<KitSession>): void =>
    writeRows(
      home,
      generation,
      sessions.map(({ id, mtimeMs, records }) => {
        const more: Row = mtimeMs === undefined ? {} : { updated_at: rustTime(mtimeMs) }
        return generation === "2025" ? oldRowOf(id, oldDocumentOf(records), more) : rowOf(id, documentOf(records), more)
      })
    )
