import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, type Json, parseJson } from "../support/json.ts"
import { Collector } from "./collector.ts"
import { draftsOf } from "./drafts.ts"
import { type GooseEntry, isGooseEntry, type Usage } from "./format.ts"
import { isHeader, messageOf, recordOf, surveyFile } from "./legacy.ts"
import { ledgerOf, type MessageReader, readerIn, reading } from "./reader.ts"
import { ownEntry, survey } from "./survey.ts"
import { largerOf, spentOf, sumOf, usageOf } from "./usage.ts"

/** Messages made again at one opening of the store, and the UTF-16 units of their text at which it is enough. */
const windowMessages = 64
const windowChars = 1024 * 1024

/** Drafts, by row, of the messages from that of `row` on: whoever asks for one again will ask for the next. */
const windowAt = ({ at, rows }: MessageReader, row: number): Map<number, ReadonlyArray<Draft>> => {
  const drafts = new Map<number, ReadonlyArray<Draft>>()
  let chars = 0
  for (let index = rows.indexOf(row); index >= 0 && index < rows.length; index++) {
    if (drafts.size >= windowMessages || chars >= windowChars) break
    const made = draftsOf(at(rows[index]!), null)
    drafts.set(rows[index]!, made)
    chars += made.reduce((sum, { text }) => sum + text.length, 0)
  }
  return drafts
}

const startOf = ({ info }: GooseEntry): number => info?.createdAt ?? 0

/** Agents whose rows name this session, oldest first; within a second in the order of their numbers. */
const childrenOf = (entry: GooseEntry, { entries }: Discovery): ReadonlyArray<GooseEntry> =>
  entries
    .filter(isGooseEntry)
    .filter(({ kind, parentId }) => parentId === entry.id && kind === "subagent")
    .sort((a, b) => startOf(a) - startOf(b) || a.id.length - b.id.length || (a.id < b.id ? -1 : 1))

const loadRows = Effect.fnUntraced(function* (entry: GooseEntry, collector: Collector) {
  const context = yield* Effect.context<Sqlite>()
  const { path } = entry.file
  const { calls, rows } = yield* reading(path, (database) => {
    const { at, rows } = readerIn(database, entry.id)
    for (const row of rows) collector.take(at(row), { file: 0, offset: row, length: 1 })
    return { calls: ledgerOf(database, entry.id), rows }
  })
  const read = Effect.runSyncWith(context)
  let window = new Map<number, ReadonlyArray<Draft>>()
  const reparse = ({ offset }: Place): ReadonlyArray<Draft> => {
    if (!window.has(offset)) {
      window = read(reading(path, (database) => windowAt(readerIn(database, entry.id, rows), offset)))
    }
    return window.get(offset) ?? []
  }
  return { reparse, usage: largerOf(sumOf(calls), entry.info?.usage ?? null), spent: spentOf(calls) }
})

const loadLines = Effect.fnUntraced(function* (entry: GooseEntry, header: Json | null, collector: Collector) {
  const files = yield* StoreFiles
  const { path } = entry.file
  let headed = false
  yield* files.lines(path, (line) => {
    const record = recordOf(line, collector.skips)
    if (record === null) return
    const message = messageOf(record)
    if (message !== null) collector.take(message, { file: 0, offset: line.offset, length: line.bytes.length })
    else if (!headed && isHeader(record)) headed = true
    else collector.skips.add("unknown record")
  })
  const reparse = ({ length, offset }: Place): ReadonlyArray<Draft> => {
    const bytes = files.readSync(path, offset, length)
    const record = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
    const message = record === null ? null : messageOf(record)
    return message === null ? [] : draftsOf(message, null)
  }
  const usage: Usage | null = header === null ? null : (usageOf(header, "accumulated_") ?? usageOf(header))
  return { reparse, usage, spent: [] }
})

/** The whole session. Sessions of goose have no branches: forks are copies that do not say where they come from. */
export const load = Effect.fnUntraced(function* (given: SessionEntry, discovery: Discovery, options: LoadOptions) {
  const entry = yield* ownEntry(given)
  const { head, header } = entry.info === null ? yield* surveyFile(entry) : { head: yield* survey(entry), header: null }
  const children = childrenOf(entry, discovery)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const collector = new Collector(builder, head.cwd, children)
  const { reparse, spent, usage } =
    entry.info === null ? yield* loadLines(entry, header, collector) : yield* loadRows(entry, collector)
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: {
      tokenUsage: usage?.tokens ?? null,
      spent,
      filesModified: collector.files.list,
      subagents: collector.agents(children),
      forkedFrom: null
    },
    skipped: collector.skips.list
  })
})
