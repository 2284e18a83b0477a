import * as Base64 from "effect/encoding/Base64"
import * as Result from "effect/Result"
import type { Draft } from "../../domain/message.ts"
import type { SqliteDatabase, SqlValue } from "../../services/Sqlite.ts"
import { asArray, asObject, asString, asText, asTime, type Json, parseJson, type SkipCounter } from "../support/json.ts"
import { draft, promptDrafts, storedDrafts, thinking, toolResult, toolUse } from "./content.ts"
import { asMillis, cellText, looseObject } from "./format.ts"
import { fieldsOf } from "./protobuf.ts"
import { eachMessage, eachRootText, type FindBlob, type OnRecord } from "./store.ts"

/** Rows whose keys begin so, in the order of the keys: the table is far too large to be looked through. */
const range = "key >= ? AND key < ?"
const rangeOf = (prefix: string) => [
  prefix,
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1)
]

export const table = "cursorDiskKV"

export const hasChats = (database: SqliteDatabase): boolean => database.columns(table).has("value")

/** What is known of a chat without reading it. */
export interface ChatKey {
  readonly id: string
  /** It has bubbles. */
  readonly said: boolean
  readonly archived: boolean
  readonly isSubagent: boolean
}

/** Ids of the chats that the table of 3.12 marks so; empty before. */
const markedIn = (database: SqliteDatabase, mark: "isArchived" | "isSubagent"): ReadonlySet<string> => {
  const columns = database.columns("composerHeaders")
  if (!columns.has("composerId") || !columns.has(mark)) return new Set()
  return new Set(
    database
      .all(`SELECT composerId AS id FROM composerHeaders WHERE ${mark} = 1`)
      .map(({ id }) => cellText(id))
      .filter((id) => id !== null)
  )
}

/** The chats of a database. Ids with line ends in them are calls of tools, not chats. */
export const chatIds = (database: SqliteDatabase): ReadonlyArray<ChatKey> => {
  if (!hasChats(database)) return []
  const archived = markedIn(database, "isArchived")
  const subagents = markedIn(database, "isSubagent")
  return database
    .all(
      `SELECT substr(key, 14) AS id, EXISTS (SELECT 1 FROM ${table} b
         WHERE b.key >= 'bubbleId:' || substr(c.key, 14) || ':' AND b.key < 'bubbleId:' || substr(c.key, 14) || ';')
         AS said FROM ${table} c WHERE ${range}`,
      ...rangeOf("composerData:")
    )
    .map((row) => ({ id: cellText(row["id"]) ?? "", said: row["said"] === 1 }))
    .filter(({ id }) => /^[\w-]{1,200}$/.test(id))
    .map((key) => ({ ...key, archived: archived.has(key.id), isSubagent: subagents.has(key.id) }))
}

export const composerOf = (database: SqliteDatabase, id: string): { row: number; json: Json | null } => {
  const [found] = database.all(`SELECT rowid AS row, value FROM ${table} WHERE key = ?`, `composerData:${id}`)
  return { row: Number(found?.["row"] ?? 0), json: looseObject(cellText(found?.["value"])) }
}

/** Values that are JSON in a string, or a value. */
const inner = (value: unknown): unknown => {
  if (typeof value !== "string") return value
  return parseJson(value) ?? value
}

const timeOf = (bubble: Json): number | null => {
  const time = asTime(bubble["createdAt"]) ?? asMillis(bubble["createdAt"])
  if (time !== null) return time
  const timing = asObject(bubble["timingInfo"])
  const start = asMillis(timing?.["clientStartTime"])
  const end = ["clientRpcSendTime", "clientSettleTime", "clientEndTime"]
    .map((key) => asMillis(timing?.[key]))
    .find((found) => found !== null)
  // What is too small for a date is the time since the start.
  const isDate = (start ?? 0) > Date.UTC(2000)
  return isDate ? start : end === undefined ? null : end - (start ?? 0)
}

const failed = new Set<unknown>(["error", "failed"])

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

const toolDrafts = (tool: Json, id: string | null, time: number | null): ReadonlyArray<Draft> => {
  const callId = asText(tool["toolCallId"]) ?? id
  const input = inner(asText(tool["rawArgs"]) ?? tool["params"] ?? null)
  const use = toolUse(callId, asText(tool["name"]) ?? `tool ${textOf(tool["tool"])}`.trim(), input, time)
  const isError = failed.has(tool["status"])
  const error = asObject(tool["error"])
  const said =
    tool["error"] === undefined ? "" : (asText(error?.["clientVisibleErrorMessage"]) ?? textOf(tool["error"]))
  const text = [textOf(tool["result"]), said].filter((part) => part.trim() !== "").join("\n")
  return text === "" && !isError && tool["status"] !== "completed"
    ? [use]
    : [use, toolResult(callId, text, isError, time)]
}

const bubbleDrafts = (bubble: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const { type } = bubble
  const time = timeOf(bubble)
  const text = asString(bubble["text"]) ?? ""
  if (type === 1) {
    const drafts = promptDrafts(text, time)
    const images = asArray(bubble["images"]).length
    if (images === 0) return drafts
    const blocks = Array.from({ length: images }, () => ({
      type: "attachment" as const,
      kind: "image",
      mediaType: null,
      bytes: null
    }))
    const last = drafts.findLast(({ role }) => role === "user")
    return last === undefined
      ? [...drafts, draft("user", "", time, blocks)]
      : drafts.map((made) => (made === last ? { ...made, blocks } : made))
  }
  if (type !== 2) {
    skipped?.add(
      `unknown bubble type ${(typeof type === "number" ? String(type) : (asString(type) ?? "none")).slice(0, 60)}`
    )
    return []
  }
  const thought = asObject(bubble["thinking"])
  const tool = asObject(bubble["toolFormerData"])
  return [
    ...thinking(asString(thought?.["text"]) ?? asString(bubble["thinking"]) ?? "", time),
    ...(text.trim() === "" ? [] : [draft("assistant", text, time)]),
    ...(tool === null || (tool["name"] === undefined && tool["tool"] === undefined)
      ? []
      : toolDrafts(tool, asText(bubble["bubbleId"]), time))
  ]
}

/** Bubbles of the first versions lie in the chat itself, what tools did in a list of capabilities beside them. */
const inlineDrafts = (composer: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const tools = asArray(composer["capabilities"])
    .map(asObject)
    .filter((capability) => capability?.["type"] === 15)
    .map((capability) => asObject(inner(asObject(capability?.["data"])?.["bubbleDataMap"])))
  return asArray(composer["conversation"]).flatMap((item) => {
    const bubble = asObject(item)
    if (bubble === null) {
      skipped?.add("bubble that is no object")
      return []
    }
    const id = asText(bubble["bubbleId"])
    const data = id === null ? undefined : tools.map((map) => asObject(map?.[id])).find((found) => found !== null)
    return bubbleDrafts(data === undefined ? bubble : { toolFormerData: data, ...bubble }, skipped)
  })
}

const blobPrefix = "agentKv:blob:"

const findIn =
  (database: SqliteDatabase): FindBlob =>
  (id) => {
    const [found] = database.all(`SELECT rowid AS row, value FROM ${table} WHERE key = ?`, blobPrefix + id)
    const value = found?.["value"]
    if (found === undefined || value === null || value === undefined) return null
    return {
      row: Number(found["row"]),
      data: value instanceof Uint8Array ? value : new TextEncoder().encode(String(value))
    }
  }

/** The same list of messages as in `store.db`, in Base64 behind a tilde. */
const rootOf = (composer: Json): Uint8Array | null => {
  const state = asText(composer["conversationState"])
  if (state === null || !state.startsWith("~")) return null
  return Result.getOrElse(Base64.decode(state.slice(1)), () => null)
}

const bubblesOf = (database: SqliteDatabase, id: string): ReadonlyArray<{ row: number; bubbleId: string }> => {
  const prefix = `bubbleId:${id}:`
  return database
    .all(`SELECT rowid AS row, key FROM ${table} WHERE ${range} ORDER BY rowid`, ...rangeOf(prefix))
    .map(({ key, row }) => ({ row: Number(row), bubbleId: (cellText(key) ?? "").slice(prefix.length) }))
}

/** Rows of bubbles in the order of the chat's own list; in that of writing where there is none. */
const ordered = (
  composer: Json | null,
  bubbles: ReturnType<typeof bubblesOf>,
  skipped: SkipCounter | null
): ReadonlyArray<number> => {
  const headers = asArray(composer?.["fullConversationHeadersOnly"])
  if (headers.length === 0) return bubbles.map(({ row }) => row)
  const rows = new Map(bubbles.map(({ bubbleId, row }) => [bubbleId, row]))
  const found: Array<number> = []
  for (const header of headers) {
    const id = asText(asObject(header)?.["bubbleId"])
    const row = id === null ? undefined : rows.get(id)
    if (row === undefined) skipped?.add("missing bubble")
    else {
      found.push(row)
      rows.delete(id!)
    }
  }
  if (rows.size > 0) skipped?.add("bubble outside of the conversation", rows.size)
  return found
}

/** Gives every bubble or message of a chat, in order, until `onRecord` returns false. */
export const eachBubble = (
  database: SqliteDatabase,
  id: string,
  skipped: SkipCounter | null,
  onRecord: OnRecord
): void => {
  const { json: composer, row: composerRow } = composerOf(database, id)
  if (composer === null) skipped?.add("chat that is no JSON object")
  const bubbles = bubblesOf(database, id)
  if (bubbles.length > 0) {
    for (const row of ordered(composer, bubbles, skipped)) {
      const drafts = draftsIn(database, row, skipped)
      if (drafts.length > 0 && onRecord(row, drafts, null) === false) return
    }
    return
  }
  if (composer === null) return
  const inline = inlineDrafts(composer, skipped)
  if (inline.length > 0) onRecord(composerRow, inline, null)
  else {
    const root = rootOf(composer)
    if (root !== null) eachMessage(fieldsOf(root), findIn(database), skipped, onRecord)
  }
}

/** Drafts of the record in a row, whichever it is. */
const draftsIn = (database: SqliteDatabase, row: number, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const [found] = database.all(`SELECT key, value FROM ${table} WHERE rowid = ?`, row)
  const key = cellText(found?.["key"]) ?? ""
  const record = looseObject(cellText(found?.["value"]))
  if (record === null) {
    skipped?.add("bubble that is no JSON object")
    return []
  }
  if (key.startsWith(blobPrefix)) return storedDrafts(record, skipped)
  return key.startsWith("composerData:") ? inlineDrafts(record, skipped) : bubbleDrafts(record, skipped)
}

export const bubbleRowDrafts = (database: SqliteDatabase, row: number) => draftsIn(database, row, null)

const bubblePrefix = "bubbleId:"

/** Both ends of the keys of a chat's bubbles; of those of all chats without an id. */
export const bubbleRange = (id: string | null) => rangeOf(id === null ? bubblePrefix : `${bubblePrefix}${id}:`)

/** The chat that a bubble belongs to, by its key. */
export const chatOfBubble = (key: SqlValue): string => {
  const text = cellText(key) ?? ""
  return text.slice(bubblePrefix.length, text.indexOf(":", bubblePrefix.length))
}

/** Gives what messages of a chat can be made of besides its bubbles: its own record, and blobs where it has no bubbles. */
export const eachComposerText = (
  database: SqliteDatabase,
  id: string,
  hasBubbles: boolean,
  take: (text: string | Uint8Array) => void
): void => {
  const [found] = database.all(`SELECT value FROM ${table} WHERE key = ?`, `composerData:${id}`)
  const value = found?.["value"]
  if (typeof value !== "string" && !(value instanceof Uint8Array)) return
  take(value)
  const root = hasBubbles ? null : rootOf(looseObject(cellText(value)) ?? {})
  if (root !== null) eachRootText(fieldsOf(root), findIn(database), take)
}
