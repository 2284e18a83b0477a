import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { asCount, asObject, asString, asText, type Json } from "../support/json.ts"
import { asMillis, type Generation, objectIn, revertOf, type SessionInfo, titleOf } from "./format.ts"

/** Messages of 2.x that keep books and say nothing. */
export const bookkeeping: ReadonlySet<string> = new Set([
  "agent-switched",
  "idle",
  "location-switched",
  "model-switched"
])

const wanted = [
  "id",
  "parent_id",
  "directory",
  "path",
  "title",
  "model",
  "revert",
  "fork_session_id",
  "tokens_input",
  "tokens_output",
  "tokens_reasoning",
  "tokens_cache_read",
  "tokens_cache_write",
  "time_created",
  "time_updated",
  "time_archived"
]

const tokensOf = (row: Json): SessionInfo["tokens"] => {
  if (!("tokens_input" in row)) return null
  const count = (name: string) => asCount(row[`tokens_${name}`]) ?? 0
  return {
    input: count("input"),
    output: count("output"),
    reasoning: count("reasoning"),
    cacheRead: count("cache_read"),
    cacheWrite: count("cache_write")
  }
}

const infoOf = (row: Json): SessionInfo | null => {
  const id = asText(row["id"])
  if (id === null) return null
  return {
    id,
    directory: asText(row["directory"]),
    path: asString(row["path"]),
    title: titleOf(row["title"]),
    parentId: asText(row["parent_id"]),
    forkedFrom: asText(row["fork_session_id"]),
    model: asText(objectIn(row["model"])?.["id"]),
    createdAt: asMillis(row["time_created"]),
    updatedAt: asMillis(row["time_updated"]),
    archived: asMillis(row["time_archived"]) !== null,
    revert: revertOf(objectIn(row["revert"])),
    tokens: tokensOf(row),
    isEmpty: row["said"] !== 1
  }
}

const has = (columns: ReadonlySet<string>, ...names: ReadonlyArray<string>): boolean =>
  names.every((name) => columns.has(name))

/** Rows of one table of sessions, each with whether it has messages. Columns come and go: only what is there is asked. */
const rowsOf = (database: SqliteDatabase, table: string, said: string): ReadonlyArray<SessionInfo> => {
  const columns = database.columns(table)
  if (!columns.has("id")) return []
  const names = wanted.filter((name) => columns.has(name)).map((name) => `s.${name}`)
  return database
    .all(`SELECT ${names.join(", ")}, ${said} AS said FROM ${table} s`)
    .map(infoOf)
    .filter((info) => info !== null)
}

/** Every session of a database, of both generations: the same one can be in both. */
export const sessionsIn = (
  database: SqliteDatabase
): ReadonlyArray<{ readonly generation: Generation; readonly info: SessionInfo }> => {
  const said = has(database.columns("message"), "id", "session_id", "data")
    ? "EXISTS (SELECT 1 FROM message m WHERE m.session_id = s.id)"
    : null
  const silent = Array.from(bookkeeping, (type) => `'${type}'`).join(", ")
  const saidSince = has(database.columns("session_message"), "id", "session_id", "type", "data")
    ? `EXISTS (SELECT 1 FROM session_message m WHERE m.session_id = s.id AND m.type NOT IN (${silent}))`
    : null
  return [
    ...(said === null ? [] : rowsOf(database, "session", said).map((info) => ({ generation: "parts" as const, info }))),
    ...(saidSince === null
      ? []
      : rowsOf(database, "session_v2", saidSince).map((info) => ({ generation: "messages" as const, info })))
  ]
}

/** The same from the file of a session: `{id, parentID?, directory, title, time, revert?}`. */
export const infoOfFile = (id: string, json: Json | null, isEmpty: boolean): SessionInfo => {
  const time = asObject(json?.["time"])
  return {
    id,
    directory: asText(json?.["directory"]),
    path: null,
    title: titleOf(json?.["title"]),
    parentId: asText(json?.["parentID"]),
    forkedFrom: null,
    model: null,
    createdAt: asMillis(time?.["created"]),
    updatedAt: asMillis(time?.["updated"]),
    archived: asMillis(time?.["archived"]) !== null,
    revert: revertOf(asObject(json?.["revert"])),
    tokens: null,
    isEmpty
  }
}
