import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { SessionEntry } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, parseJson, type Json, type SkipCounter } from "../support/json.ts"
import type { Conversation } from "./conversation.ts"
import { elementsAt } from "./elements.ts"

/** Documents are parsed whole: what is larger is refused. */
const documentLimit = 256 * 1024 * 1024

/** Whether a file is one document: until 0.39 they were written with line breaks, and named `.json`. */
export const isDocument = (path: string, start: Uint8Array): boolean =>
  path.endsWith(".json") || /^[\s\0]*\{[ \t]*\r?\n/.test(decodeRange(start, 0, Math.min(start.length, 64)))

/** What stands before the messages of a document, which may not be whole. */
export const documentStart = (bytes: Uint8Array, to: number): Json | null => {
  const text = decodeRange(bytes, 0, to)
  const end = text.lastIndexOf('"messages"')
  return end < 0 ? null : asObject(parseJson(`${text.slice(0, end).replace(/[\s,]+$/, "")}}`))
}

/** Gives a document to the conversation; false where it is none. */
const readDocument = (bytes: Uint8Array, conversation: Conversation, skipped: SkipCounter): boolean => {
  const document = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
  if (document !== null) {
    conversation.document(document, bytes, 0)
    return true
  }
  const ranges = elementsAt(bytes, 0, bytes.length, ["messages"])
  if (ranges === null) return false
  skipped.add("torn document")
  const first = ranges[0]
  conversation.document(first === undefined ? {} : (documentStart(bytes, first.from) ?? {}), bytes, 0)
  for (const { from, to } of ranges) {
    conversation.salvage(parseJson(decodeRange(bytes, from, to)), { file: 0, offset: from, length: to - from })
  }
  return true
}

/** Gives every record of a session's file to the conversation. */
export const readInto = Effect.fnUntraced(function* (
  { file: { path } }: SessionEntry,
  conversation: Conversation,
  skipped: SkipCounter
): Effect.fn.Return<void, FileError, StoreFiles> {
  const files = yield* StoreFiles
  if (isDocument(path, yield* files.head(path, 64))) {
    const stat = yield* files.stat(path)
    if (stat !== null && stat.size > documentLimit) {
      return yield* new FileError({ path, reason: `document of ${stat.size} bytes` })
    }
    const bytes = yield* Effect.try({
      try: () => files.readSync(path, 0, stat?.size ?? 0),
      catch: (cause) => (cause instanceof FileError ? cause : new FileError({ path, reason: String(cause) }))
    })
    if (readDocument(bytes, conversation, skipped)) return
  }
  yield* files.lines(path, (line) => {
    if (line.bytes.length === 0) return
    const text = line.text()
    const value = parseJson(text)
    if (value !== undefined) conversation.line(value, line.bytes, line.offset)
    else if (text.trim() !== "") skipped.add(line.complete ? "invalid JSON" : "torn last line")
  })
})
