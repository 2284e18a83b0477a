import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine } from "../support/bytes.ts"
import { asArray, asObject, asString, parseJson, SkipCounter, type Json } from "../support/json.ts"
import { briefHead } from "./brief.ts"
import { Conversation } from "./conversation.ts"
import { messageDrafts } from "./drafts.ts"
import { elementsAt } from "./elements.ts"
import { shapeOf } from "./format.ts"
import { HeadFacts, toHead } from "./head.ts"
import { cwdOf } from "./project.ts"
import { documentStart, isDocument, readInto } from "./reading.ts"

/** A file up to this size is read whole: then what was taken back is known to be gone. */
const wholeBytes = 128 * 1024
const windowBytes = 64 * 1024
/** How far back the newest answer is looked for, and how far on the first prompt. */
const tailLimit = 8 * 1024 * 1024
const promptLimit = 64 * 1024 * 1024

const tellMessage = (facts: HeadFacts, value: unknown): void => {
  const message = asObject(value)
  if (message !== null && typeof message["id"] === "string") facts.message(message, messageDrafts(message, null))
}

/** Tells a line without regard to what was taken back. */
const tell = (facts: HeadFacts, record: Json | null): void => {
  const shape = record === null ? null : shapeOf(record)
  if (record === null || shape === null || shape === "rewind") return
  if (shape === "message") return tellMessage(facts, record)
  const fields = shape === "update" ? asObject(record["$set"])! : record
  facts.metadata(fields)
  for (const message of asArray(fields["messages"])) tellMessage(facts, message)
}

const knowsStart = (facts: HeadFacts): boolean => facts.firstPrompt !== null && facts.createdAt !== null

const startOfLines = Effect.fnUntraced(function* (path: string, window: Uint8Array) {
  const files = yield* StoreFiles
  const facts = new HeadFacts()
  const from = eachLine(window, 0, false, (at, to) => {
    tell(facts, asObject(parseJson(decodeRange(window, at, to))))
    return !knowsStart(facts)
  })
  if (knowsStart(facts)) return facts
  yield* files.lines(
    path,
    (line) => {
      if (line.bytes.length > 0) tell(facts, asObject(parseJson(line.text())))
      return !knowsStart(facts) && line.offset < promptLimit
    },
    { from }
  )
  return facts
})

const endOfLines = Effect.fnUntraced(function* (path: string) {
  const files = yield* StoreFiles
  for (let length = windowBytes; ; length *= 8) {
    const { bytes, offset } = yield* files.tail(path, length)
    const facts = new HeadFacts()
    const start = offset === 0 ? 0 : bytes.indexOf(10) + 1
    if (start > 0 || offset === 0) {
      eachLine(bytes, start, true, (from, to) => tell(facts, asObject(parseJson(decodeRange(bytes, from, to)))))
    }
    if ((facts.updatedAt !== null && facts.model !== null) || offset === 0 || length >= tailLimit) return facts
  }
})

const startOfDocument = Effect.fnUntraced(function* (path: string, size: number) {
  const files = yield* StoreFiles
  for (let length = windowBytes; ; length *= 8) {
    const bytes = yield* files.head(path, length)
    const facts = new HeadFacts()
    const ranges = elementsAt(bytes, 0, bytes.length, ["messages"]) ?? []
    if (ranges.length > 0) facts.metadata(documentStart(bytes, ranges[0]!.from) ?? {})
    for (const { from, to } of ranges) {
      tellMessage(facts, parseJson(decodeRange(bytes, from, to)))
      if (facts.firstPrompt !== null) break
    }
    if (knowsStart(facts) || length >= size || length >= promptLimit) return facts
  }
})

/** A document is written with two blanks for each level, and what was added later behind the messages. */
const endOfDocument = Effect.fnUntraced(function* (path: string) {
  const files = yield* StoreFiles
  const { bytes } = yield* files.tail(path, windowBytes)
  const text = decodeRange(bytes, 0, bytes.length)
  const facts = new HeadFacts()
  const last = (pattern: RegExp) => Array.from(text.matchAll(pattern)).at(-1)?.[1]
  const model = last(/^ {6}"model": ("[^"\n]*")/gm)
  const summary = last(/^ {2}"summary": ("(?:[^"\\\n]|\\.)*")/gm)
  facts.model = asString(parseJson(model ?? "null")) || null
  facts.summary = asString(parseJson(summary ?? "null")) || null
  return facts
})

/** Reads a short file whole. */
const surveyWhole = Effect.fnUntraced(function* (entry: SessionEntry) {
  const facts = new HeadFacts()
  const skipped = new SkipCounter()
  let drafts = 0
  const conversation = new Conversation(
    {
      metadata: (fields) => facts.metadata(fields),
      message: (message, made) => facts.message(message, made),
      draft: () => drafts++
    },
    skipped
  )
  yield* readInto(entry, conversation, skipped)
  return { start: facts, end: facts, isSpoken: conversation.isSpoken }
})

const surveyEnds = Effect.fnUntraced(function* ({ file: { path, size } }: SessionEntry) {
  const files = yield* StoreFiles
  const window = (yield* files.head(path, windowBytes)).slice()
  const isOne = isDocument(path, window)
  const start = isOne ? yield* startOfDocument(path, size) : yield* startOfLines(path, window)
  const end = isOne ? yield* endOfDocument(path) : yield* endOfLines(path)
  return { start, end, isSpoken: start.isSpoken || end.isSpoken }
})

/** The head of a session: of a short file from all of it unless it is to be brief, of a long one from both ends. */
export const survey = Effect.fnUntraced(function* (
  entry: SessionEntry,
  brief = false
): Effect.fn.Return<SessionHead, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const head = brief && entry.file.size <= wholeBytes ? yield* briefHead(entry, wholeBytes) : null
  if (head !== null) return head
  const parts = entry.file.size <= wholeBytes ? yield* surveyWhole(entry) : yield* surveyEnds(entry)
  return toHead(entry, { ...parts, cwd: cwdOf(files, entry, parts.start) })
})
