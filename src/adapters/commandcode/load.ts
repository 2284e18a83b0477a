import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, asText, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { checkpointFile, metaFile } from "./discover.ts"
import { recordDrafts } from "./drafts.ts"
import { classOf } from "./format.ts"
import { forkedFrom, HeadFacts, readMeta, toHead } from "./head.ts"
import { CallLedger, UsageLedger } from "./ledger.ts"
import { EntryTree, type TreeLine } from "./tree.ts"

type Files = StoreFiles["Service"]

const noDrafts: ReadonlyArray<Draft> = []

/** The home of the user whose data root this is. */
const homeOf = (root: string): string => root.replace(/[\\/][^\\/]*$/, "")

/** Takes the lines of one file and makes a transcript of them. */
class Loader {
  readonly #entry: SessionEntry
  readonly #builder: TranscriptBuilder
  readonly #tree = new EntryTree()
  readonly #facts = new HeadFacts(false)
  readonly #usage = new UsageLedger()
  readonly #skipped = new SkipCounter()
  readonly calls: CallLedger

  constructor(entry: SessionEntry, builder: TranscriptBuilder) {
    this.#entry = entry
    this.#builder = builder
    this.calls = new CallLedger(homeOf(entry.root))
  }

  line(line: Line): void {
    const { length } = line.bytes
    if (length === 0) return
    const text = line.text()
    const value = parseJson(text)
    if (value === undefined) {
      if (text.trim() !== "") this.#skipped.add(line.complete ? "invalid JSON" : "torn last line")
      return
    }
    const record = asObject(value)
    if (record === null) this.#skipped.add("not a record")
    else this.#record(record, { file: 0, offset: line.offset, length })
  }

  #record(record: Json, place: Place): void {
    const kind = classOf(record)
    if (kind === "untyped") {
      this.#skipped.add("record without type")
      return
    }
    if (kind === "unknown") {
      this.#skipped.add(`unknown record type ${String(record["type"]).slice(0, 60)}`)
      // A newer version may hang messages on it.
      if (asText(record["id"]) !== null) this.#tree.add(this.#treeLine(record, noDrafts, 0))
      return
    }
    if (kind === "header") {
      this.#usage.header(record)
      this.#facts.take(record, noDrafts)
      return
    }
    const drafts = recordDrafts(record, this.#skipped)
    const candidate = this.#builder.size
    for (let part = 0; part < drafts.length; part++) this.#builder.add(drafts[part]!, place, part)
    this.#facts.take(record, drafts)
    this.calls.take(drafts, kind === "flat")
    if (kind === "entry" && asText(record["id"]) === null && drafts.length === 0) return
    const node = this.#tree.add(this.#treeLine(record, drafts, candidate))
    this.#usage.add(node, record)
  }

  #treeLine(record: Json, drafts: ReadonlyArray<Draft>, candidate: number): TreeLine {
    const id = asText(record["id"])
    const isTalk = drafts.some(({ role }) => role !== "system")
    const place = { isTalk, candidate, drafts: drafts.length }
    // Lines of the older formats follow one another, whatever they name as their parents.
    if (classOf(record) === "flat") {
      return { ...place, id: id !== null && this.#tree.has(id) ? null : id, parent: undefined }
    }
    const parent = record["parentId"]
    return {
      ...place,
      id,
      parent: typeof parent === "string" && parent !== "" ? parent : parent === null ? null : undefined
    }
  }

  finish(options: LoadOptions, files: Files): Transcript {
    const entry = this.#entry
    const meta = readMeta(metaFile(entry), files.textSync)
    const path = options.branchOf === undefined ? this.#tree.activePath() : this.#tree.pathThrough(options.branchOf)
    if (path === null) this.#skipped.add("no record with the id of the branch that was asked for")
    return this.#builder.build({
      entry,
      head: toHead(entry, this.#facts, this.#facts, meta),
      order: this.#tree.draftsOf(path ?? []),
      reparse: ({ length, offset }) => {
        const bytes = files.readSync(entry.file.path, offset, length)
        const record = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
        return record === null ? noDrafts : recordDrafts(record, null)
      },
      facts: {
        tokenUsage: this.#usage.sum(path ?? []),
        spent: this.#usage.spent(path ?? []),
        filesModified: this.calls.filesModified,
        subagents: this.calls.subagents,
        forkedFrom: forkedFrom(entry, this.#facts, meta)
      },
      skipped: this.#skipped.list
    })
  }
}

/** Reads a whole session in one pass over its file, then its checkpoints. */
export const load = Effect.fnUntraced(function* (
  entry: SessionEntry,
  _discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const loader = new Loader(entry, builder)
  yield* files.lines(entry.file.path, (line) => loader.line(line))
  // Checkpoints only add to a session: those that cannot be read are as good as none.
  yield* files
    .lines(checkpointFile(entry), (line) => loader.calls.checkpoint(line.text()))
    .pipe(Effect.catch(() => Effect.void))
  return loader.finish(options, files)
})
