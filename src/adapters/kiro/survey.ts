import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine, eachLineBackward } from "../support/bytes.ts"
import { asArray, asObject, asText, type Json, parseJson } from "../support/json.ts"
import { detailsOf } from "./database.ts"
import { readDocument } from "./documents.ts"
import { eventDrafts } from "./drafts-events.ts"
import { chatDrafts, historyItems } from "./drafts-ide.ts"
import { turnDrafts } from "./drafts-turns.ts"
import { isKiroEntry, type KiroEntry, modelOf, objectIn, timeOf, timeOfSeconds } from "./format.ts"

const headBytes = 64 * 1024
const tailBytes = 32 * 1024
const tailLimit = 32 * 1024 * 1024
/** How far the first prompt is looked for: behind the largest line that is to be expected. */
const promptLimit = 64 * 1024 * 1024
/** Every turn adds its credits to the metadata of V2. */
const metadataLimit = 64 * 1024 * 1024

/** Gathers what the first records tell. */
class HeadScan {
  firstTime: number | null = null
  firstPrompt: string | null = null
  spoken = false
  readonly #isEvents: boolean

  constructor({ generation }: KiroEntry) {
    this.#isEvents = generation === "events"
  }

  take(bytes: Uint8Array, from: number, to: number): void {
    const record = asObject(parseJson(decodeRange(bytes, from, to)))
    if (record === null) return
    const time = this.#isEvents
      ? timeOf(record["timestamp"])
      : timeOfSeconds(asObject(asObject(record["data"])?.["meta"])?.["timestamp"])
    this.firstTime ??= time
    for (const { role, text } of this.#drafts(record)) {
      this.spoken = true
      if (role === "user") this.firstPrompt ??= asText(text)
    }
  }

  #drafts(record: Json): ReadonlyArray<Draft> {
    try {
      return this.#isEvents ? eventDrafts(record, null) : turnDrafts(record, null)
    } catch {
      // The input of a call may be nested deeper than JSON.stringify can go.
      return []
    }
  }
}

const scanHead = Effect.fnUntraced(function* (entry: KiroEntry) {
  const files = yield* StoreFiles
  const scan = new HeadScan(entry)
  if (!entry.hasRecords) return scan
  const bytes = yield* files.head(entry.file.path, headBytes)
  const whole = bytes.length < headBytes
  const from = eachLine(bytes, 0, whole, (start, end) => {
    scan.take(bytes, start, end)
    return scan.firstPrompt === null
  })
  if (whole || scan.firstPrompt !== null) return scan
  yield* files.lines(
    entry.file.path,
    (line) => {
      if (line.bytes.length > 0) scan.take(line.bytes, 0, line.bytes.length)
      return scan.firstPrompt === null && line.offset < promptLimit
    },
    { from }
  )
  return scan
})

/** The time of the last event. */
const lastTime = Effect.fnUntraced(function* (path: string) {
  const files = yield* StoreFiles
  for (let size = tailBytes; ; size *= 8) {
    const { bytes, offset } = yield* files.tail(path, size)
    let time: number | null = null
    eachLineBackward(bytes, bytes.length, offset === 0, (from, to) => {
      time = timeOf(asObject(parseJson(decodeRange(bytes, from, to)))?.["timestamp"])
      return time === null
    })
    if (time !== null || offset === 0 || size >= tailLimit) return time as number | null
  }
})

const metadataOf = (files: StoreFiles["Service"], path: string | null): Json => {
  if (path === null) return {}
  try {
    return objectIn(files.textSync(path, metadataLimit)) ?? {}
  } catch {
    // The records are there without it.
    return {}
  }
}

const base = (entry: KiroEntry): SessionHead => ({
  cwd: entry.cwd,
  createdAt: entry.createdAt,
  updatedAt: Math.floor(entry.file.mtimeMs),
  isEmpty: false,
  kind: entry.kind,
  parentId: entry.parentId,
  gitBranch: null,
  model: null,
  title: entry.indexTitle,
  firstPrompt: null,
  forkedFrom: null
})

const surveyEvents = Effect.fnUntraced(function* (entry: KiroEntry) {
  const files = yield* StoreFiles
  const session = metadataOf(files, entry.metadata)
  const scan = yield* scanHead(entry)
  const last = entry.hasRecords ? yield* lastTime(entry.file.path) : null
  const written = timeOf(session["lastModifiedAt"])
  // The session's own file may lag behind its events.
  const updatedAt = last !== null && written !== null ? Math.max(last, written) : (last ?? written)
  return {
    ...base(entry),
    cwd: asText(asArray(session["workspacePaths"])[0]),
    createdAt: timeOf(session["createdAt"]) ?? scan.firstTime,
    updatedAt: updatedAt ?? Math.floor(entry.file.mtimeMs),
    isEmpty: !scan.spoken,
    model: modelOf(session["modelId"]),
    title: asText(session["title"]),
    firstPrompt: scan.firstPrompt
  } satisfies SessionHead
})

const surveyTurns = Effect.fnUntraced(function* (entry: KiroEntry) {
  const files = yield* StoreFiles
  const session = metadataOf(files, entry.metadata)
  const scan = yield* scanHead(entry)
  const model = asObject(asObject(session["session_state"])?.["rts_model_state"])
  return {
    ...base(entry),
    cwd: asText(session["cwd"]),
    createdAt: timeOf(session["created_at"]) ?? scan.firstTime,
    updatedAt: timeOf(session["updated_at"]) ?? Math.floor(entry.file.mtimeMs),
    isEmpty: !scan.spoken,
    model: modelOf(asObject(model?.["model_info"])?.["model_id"]),
    title: asText(session["title"]),
    firstPrompt: scan.firstPrompt
  } satisfies SessionHead
})

const surveyDatabase = Effect.fnUntraced(function* (entry: KiroEntry, brief: boolean) {
  const row = entry.row!
  const details = brief ? { model: null, firstPrompt: null } : yield* detailsOf(entry)
  return {
    ...base(entry),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt ?? row.createdAt ?? Math.floor(entry.file.mtimeMs),
    isEmpty: row.isEmpty,
    ...details
  } satisfies SessionHead
})

/** Documents are parsed whole: nothing says how far in they tell what. */
const surveyDocument = Effect.fnUntraced(function* (entry: KiroEntry) {
  const document = (yield* readDocument(entry.file.path)) ?? {}
  const isChat = entry.generation === "chat"
  const drafts = isChat ? chatDrafts(document, null) : historyItems(document, null).flatMap((item) => item.drafts)
  const firstPrompt = drafts.find(({ role, text }) => role === "user" && asText(text) !== null)?.text ?? null
  const head = { ...base(entry), isEmpty: drafts.length === 0, firstPrompt }
  if (!isChat) {
    return {
      ...head,
      cwd: asText(document["workspaceDirectory"]) ?? entry.cwd,
      model: modelOf(document["selectedModel"]),
      title: asText(document["title"]) ?? entry.indexTitle
    } satisfies SessionHead
  }
  const metadata = asObject(document["metadata"])
  const start = timeOf(metadata?.["startTime"])
  return {
    ...head,
    createdAt: entry.createdAt ?? start,
    updatedAt: timeOf(metadata?.["endTime"]) ?? start ?? head.updatedAt,
    model: modelOf(metadata?.["modelId"])
  } satisfies SessionHead
})

/** The entry as `discover` made it. */
export const ownEntry = (entry: SessionEntry): Effect.Effect<KiroEntry, FileError> =>
  isKiroEntry(entry)
    ? Effect.succeed(entry)
    : Effect.fail(new FileError({ path: entry.file.path, reason: "no entry of Kiro" }))

/** The head of a session, in the way of its store. */
export const survey = Effect.fnUntraced(function* (given: SessionEntry, brief = false) {
  const entry = yield* ownEntry(given)
  switch (entry.generation) {
    case "events":
      return yield* surveyEvents(entry)
    case "turns":
      return yield* surveyTurns(entry)
    case "database":
      return yield* surveyDatabase(entry, brief)
    default:
      return yield* surveyDocument(entry)
  }
})
