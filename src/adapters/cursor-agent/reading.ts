import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, parseJson, type SkipCounter } from "../support/json.ts"
import { lineDrafts } from "./content.ts"
import type { CursorEntry } from "./format.ts"
import { bubbleRowDrafts, eachBubble } from "./ide.ts"
import { isHeader, isPlain, plainDrafts } from "./plain.ts"
import { eachMessage, type OnRecord, openStore, rowDrafts } from "./store.ts"

/** Gives the records of a session in an open database; false where it has no list of them. */
export const eachRow = (
  database: SqliteDatabase,
  entry: CursorEntry,
  skipped: SkipCounter | null,
  onRecord: OnRecord
): boolean => {
  if (entry.kept === "ide") {
    eachBubble(database, entry.id, skipped, onRecord)
    return true
  }
  const { find, root } = openStore(database)
  if (root === null) return false
  eachMessage(root, find, skipped, onRecord)
  return true
}

/** Reads the database of a session. */
export const reading = <A>(
  entry: CursorEntry,
  use: (database: SqliteDatabase) => A
): Effect.Effect<A, FileError, Sqlite> =>
  Effect.gen(function* () {
    const sqlite = yield* Sqlite
    const result = yield* sqlite.read(entry.file.path, (database) => ({ value: use(database) }))
    if (result === null) return yield* new FileError({ path: entry.file.path, reason: "the database has gone" })
    return result.value
  })

/** Records made again at one opening of the database, and the UTF-16 units of their text at which it is enough. */
const windowRecords = 64
const windowChars = 1024 * 1024

/** Drafts, by row, of the records from that of `row` on: whoever asks for one again will ask for the next. */
export const windowAt = (
  database: SqliteDatabase,
  entry: CursorEntry,
  rows: ReadonlyArray<number>,
  row: number
): Map<number, ReadonlyArray<Draft>> => {
  const drafts = new Map<number, ReadonlyArray<Draft>>()
  let chars = 0
  for (let at = Math.max(0, rows.indexOf(row)); at < rows.length; at++) {
    const next = rows[at]!
    if (drafts.has(next)) continue
    const made = entry.kept === "ide" ? bubbleRowDrafts(database, next) : rowDrafts(database, next)
    drafts.set(next, made)
    chars += made.reduce((sum, { text }) => sum + text.length, 0)
    if (drafts.size >= windowRecords || chars >= windowChars) break
  }
  return drafts
}

/** Gets the drafts of a record of a transcript with the range of its bytes; false stops. */
export type OnRange = (offset: number, length: number, drafts: ReadonlyArray<Draft>) => boolean | void

/** More than this of one message in a transcript of text is not read, bytes. */
const plainLimit = 64 * 1024 * 1024

/** The drafts of a range of a transcript. */
export const rangeDrafts = (
  files: StoreFiles["Service"],
  path: string,
  offset: number,
  length: number
): ReadonlyArray<Draft> => {
  const bytes = files.readSync(path, offset, length)
  const text = decodeRange(bytes, 0, bytes.length)
  if (isPlain(path)) return plainDrafts(text)
  const record = asObject(parseJson(text))
  return record === null ? [] : lineDrafts(record, null)
}

const eachPlain = Effect.fnUntraced(function* (path: string, skipped: SkipCounter | null, onRange: OnRange) {
  const files = yield* StoreFiles
  let start = -1
  let end = 0
  let more = true
  const give = () => {
    if (start < 0) return
    if (end - start > plainLimit) skipped?.add("message that is too long")
    else more = onRange(start, end - start, rangeDrafts(files, path, start, end - start)) !== false
  }
  yield* files.lines(path, (line) => {
    if (line.bytes.length <= 64 && isHeader(line.text())) {
      give()
      start = line.offset
    } else if (start < 0 && line.bytes.length > 0) skipped?.add("text before the first message")
    end = line.offset + line.bytes.length
    return more
  })
  if (more) give()
})

/** Gives every record of a transcript, in order, until `onRange` returns false. */
export const eachLine = Effect.fnUntraced(function* (
  path: string,
  skipped: SkipCounter | null,
  onRange: OnRange
): Effect.fn.Return<void, FileError, StoreFiles> {
  const files = yield* StoreFiles
  if (isPlain(path)) return yield* eachPlain(path, skipped, onRange)
  yield* files.lines(path, (line) => {
    if (line.bytes.length === 0) return true
    const text = line.text()
    const value = parseJson(text)
    if (value === undefined) {
      if (text.trim() !== "") skipped?.add(line.complete ? "invalid JSON" : "torn last line")
      return true
    }
    const record = asObject(value)
    if (record === null) {
      skipped?.add("not a record")
      return true
    }
    const drafts = lineDrafts(record, skipped)
    return drafts.length === 0 ? true : onRange(line.offset, line.bytes.length, drafts)
  })
})
