import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings, StoreServices } from "../../services/Adapter.ts"
import { addTo, inDatabase } from "../support/belongings.ts"
import { chatsIn, storesIn, transcriptsIn } from "./discover.ts"
import { baseName, isCursorEntry, parentOf } from "./format.ts"

/** A transcript lies alone, below its parent's, or in a folder of its own, which goes with all that is in it. */
const pathOfTranscript = (path: string, id: string): string => {
  const folder = parentOf(path)
  return baseName(folder) === id ? folder : path
}

/**
 * The folder of a session's own database, and its transcripts. Chats of the IDE are rows of a database that all share: a
 * session that is also one of them would be there still.
 */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, FileError, StoreServices> {
  const paths = new Map<string, Array<string>>()
  const chats = new Map<string, string>()
  for (const root of roots) {
    for (const { file, id } of yield* storesIn(root, [])) {
      const store = parentOf(file.path)
      if (baseName(store) === id) addTo(paths, id, store)
    }
    for (const { file, id } of yield* transcriptsIn(root, [])) addTo(paths, id, pathOfTranscript(file.path, id))
    for (const { file, id } of yield* chatsIn(root)) chats.set(id, file.path)
  }
  return entries.map((entry): Belongings => {
    const chat = chats.get(entry.id) ?? (isCursorEntry(entry) && entry.kept === "ide" ? entry.file.path : undefined)
    return chat === undefined ? { paths: paths.get(entry.id) ?? [entry.file.path] } : inDatabase("Cursor", chat)
  })
})
