import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings, StoreServices } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, heldBy, inDatabase } from "../support/belongings.ts"
import { databaseEntries } from "./database.ts"
import { eventEntries, turnEntries } from "./discover.ts"
import { executionsOfAlone } from "./documents.ts"
import { folderOf, type KiroEntry } from "./format.ts"
import { chatFiles, ideEntries } from "./ide.ts"

/** Files of one session in one store. A text is the lock of who has it open. */
const pathsOf = Effect.fnUntraced(function* (entry: KiroEntry) {
  const { file } = entry
  switch (entry.generation) {
    case "events":
      return [folderOf(file.path)]
    case "turns": {
      const stem = file.path.replace(/\.jsonl?$/, "")
      const files = yield* StoreFiles
      const lock = yield* files.stat(`${stem}.lock`)
      return lock === null ? [".json", ".jsonl", ".history"].map((end) => stem + end) : lock.path
    }
    case "ide":
      return [file.path, ...(yield* executionsOfAlone(entry))]
    default:
      return [file.path]
  }
})

/**
 * A session in every store that has it. The database of the CLI 1.x holds the conversations of all folders, and secrets: a
 * session that is in there too stays where it is. The IDE's lists of sessions stay as they are.
 */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, FileError, StoreServices> {
  const known = new Map<string, Array<KiroEntry>>()
  const rows = new Map<string, string>()
  const chats = new Map<string, Array<string>>()
  let unreadable: string | null = null
  for (const root of roots) {
    for (const store of [eventEntries, turnEntries, ideEntries]) {
      for (const entry of (yield* store(root)).entries) addTo(known, entry.id, entry)
    }
    const database = yield* databaseEntries(root)
    for (const { file, id } of database.entries) rows.set(id, file.path)
    unreadable ??= database.unreadable[0]?.path ?? null
    for (const { id, path } of yield* chatFiles(root)) addTo(chats, id, path)
  }
  const belongingsOf = Effect.fnUntraced(function* ({ file, id }: SessionEntry) {
    const row = rows.get(id)
    if (row !== undefined) return inDatabase("kiro-cli", row)
    if (unreadable !== null) return { refused: `whether it is in ${unreadable} too cannot be told` }
    const paths: Array<string> = [file.path, ...(chats.get(id) ?? [])]
    for (const entry of known.get(id) ?? []) {
      const own = yield* pathsOf(entry)
      if (typeof own === "string") return heldBy(own)
      paths.push(...own)
    }
    return { paths }
  })
  return yield* Effect.forEach(entries, (entry): Effect.Effect<Belongings, FileError, StoreServices> =>
    belongingsOf(entry)
  )
})
