import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { asText, type Json } from "../support/json.ts"
import { asMoment, objectIn, type SessionInfo, titleOf } from "./format.ts"
import { usageOf } from "./usage.ts"

const wanted = [
  "id",
  "name",
  "description",
  "user_set_name",
  "session_type",
  "working_dir",
  "created_at",
  "updated_at",
  "total_tokens",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "accumulated_total_tokens",
  "accumulated_input_tokens",
  "accumulated_output_tokens",
  "accumulated_cache_read_tokens",
  "accumulated_cache_write_tokens",
  "model_config_json",
  "archived_at",
  "parent_session_id",
  "parent_delegation"
]

/** Tables of messages, the usual one first: that of threads was written by schema 10 and 11. */
export const messageTables = ["messages", "thread_messages"] as const

export type MessageTable = (typeof messageTables)[number]

/** Whether a table is there and has what a message needs. */
export const isReadable = (database: SqliteDatabase, table: MessageTable): boolean => {
  const columns = database.columns(table)
  return ["session_id", "role", "content_json"].every((name) => columns.has(name))
}

const infoOf = (row: Json): SessionInfo | null => {
  const id = asText(row["id"])
  if (id === null) return null
  const parentId = asText(row["parent_session_id"])
  return {
    id,
    cwd: asText(row["working_dir"]),
    title: titleOf(row["name"], row["description"], row["user_set_name"] === 1),
    type: asText(row["session_type"]) ?? "user",
    createdAt: asMoment(row["created_at"]),
    updatedAt: asMoment(row["updated_at"]),
    archived: asMoment(row["archived_at"]) !== null,
    parentId: parentId === id ? null : parentId,
    delegateMessageId: asText(objectIn(row["parent_delegation"])?.["parent_delegate_message_id"]),
    model: asText(objectIn(row["model_config_json"])?.["model_name"]),
    // The plain columns hold the last call alone.
    usage: usageOf(row, "accumulated_") ?? usageOf(row),
    isEmpty: row["said"] !== 1
  }
}

/** Every session of a database but those that goose hides from everybody. Only columns that are there are asked for. */
export const sessionsIn = (database: SqliteDatabase): ReadonlyArray<SessionInfo> => {
  const columns = database.columns("sessions")
  if (!columns.has("id")) return []
  const names = wanted.filter((name) => columns.has(name)).map((name) => `s.${name}`)
  const said = messageTables
    .filter((table) => isReadable(database, table))
    .map((table) => `EXISTS (SELECT 1 FROM ${table} m WHERE m.session_id = s.id)`)
  return database
    .all(`SELECT ${names.join(", ")}, ${said.length === 0 ? "0" : `(${said.join(" OR ")})`} AS said FROM sessions s`)
    .map(infoOf)
    .filter((info) => info !== null && info.type !== "hidden")
    .filter((info) => info !== null)
}
