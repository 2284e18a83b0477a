import * as Effect from "effect/Effect"
import type { TrashItem, Warning } from "../../domain/results.ts"
import { trashTime } from "../../domain/trash.ts"
import { StateFiles } from "../../services/StateFiles.ts"
import { StoreTrash } from "../../services/StoreTrash.ts"
import { type Manifest, manifestsOf, trashDir } from "./manifest.ts"

/** Names of everything in the trash, oldest first. */
export const allRuns = Effect.gen(function* () {
  const files = yield* StateFiles
  return (yield* files.names(trashDir)).filter((name) => trashTime(name) !== null)
})

/** A name for a new run: two within a second are told apart by a number. */
export const freeName = (name: string, taken: ReadonlyArray<string>): string => {
  if (!taken.includes(name)) return name
  for (let n = 2; ; n++) if (!taken.includes(`${name}-${n}`)) return `${name}-${n}`
}

/** Whether the move of a session was cut short: files of it lie at their place and in the trash. */
export const isInterrupted = Effect.fnUntraced(function* ({ files, status }: Manifest) {
  if (status !== "moving") return false
  const trash = yield* StoreTrash
  for (const { path } of files) {
    const here = yield* trash.hash(path).pipe(Effect.catch(() => Effect.succeed("")))
    if (here !== null) return true
  }
  return false
})

/** What of a run lies in the trash: nothing of a session that is back, or that was never taken away. */
export const runItem = Effect.fnUntraced(function* (run: string) {
  const manifests = yield* manifestsOf(run)
  const kept = manifests.filter(({ manifest }) => manifest.status === "moved" || manifest.status === "moving")
  const files = kept.flatMap(({ manifest }) => manifest.files)
  const interrupted = yield* Effect.filter(kept, ({ manifest }) => isInterrupted(manifest))
  const item: TrashItem = {
    trash: run,
    movedAt: trashTime(run) ?? 0,
    sessions: kept.length,
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0)
  }
  return { item, isInterrupted: interrupted.length > 0 }
})

/** Earlier runs that were cut short, with the way to mend them. */
export const interruptedRuns = Effect.gen(function* () {
  const warnings: Array<Warning> = []
  for (const run of yield* allRuns) {
    const found = yield* Effect.result(runItem(run))
    if (found._tag === "Failure") {
      warnings.push({ source: null, code: "STATE_ERROR", message: found.failure.message })
    } else if (found.success.isInterrupted) {
      const message = `an earlier prune was interrupted; put back what it moved with: sessionr prune --undo ${run}`
      warnings.push({ source: null, code: "PRUNE_INTERRUPTED", message })
    }
  }
  return warnings
})
