import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine, eachLineBackward, hasAscii } from "../support/bytes.ts"
import { asArray, asObject, asTime, type Json, parseJson } from "../support/json.ts"
import { messageDrafts } from "./drafts.ts"
import { shapeOf } from "./format.ts"
import { HeadFacts, toHead } from "./head.ts"
import { cwdOf } from "./project.ts"
import { isDocument } from "./reading.ts"

const messageStart = '{"id":"'
const touchStart = '{"$set":{"lastUpdated":"'
/** A record that says when it was written, and no more, is shorter than this. */
const touchBytes = 128

/** Whether a line takes nothing back, by its first bytes: a message, or the time of a change. */
const isPlain = (bytes: Uint8Array, from: number, to: number): boolean =>
  hasAscii(bytes, from, messageStart) || (to - from < touchBytes && hasAscii(bytes, from, touchStart))

const recordAt = (bytes: Uint8Array, from: number, to: number): Json | null =>
  asObject(parseJson(decodeRange(bytes, from, to)))

/** Tells a record; false where it takes back, or may, what was told before. */
const told = (facts: HeadFacts, record: Json): boolean => {
  const shape = shapeOf(record)
  if (shape === "rewind") return false
  if (shape === "message") facts.message(record, messageDrafts(record, null))
  else if (shape !== null) {
    const fields = shape === "update" ? (asObject(record["$set"]) ?? {}) : record
    if (facts.isSpoken && Array.isArray(fields["messages"])) return false
    facts.metadata(fields)
    for (const value of asArray(fields["messages"])) {
      const message = asObject(value)
      if (message !== null && typeof message["id"] === "string") facts.message(message, messageDrafts(message, null))
    }
  }
  return true
}

/** The beginning of a session, up to what somebody said; null where something was taken back later, or nothing said. */
const startOf = (bytes: Uint8Array): HeadFacts | null => {
  const facts = new HeadFacts()
  let isWhole = true
  eachLine(bytes, 0, true, (from, to) => {
    if (facts.isSpoken && facts.createdAt !== null && isPlain(bytes, from, to)) return true
    const record = recordAt(bytes, from, to)
    isWhole = record === null || told(facts, record)
    return isWhole
  })
  return isWhole && facts.isSpoken ? facts : null
}

/** The time of the last change, else of the last message. */
const endOf = (bytes: Uint8Array): HeadFacts => {
  const facts = new HeadFacts()
  eachLineBackward(bytes, bytes.length, true, (from, to) => {
    const record = recordAt(bytes, from, to)
    const shape = record === null ? null : shapeOf(record)
    if (record === null || shape === null) return true
    if (shape === "message") facts.lastTime ??= asTime(record["timestamp"])
    else facts.updatedAt ??= asTime((asObject(record["$set"]) ?? record)["lastUpdated"])
    return facts.updatedAt === null
  })
  return facts
}

/**
 * What sorting and filtering need of a file of at most `limit` bytes, by a few of its records; null where the whole of it
 * has to tell.
 */
export const briefHead = Effect.fnUntraced(function* (
  entry: SessionEntry,
  limit: number
): Effect.fn.Return<SessionHead | null, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const { path } = entry.file
  const found = yield* files.ends(path, { head: limit, tail: 0 }, ({ head, size }) => {
    if (size > limit || isDocument(path, head)) return null
    const start = startOf(head)
    return start === null ? null : { start, end: endOf(head), isSpoken: true }
  })
  const cwd = found === null ? null : cwdOf(files, entry, found.start)
  // Without a record of its folder, all paths that a session names are tried.
  return found === null || cwd === null ? null : toHead(entry, { ...found, cwd })
})
