import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions, StoreServices } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { trackedFiles } from "./database.ts"
import { DocumentReader } from "./documents.ts"
import { eventDrafts } from "./drafts-events.ts"
import { turnDrafts } from "./drafts-turns.ts"
import type { KiroEntry } from "./format.ts"
import { Ledger } from "./ledger.ts"
import { ownEntry, survey } from "./survey.ts"

const recordDrafts = ({ generation }: KiroEntry, record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  try {
    return generation === "events" ? eventDrafts(record, skipped) : turnDrafts(record, skipped)
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("record nested too deeply")
    return []
  }
}

type Add = (draft: Draft, place: Place, part: number) => void

const takeLine = (entry: KiroEntry, line: Line, skipped: SkipCounter, add: Add): void => {
  if (line.bytes.length === 0) return
  const text = line.text()
  const value = parseJson(text)
  const record = asObject(value)
  if (value === undefined) {
    if (text.trim() !== "") skipped.add(line.complete ? "invalid JSON" : "torn last line")
  } else if (record === null) skipped.add("not a record")
  else {
    const place: Place = { file: 0, offset: line.offset, length: line.bytes.length }
    for (const [part, draft] of recordDrafts(entry, record, skipped).entries()) add(draft, place, part)
  }
}

/** The drafts of the record in these bytes. */
const draftsIn = (entry: KiroEntry, bytes: Uint8Array): ReadonlyArray<Draft> => {
  const record = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
  return record === null ? [] : recordDrafts(entry, record, null)
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
    if (entry.hasRecords) yield* files.lines(entry.file.path, (line) => takeLine(entry, line, skipped, add))
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
