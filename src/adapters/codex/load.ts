import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry, SessionHead, SubagentLink } from "../../domain/session.ts"
import type { Place } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { parseJson } from "../support/json.ts"
import { type Chain, chainOf, type Link } from "./chain.ts"
import { Collector } from "./collector.ts"
import { draftsOf, type Mode } from "./drafts.ts"
import {
  chatEvents,
  chatThreadItems,
  type Peek,
  peekItem,
  peekLine,
  silentEvents,
  silentItems,
  silentThreadItems,
  silentTypes,
  toRollout
} from "./format.ts"
import { survey } from "./survey.ts"

const closingBrace = 0x7d

/** What a line is good for, told from its first bytes. */
type Use = "parse" | "chat" | "nothing"

const threadItemUse = (bytes: Uint8Array, peek: Peek): Use => {
  const type = peekItem(bytes, peek)
  if (type === null) return "parse"
  return chatThreadItems.has(type) ? "chat" : silentThreadItems.has(type) ? "nothing" : "parse"
}

/** `hasRecords`: token counts are known better than `token_count` tells them. */
const useOf = (bytes: Uint8Array, peek: Peek, hasRecords: boolean): Use => {
  const { payloadType, type } = peek
  if (type === "event_msg") {
    if (payloadType === "item_completed") return threadItemUse(bytes, peek)
    if (payloadType === null) return "parse"
    if (chatEvents.has(payloadType)) return "chat"
    return silentEvents.has(payloadType) || (hasRecords && payloadType === "token_count") ? "nothing" : "parse"
  }
  if (type === "response_item") return payloadType !== null && silentItems.has(payloadType) ? "nothing" : "parse"
  // A turn says which model it asks.
  return silentTypes.has(type) && type !== "turn_context" ? "nothing" : "parse"
}

/** Gives every line of a file to the collector. What cannot matter is not even parsed, unless it is torn. */
const lineReader = (collector: Collector, link: Link, file: number, events: boolean) => (line: Line) => {
  const { bytes } = line
  if (bytes.length === 0) return true
  const peek = peekLine(bytes, 0)
  if (peek !== null) {
    if (peek.ordinal !== null && peek.ordinal >= link.endOrdinal) return false
    if (bytes[bytes.length - 1] === closingBrace) {
      const use = useOf(bytes, peek, collector.tokens.hasRecords)
      if (use === "chat") collector.chatEvents++
      if (use === "nothing" || (use === "chat" && !events)) return true
    }
  }
  const text = line.text()
  const value = parseJson(text)
  if (value === undefined) {
    if (text.trim() !== "") collector.skips.add(line.complete ? "invalid JSON" : "torn last line")
    return true
  }
  const record = toRollout(value)
  if (typeof record === "string") {
    collector.skips.add(record)
    return true
  }
  if (record.ordinal !== null && record.ordinal >= link.endOrdinal) return false
  collector.take(record, { file, offset: line.offset, length: bytes.length })
  return true
}

const collect = Effect.fnUntraced(function* (
  entry: SessionEntry,
  head: SessionHead,
  chain: Chain,
  mode: Mode,
  options: LoadOptions
) {
  const files = yield* StoreFiles
  const own = chain.links.at(-1)!
  const inherits = own.meta !== null && (own.meta.forkedFrom !== null || own.meta.ownOrdinal !== null)
  const collector = new Collector(entry, head, mode, inherits, options)
  if (chain.broken !== null) collector.skips.add(chain.broken)
  for (const [at, link] of chain.links.entries()) {
    collector.begin(link)
    const lines = files.lines(
      link.file.path,
      lineReader(collector, link, at, mode.events),
      link.endByte === null ? {} : { to: link.endByte }
    )
    // A base that goes away while it is read costs its messages; the session's own file is the session.
    yield* link === own
      ? lines
      : lines.pipe(Effect.catch(() => Effect.sync(() => collector.skips.add("history base not readable"))))
  }
  return collector
})

/** Agents that the records name, then those that only the index ties to the session. */
const agentsOf = (collector: Collector, entry: SessionEntry, discovery: Discovery): ReadonlyArray<SubagentLink> => {
  for (const other of discovery.entries) {
    if (other.parentId === entry.id) collector.agents.add(other.id, null, null)
  }
  return collector.agents.list
}

/** The whole session. Nothing in it depends on `branchOf`: a thread of Codex has no branches, only forks. */
export const load = Effect.fnUntraced(function* (entry: SessionEntry, discovery: Discovery, options: LoadOptions) {
  const files = yield* StoreFiles
  const head = yield* survey(entry)
  const chain = yield* chainOf(entry, discovery)
  let mode: Mode = { subagent: head.kind === "subagent", events: false }
  let collector = yield* collect(entry, head, chain, mode, options)
  if (collector.items === 0 && collector.chatEvents > 0) {
    mode = { ...mode, events: true }
    collector = yield* collect(entry, head, chain, mode, options)
  }
  const reparse = ({ file, length, offset }: Place): ReadonlyArray<Draft> => {
    const link = chain.links[file]
    if (link === undefined) return []
    const bytes = files.readSync(link.file.path, offset, length)
    const record = toRollout(parseJson(decodeRange(bytes, 0, bytes.length)))
    const drafts = typeof record === "string" ? record : draftsOf(record, mode)
    return typeof drafts === "string" ? [] : drafts
  }
  const { builder } = collector
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: {
      tokenUsage: collector.tokens.usage,
      spent: collector.tokens.spent,
      filesModified: collector.files.list,
      subagents: agentsOf(collector, entry, discovery),
      forkedFrom: head.forkedFrom ?? null
    },
    skipped: collector.skips.list
  })
})
