import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry, SubagentLink } from "../../domain/session.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { SkipCounter } from "../support/json.ts"
import { draftsOf } from "./drafts.ts"
import type { OpencodeEntry } from "./format.ts"
import { Ledger } from "./ledger.ts"
import { reading, type Rows } from "./reader.ts"
import { ownEntry, survey } from "./survey.ts"
import { DraftWindow } from "./window.ts"

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
  const shown = yield* reading(entry, (reader): Rows => {
    if (reader.hidden > 0) skips.add("reverted message", reader.hidden)
    for (let at = 0; at < reader.rows.length; at++) {
      const message = reader.at(at)
      ledger.take(message)
      const place: Place = { file: 0, offset: at, length: 1 }
      for (const [part, draft] of draftsOf(message, skips).entries()) builder.add(draft, place, part)
    }
    return { rows: reader.rows, hidden: reader.hidden }
  })
  const read = Effect.runSyncWith(context)
  const window = new DraftWindow((use) => read(reading(entry, use, shown)))
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse: ({ offset }) => window.at(offset),
    facts: {
      tokenUsage: ledger.usage,
      spent: ledger.spent,
      filesModified: ledger.files,
      subagents: agentsOf(ledger, entry, discovery),
      forkedFrom: entry.info.forkedFrom
    },
    skipped: skips.list
  })
})
