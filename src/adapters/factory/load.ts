import * as Effect from "effect/Effect"
import { IntColumn } from "../../domain/columns.ts"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { IdTable } from "../support/id-table.ts"
import { asObject, asText, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { subagentsOf, TaskCalls } from "./agents.ts"
import { recordDrafts } from "./drafts.ts"
import { ModifiedFiles } from "./files.ts"
import { surveyWhole } from "./survey.ts"

/** Takes the records of a transcript in order and keeps what it needs of them. */
class Collector {
  readonly builder: TranscriptBuilder
  readonly skipped = new SkipCounter()
  readonly tasks = new TaskCalls()
  readonly files: ModifiedFiles
  /** Places in the conversation: the first draft of a record and how many it has. */
  readonly #first = new IntColumn()
  readonly #count = new IntColumn()
  #places = 0
  readonly #messages = new IdTable()
  /** Place of a message, by its number. */
  readonly #placeOf = new IntColumn()
  readonly #answered = new IdTable()

  constructor(builder: TranscriptBuilder, cwd: string | null) {
    this.builder = builder
    this.files = new ModifiedFiles(cwd)
  }

  line(line: Line): void {
    if (line.bytes.length === 0) return
    const text = line.text()
    const value = parseJson(text)
    if (value === undefined) {
      if (text.trim() !== "") this.skipped.add(line.complete ? "invalid JSON" : "torn last line")
      return
    }
    const record = asObject(value)
    if (record === null) this.skipped.add("not a record")
    else this.#record(record, { file: 0, offset: line.offset, length: line.bytes.length })
  }

  #record(record: Json, place: Place): void {
    const drafts = recordDrafts(record, this.skipped)
    if (drafts.length === 0) return
    // What old versions wrote of a result beside the conversation, where the conversation has it too.
    if (record["type"] === "tool_result" && this.#isAnswered(drafts[0]!)) return
    const at = this.#placeFor(record)
    this.#first.set(at, this.builder.size)
    this.#count.set(at, drafts.length)
    for (const [part, draft] of drafts.entries()) {
      this.builder.add(draft, place, part)
      this.#facts(draft)
    }
  }

  /** A message that is written again takes its own place, as in the tool. */
  #placeFor(record: Json): number {
    const id = record["type"] === "message" ? asText(record["id"]) : null
    if (id === null) return this.#places++
    const known = this.#messages.size
    const number = this.#messages.intern(id)
    if (number < known) return this.#placeOf.get(number)
    this.#placeOf.set(number, this.#places)
    return this.#places++
  }

  #isAnswered({ blocks }: Draft): boolean {
    const [block] = blocks
    return block?.type === "tool_result" && block.toolUseId !== null && this.#answered.find(block.toolUseId) >= 0
  }

  #facts({ blocks, text }: Draft): void {
    for (const block of blocks) {
      if (block.type === "tool_use") {
        this.files.call(block.id, block.name, block.input)
        this.tasks.call(block.id, block.name, block.input)
      } else if (block.type === "tool_result") {
        this.files.result(block.toolUseId, block.isError, text)
        this.tasks.result(block.toolUseId, text)
        if (block.toolUseId !== null) this.#answered.intern(block.toolUseId)
      }
    }
  }

  /** Drafts in the order of the conversation, which is that of the file: concurrent turns interleave in it. */
  get order(): Uint32Array {
    let length = 0
    for (let at = 0; at < this.#places; at++) length += this.#count.get(at)
    const order = new Uint32Array(length)
    let next = 0
    for (let at = 0; at < this.#places; at++) {
      for (let part = 0; part < this.#count.get(at); part++) order[next++] = this.#first.get(at) + part
    }
    return order
  }
}

/**
 * Reads a whole session in one pass over its file. Nothing in it depends on `branchOf`: a transcript has no branches, what
 * is rewound or asked aside becomes a session of its own.
 */
export const load = Effect.fnUntraced(function* (
  entry: SessionEntry,
  discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const surveyed = yield* surveyWhole(entry)
  const { head, header, settings } = surveyed
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const collector = new Collector(builder, header?.moved === true ? null : head.cwd)
  yield* files.lines(entry.file.path, (line) => collector.line(line))
  const subagents = yield* subagentsOf(entry, surveyed, discovery, collector.tasks)
  return builder.build({
    entry,
    head,
    order: collector.order,
    reparse: ({ length, offset }) => {
      const bytes = files.readSync(entry.file.path, offset, length)
      const record = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
      return record === null ? [] : recordDrafts(record, null)
    },
    facts: {
      tokenUsage: settings.usage,
      filesModified: collector.files.list,
      subagents,
      forkedFrom: head.forkedFrom ?? null
    },
    skipped: collector.skipped.list
  })
})
