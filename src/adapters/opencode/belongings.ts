import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, inDatabase } from "../support/belongings.ts"
import { isOpencodeEntry } from "./format.ts"
import { type FoundFile, messageIds, sessionFiles } from "./legacy.ts"

/** Files and folders of one session in one of the two layouts. */
const pathsOf = Effect.fnUntraced(function* ({ file, id, layout }: FoundFile) {
  const own = [file.path, `${layout.messages}/${id}`]
  if (layout.partsBySession) return [...own, `${layout.parts}/${id}`]
  const storage = layout.messages.slice(0, -"/message".length)
  const messages = yield* messageIds(layout, id)
  return [
    ...own,
    ...messages.map((message) => `${layout.parts}/${message}`),
    `${storage}/todo/${id}.json`,
    `${storage}/session_diff/${id}.json`
  ]
})

/** Sessions of the tree of files, in every place where the tree has them. All others are rows of a database. */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const isFiles = (entry: SessionEntry) => isOpencodeEntry(entry) && entry.generation === "files"
  const found = new Map<string, Array<FoundFile>>()
  if (entries.some(isFiles)) {
    for (const root of roots) for (const file of (yield* sessionFiles(root)).found) addTo(found, file.id, file)
  }
  return yield* Effect.forEach(entries, (entry) =>
    isFiles(entry)
      ? Effect.map(Effect.forEach(found.get(entry.id) ?? [], pathsOf), (paths): Belongings => ({
          paths: paths.flat()
        }))
      : Effect.succeed(inDatabase("OpenCode", entry.file.path))
  )
})
