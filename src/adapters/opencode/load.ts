import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry, SubagentLink } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { SkipCounter } from "../support/json.ts"
import { draftsOf } from "./drafts.ts"
import type { OpencodeEntry } from "./format.ts"
import { Ledger } from "./ledger.ts"
import { type MessageReader, reading } from "./reader.ts"
import { ownEntry, survey } from "./survey.ts"

/** Messages made again at one opening of the store, and the UTF-16 units of their text at which it is enough. */
const windowMessages = 64
const windowChars = 1024 * 1024

/** Drafts, by row, of the messages from that of `row` on: whoever asks for one again will ask for the next. */
const windowAt = (reader: MessageReader, row: number): Map<number, ReadonlyArray<Draft>> => {
  let from = 0
  while (from < reader.count && reader.row(from) !== row) from++
  const drafts = new Map<number, ReadonlyArray<Draft>>()
  let chars = 0
  for (let at = from; at < reader.count && drafts.size < windowMessages && chars < windowChars; at++) {
    const made = draftsOf(reader.at(at), null)
    drafts.set(reader.row(at), made)
    chars += made.reduce((sum, { text }) => sum + text.length, 0)
  }
  return drafts
}

/** Children that the records name, then those that only their own rows tie to the session. */
const agentsOf = (ledger: Ledger, entry: OpencodeEntry, discovery: Discovery): ReadonlyArray<SubagentLink> => {
  for (const other of discovery.entries) if (other.parentId === entry.id) ledger.agent(other.id, null, null)
  return ledger.agents
}

/** The whole session, message by message. Sessions of opencode have no branches, only forks with ids of their own. */
export const load = Effect.fnUntraced(function* (given: SessionEntry, discovery: Discovery, options: LoadOptions) {
  const entry = yield* ownEntry(given)
  const context = yield* Effect.context<Sqlite | StoreFiles>()
  const head = yield* survey(entry)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const skips = new SkipCounter()
  const ledger = new Ledger(entry.info)
  yield* reading(entry, (reader) => {
    if (reader.hidden > 0) skips.add("reverted message", reader.hidden)
    for (let at = 0; at < reader.count; at++) {
      const message = reader.at(at)
      ledger.take(message)
      const place: Place = { file: 0, offset: reader.row(at), length: 1 }
      for (const [part, draft] of draftsOf(message, skips).entries()) builder.add(draft, place, part)
    }
  })
  const read = Effect.runSyncWith(context)
  let window = new Map<number, ReadonlyArray<Draft>>()
  const reparse = ({ offset }: Place): ReadonlyArray<Draft> => {
    if (!window.has(offset)) {
      window = read(reading(entry, (reader) => windowAt(reader, offset)))
    }
    return window.get(offset) ?? []
  }
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: {
      tokenUsage: ledger.usage,
      filesModified: ledger.files,
      subagents: agentsOf(ledger, entry, discovery),
      forkedFrom: entry.info.forkedFrom
    },
    skipped: skips.list
  })
})
