import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, type Json, SkipCounter } from "../support/json.ts"
import { ownEntry, readDocument } from "./document.ts"
import { partsOf } from "./drafts.ts"
import { Ledger, usageOf } from "./ledger.ts"
import { foldersIn, headOf } from "./survey.ts"

/**
 * The whole thread. Its document is read whole, and again when a message is asked for whose text was not kept: who asks
 * for one asks for the next, so the document stays until the memory is needed. A place is the number of a message.
 * Threads have no branches: editing a prompt cuts off what followed it.
 */
export const load = Effect.fnUntraced(function* (
  given: SessionEntry,
  discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, Sqlite | StoreFiles> {
  const entry = yield* ownEntry(given)
  const context = yield* Effect.context<Sqlite | StoreFiles>()
  const document: Json = entry.thread.bytes === 0 ? {} : yield* readDocument(entry)
  const head = headOf(entry, document)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const skipped = new SkipCounter()
  const ledger = new Ledger(entry.id, foldersIn(entry, document))
  const messages = document["messages"]
  if (messages !== undefined && !Array.isArray(messages)) skipped.add("messages that are no list")
  for (const [at, message] of asArray(messages).entries()) {
    for (const [number, part] of partsOf(message, skipped).entries()) {
      builder.add(part.draft, { file: 0, offset: at, length: 1 }, number)
      ledger.take(part)
    }
  }
  for (const other of discovery.entries) if (other.parentId === entry.id) ledger.agent(other.id, null, null)
  const read = Effect.runSyncWith(context)
  let kept = new WeakRef(document)
  const reparse = ({ offset }: Place): ReadonlyArray<Draft> => {
    let again = kept.deref()
    if (again === undefined) {
      again = read(readDocument(entry))
      kept = new WeakRef(again)
    }
    return partsOf(asArray(again["messages"])[offset], null).map(({ draft }) => draft)
  }
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: {
      tokenUsage: usageOf(document),
      filesModified: ledger.files,
      subagents: ledger.agents,
      forkedFrom: null
    },
    skipped: skipped.list
  })
})
