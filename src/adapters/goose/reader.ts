import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { asText, parseJson } from "../support/json.ts"
import { asMoment, documentLimit, objectIn, type StoredMessage } from "./format.ts"
import { isReadable, messageTables, type MessageTable } from "./sessions.ts"

/** The messages of one session of a database in their order, each read when asked for. */
export interface MessageReader {
  readonly rows: ReadonlyArray<number>
  readonly at: (row: number) => StoredMessage
}

/** The table that has the session's messages; null where it has none. */
const tableOf = (database: SqliteDatabase, id: string): MessageTable | null =>
  messageTables.find(
    (table) =>
      isReadable(database, table) && database.all(`SELECT 1 FROM ${table} WHERE session_id = ? LIMIT 1`, id).length > 0
  ) ?? null

/** Seconds or milliseconds, by their size, as the tool orders them. */
const seconds = "CASE WHEN created_timestamp > 10000000000 THEN created_timestamp / 1000 ELSE created_timestamp END"

/** Reads single messages of a table. */
const messagesIn = (database: SqliteDatabase, table: MessageTable): MessageReader["at"] => {
  const columns = database.columns(table)
  const optional = ["message_id", "created_timestamp", "timestamp", "metadata_json"]
  const names = ["role", ...optional.filter((name) => columns.has(name))].join(", ")
  const content = `CASE WHEN octet_length(content_json) <= ${documentLimit} THEN content_json END AS content`
  return (row) => {
    const [found] = database.all(`SELECT ${names}, ${content} FROM ${table} WHERE rowid = ?`, row)
    return {
      id: asText(found?.["message_id"]),
      role: found?.["role"],
      content: typeof found?.["content"] === "string" ? parseJson(found["content"]) : undefined,
      metadata: objectIn(found?.["metadata_json"]),
      time: asMoment(found?.["created_timestamp"]) ?? asMoment(found?.["timestamp"])
    }
  }
}

/** The reader of a session in an open database, in the order of the conversation unless that is `known` already. */
export const readerIn = (database: SqliteDatabase, id: string, known?: ReadonlyArray<number>): MessageReader => {
  const table = tableOf(database, id)
  if (table === null)
    return { rows: [], at: () => ({ id: null, role: null, content: null, metadata: null, time: null }) }
  if (known !== undefined) return { rows: known, at: messagesIn(database, table) }
  const order = database.columns(table).has("created_timestamp") ? `${seconds}, rowid` : "rowid"
  const rows = database.all(`SELECT rowid AS row FROM ${table} WHERE session_id = ? ORDER BY ${order}`, id)
  return { rows: rows.map(({ row }) => Number(row)), at: messagesIn(database, table) }
}

/** The first messages of the role `user` as they were written, at most `limit`. */
export const firstUserMessages = (database: SqliteDatabase, id: string, limit: number): MessageReader => {
  const table = tableOf(database, id)
  if (table === null) return readerIn(database, id)
  const sql = `SELECT rowid AS row FROM ${table} WHERE session_id = ? AND role = 'user' ORDER BY rowid LIMIT ?`
  const rows = database.all(sql, id, limit)
  return { rows: rows.map(({ row }) => Number(row)), at: messagesIn(database, table) }
}

/** Rows of the ledger of a session, one per call of a model, oldest first. */
export const ledgerOf = (database: SqliteDatabase, id: string): ReturnType<SqliteDatabase["all"]> => {
  const columns = database.columns("usage_ledger")
  if (!columns.has("session_id")) return []
  const counts = ["input", "output", "total", "cache_read", "cache_write"].map((name) => `${name}_tokens`)
  const names = ["model", "created_timestamp", ...counts]
  const found = names.filter((name) => columns.has(name))
  if (found.length === 0) return []
  return database.all(`SELECT ${found.join(", ")} FROM usage_ledger WHERE session_id = ? ORDER BY rowid`, id)
}

/** Lets `use` read a database, which is open meanwhile and not longer. */
export const reading = <A>(path: string, use: (database: SqliteDatabase) => A): Effect.Effect<A, FileError, Sqlite> =>
  Effect.gen(function* () {
    const sqlite = yield* Sqlite
    const result = yield* sqlite.read(path, (database) => ({ value: use(database) }))
    if (result === null) return yield* new FileError({ path, reason: "the database has gone" })
    return result.value
  })
