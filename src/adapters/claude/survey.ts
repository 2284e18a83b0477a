import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine, eachLineBackward } from "../support/bytes.ts"
import { asObject, asTime, parseJson } from "../support/json.ts"
import { recordDrafts } from "./drafts.ts"
import { classOfLine, classOfType, metadataTime, plainAttachment } from "./format.ts"
import { HeadFacts, titleReach, toHead } from "./head.ts"

/** Bytes of the first look at either end; both grow while what they have to say is not found. */
const headBytes = 16 * 1024
const tailBytes = titleReach

/** The first look at either end where no title is asked for: the first message, and the last record with a time. */
const briefBytes = 8 * 1024

/** The second such look at the end. */
const briefTailBytes = 32 * 1024

/** Bytes after which a survey makes do with what it has found. */
const limitBytes = 32 * 1024 * 1024

/** The same where a stand-in for the first prompt has been found. */
const standInLimitBytes = 1024 * 1024

/** Tells the line `from`–`to` of a window at byte `base`; with `titlesOnly` nothing but what titles are made of. */
const tell = (facts: HeadFacts, bytes: Uint8Array, base: number, from: number, to: number, titlesOnly: boolean) => {
  const lineClass = classOfLine(bytes, from, to)
  if (lineClass === "metadata") {
    if (!titlesOnly) facts.time(asTime(metadataTime(bytes, from, to)), false)
    return
  }
  if (titlesOnly && lineClass !== "head") return
  if (lineClass === null) {
    const plain = plainAttachment(bytes, from, to)
    if (plain !== null) return facts.time(asTime(plain.timestamp), true)
  }
  const record = asObject(parseJson(decodeRange(bytes, from, to)))
  if (record === null) return
  const type = record["type"]
  const recordClass = typeof type === "string" ? classOfType(type) : "unknown"
  if (recordClass === "head") facts.metadata(record, base + from)
  else if (recordClass === "chain") facts.chain(record, recordDrafts(record, null))
}

interface Window {
  readonly bytes: Uint8Array
  readonly offset: number
}

const uuidsIn = (windows: ReadonlyArray<Window>): ReadonlySet<string> =>
  new Set(
    windows.flatMap(({ bytes }) =>
      Array.from(decodeRange(bytes, 0, bytes.length).matchAll(/"uuid":"([^"]+)"/g), ([, uuid]) => uuid!)
    )
  )

/** A brief look at both ends; null where it does not say enough. */
const briefSurvey = Effect.fnUntraced(function* (
  entry: SessionEntry
): Effect.fn.Return<SessionHead | null, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const isSubagent = entry.kind === "subagent"
  return yield* files.ends(
    entry.file.path,
    { head: briefBytes, tail: briefBytes },
    ({ head, size, tail, tailOffset }) => {
      const start = new HeadFacts(isSubagent, false)
      const end = new HeadFacts(isSubagent, true)
      eachLine(head, 0, head.length >= size, (from, to) => {
        tell(start, head, 0, from, to, false)
        return !start.knowsBrief
      })
      if (!start.knowsBrief) return null
      eachLineBackward(tail, tail.length, tailOffset === 0, (from, to) => {
        tell(end, tail, tailOffset, from, to, false)
        return end.lastTime === null
      })
      if (end.lastTime === null) return null
      return toHead(entry, { start, end, hasUuid: () => false, textSync: () => null, brief: true })
    }
  )
})

/**
 * The head of a session from both ends of its file. The first lines are read up to the first prompt, the last ones back
 * to the newest answer; what lies between is only looked at for titles. Briefly, the first lines are read up to the
 * first message, and the last ones back to the newest time.
 */
export const survey = Effect.fnUntraced(function* (
  entry: SessionEntry,
  brief = false
): Effect.fn.Return<SessionHead, FileError, StoreFiles> {
  const briefly = brief ? yield* briefSurvey(entry) : null
  if (briefly !== null) return briefly
  const files = yield* StoreFiles
  const { path, size } = entry.file
  const isSubagent = entry.kind === "subagent"
  const start = new HeadFacts(isSubagent, false)
  const end = new HeadFacts(isSubagent, true)
  const knowsStart = () => (brief ? start.knowsBrief : start.knowsStart)
  const knowsEnd = () => (brief ? end.lastTime !== null : end.knowsEnd)
  const firstTail = brief ? briefTailBytes : tailBytes
  // A file that both looks together would cover is read at once.
  const firstHead = size <= headBytes + firstTail ? size : headBytes
  let head: Window = { bytes: new Uint8Array(), offset: 0 }
  let tail = head
  /** Byte before which every line has been told to `start`. */
  let told = 0
  for (let length = firstHead; length > 0; length = Math.min(size, length * 4)) {
    const bytes = yield* files.head(path, length)
    head = { bytes, offset: 0 }
    told = eachLine(bytes, told, length >= size, (from, to) => {
      tell(start, bytes, 0, from, to, false)
      return !knowsStart()
    })
    const limit = start.standIn === null ? limitBytes : standInLimitBytes
    if (knowsStart() || length >= size || length >= limit) break
  }
  /** Byte from which on every line has been told to `end`. */
  let reached = size
  for (let length = firstTail; reached > told; length *= 4) {
    tail = head.bytes.length >= size ? head : yield* files.tail(path, Math.min(length, size - told))
    const { bytes, offset } = tail
    const back = eachLineBackward(bytes, Math.min(reached - offset, bytes.length), offset <= told, (from, to) => {
      if (offset + from < told) return false
      return tell(end, bytes, offset, from, to, knowsEnd())
    })
    reached = Math.min(reached, offset + back)
    if (knowsEnd() || offset <= told || length >= limitBytes) break
  }
  eachLine(head.bytes, told, false, (from, to) => {
    if (from >= reached) return false
    return tell(start, head.bytes, 0, from, to, true)
  })
  let uuids: ReadonlySet<string> | null = null
  return toHead(entry, {
    start,
    end,
    hasUuid: (uuid) => (uuids ??= uuidsIn([head, tail])).has(uuid),
    textSync: (sidecar) => files.textSync(sidecar, 64 * 1024)
  })
})
