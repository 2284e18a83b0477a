import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { FileStat } from "../../domain/session.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asText, type Json } from "../support/json.ts"
import { itemDrafts } from "./drafts-database.ts"
import {
  type DatabaseRow,
  documentLimit,
  type KiroEntry,
  modelOf,
  objectIn,
  plainEntry,
  type Shelf,
  timeOf
} from "./format.ts"

/** Below this many bytes a conversation is looked into for whether anything was said. */
const smallBytes = 64 * 1024

interface Conversation {
  readonly table: DatabaseRow["table"]
  readonly rowid: number
  readonly id: string
  readonly cwd: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly isEmpty: boolean
}

/** Whether nothing was said; large ones are taken to say something, which spares parsing them for a list. */
const emptyColumn = `CASE WHEN octet_length(value) > ${smallBytes} THEN 0 WHEN NOT json_valid(value) THEN 0
  ELSE coalesce(json_array_length(value, '$.history'), 0) = 0 AND json_extract(value, '$.latest_summary') IS NULL
    AND json_extract(value, '$.next_message') IS NULL END`

/** Rows of both tables, the newest last: one conversation may be under several folders. Other tables are not read. */
const conversationsIn = (database: SqliteDatabase): ReadonlyArray<Conversation> => {
  const rows: Array<{ readonly table: DatabaseRow["table"]; readonly row: Json }> = []
  if (["key", "value"].every((name) => database.columns("conversations").has(name))) {
    // No column has the id; json_extract of what is no JSON would fail for all rows.
    const found = database.all(
      `SELECT rowid AS row, key, CASE WHEN json_valid(value) THEN json_extract(value, '$.conversation_id') END AS id,
       ${emptyColumn} AS empty FROM conversations`
    )
    rows.push(...found.map((row) => ({ table: "conversations" as const, row })))
  }
  const columns = database.columns("conversations_v2")
  if (["key", "value", "conversation_id"].every((name) => columns.has(name))) {
    const time = (name: string) => (columns.has(name) ? name : `NULL AS ${name}`)
    const found = database.all(
      `SELECT rowid AS row, key, conversation_id AS id, ${time("created_at")}, ${time("updated_at")},
       ${emptyColumn} AS empty FROM conversations_v2 ORDER BY ${columns.has("updated_at") ? "updated_at" : "rowid"}`
    )
    rows.push(...found.map((row) => ({ table: "conversations_v2" as const, row })))
  }
  return rows.flatMap(({ row, table }): ReadonlyArray<Conversation> => {
    const id = asText(row["id"])
    if (id === null) return []
    return [
      {
        table,
        rowid: Number(row["row"]),
        id,
        cwd: asText(row["key"]),
        createdAt: timeOf(row["created_at"]),
        updatedAt: timeOf(row["updated_at"]),
        isEmpty: row["empty"] === 1
      }
    ]
  })
}

const entryOf = (
  conversation: Conversation,
  file: FileStat,
  wal: FileStat | null,
  root: string,
  batch: Array<KiroEntry>
): KiroEntry => ({
  ...plainEntry,
  id: conversation.id,
  // A change of the database is first of all one of its log.
  file: wal !== null && wal.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: wal.mtimeMs, mtimeNs: wal.mtimeNs } : file,
  root,
  sidecars: wal === null ? [] : [wal.path],
  generation: "database",
  cwd: conversation.cwd,
  row: {
    table: conversation.table,
    rowid: conversation.rowid,
    createdAt: conversation.createdAt,
    updatedAt: conversation.updatedAt,
    isEmpty: conversation.isEmpty,
    batch,
    details: null
  }
})

const readEntries = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  const file = yield* files.stat(`${root}/data.sqlite3`)
  if (file === null) return []
  const log = yield* files.stat(`${file.path}-wal`)
  const wal = log !== null && log.size > 0 ? log : null
  const sqlite = yield* Sqlite
  const conversations = (yield* sqlite.read(file.path, conversationsIn)) ?? []
  const newest = new Map(conversations.map((conversation) => [conversation.id, conversation]))
  const batch: Array<KiroEntry> = []
  for (const conversation of newest.values()) batch.push(entryOf(conversation, file, wal, root, batch))
  batch.sort((a, b) => (b.row!.updatedAt ?? 0) - (a.row!.updatedAt ?? 0))
  return batch
})

/** Conversations of the database of the CLI 1.x. */
export const databaseEntries = (root: string): Effect.Effect<Shelf, never, StoreFiles | Sqlite> =>
  readEntries(root).pipe(
    Effect.map((entries): Shelf => ({ entries, unreadable: [] })),
    Effect.catch(({ path, reason }) => Effect.succeed<Shelf>({ entries: [], unreadable: [{ path, reason }] }))
  )

/** Items of a history that are looked at for the first prompt. */
const promptItems = 200
/** Conversations surveyed with one opening of the database, which is copied each time while it has a log. */
const batchSize = 32
const keptChars = 20_000

const detailsIn = (database: SqliteDatabase, { rowid, table }: DatabaseRow): NonNullable<DatabaseRow["details"]> => {
  const [found] = database.all(
    `SELECT json_extract(value, '$.model_info.model_id') AS info,
     coalesce(json_extract(value, '$.model'), json_extract(value, '$.model_id')) AS model,
     json_extract(value, '$.history[#-1].request_metadata.model_id') AS last,
     json_extract(value, '$.next_message') AS next FROM ${table} WHERE rowid = ? AND json_valid(value)`,
    rowid
  )
  if (found === undefined) return { model: null, firstPrompt: null }
  const items = database.all(
    `SELECT item.value AS item FROM ${table} AS c, json_each(c.value, '$.history') AS item
     WHERE c.rowid = ? AND item.type IN ('object', 'array') LIMIT ${promptItems}`,
    rowid
  )
  let firstPrompt: string | null = null
  const waiting = objectIn(found["next"])
  for (const item of [...items.map((row) => row["item"]), JSON.stringify({ user: waiting })]) {
    const value: unknown = typeof item === "string" ? JSON.parse(item) : null
    const said = itemDrafts(value, null).find(({ role, text }) => role === "user" && asText(text) !== null)
    firstPrompt ??= said?.text ?? null
    if (firstPrompt !== null) break
  }
  return { model: modelOf(found["info"]) ?? modelOf(found["last"]) ?? modelOf(found["model"]), firstPrompt }
}

const gone = (path: string) => new FileError({ path, reason: "the conversation has gone" })

/** Model and first prompt of a conversation, and on the way those of the next ones that a list will ask for. */
export const detailsOf = Effect.fnUntraced(function* (entry: KiroEntry) {
  const row = entry.row!
  if (row.details !== null) return row.details
  const sqlite = yield* Sqlite
  const details = yield* sqlite.read(entry.file.path, (database) => {
    const from = row.batch.indexOf(entry)
    for (const other of from < 0 ? [] : row.batch.slice(from + 1, from + batchSize)) {
      if (other.row!.details !== null) continue
      const found = detailsIn(database, other.row!)
      if ((found.firstPrompt?.length ?? 0) <= keptChars) other.row!.details = found
    }
    return detailsIn(database, row)
  })
  if (details === null) return yield* gone(entry.file.path)
  if ((details.firstPrompt?.length ?? 0) <= keptChars) row.details = details
  return details
})

/** The whole conversation; null where its row holds no JSON object. */
export const readConversation = Effect.fnUntraced(function* (entry: KiroEntry) {
  const { rowid, table } = entry.row!
  const sqlite = yield* Sqlite
  const rows = yield* sqlite.read(entry.file.path, (database) =>
    database.all(
      `SELECT octet_length(value) AS size, CASE WHEN octet_length(value) <= ${documentLimit} THEN value END AS value
       FROM ${table} WHERE rowid = ?`,
      rowid
    )
  )
  const [row] = rows ?? []
  if (row === undefined) return yield* gone(entry.file.path)
  if (Number(row["size"]) > documentLimit) {
    return yield* new FileError({ path: entry.file.path, reason: "the conversation is larger than 256 MB" })
  }
  return objectIn(row["value"])
})

/** Paths that the CLI counts the changed lines of. */
export const trackedFiles = (entry: KiroEntry) =>
  Effect.gen(function* () {
    const { rowid, table } = entry.row!
    const sqlite = yield* Sqlite
    const rows = yield* sqlite.read(entry.file.path, (database) =>
      database.all(
        `SELECT f.key AS path FROM ${table} AS c, json_each(CASE WHEN json_valid(c.value) THEN c.value END, '$.file_line_tracker') AS f
         WHERE c.rowid = ? AND f.type = 'object'`,
        rowid
      )
    )
    return (rows ?? []).flatMap(({ path }) => (typeof path === "string" ? [path] : []))
  })
