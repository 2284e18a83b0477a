import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings, StoreServices } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { addTo, heldBy } from "../support/belongings.ts"
import { segmentsOf } from "./discover.ts"
import { baseName, parseRolloutName } from "./format.ts"
import { readMeta } from "./survey.ts"

/** Every file of every thread: segments, compressed twins, and copies in the archive or in another root. */
const filesByThread = Effect.fnUntraced(function* (roots: ReadonlyArray<string>) {
  const files = yield* StoreFiles
  const threads = new Map<string, Array<string>>()
  const take = (name: string) => parseRolloutName(name) !== null
  for (const root of roots) {
    const dated = yield* files.walk(`${root}/sessions`, { depth: 3, enter: (name) => /^\d{1,4}$/.test(name), take })
    const archive = yield* files.walk(`${root}/archived_sessions`, { depth: 0, take })
    for (const { path } of [...dated.files, ...archive.files]) {
      addTo(threads, parseRolloutName(baseName(path))!.threadId, path)
    }
  }
  return threads
})

/** Threads by the segment that their history begins in: it would be lost to them with its file. */
const referrers = Effect.fnUntraced(function* ({ entries }: Discovery) {
  const found = new Map<string, Array<string>>()
  for (const entry of entries) {
    for (const file of [entry.file, ...segmentsOf(entry)]) {
      const meta = yield* readMeta(file).pipe(Effect.catch(() => Effect.succeed(null)))
      if (meta?.historyBase) addTo(found, meta.historyBase.id, entry.id)
    }
  }
  return found
})

/** A thread's rollouts. One that a fork builds on stays: the fork only has what came after. */
export const belongings = Effect.fnUntraced(function* (
  entries: ReadonlyArray<SessionEntry>,
  discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.fn.Return<ReadonlyArray<Belongings>, never, StoreServices> {
  const files = yield* StoreFiles
  const threads = yield* filesByThread(roots)
  const builtOn = yield* referrers(discovery)
  const locks: Array<string> = []
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/thread-writer-locks`, { depth: 0, take: () => true })
    locks.push(...tree.files.map(({ path }) => path))
  }
  return entries.map(({ file, id }): Belongings => {
    const lock = locks.find((path) => baseName(path).toLowerCase().includes(id.toLowerCase()))
    if (lock !== undefined) return heldBy(lock)
    const paths = threads.get(id.toLowerCase()) ?? [file.path]
    for (const path of paths) {
      const segment = parseRolloutName(baseName(path))?.segmentId
      const fork = segment === undefined ? undefined : builtOn.get(segment)?.find((other) => other !== id)
      if (fork !== undefined) return { refused: `the history of session ${fork} begins in it` }
    }
    return { paths }
  })
})
