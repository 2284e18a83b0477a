import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import type { Draft } from "../../domain/message.ts"
import type { SqliteDatabase, SqlValue } from "../../services/Sqlite.ts"
import { asObject, asText, type Json, parseJson, type SkipCounter } from "../support/json.ts"
import { storedDrafts, toolResult, toolUse } from "./content.ts"
import { asMillis, cellText, looseObject } from "./format.ts"
import { blobIds, type Field, fieldsOf, numberField, payloads, textField, utf8 } from "./protobuf.ts"

/** A record of a database in its place in the conversation; `time` is that of its prompt, where another record has it. */
export type OnRecord = (row: number, drafts: ReadonlyArray<Draft>, time: number | null) => boolean | void

/** A blob by its hash: its row and bytes; null where there is none. */
export type FindBlob = (id: string) => { readonly row: number; readonly data: Uint8Array } | null

const bytesOf = (cell: unknown): Uint8Array =>
  cell instanceof Uint8Array ? cell : new TextEncoder().encode(typeof cell === "string" ? cell : "")

/** Rows of a table that may be missing, or of another shape: each of many small databases is asked for its schema else. */
const rowsOf = (database: SqliteDatabase, sql: string, ...params: ReadonlyArray<SqlValue>) => {
  try {
    return database.all(sql, ...params)
  } catch (cause) {
    if (/no such (?:table|column)/.test(String(cause))) return []
    throw cause
  }
}

const findIn =
  (database: SqliteDatabase): FindBlob =>
  (id) => {
    const [found] = rowsOf(database, "SELECT rowid AS row, data FROM blobs WHERE id = ?", id)
    return found === undefined ? null : { row: Number(found["row"]), data: bytesOf(found["data"]) }
  }

/** `meta['0']`: JSON in hex; in other builds as it is. It holds a key for the cloud, which nobody here looks at. */
const metaIn = (database: SqliteDatabase): Json | null => {
  const [found] = rowsOf(database, "SELECT value FROM meta WHERE key = '0'")
  const text = cellText(found?.["value"])
  if (text === null) return null
  const bytes = Result.getOrElse(Hex.decode(text), () => null)
  return looseObject(bytes === null || bytes.length === 0 ? text : utf8(bytes))
}

/** An open `store.db`. */
export interface ChatStore {
  readonly meta: Json | null
  /** Null where the blob that lists the conversation is missing. */
  readonly root: ReadonlyArray<Field> | null
  readonly find: FindBlob
}

export const openStore = (database: SqliteDatabase): ChatStore => {
  const meta = metaIn(database)
  const find = findIn(database)
  const root = find(asText(meta?.["latestRootBlobId"]) ?? "")
  return { meta, root: root === null ? null : fieldsOf(root.data), find }
}

/** What was summarised away, then what is left; each list of messages gives only what no earlier one did. */
const messageIds = (root: ReadonlyArray<Field>, find: FindBlob): ReadonlyArray<string> => {
  const archives = [...blobIds(root, 11), ...blobIds(root, 13)].map((id) => find(id))
  const lists = [
    ...archives.map((archive) => (archive === null ? [] : blobIds(fieldsOf(archive.data), 1))),
    blobIds(root, 1)
  ]
  const seen = new Set<string>()
  const ids: Array<string> = []
  for (const list of lists) {
    // A prompt that was typed twice is one blob, which its list names twice.
    for (const id of list) if (!seen.has(id)) ids.push(id)
    for (const id of list) seen.add(id)
  }
  return ids
}

/** A turn of the conversation: a prompt with its time, or a command that the user ran. */
type Turn =
  | { readonly prompt: string; readonly time: number | null }
  | { readonly row: number; readonly drafts: ReadonlyArray<Draft> }

/** `!command` of the user: 1 names the command, 2 its output. */
const shellDrafts = (turn: Uint8Array, find: FindBlob): ReadonlyArray<Draft> => {
  const [shell] = payloads(fieldsOf(turn), 2)
  if (shell === undefined) return []
  const fields = fieldsOf(shell)
  const [commandId] = blobIds(fields, 1)
  const [outputId] = blobIds(fields, 2)
  const told = commandId === undefined ? null : find(commandId)
  const command = told === null ? null : textField(fieldsOf(told.data), 1)
  if (command === null) return []
  const use = toolUse(null, "shell", { command })
  const answer = outputId === undefined ? null : find(outputId)
  if (answer === null) return [use]
  const output = fieldsOf(answer.data)
  const text = [textField(output, 1), textField(output, 2)].filter((part) => part !== null && part !== "").join("\n")
  return [use, toolResult(null, text, (numberField(output, 3) ?? 0) !== 0)]
}

const turnOf = (id: string, find: FindBlob): Turn | null => {
  const blob = find(id)
  if (blob === null) return null
  const drafts = shellDrafts(blob.data, find)
  if (drafts.length > 0) return { row: blob.row, drafts }
  const [agent] = payloads(fieldsOf(blob.data), 1)
  const [messageId] = agent === undefined ? [] : blobIds(fieldsOf(agent), 1)
  const message = messageId === undefined ? null : find(messageId)
  if (message === null) return null
  const fields = fieldsOf(message.data)
  const [textId] = blobIds(fields, 18)
  const moved = textId === undefined ? null : find(textId)
  const prompt = textField(fields, 1) ?? ""
  return {
    prompt: (prompt === "" && moved !== null ? utf8(moved.data) : prompt).trim(),
    time: asMillis(numberField(fields, 25))
  }
}

const openingBrace = 0x7b

/** The drafts of a blob: a message is JSON, a turn is not. */
const blobDrafts = (data: Uint8Array, find: FindBlob, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  if (data[0] !== openingBrace) {
    const drafts = shellDrafts(data, find)
    if (drafts.length === 0) skipped?.add("message that is no JSON object")
    return drafts
  }
  const message = asObject(parseJson(utf8(data)))
  if (message === null) {
    skipped?.add("message that is no JSON object")
    return []
  }
  return storedDrafts(message, skipped)
}

/**
 * Gives every message of a root, in order, until `onRecord` returns false. The list of turns has what the messages lack:
 * times of prompts, and commands that the user ran; a turn is tied to its message by the text of the prompt.
 */
export const eachMessage = (
  root: ReadonlyArray<Field>,
  find: FindBlob,
  skipped: SkipCounter | null,
  onRecord: OnRecord
): void => {
  const turns = blobIds(root, 8)
    .map((id) => turnOf(id, find))
    .filter((turn) => turn !== null)
  let next = 0
  const commandsBefore = (end: number): boolean => {
    for (; next < end; next++) {
      const turn = turns[next]!
      if ("row" in turn && onRecord(turn.row, turn.drafts, null) === false) return false
    }
    return true
  }
  for (const id of messageIds(root, find)) {
    const blob = find(id)
    if (blob === null) {
      skipped?.add("missing message")
      continue
    }
    const drafts = blobDrafts(blob.data, find, skipped)
    const prompt = drafts.find(({ role }) => role === "user")?.text.trim()
    let time: number | null = null
    if (prompt !== undefined) {
      const at = turns.findIndex((turn, index) => index >= next && "prompt" in turn && turn.prompt === prompt)
      const turn = turns[at]
      if (turn !== undefined && "prompt" in turn) {
        time = turn.time
        if (!commandsBefore(at)) return
        next = at + 1
      }
    }
    if (drafts.length > 0 && onRecord(blob.row, drafts, time) === false) return
  }
  commandsBefore(turns.length)
}

/**
 * Gives every text that the messages of a root are made of: JSON as it is stored, and commands that the user ran as they
 * are shown, since those are put together from several blobs.
 */
export const eachRootText = (
  root: ReadonlyArray<Field>,
  find: FindBlob,
  take: (text: string | Uint8Array) => void
): void => {
  for (const id of [...blobIds(root, 8), ...messageIds(root, find)]) {
    const data = find(id)?.data
    if (data === undefined) continue
    if (data[0] === openingBrace) take(data)
    else for (const { text } of shellDrafts(data, find)) take(text)
  }
}

/** Drafts of the record in a row. */
export const rowDrafts = (database: SqliteDatabase, row: number): ReadonlyArray<Draft> => {
  const [found] = database.all("SELECT data FROM blobs WHERE rowid = ?", row)
  return found === undefined ? [] : blobDrafts(bytesOf(found["data"]), findIn(database), null)
}

/** Branch that was checked out: the newest list of repositories first. */
export const branchOf = (root: ReadonlyArray<Field>): string | null =>
  asText(textField(root, 19)) ??
  payloads(root, 21)
    .map((repo) => asText(textField(fieldsOf(repo), 2)))
    .find((branch) => branch !== null) ??
  null

/** Folders that the root names: workspaces, then repositories. */
export const foldersOf = (root: ReadonlyArray<Field>): ReadonlyArray<string> => [
  ...payloads(root, 9).map(utf8),
  ...payloads(root, 21).map((repo) => textField(fieldsOf(repo), 1) ?? "")
]

/** The last model that a message names, of the last 50. */
export const lastModel = (root: ReadonlyArray<Field>, find: FindBlob): string | null => {
  for (const id of blobIds(root, 1).slice(-50).reverse()) {
    const message = looseObject(utf8(find(id)?.data ?? new Uint8Array()))
    const model = asText(asObject(asObject(message?.["providerOptions"])?.["cursor"])?.["modelName"])
    if (model !== null) return model
  }
  return null
}
