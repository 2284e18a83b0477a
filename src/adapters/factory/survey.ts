import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asciiUntilQuote, decodeRange, eachLine, eachLineBackward, findAscii, hasAscii } from "../support/bytes.ts"
import { asObject, asText, asTime, type Json, parseJson } from "../support/json.ts"
import { isSide } from "./discover.ts"
import { recordDrafts } from "./drafts.ts"
import { modelOf, timeOf } from "./format.ts"
import { type Header, headerOf, titleOfPrompt } from "./header.ts"
import { readSettings, type SessionSettings } from "./settings.ts"

/** Reminders of skills, tools and the machine come before the prompt: about 20 KB in 0.225. */
const headBytes = 64 * 1024
const tailBytes = 32 * 1024
const tailLimit = 32 * 1024 * 1024
/** How far the first prompt is looked for: behind the largest line that is to be expected. */
const promptLimit = 64 * 1024 * 1024
/** Lines from the end that are parsed for a model, where the settings name none. */
const modelLines = 200

/** Tags of sessions that others started: subagents, workers of a mission, side questions. */
const subagentTags = ["subagent", "mission-worker", "btw-fork"]

/** Gathers what the beginning of a file tells, record by record. */
class HeadScan {
  header: Header | null = null
  createdAt: number | null = null
  model: string | null = null
  firstPrompt: string | null = null
  /** Something was said by anybody but the tool. */
  spoken = false

  get knowsStart(): boolean {
    return this.header !== null && this.firstPrompt !== null
  }

  take(bytes: Uint8Array, from: number, to: number): void {
    const record = asObject(parseJson(decodeRange(bytes, from, to)))
    if (record === null) return
    if (record["type"] === "session_start") this.header ??= headerOf(record)
    else this.#message(record)
  }

  #message(record: Json): void {
    const drafts = recordDrafts(record, null)
    if (record["type"] === "message") {
      this.createdAt ??= timeOf(record["timestamp"])
      this.model ??= modelOf(asObject(record["message"]) ?? {})
    }
    for (const { role, text } of drafts) {
      if (role !== "system") this.spoken = true
      if (role === "user") this.firstPrompt ??= asText(text)
    }
  }
}

/** Reads on behind the first bytes of a file only where the prompt has not come yet. */
const scanHead = Effect.fnUntraced(function* (
  path: string,
  bytes: Uint8Array,
  whole: boolean
): Effect.fn.Return<HeadScan, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const scan = new HeadScan()
  const from = eachLine(bytes, 0, whole, (at, to) => {
    scan.take(bytes, at, to)
    return !(scan.knowsStart && scan.createdAt !== null)
  })
  if (whole || scan.knowsStart) return scan
  yield* files.lines(
    path,
    (line) => {
      if (line.bytes.length > 0) scan.take(line.bytes, 0, line.bytes.length)
      return !scan.knowsStart && line.offset < promptLimit
    },
    { from }
  )
  return scan
})

const closingBrace = 0x7d

/** The time of a whole line whose first fields are in the usual order, without a parse; null where they are not. */
const timeInFront = (bytes: Uint8Array, from: number, to: number): number | null => {
  if (bytes[to - 1] !== closingBrace || !hasAscii(bytes, from, '{"type":"message","')) return null
  const key = '"timestamp":"'
  const end = Math.min(to, from + 400)
  const at = findAscii(bytes, key, from, end)
  if (at < 0 || findAscii(bytes, '"message":{', from, at) >= 0) return null
  return asTime(asciiUntilQuote(bytes, at + key.length, 40))
}

interface TailFacts {
  readonly time: number | null
  readonly model: string | null
}

/** The last time in a window, and the last model if that is wanted. */
const tailFacts = (bytes: Uint8Array, atStart: boolean, wantsModel: boolean): TailFacts => {
  let time: number | null = null
  let model: string | null = null
  let lines = 0
  eachLineBackward(bytes, bytes.length, atStart, (from, to) => {
    if (!wantsModel) time = timeInFront(bytes, from, to)
    if (time === null || wantsModel) {
      const record = asObject(parseJson(decodeRange(bytes, from, to)))
      time ??= timeOf(record?.["timestamp"])
      model ??= modelOf(asObject(record?.["message"]) ?? {})
    }
    return time === null || (wantsModel && model === null && ++lines < modelLines)
  })
  return { time, model }
}

const scanTail = Effect.fnUntraced(function* (
  path: string,
  wantsModel: boolean
): Effect.fn.Return<TailFacts, FileError, StoreFiles> {
  const files = yield* StoreFiles
  for (let size = tailBytes; ; size *= 8) {
    const { bytes, offset } = yield* files.tail(path, size)
    const facts = tailFacts(bytes, offset === 0, wantsModel)
    if (facts.time !== null || offset === 0 || size >= tailLimit) return facts
  }
})

/** The head of a session, and what it was made of. */
export interface Survey {
  readonly head: SessionHead
  readonly header: Header | null
  readonly settings: SessionSettings
}

const other = (entry: SessionEntry, id: string | null | undefined): string | null =>
  id === undefined || id === entry.id ? null : id

/** Whether another session started this one. */
const isSubagent = (entry: SessionEntry, header: Header | null, { tags }: SessionSettings): boolean =>
  entry.kind === "subagent" ||
  isSide(entry.file.path) ||
  other(entry, header?.callingSessionId) !== null ||
  header?.isWorker === true ||
  subagentTags.some((tag) => tags.has(tag))

/** The session that `--fork` or `/fork` copied; a subagent's `parent` is its caller unless it is a fork itself. */
const forkOf = (entry: SessionEntry, header: Header | null, isAgent: boolean): string | null =>
  header !== null && (header.isFork || !isAgent) ? other(entry, header.parent) : null

/** Reads both ends of a transcript and the settings beside it. */
export const surveyWhole = Effect.fnUntraced(function* (
  entry: SessionEntry
): Effect.fn.Return<Survey, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const { file } = entry
  const settings = readSettings(files, file.path)
  const wantsModel = settings.model === null
  const bytes = yield* files.head(file.path, headBytes)
  const whole = bytes.length < headBytes
  const start = yield* scanHead(file.path, bytes, whole)
  const end = whole ? tailFacts(bytes, true, wantsModel) : yield* scanTail(file.path, wantsModel)
  const { header } = start
  const subagent = isSubagent(entry, header, settings)
  const parentId = entry.parentId ?? other(entry, header?.callingSessionId) ?? other(entry, header?.parent)
  const head: SessionHead = {
    cwd: header?.cwd ?? null,
    createdAt: start.createdAt ?? header?.createdAt ?? null,
    updatedAt: end.time ?? Math.floor(file.mtimeMs),
    isEmpty: !start.spoken,
    kind: subagent ? "subagent" : "session",
    parentId: subagent ? parentId : null,
    gitBranch: settings.branch,
    model: settings.model ?? end.model ?? start.model,
    title: header?.title ?? (start.firstPrompt === null ? null : titleOfPrompt(start.firstPrompt)),
    firstPrompt: start.firstPrompt,
    forkedFrom: forkOf(entry, header, subagent)
  }
  return { head, header, settings }
})

export const survey = (entry: SessionEntry) => Effect.map(surveyWhole(entry), ({ head }) => head)

/** Enough for the first line of a transcript. */
const headerBytes = 4096

/** The header of a transcript; null where it cannot be read. */
export const readHeader = Effect.fnUntraced(function* (path: string) {
  const files = yield* StoreFiles
  const bytes = yield* files.head(path, headerBytes).pipe(Effect.catch(() => Effect.succeed(new Uint8Array())))
  let header: Header | null = null
  eachLine(bytes, 0, bytes.length < headerBytes, (from, to) => {
    const record = asObject(parseJson(decodeRange(bytes, from, to)))
    if (record?.["type"] === "session_start") header = headerOf(record)
    return header === null
  })
  return header as Header | null
})
