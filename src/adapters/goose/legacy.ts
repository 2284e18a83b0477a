import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLineBackward } from "../support/bytes.ts"
import { asObject, asText, type Json, parseJson, type SkipCounter } from "../support/json.ts"
import { draftsOf } from "./drafts.ts"
import { asMoment, type StoredMessage, titleOf } from "./format.ts"

/** How far the first prompt is looked for, and how much of the end the last time is looked for in. */
const promptLines = 200
const tailBytes = 256 * 1024

/** `{role, created, content}`; null for the line that heads a file, which has no role. */
export const messageOf = (record: Json): StoredMessage | null =>
  "role" in record || "content" in record
    ? {
        id: asText(record["id"]),
        role: record["role"],
        content: record["content"],
        metadata: asObject(record["metadata"]),
        time: asMoment(record["created"])
      }
    : null

const headFields = ["working_dir", "description", "message_count", "total_tokens", "schedule_id"]

/** Whether a record heads a file: `{working_dir, description, message_count, total_tokens, …}`. */
export const isHeader = (record: Json): boolean =>
  messageOf(record) === null && headFields.some((name) => name in record)

/** The record of a line; null for what is none, which is counted. */
export const recordOf = (line: Line, skips: SkipCounter | null): Json | null => {
  if (line.bytes.length === 0) return null
  const text = line.text()
  const value = parseJson(text)
  const record = asObject(value)
  if (record !== null) return record
  if (value !== undefined) skips?.add("not a record")
  else if (text.trim() !== "") skips?.add(line.complete ? "invalid JSON" : "torn last line")
  return null
}

/** The head of a session of before 1.10, and its first line. */
export const surveyFile = Effect.fnUntraced(function* (
  entry: SessionEntry
): Effect.fn.Return<{ head: SessionHead; header: Json | null }, FileError, StoreFiles> {
  const files = yield* StoreFiles
  let header: Json | null = null
  let createdAt: number | null = null
  let firstPrompt: string | null = null
  let isEmpty = true
  yield* files.lines(entry.file.path, (line) => {
    const record = recordOf(line, null)
    const message = record === null ? null : messageOf(record)
    if (record !== null && message === null && header === null && isHeader(record)) header = record
    if (message !== null) {
      isEmpty = false
      createdAt ??= message.time
      const said = draftsOf(message, null).find(({ role, text }) => role === "user" && asText(text) !== null)
      firstPrompt ??= said?.text ?? null
    }
    return firstPrompt === null && line.number < promptLines
  })
  let updatedAt: number | null = null
  const tail = yield* files.tail(entry.file.path, tailBytes)
  eachLineBackward(tail.bytes, tail.bytes.length, tail.offset === 0, (from, to) => {
    const record = asObject(parseJson(decodeRange(tail.bytes, from, to)))
    updatedAt = record === null ? null : (messageOf(record)?.time ?? null)
    return updatedAt === null
  })
  const fields = header as Json | null
  return {
    header: fields,
    head: {
      cwd: asText(fields?.["working_dir"]),
      createdAt,
      updatedAt: updatedAt ?? Math.floor(entry.file.mtimeMs),
      isEmpty,
      kind: entry.kind,
      parentId: entry.parentId,
      gitBranch: null,
      model: null,
      title: titleOf(fields?.["description"], null, false),
      firstPrompt,
      forkedFrom: null
    }
  }
})
