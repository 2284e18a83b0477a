import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine, eachLineBackward } from "../support/bytes.ts"
import { asObject, parseJson } from "../support/json.ts"
import { metaFile } from "./discover.ts"
import { recordDrafts } from "./drafts.ts"
import { HeadFacts, noMeta, readMeta, toHead } from "./head.ts"

/** Bytes of the first look at either end; both grow while what they have to say is not found. */
const headBytes = 16 * 1024
const tailBytes = 32 * 1024

/** A file up to this size is read at once, every line of it. */
const wholeBytes = 64 * 1024

/** Bytes after which a survey makes do with what it has found. */
const limitBytes = 32 * 1024 * 1024

/** The same for a model: sessions that come from older formats name none. */
const modelLimitBytes = 1024 * 1024

const tell = (facts: HeadFacts, bytes: Uint8Array, from: number, to: number): void => {
  const record = asObject(parseJson(decodeRange(bytes, from, to)))
  if (record !== null) facts.take(record, recordDrafts(record, null))
}

/**
 * The head of a session from both ends of its file and from its meta file. The first lines are read up to the first
 * prompt, the last ones back to the newest answer; a name that was given in between is in the meta file too. Briefly,
 * the first lines are read up to the first message, the last one for its time, the meta file not at all.
 */
export const survey = Effect.fnUntraced(function* (
  entry: SessionEntry,
  brief = false
): Effect.fn.Return<SessionHead, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const { path, size } = entry.file
  const start = new HeadFacts(false)
  const knowsStart = () => (brief ? start.knowsBrief : start.knowsStart)
  const isWhole = !brief && size <= wholeBytes
  /** Byte before which every line has been told to `start`. */
  let told = 0
  for (let length = isWhole ? size : Math.min(size, headBytes); length > 0; length = Math.min(size, length * 4)) {
    const bytes = yield* files.head(path, length)
    told = eachLine(bytes, told, length >= size, (from, to) => {
      tell(start, bytes, from, to)
      return isWhole || !knowsStart()
    })
    if (knowsStart() || length >= size || length >= limitBytes) break
  }
  let end = start
  if (!isWhole && told < size) {
    end = new HeadFacts(true)
    const knowsEnd = () => (brief ? end.lastTime !== null : end.knowsEnd)
    /** Byte from which on every line has been told to `end`. */
    let reached = size
    for (let length = tailBytes; reached > told; length *= 4) {
      const { bytes, offset } = yield* files.tail(path, Math.min(length, size - told))
      const back = eachLineBackward(bytes, Math.min(reached - offset, bytes.length), offset <= told, (from, to) => {
        if (offset + from < told) return false
        tell(end, bytes, from, to)
        return !brief || end.lastTime === null
      })
      reached = Math.min(reached, offset + back)
      const limit = end.lastTime === null ? limitBytes : modelLimitBytes
      if (knowsEnd() || offset <= told || length >= limit) break
    }
  }
  if (!brief) return toHead(entry, start, end, readMeta(metaFile(entry), files.textSync))
  const { forkedFrom, ...head } = toHead(entry, start, end, noMeta)
  // The file beside the session, which is not read here, may name the source of a fork.
  const isTold = (forkedFrom ?? null) !== null || entry.sidecars.length === 0
  return isTold ? { ...head, forkedFrom: forkedFrom ?? null } : head
})
