import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions, StoreServices } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, eachLine } from "../support/bytes.ts"
import { asObject, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { trackedFiles } from "./database.ts"
import { DocumentReader } from "./documents.ts"
import { eventDrafts, isSilentEvent, runDrafts, runOf } from "./drafts-events.ts"
import { turnDrafts } from "./drafts-turns.ts"
import type { KiroEntry } from "./format.ts"
import { Ledger } from "./ledger.ts"
import { ownEntry, survey } from "./survey.ts"

/** Bytes of an answer's pieces that become one message. */
const longestRun = 1024 * 1024

interface Run {
  readonly key: string
  readonly offset: number
  readonly records: Array<Json>
  end: number
}

type Add = (draft: Draft, place: Place, part: number) => void

/** Makes drafts of lines. Pieces of one answer, which the harness V3 writes as they come, become one message. */
class LineCollector {
  readonly #isEvents: boolean
  readonly #add: Add
  readonly #skipped: SkipCounter
  #run: Run | null = null

  constructor({ generation }: KiroEntry, skipped: SkipCounter, add: Add) {
    this.#isEvents = generation === "events"
    this.#skipped = skipped
    this.#add = add
  }

  line(line: Line): void {
    if (line.bytes.length === 0) return
    const text = line.text()
    const value = parseJson(text)
    if (value === undefined) {
      if (text.trim() === "") return
      this.#skipped.add(line.complete ? "invalid JSON" : "torn last line")
    }
    const record = asObject(value)
    if (record === null) {
      this.flush()
      if (value !== undefined) this.#skipped.add("not a record")
      return
    }
    if (!this.#isEvents) {
      this.#record(turnDrafts(record, this.#skipped), line.offset, line.bytes.length)
      return
    }
    this.#event(record, line.offset, line.bytes.length)
  }

  #event(record: Json, offset: number, length: number): void {
    const key = runOf(record)
    const run = this.#run
    if (key !== null && run?.key === key && offset - run.offset < longestRun) {
      run.records.push(record)
      run.end = offset + length
    } else if (key !== null) {
      this.flush()
      this.#run = { key, offset, records: [record], end: offset + length }
    } else {
      if (!isSilentEvent(record)) this.flush()
      this.#record(eventDrafts(record, this.#skipped), offset, length)
    }
  }

  flush(): void {
    const run = this.#run
    this.#run = null
    if (run !== null) this.#record(runDrafts(run.records), run.offset, run.end - run.offset)
  }

  #record(drafts: ReadonlyArray<Draft>, offset: number, length: number): void {
    for (const [part, draft] of drafts.entries()) this.#add(draft, { file: 0, offset, length }, part)
  }
}

/** The drafts of the record, or of the run of records, in these bytes. */
const draftsIn = (entry: KiroEntry, bytes: Uint8Array): ReadonlyArray<Draft> => {
  const records: Array<Json> = []
  eachLine(bytes, 0, true, (from, to) => {
    const record = asObject(parseJson(decodeRange(bytes, from, to)))
    if (record !== null) records.push(record)
  })
  const [record] = records
  if (record === undefined) return []
  if (entry.generation === "turns") return turnDrafts(record, null)
  return runOf(record) === null ? eventDrafts(record, null) : runDrafts(records)
}

/** Makes the drafts of a document again, and keeps those of the last one: messages are asked for in order. */
const documentAgain = (reader: DocumentReader, run: <A, E>(effect: Effect.Effect<A, E, StoreServices>) => A) => {
  let unit = -1
  let drafts: ReadonlyArray<Draft> = []
  return ({ length, offset }: Place): ReadonlyArray<Draft> => {
    if (unit !== offset) {
      drafts = run(reader.again(offset))
      unit = offset
    }
    // The part that is wanted is in `length`, so that one document is not copied for each of its messages.
    const draft = drafts[length]
    return draft === undefined ? [] : [draft]
  }
}

/** A whole session. Nothing in it has branches. */
export const load = Effect.fnUntraced(function* (given: SessionEntry, discovery: Discovery, options: LoadOptions) {
  const entry = yield* ownEntry(given)
  const context = yield* Effect.context<StoreServices>()
  const files = yield* StoreFiles
  const head = yield* survey(entry)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const skipped = new SkipCounter()
  const children = discovery.entries.filter(({ parentId }) => parentId === entry.id).map(({ id }) => id)
  const ledger = new Ledger(head.cwd, children)
  const add: Add = (draft, place, part) => {
    ledger.take(draft)
    builder.add(draft, place, part)
  }
  let reparse = ({ length, offset }: Place): ReadonlyArray<Draft> =>
    draftsIn(entry, files.readSync(entry.file.path, offset, length))
  if (entry.generation === "events" || entry.generation === "turns") {
    const collector = new LineCollector(entry, skipped, add)
    if (entry.hasRecords) yield* files.lines(entry.file.path, (line) => collector.line(line))
    collector.flush()
  } else {
    const reader = new DocumentReader(entry)
    yield* reader.each(skipped, (draft, unit, part) => add(draft, { file: 0, offset: unit, length: part }, 0))
    if (entry.generation === "database") for (const path of yield* trackedFiles(entry)) ledger.file(path)
    reparse = documentAgain(reader, Effect.runSyncWith(context))
  }
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: { tokenUsage: null, filesModified: ledger.files, subagents: ledger.agents, forkedFrom: null },
    skipped: skipped.list
  })
})
