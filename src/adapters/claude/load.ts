import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { hashSample } from "../support/id-table.ts"
import { asArray, asObject, asText, asTime, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { recordDrafts } from "./drafts.ts"
import { classOfLine, classOfType, metadataTime, plainAttachment } from "./format.ts"
import { customTitleFile, HeadFacts, toHead } from "./head.ts"
import { CallLedger, UsageLedger } from "./ledger.ts"
import { nodeFlag, RecordTree, type TreeLine } from "./tree.ts"

type Files = StoreFiles["Service"]

/** Bytes of an output that the tool moved into a file of its own. */
const externalLimit = 64 * 1024 * 1024

/** Reads files that only add to a session: one that cannot be read is as good as none. */
const lenientText =
  (files: Files, limit: number) =>
  (path: string): string | null => {
    try {
      return files.textSync(path, limit)
    } catch {
      return null
    }
  }

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

/**
 * Takes the text of a moved output from the session's own files. The path in the record is foreign, and of another
 * machine when a home was copied: only its last part counts, and only if discovery found such a file.
 */
const externalResolver = (files: Files, sidecars: ReadonlyArray<string>) => {
  const byName = new Map(
    sidecars.filter((path) => !path.endsWith(`/${customTitleFile}`)).map((path) => [baseName(path), path])
  )
  const read = lenientText(files, externalLimit)
  return (draft: Draft): Draft => {
    const { external, ...rest } = draft
    const path = external === undefined ? undefined : byName.get(baseName(external))
    const text = path === undefined ? null : read(path)
    return path === undefined || text === null ? rest : { ...rest, text, external: path }
  }
}

const noDrafts: ReadonlyArray<Draft> = []

/** Tells apart the parts of one answer: by their number where the tool wrote it, else by what is in them. */
const partKey = (record: Json, drafts: ReadonlyArray<Draft>): number => {
  const index = record["apiBlockIndex"]
  let key = typeof index === "number" ? index + 1 : 0
  for (const draft of drafts) {
    const block = draft.blocks[0]
    if (block?.type === "tool_use" && block.id !== null) key = hashSample(block.id, key ^ 3)
    else if (typeof index === "number") key = hashSample(draft.thinkingOnly === true ? "thinking" : draft.role, key)
    else key = hashSample(block?.type === "thinking" ? block.text : draft.text, key ^ draft.role.length)
  }
  return key
}

const callKey = (drafts: ReadonlyArray<Draft>): number => {
  const block = drafts.find((draft) => draft.role === "tool_result")?.blocks[0]
  return block?.type === "tool_result" && block.toolUseId !== null ? hashSample(block.toolUseId, 5) || 1 : 0
}

/** Takes the lines of one file and makes a transcript of them. */
class Loader {
  readonly #entry: SessionEntry
  readonly #builder: TranscriptBuilder
  readonly #tree: RecordTree
  readonly #facts: HeadFacts
  readonly #usage = new UsageLedger()
  readonly #calls = new CallLedger()
  readonly #skipped = new SkipCounter()
  readonly #isSubagent: boolean
  #forkedFrom: string | null = null

  constructor(entry: SessionEntry, builder: TranscriptBuilder) {
    this.#entry = entry
    this.#builder = builder
    this.#isSubagent = entry.kind === "subagent"
    this.#tree = new RecordTree(this.#isSubagent)
    this.#facts = new HeadFacts(this.#isSubagent, false)
  }

  line(line: Line): void {
    const { bytes } = line
    const { length } = bytes
    if (length === 0) return
    if (line.complete) {
      const lineClass = classOfLine(bytes, 0, length)
      if (lineClass === "metadata") {
        if (this.#facts.createdAt === null) this.#facts.time(asTime(metadataTime(bytes, 0, length)), false)
        return
      }
      const plain = lineClass === null ? plainAttachment(bytes, 0, length) : null
      if (plain !== null) {
        this.#facts.time(asTime(plain.timestamp), true)
        const flags = plain.isSidechain ? nodeFlag.sidechain : 0
        this.#tree.add({ ...plain, flags, candidate: 0, drafts: 0, answer: -1, key: 0 })
        return
      }
    }
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
    const type = record["type"]
    if (typeof type !== "string") {
      this.#skipped.add("record without type")
      return
    }
    switch (classOfType(type)) {
      case "metadata":
        return
      case "head":
        this.#facts.metadata(record, place.offset)
        return
      case "chain":
        this.#chain(record, type, place)
        return
      case "unknown":
        this.#skipped.add(`unknown record type ${type.slice(0, 60)}`)
        // A newer version may hang messages on it.
        if (asText(record["uuid"]) !== null) this.#tree.add(this.#treeLine(record, type, 0, noDrafts, -1))
    }
  }

  #chain(record: Json, type: string, place: Place): void {
    const drafts = recordDrafts(record, this.#skipped)
    const candidate = this.#builder.size
    for (let part = 0; part < drafts.length; part++) this.#builder.add(drafts[part]!, place, part)
    this.#facts.chain(record, drafts)
    const answer = type === "assistant" ? this.#usage.add(record) : -1
    const line = this.#treeLine(record, type, candidate, drafts, answer)
    const node = this.#tree.add(line)
    if (type === "assistant") this.#calls.call(drafts)
    else if (type === "user") this.#calls.result(record, drafts)
    if (line.uuid !== null && !this.#isSubagent && this.#tree.isSideRoot(node)) {
      this.#calls.inline(node, line.uuid, drafts)
    }
    this.#relations(record, type, node)
  }

  #treeLine(record: Json, type: string, candidate: number, drafts: ReadonlyArray<Draft>, answer: number): TreeLine {
    const isBoundary = type === "system" && record["subtype"] === "compact_boundary"
    const named = record["parentUuid"]
    const parent = named === null && isBoundary ? (asText(record["logicalParentUuid"]) ?? undefined) : named
    const isCut = parent === null && record["isCompactSummary"] === true
    const call = type === "user" ? callKey(drafts) : 0
    let flags = record["isSidechain"] === true ? nodeFlag.sidechain : 0
    if (type === "user") flags |= nodeFlag.user | (drafts.some((d) => d.role === "tool_result") ? nodeFlag.result : 0)
    else if (type === "assistant") flags |= nodeFlag.assistant
    const attachment = type === "attachment" ? asObject(record["attachment"]) : null
    if (type === "progress" || record["teamName"] !== undefined || attachment?.["type"] === "fork_briefing") {
      flags |= nodeFlag.inner
    }
    return {
      uuid: asText(record["uuid"]),
      parentUuid: typeof parent === "string" && parent !== "" ? parent : parent === null && !isCut ? null : undefined,
      flags,
      candidate,
      drafts: drafts.length,
      answer,
      key: type === "assistant" ? partKey(record, drafts) : call
    }
  }

  #relations(record: Json, type: string, node: number): void {
    const forked = asText(asObject(record["forkedFrom"])?.["sessionId"])
    if (forked !== null && forked !== this.#entry.id) this.#forkedFrom ??= forked
    for (const uuid of asArray(record["supersedesUuids"])) {
      if (typeof uuid === "string") this.#tree.replaces(node, uuid)
    }
    if (type === "attachment") {
      const source = asText(asObject(record["attachment"])?.["source_uuid"])
      if (source !== null) this.#tree.replaces(node, source, true)
    } else if (type === "system" && record["subtype"] === "compact_boundary") {
      const compaction = asObject(record["compactMetadata"])
      const messages = asObject(compaction?.["preservedMessages"])
      const segment = asObject(compaction?.["preservedSegment"])
      const uuids = [
        messages?.["anchorUuid"],
        segment?.["headUuid"],
        segment?.["anchorUuid"],
        segment?.["tailUuid"],
        ...asArray(messages?.["uuids"])
      ].filter((uuid) => typeof uuid === "string")
      if (uuids.length > 0) this.#tree.preserves(node, uuids)
    }
  }

  finish(discovery: Discovery, options: LoadOptions, files: Files): Transcript {
    const entry = this.#entry
    const textSync = lenientText(files, 64 * 1024)
    const branch = options.branchOf === undefined ? this.#tree.activeBranch() : this.#tree.branchOf(options.branchOf)
    if (branch === null) this.#skipped.add("no record with the id of the branch that was asked for")
    const head = toHead(entry, {
      start: this.#facts,
      end: this.#facts,
      hasUuid: (uuid) => this.#tree.has(uuid),
      textSync
    })
    return this.#builder.build({
      entry,
      head,
      order: branch ?? [],
      reparse: ({ length, offset }) => {
        const bytes = files.readSync(entry.file.path, offset, length)
        const record = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
        return record === null ? noDrafts : recordDrafts(record, null)
      },
      recordId: ({ length, offset }) => {
        const bytes = files.readSync(entry.file.path, offset, length)
        return asText(asObject(parseJson(decodeRange(bytes, 0, bytes.length)))?.["uuid"])
      },
      facts: {
        tokenUsage: this.#usage.total,
        spent: this.#usage.spent,
        answers: () => this.#usage.answers,
        filesModified: this.#calls.filesModified,
        subagents: this.#calls.subagents(entry, discovery, (node) => this.#tree.isSideRoot(node), textSync),
        forkedFrom: this.#forkedFrom
      },
      skipped: this.#skipped.list
    })
  }
}

/** Reads a whole session in one pass over its file. */
export const load = Effect.fnUntraced(function* (
  entry: SessionEntry,
  discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const resolve = externalResolver(files, entry.sidecars)
  const loader = new Loader(entry, new TranscriptBuilder(resolve, options.retainedChars, options.measures))
  yield* files.lines(entry.file.path, (line) => loader.line(line))
  return loader.finish(discovery, options, files)
})
