import * as Effect from "effect/Effect"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry, SubagentLink } from "../../domain/session.ts"
import { cutText } from "../../domain/text.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText, SkipCounter } from "../support/json.ts"
import { Ledger } from "./files.ts"
import { type CursorEntry, isCursorEntry } from "./format.ts"
import { metaOf } from "./info.ts"
import { eachLine, eachRow, rangeDrafts, reading, windowAt } from "./reading.ts"
import { ownEntry, surveyWhole } from "./survey.ts"

/** Stores beside a session's own whose `meta.json` is asked for its parent. */
const mostSiblings = 1000
const descriptionChars = 200

/** Children by the layout of transcripts, and by what the stores of the same workspace say of themselves. */
const agentsOf = (
  files: StoreFiles["Service"],
  entry: CursorEntry,
  discovery: Discovery,
  { tasks }: Ledger
): ReadonlyArray<SubagentLink> => {
  const links: Array<SubagentLink> = []
  let looks = 0
  for (const child of discovery.entries) {
    if (!isCursorEntry(child) || child.id === entry.id || child.kept === "ide") continue
    const isListed = child.parentId === entry.id
    const isSibling = child.hash !== null && child.hash === entry.hash && child.root === entry.root
    if (!isListed && (!isSibling || looks++ >= mostSiblings)) continue
    const info = asObject(metaOf(files, child)?.["subagentInfo"])
    if (!isListed && asText(info?.["parentAgentId"]) !== entry.id) continue
    const toolUseId = asText(info?.["toolCallId"])
    const description = toolUseId === null ? null : (tasks.get(toolUseId) ?? null)
    links.push({
      id: child.id,
      kind: "file",
      description: description === null ? null : cutText(description, descriptionChars),
      toolUseId
    })
  }
  return links
}

/** The whole session, from its database if that has it, else from its transcript. Sessions of Cursor have no branches. */
export const load = Effect.fnUntraced(function* (given: SessionEntry, discovery: Discovery, options: LoadOptions) {
  const entry = yield* ownEntry(given)
  const files = yield* StoreFiles
  const context = yield* Effect.context<Sqlite | StoreFiles>()
  const { head, usesDatabase } = yield* surveyWhole(entry)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const skips = new SkipCounter()
  const ledger = new Ledger()
  const add = (place: Place, drafts: ReadonlyArray<Draft>, time: number | null): void => {
    for (const [part, draft] of drafts.entries()) {
      ledger.take(draft)
      builder.add(time === null || draft.time !== null ? draft : { ...draft, time }, place, part)
    }
  }
  const rows: Array<number> = []
  const path = entry.transcript?.path
  if (usesDatabase) {
    const usable = yield* reading(entry, (database) =>
      eachRow(database, entry, skips, (row, drafts, time) => {
        rows.push(row)
        add({ file: 0, offset: row, length: 1 }, drafts, time)
      })
    )
    if (!usable && !head.isEmpty) skips.add("missing list of messages")
  } else if (path !== undefined) {
    yield* eachLine(path, skips, (offset, length, drafts) => add({ file: 1, offset, length }, drafts, null))
  }
  const read = Effect.runSyncWith(context)
  let window = new Map<number, ReadonlyArray<Draft>>()
  const reparse = ({ file, length, offset }: Place): ReadonlyArray<Draft> => {
    if (file === 1) return path === undefined ? [] : rangeDrafts(files, path, offset, length)
    if (!window.has(offset)) window = read(reading(entry, (database) => windowAt(database, entry, rows, offset)))
    return window.get(offset) ?? []
  }
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse,
    facts: {
      // The store only knows how full the context is, never what was spent.
      tokenUsage: null,
      filesModified: ledger.files(head.cwd),
      subagents: agentsOf(files, entry, discovery, ledger),
      forkedFrom: null
    },
    skipped: skips.list
  })
})
