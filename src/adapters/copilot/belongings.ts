import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings, OpenIn } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, lastName } from "../support/belongings.ts"
import { historyDir, historyId, stateDir } from "./discover.ts"
import { registrations } from "./open.ts"

/** The session's directory with all that is in it, its flat file, and every document of versions before 0.0.342. */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const files = yield* StoreFiles
  const documents = new Map<string, Array<string>>()
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/${historyDir}`, { depth: 0, take: (name) => historyId(name) !== null })
    for (const { path } of tree.files) addTo(documents, historyId(lastName(path))!, path)
  }
  const open = new Map<string, Array<OpenIn>>()
  // Editors run the tool inside their own processes.
  for (const { id, pid } of yield* registrations(roots)) addTo(open, id, { pid, program: null })
  return entries.map(({ id }): Belongings => ({
    paths: [
      ...roots.flatMap((root) => [`${root}/${stateDir}/${id}`, `${root}/${stateDir}/${id}.jsonl`]),
      ...(documents.get(id.toLowerCase()) ?? [])
    ],
    openIn: open.get(id) ?? []
  }))
})
