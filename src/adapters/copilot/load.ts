import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Place, Transcript } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { type Line, StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange, findAscii } from "../support/bytes.ts"
import { asText, parseJson } from "../support/json.ts"
import { Agents } from "./agents.ts"
import { Collector } from "./collector.ts"
import { layoutOf } from "./discover.ts"
import { draftsOf } from "./drafts.ts"
import { isSilent, peekType, piecesOf, toEvent } from "./format.ts"
import { loadHistory } from "./history.ts"
import { survey } from "./survey.ts"

type Files = StoreFiles["Service"]

const closingBrace = 0x7d

/** Bytes of a checkpoint, which is the summary of a conversation. */
const checkpointLimit = 16 * 1024 * 1024

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

/** Takes a summary from the session's own checkpoints: only the last part of the recorded path counts. */
const checkpointResolver = (files: Files, sidecars: ReadonlyArray<string>) => {
  const byName = new Map(sidecars.filter((path) => path.endsWith(".md")).map((path) => [baseName(path), path]))
  return (draft: Draft): Draft => {
    const { external, ...rest } = draft
    const path = external === undefined ? undefined : byName.get(baseName(external))
    if (path === undefined) return rest
    try {
      const text = asText(files.textSync(path, checkpointLimit))
      return text === null ? rest : { ...rest, text, external: path }
    } catch {
      return rest
    }
  }
}

/** Gives the events of every line to the collector. What cannot matter is not even parsed, unless it is torn. */
const lineReader = (collector: Collector) => (line: Line) => {
  const { bytes } = line
  const { length } = bytes
  if (length === 0) return
  const type = peekType(bytes, 0)
  if (type !== null && bytes[length - 1] === closingBrace && isSilent(type)) return
  const { broken, pieces } = piecesOf(bytes, 0, length)
  if (broken > 0 && (pieces.length > 0 || line.text().trim() !== "")) {
    const torn = !line.complete && pieces.length === 0
    collector.skips.add(torn ? "torn last line" : pieces.length > 0 ? "record cut off by the next" : "invalid JSON")
  }
  for (const { from, to, value } of pieces) {
    const event = toEvent(value)
    if (typeof event === "string") collector.skips.add(event)
    else collector.take(event, { file: 0, offset: line.offset + from, length: to - from })
  }
}

/**
 * Whose messages are asked for: the agent that has this id, that this call started, or that the event of this id belongs
 * to. Null is the session itself, undefined that nothing has the id.
 */
const agentOfBranch = Effect.fnUntraced(function* (files: Files, entry: SessionEntry, id: string) {
  const agents = new Agents()
  let found: string | null | undefined
  yield* files.lines(entry.file.path, ({ bytes }) => {
    if (peekType(bytes, 0) !== "subagent.started" && findAscii(bytes, id, 0, bytes.length) < 0) return true
    for (const { value } of piecesOf(bytes, 0, bytes.length).pieces) {
      const event = toEvent(value)
      if (typeof event === "string") continue
      const agent = agents.agentOf(event)
      if (agent !== null) agents.seen(agent, event)
      const started = agent !== null && asText(event.data["toolCallId"]) === id && event.type === "subagent.started"
      if (agent === id || event.id === id || started) found = agent
    }
    return found === undefined
  })
  return found
})

const none: ReadonlyArray<Draft> = []

/** The whole session, or, with `branchOf`, the conversation of one of its subagents. */
export const load = Effect.fnUntraced(function* (
  entry: SessionEntry,
  _discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const surveyed = yield* survey(entry)
  const layout = layoutOf(entry)
  if (layout === "history") return yield* loadHistory(entry, surveyed, options)
  const { branchOf } = options
  const agent = branchOf === undefined || layout !== "events" ? null : yield* agentOfBranch(files, entry, branchOf)
  const resolve = checkpointResolver(files, entry.sidecars)
  const collector = new Collector(entry.id, agent ?? null, surveyed.cwd, options, resolve)
  if (layout === "events") yield* files.lines(entry.file.path, lineReader(collector))
  if (agent === undefined) collector.skips.add("no record with the id of the branch that was asked for")
  const { agents, builder, context, model, tokens } = collector
  const reparse = ({ length, offset }: Place): ReadonlyArray<Draft> => {
    const bytes = files.readSync(entry.file.path, offset, length)
    const event = toEvent(parseJson(decodeRange(bytes, 0, bytes.length)))
    const drafts = typeof event === "string" ? none : draftsOf(event)
    return typeof drafts === "string" ? none : drafts
  }
  return builder.build({
    entry,
    // A survey does not see the middle of a long file.
    head: {
      ...surveyed,
      cwd: context.cwd ?? surveyed.cwd,
      gitBranch: context.branch ?? surveyed.gitBranch,
      model: model ?? surveyed.model
    },
    order: Uint32Array.from({ length: agent === undefined ? 0 : builder.size }, (_, at) => at),
    reparse,
    facts: {
      tokenUsage: tokens.usage,
      spent: tokens.spent,
      filesModified: collector.files.list,
      subagents: agents.list,
      forkedFrom: collector.forkedFrom
    },
    skipped: collector.skips.list
  })
})
