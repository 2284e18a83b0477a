import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import { type Place, type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, parseJson, SkipCounter } from "../support/json.ts"
import { Conversation } from "./conversation.ts"
import { messageDrafts } from "./drafts.ts"
import { HeadFacts, toHead } from "./head.ts"
import { Ledger } from "./ledger.ts"
import { cwdOf, lenientText } from "./project.ts"
import { readInto } from "./reading.ts"

/** Bytes of an output that the tool moved into a file of its own. */
const externalLimit = 64 * 1024 * 1024

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

/** Takes the text of a moved output from the session's own files: the path in the record may be of another machine. */
const externalResolver = (files: StoreFiles["Service"], sidecars: ReadonlyArray<string>) => {
  const byName = new Map(sidecars.map((path) => [baseName(path), path]))
  return ({ external, ...draft }: Draft): Draft => {
    const path = external === undefined ? undefined : byName.get(baseName(external))
    const text = path === undefined ? null : lenientText(files, path, externalLimit)
    return path === undefined || text === null ? draft : { ...draft, text, external: path }
  }
}

/** The whole session. Nothing in it depends on `branchOf`: what was taken back is no branch that could be gone back to. */
export const load = Effect.fnUntraced(function* (
  entry: SessionEntry,
  discovery: Discovery,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const files = yield* StoreFiles
  const resolve = externalResolver(files, entry.sidecars)
  const builder = new TranscriptBuilder(resolve, options.retainedChars, options.measures)
  const skipped = new SkipCounter()
  const facts = new HeadFacts()
  const ledger = new Ledger()
  const conversation = new Conversation(
    {
      metadata: (fields) => facts.metadata(fields),
      message: (message, drafts) => {
        facts.message(message, drafts)
        ledger.message(message)
      },
      draft: (draft, place, part) => builder.add(draft, place, part)
    },
    skipped
  )
  yield* readInto(entry, conversation, skipped)
  const cwd = cwdOf(files, entry, facts)
  return builder.build({
    entry,
    head: toHead(entry, { start: facts, end: facts, cwd, isSpoken: conversation.isSpoken }),
    order: conversation.order(),
    reparse: ({ length, offset }: Place): ReadonlyArray<Draft> => {
      const bytes = files.readSync(entry.file.path, offset, length)
      const message = asObject(parseJson(decodeRange(bytes, 0, bytes.length)))
      return message === null ? [] : messageDrafts(message, null)
    },
    facts: {
      tokenUsage: ledger.usage.total,
      spent: ledger.usage.spent,
      filesModified: ledger.filesModified(cwd),
      subagents: ledger.subagents(entry, discovery),
      forkedFrom: ledger.forkedFrom(entry, discovery)
    },
    skipped: skipped.list
  })
})
