import * as Effect from "effect/Effect"
import type { Warning } from "../../domain/results.ts"
import type { SessionHead } from "../../domain/session.ts"
import { Progress } from "../../services/Progress.ts"
import { adapterFailed, type Found } from "./catalog.ts"

/** A session with what its first and last bytes say. */
export interface Surveyed {
  readonly found: Found
  readonly head: SessionHead
}

/** Reads the heads of sessions, briefly. One that cannot be read is left out and said in a warning. */
export const surveyAll = Effect.fnUntraced(function* (entries: ReadonlyArray<Found>) {
  const progress = yield* Progress
  const surveyed: Array<Surveyed> = []
  const warnings: Array<Warning> = []
  for (const [at, found] of entries.entries()) {
    progress.update("listing", at, entries.length)
    const head = yield* found.shelf.adapter.survey(found.entry, true).pipe(
      Effect.catch(({ path, reason }) => {
        warnings.push(adapterFailed(found.entry.source, `cannot read ${path}: ${reason}`))
        return Effect.succeed(null)
      })
    )
    if (head !== null) surveyed.push({ found, head })
  }
  return { surveyed, warnings }
})

/** Newest first, ties by id, so that paging is stable. */
export const newestFirst = (a: Surveyed, b: Surveyed): number =>
  b.head.updatedAt - a.head.updatedAt || (a.found.entry.id < b.found.entry.id ? -1 : 1)
