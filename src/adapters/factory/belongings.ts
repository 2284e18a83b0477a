import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, heldBy, lastName } from "../support/belongings.ts"
import { sideFolder } from "./discover.ts"

const uuidChars = 36

/** The id that the name of a file begins with, as transcripts, their settings, backups and locks have it. */
const ownerOf = (name: string): string | null => (name[uuidChars] === "." ? name.slice(0, uuidChars) : null)

/** A file that is only there while somebody writes. */
const isLock = (path: string): boolean => /\.(?:lock|claim\.tmp)$/.test(path)

/** Everything that is named after the session beside its transcripts, and the folder of its attachments. */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const files = yield* StoreFiles
  const wanted = new Set(entries.map(({ id }) => id))
  const owned = new Map<string, Array<string>>()
  for (const root of roots) {
    for (const folder of ["sessions", "projects"]) {
      const tree = yield* files.walk(`${root}/${folder}`, {
        depth: 1,
        enter: (name) => name.startsWith("-") || name === sideFolder,
        take: (name) => wanted.has(ownerOf(name) ?? "")
      })
      for (const { path } of tree.files) addTo(owned, ownerOf(lastName(path))!, path)
    }
  }
  return entries.map(({ file, id, root }): Belongings => {
    const paths = owned.get(id) ?? [file.path]
    const lock = paths.find(isLock)
    return lock === undefined ? { paths: [...paths, `${root}/sessions/${id}`] } : heldBy(lock)
  })
})
