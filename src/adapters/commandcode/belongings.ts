import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, lastName } from "../support/belongings.ts"

/** What the tool keeps of a session, by the endings of versions up to 1.64; the id is what comes before. */
const ending =
  /^(.+?)\.(?:jsonl|meta\.json|checkpoints\.jsonl|prompts\.jsonl|share\.json|scheduled-tasks\.json|(?:jsonl\.)?v2\.bak)$/

/** The session that a file is named after. An id may have dots in it. */
const ownerOf = (name: string, ids: ReadonlySet<string>): string | null => {
  const stem = name.endsWith(".jsonl") ? name.slice(0, -".jsonl".length) : ""
  if (ids.has(stem)) return stem
  const owner = ending.exec(name)?.[1]
  return owner !== undefined && ids.has(owner) ? owner : null
}

/**
 * Everything that is named after the session, in every project: resuming from elsewhere leaves checkpoints in that
 * project. The versions of edited files below `file-history` are the tool's own to clean up.
 */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreFiles> {
  const files = yield* StoreFiles
  const ids = new Set(discovery.entries.map(({ id }) => id))
  const owned = new Map<string, Array<string>>()
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/projects`, {
      depth: 1,
      take: (name, depth) => depth === 1 && ownerOf(name, ids) !== null
    })
    for (const { path } of tree.files) addTo(owned, ownerOf(lastName(path), ids)!, path)
  }
  return entries.map(({ file, id }): Belongings => ({ paths: owned.get(id) ?? [file.path] }))
})
