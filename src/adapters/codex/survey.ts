import * as Effect from "effect/Effect"
import type { FileStat, SessionEntry, SessionHead } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asciiUntilQuote, decodeRange, eachLine, eachLineBackward, findAscii } from "../support/bytes.ts"
import { asObject, asText, asTime, parseJson } from "../support/json.ts"
import { segmentsOf } from "./discover.ts"
import { draftsOf } from "./drafts.ts"
import { baseName, parseRolloutName, type Peek, peekItem, peekLine, type Rollout, toRollout } from "./format.ts"
import { type Meta, metaOf } from "./meta.ts"

/** Instructions, permissions and the state of the world come before the prompt: about 50 KB in 0.169. */
const headBytes = 64 * 1024
const tailBytes = 32 * 1024
/** Enough for the first line with its instructions, and for what was said last. */
const briefBytes = 32 * 1024
const tailLimit = 32 * 1024 * 1024
/** How far the first prompt is looked for: behind the largest line that is to be expected. */
const promptLimit = 64 * 1024 * 1024

/** Events that say what a human said. */
const isPromptEvent = (bytes: Uint8Array, peek: Peek): boolean =>
  peek.payloadType === "user_message" ||
  (peek.payloadType === "item_completed" && peekItem(bytes, peek) === "UserMessage")

/** Instructions of 10 KB and more, none of which is a prompt. */
const isDeveloper = (bytes: Uint8Array, { payloadAt, payloadType }: Peek): boolean =>
  payloadType === "message" && findAscii(bytes, '"role":"developer"', payloadAt, payloadAt + 150) >= 0

const instructions = '"base_instructions":{"text":"'

/** Parses a line without its 20 KB of base instructions, which take longer than all the rest. */
const parseMeta = (text: string): unknown => {
  const start = text.indexOf(instructions)
  if (start < 0) return parseJson(text)
  const from = start + instructions.length
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++
    if (slashes % 2 === 1) continue
    return parseJson(text.slice(0, from) + text.slice(end)) ?? parseJson(text)
  }
  return parseJson(text)
}

/** Gathers what the beginning of a file tells, line by line. */
class HeadScan {
  meta: Meta | null = null
  model: string | null = null
  firstPrompt: string | null = null
  /** Something was said by anybody but the system. */
  spoken = false
  #items = false
  #eventPrompt: string | null = null
  #environmentCwd: string | null = null
  readonly #end: number

  /** Records with an ordinal from `end` on do not belong to the history that is asked for. */
  constructor(end: number) {
    this.#end = end
  }

  get cwd(): string | null {
    return this.meta?.cwd ?? this.#environmentCwd
  }

  /** In a file that has only events, the prompt is one. */
  get prompt(): string | null {
    return this.firstPrompt ?? (this.#items ? null : this.#eventPrompt)
  }

  get isSpoken(): boolean {
    return this.spoken || (!this.#items && this.#eventPrompt !== null)
  }

  /** Takes a line; false once there is nothing left to find. */
  take(bytes: Uint8Array, from: number, to: number): boolean {
    const peek = peekLine(bytes, from)
    if (peek !== null) {
      if (peek.type !== "session_meta" && peek.ordinal !== null && peek.ordinal >= this.#end) return false
      if (!this.#wants(bytes, peek)) return true
    }
    const text = decodeRange(bytes, from, to)
    const record = toRollout(peek?.type === "session_meta" ? parseMeta(text) : parseJson(text))
    if (typeof record === "string") return true
    if (record.type !== "session_meta" && record.ordinal !== null && record.ordinal >= this.#end) return false
    this.#record(record)
    return this.meta === null || this.firstPrompt === null || this.model === null
  }

  #wants(bytes: Uint8Array, peek: Peek): boolean {
    switch (peek.type) {
      case "session_meta":
        return this.meta === null
      case "turn_context":
        return this.model === null
      case "response_item":
        return this.firstPrompt === null && !isDeveloper(bytes, peek)
      case "event_msg":
        return !this.#items && this.#eventPrompt === null && isPromptEvent(bytes, peek)
    }
    return false
  }

  #record(record: Rollout): void {
    if (record.type === "session_meta") this.meta ??= metaOf(record)
    else if (record.type === "turn_context") this.model ??= asText(record.payload["model"])
    else if (record.type === "response_item" || record.type === "event_msg") this.#drafts(record)
  }

  #drafts(record: Rollout): void {
    const events = record.type === "event_msg"
    const drafts = draftsOf(record, { subagent: this.meta?.kind === "subagent", events })
    if (typeof drafts === "string") return
    if (!events) this.#items = true
    for (const { role, text } of drafts) {
      if (events) {
        if (role === "user") this.#eventPrompt ??= asText(text)
        continue
      }
      if (role !== "system") this.spoken = true
      else
        this.#environmentCwd ??=
          /^\s*<environment_context>[^]*?<cwd>([^<]+)<\/cwd>/.exec(text.slice(0, 8192))?.[1] ?? null
      if (role === "user") this.firstPrompt ??= asText(text)
    }
  }
}

/** Reads the beginning of a file, and further only where the prompt has not come yet. */
const scanHead = Effect.fnUntraced(function* (file: FileStat, end: number, window: Uint8Array, whole: boolean) {
  const files = yield* StoreFiles
  const scan = new HeadScan(end)
  let more = true
  const from = eachLine(window, 0, whole, (at, to) => (more = scan.take(window, at, to)))
  if (whole || !more || (scan.meta !== null && scan.firstPrompt !== null)) return scan
  yield* files.lines(
    file.path,
    ({ bytes, offset }) =>
      bytes.length === 0 ||
      (offset < promptLimit && scan.take(bytes, 0, bytes.length) && (scan.meta === null || scan.firstPrompt === null)),
    { from }
  )
  return scan
})

const isCompressed = (file: FileStat): boolean => parseRolloutName(baseName(file.path))?.compressed === true

/** The first bytes of a file, all of it where it is short or compressed: a second look would inflate it once more. */
const windowOf = Effect.fnUntraced(function* (file: FileStat) {
  const files = yield* StoreFiles
  const compressed = isCompressed(file)
  const bytes = yield* files.head(file.path, compressed ? Infinity : headBytes)
  return { bytes, whole: compressed || bytes.length < headBytes }
})

/** What the first `session_meta` of a file says; null where there is none at its beginning. */
export const readMeta = Effect.fnUntraced(function* (file: FileStat) {
  const files = yield* StoreFiles
  let meta: Meta | null = null
  const take = (bytes: Uint8Array, from: number, to: number): boolean => {
    const peek = peekLine(bytes, from)
    if (peek !== null && peek.type !== "session_meta") return true
    const record = toRollout(parseMeta(decodeRange(bytes, from, to)))
    if (typeof record !== "string" && record.type === "session_meta") meta = metaOf(record)
    return meta === null
  }
  const { bytes, whole } = yield* windowOf(file)
  const from = eachLine(bytes, 0, whole, (at, to) => take(bytes, at, to))
  if (from === 0 && !whole) {
    yield* files.lines(
      file.path,
      (line) => line.bytes.length === 0 || (take(line.bytes, 0, line.bytes.length) && false)
    )
  }
  return meta as Meta | null
})

interface TailFacts {
  readonly time: number | null
  readonly model: string | null
}

/** The last record's time and the last turn's model. Lines in an odd order are parsed, up to a number of them. */
const tailFacts = (bytes: Uint8Array, atStart: boolean): TailFacts => {
  let time: number | null = null
  let model: string | null = null
  let parsed = 0
  eachLineBackward(bytes, bytes.length, atStart, (from, to) => {
    const peek = peekLine(bytes, from)
    if (peek === null) {
      if (time !== null || parsed++ >= 16) return time === null || model === null
      const record = asObject(parseJson(decodeRange(bytes, from, to)))
      if (asText(record?.["type"]) !== null && record !== null && "payload" in record)
        time = asTime(record["timestamp"])
    } else {
      time ??= asTime(asciiUntilQuote(bytes, peek.timeAt, 40))
      if (peek.type === "turn_context") {
        const record = toRollout(parseJson(decodeRange(bytes, from, to)))
        if (typeof record !== "string") model = asText(record.payload["model"])
      }
    }
    return time === null || model === null
  })
  return { time, model }
}

const scanTail = Effect.fnUntraced(function* (file: FileStat) {
  const files = yield* StoreFiles
  for (let size = tailBytes; ; size *= 8) {
    const { bytes, offset } = yield* files.tail(file.path, size)
    const facts = tailFacts(bytes, offset === 0)
    if (facts.time !== null || offset === 0 || size >= tailLimit) return facts
  }
})

const maxSegments = 200

/** The beginnings of earlier segments of the same thread: a revert leaves the first prompt and the start there. */
const earlierSegments = Effect.fnUntraced(function* (entry: SessionEntry, own: HeadScan) {
  const scans: Array<HeadScan> = []
  const left = new Map(segmentsOf(entry).map((file) => [parseRolloutName(baseName(file.path))?.segmentId, file]))
  let base = own.meta?.historyBase ?? null
  let end = Infinity
  while (base !== null && scans.length < maxSegments) {
    const file = left.get(base.id)
    if (file === undefined) break
    left.delete(base.id)
    end = Math.min(end, base.endOrdinal)
    const scan = yield* windowOf(file).pipe(
      Effect.flatMap((window) => scanHead(file, end, window.bytes, window.whole)),
      Effect.catch(() => Effect.succeed(null))
    )
    if (scan === null) break
    scans.unshift(scan)
    base = scan.meta?.historyBase ?? null
  }
  return scans
})

/** Whether something that was not said by the system stands in these lines. */
const isSpokenIn = (bytes: Uint8Array): boolean => {
  let spoken = false
  eachLineBackward(bytes, bytes.length, false, (from, to) => {
    const peek = peekLine(bytes, from)
    if (peek?.type !== "response_item" || isDeveloper(bytes, peek)) return true
    const record = toRollout(parseJson(decodeRange(bytes, from, to)))
    if (typeof record === "string") return true
    const drafts = draftsOf(record, { subagent: false, events: false })
    spoken = typeof drafts !== "string" && drafts.some(({ role }) => role !== "system")
    return !spoken
  })
  return spoken
}

/** The thread that this one was forked from, as its first line says. */
const forkOf = (entry: SessionEntry, meta: Meta | null): string | null => {
  const origin = meta?.forkedFrom?.toLowerCase() ?? null
  return origin === entry.id ? null : origin
}

/**
 * The head of a long session without its first prompt: its first line, and its last ones, in which somebody speaks.
 * Null where they do not say enough.
 */
const briefSurvey = Effect.fnUntraced(function* (entry: SessionEntry) {
  const { file } = entry
  if (isCompressed(file) || file.size < 2 * briefBytes || segmentsOf(entry).length > 0) return null
  const files = yield* StoreFiles
  return yield* files.ends(file.path, { head: briefBytes, tail: briefBytes / 2 }, ({ head, tail }) => {
    const scan = new HeadScan(Infinity)
    eachLine(head, 0, false, (from, to) => scan.take(head, from, to) && scan.meta === null)
    const { meta } = scan
    if (meta === null || meta.cwd === null) return null
    const { model, time } = tailFacts(tail, false)
    if (time === null || !isSpokenIn(tail)) return null
    return {
      cwd: meta.cwd,
      createdAt: meta.createdAt,
      updatedAt: time,
      isEmpty: false,
      kind: meta.kind === "subagent" ? "subagent" : entry.kind,
      parentId: meta.parentId ?? entry.parentId,
      gitBranch: meta.gitBranch,
      model,
      title: null,
      firstPrompt: null,
      forkedFrom: forkOf(entry, meta)
    } satisfies SessionHead
  })
})

/** The head of a session from the first and last bytes of its file. */
export const survey = Effect.fnUntraced(function* (entry: SessionEntry, brief = false) {
  const briefly = brief ? yield* briefSurvey(entry) : null
  if (briefly !== null) return briefly
  const { file } = entry
  const { bytes, whole } = yield* windowOf(file)
  const own = yield* scanHead(file, Infinity, bytes, whole)
  const tail = whole ? tailFacts(bytes, true) : yield* scanTail(file)
  const scans = [...(yield* earlierSegments(entry, own)), own]
  const first = <A>(pick: (scan: HeadScan) => A | null): A | null =>
    scans.reduce<A | null>((found, scan) => found ?? pick(scan), null)
  const { meta } = own
  const createdAt = first((scan) => scan.meta?.createdAt ?? null)
  return {
    cwd: first((scan) => scan.cwd),
    createdAt,
    // Until 0.20 only the first line had a time.
    updatedAt: tail.time ?? own.meta?.createdAt ?? Math.floor(file.mtimeMs),
    // The history that a fork took over is in another file, and never empty.
    isEmpty: !scans.some((scan) => scan.isSpoken) && (meta === null || meta.historyBase === null),
    kind: meta?.kind === "subagent" ? "subagent" : entry.kind,
    parentId: meta?.parentId ?? entry.parentId,
    gitBranch: first((scan) => scan.meta?.gitBranch ?? null),
    model: tail.model ?? own.model ?? first((scan) => scan.model),
    title: null,
    firstPrompt: first((scan) => scan.prompt),
    forkedFrom: forkOf(entry, meta)
  } satisfies SessionHead
})
