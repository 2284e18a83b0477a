import * as Effect from "effect/Effect"
import { StoreFiles } from "../../services/StoreFiles.ts"

/** What a session was before a newer version rewrote its file stays beside it. */
export const notes = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<string>, never, StoreFiles> {
  const files = yield* StoreFiles
  let backups = 0
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/projects`, {
      depth: 1,
      take: (name, depth) => depth === 1 && name.endsWith(".v2.bak")
    })
    backups += tree.files.length
  }
  return backups === 0
    ? []
    : [`${backups} ${backups === 1 ? "backup" : "backups"} of sessions from before they were brought to format 3`]
})
