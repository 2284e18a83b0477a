import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry } from "../../domain/session.ts"
import { segmentsOf } from "./discover.ts"
import { baseName, parseRolloutName } from "./format.ts"
import type { Meta } from "./meta.ts"
import { readMeta } from "./survey.ts"

/** A file of a session's history and how far it belongs to it. */
export interface Link {
  readonly file: FileStat
  /** Records with an ordinal from here on do not. */
  readonly endOrdinal: number
  /** A limit in bytes, where there is none in ordinals. */
  readonly endByte: number | null
  readonly threadId: string | null
  readonly meta: Meta | null
}

export interface Chain {
  /** Oldest first; the session's own file is the last. */
  readonly links: ReadonlyArray<Link>
  /** Why the history does not reach back to its beginning; null where it does. */
  readonly broken: string | null
}

/** Longer chains are not followed; `Place.file` of a transcript counts up to 255. */
const maxLinks = 250

const segmentFiles = (discovery: Discovery): ReadonlyMap<string, FileStat> => {
  const files = new Map<string, FileStat>()
  for (const entry of discovery.entries) {
    for (const file of [entry.file, ...segmentsOf(entry)]) {
      const name = parseRolloutName(baseName(file.path))
      if (name !== null) files.set(name.segmentId, file)
    }
  }
  return files
}

const threadOf = (file: FileStat): string | null => parseRolloutName(baseName(file.path))?.threadId ?? null

/** The files that a session's history is spread over: forks and reverts of paginated threads build on other files. */
export const chainOf = Effect.fnUntraced(function* (entry: SessionEntry, discovery: Discovery) {
  const meta = yield* readMeta(entry.file)
  const links: Array<Link> = [{ file: entry.file, endOrdinal: Infinity, endByte: null, threadId: entry.id, meta }]
  const chain = (broken: string | null): Chain => ({ links, broken })
  let base = meta?.historyBase ?? null
  if (base === null) return chain(null)
  const files = segmentFiles(discovery)
  const seen = new Set([entry.file.path])
  let end = Infinity
  while (base !== null) {
    const file = files.get(base.id)
    if (file === undefined) return chain("history base not found")
    if (seen.has(file.path) || links.length >= maxLinks) return chain("history base without an end")
    seen.add(file.path)
    end = Math.min(end, base.endOrdinal)
    const found = yield* readMeta(file).pipe(
      Effect.map((meta) => ({ meta })),
      Effect.catch(() => Effect.succeed(null))
    )
    if (found === null) return chain("history base not readable")
    const endByte = end === Infinity ? base.endByte : null
    links.unshift({ file, endOrdinal: end, endByte, threadId: threadOf(file), meta: found.meta })
    base = found.meta?.historyBase ?? null
  }
  return chain(null)
})
