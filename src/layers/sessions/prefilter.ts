import * as Effect from "effect/Effect"
import { fold } from "../../domain/fold.ts"
import { allTerms, matchText, type Query } from "../../domain/query.ts"
import { exactPattern, type RawPattern } from "../../domain/raw-pattern.ts"
import type { Warning } from "../../domain/results.ts"
import type { SessionEntry } from "../../domain/session.ts"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import { Progress } from "../../services/Progress.ts"
import { type Look, type ScanJob, TextScan } from "../../services/TextScan.ts"
import { adapterFailed, type Found, type Shelf } from "./catalog.ts"

interface Job extends ScanJob {
  readonly source: string
}

/** The files that hold text of this session alone. */
const ownJobs = ({ file, sidecars, source }: SessionEntry): ReadonlyArray<Job> => [
  { path: file.path, size: file.size, source },
  ...sidecars.map((path) => ({ path, source }))
]

/** Whether nothing can be told of a session from the bytes of its files. */
const isOpaque = ({ entry, shelf }: Found): boolean => shelf.adapter.opaque?.(entry) ?? false

/** Bits of the terms of which a part can be what an adapter coins. */
const coinedTerms = ({ caseSensitive, terms }: Query, coined: ReadonlyArray<string>): number => {
  const folded = coined.map((text) => fold(text, caseSensitive))
  let bits = 0
  for (const [at, term] of terms.entries()) {
    const words = term.folded.split(/\s+/)
    if (words.some((word) => folded.some((text) => text.includes(word) || (text.length === 1 && word.includes(text)))))
      bits |= 1 << at
  }
  return bits
}

/** Looks for plain runs of characters, with what that needs made once for each list of them. */
const containment = (looker: TextScan["Service"]["looker"]): StoredTexts["contains"] => {
  const looks = new Map<ReadonlyArray<string>, Look>()
  return (stored, anyOf) => {
    const look = looks.get(anyOf) ?? looker(anyOf.map(exactPattern))
    looks.set(anyOf, look)
    return look(stored, 0) !== 0
  }
}

/** The opaque sessions of one source that can match: those whose stored texts have every term somewhere. */
const lookThrough = Effect.fnUntraced(function* (
  shelf: Shelf,
  { coined, each }: StoredTextSource,
  sessions: ReadonlyArray<Found>,
  query: Query,
  look: Look,
  contains: StoredTexts["contains"]
) {
  const progress = yield* Progress
  const wanted = allTerms(query)
  const assumed = coinedTerms(query, coined)
  if (assumed === wanted) return sessions
  const bits = new Map<SessionEntry, number>()
  const entries = sessions.map(({ entry }) => entry)
  yield* each(entries, shelf.discovery, {
    take: (entry, stored) => {
      const known = bits.get(entry) ?? assumed
      if (known === wanted) return false
      const isText = typeof stored === "string" || stored instanceof Uint8Array
      const found = isText ? look(stored, known) : known
      bits.set(entry, found)
      progress.update("searching", bits.size, entries.length)
      return found !== wanted
    },
    contains,
    unsure: (entry) => bits.set(entry, wanted)
  })
  return sessions.filter(({ entry }) => {
    // The name in a tool's index file is not in its database.
    const named = entry.indexTitle === null ? 0 : matchText(query, entry.indexTitle, 1).terms
    return ((bits.get(entry) ?? assumed) | named) === wanted
  })
})

/** Of the opaque sessions those that can match, and those of which nobody knows. */
const opaqueCandidates = Effect.fnUntraced(function* (
  opaque: ReadonlyArray<Found>,
  query: Query,
  patterns: ReadonlyArray<RawPattern>
) {
  const candidates = new Set<Found>()
  if (opaque.length === 0) return candidates
  const { looker } = yield* TextScan
  const look = looker(patterns)
  const contains = containment(looker)
  for (const [shelf, sessions] of Map.groupBy(opaque, (found) => found.shelf)) {
    const texts = shelf.adapter.storedTexts
    const kept = texts === undefined ? sessions : yield* lookThrough(shelf, texts, sessions, query, look, contains)
    for (const found of kept) candidates.add(found)
  }
  return candidates
})

/** The sessions whose raw texts have every term somewhere, and those whose raw texts do not say. In the order given. */
export const candidatesOf = Effect.fnUntraced(function* (
  sessions: ReadonlyArray<Found>,
  query: Query,
  patterns: ReadonlyArray<RawPattern>,
  warnings: Array<Warning>
) {
  const textScan = yield* TextScan
  const progress = yield* Progress
  const wanted = allTerms(query)
  const scanned = new Map<string, { readonly found: number; readonly linked: boolean }>()
  const scan = Effect.fnUntraced(function* (jobs: ReadonlyArray<Job>, linkMarker: string | null) {
    // Sessions may share a file.
    const byPath = new Map(jobs.filter(({ path }) => !scanned.has(path)).map((job) => [job.path, job]))
    const fresh = Array.from(byPath.values())
    if (fresh.length === 0) return
    const results = yield* textScan.scan(fresh, patterns, {
      linkMarker,
      onProgress: (done, total) => progress.update("searching", done, total)
    })
    for (const [at, { path, source }] of fresh.entries()) {
      const { found, linked, unreadable } = results[at]!
      scanned.set(path, { found, linked })
      if (unreadable !== null) warnings.push(adapterFailed(source, `cannot read ${path}: ${unreadable}`))
    }
  })
  const opaque = sessions.filter(isOpaque)
  const isHidden = new Set(opaque)
  const plain = sessions.filter((found) => !isHidden.has(found))
  for (const marker of new Set(plain.map(({ shelf }) => shelf.adapter.linkMarker))) {
    const marked = plain.filter(({ shelf }) => shelf.adapter.linkMarker === marker)
    yield* scan(
      marked.flatMap(({ entry }) => ownJobs(entry)),
      marker
    )
  }
  const candidates = yield* opaqueCandidates(opaque, query, patterns)
  for (const found of plain) {
    const { entry, shelf } = found
    const jobs = [...ownJobs(entry)]
    if (scanned.get(entry.file.path)?.linked === true) {
      const linked = yield* shelf.adapter
        .linkedFiles(entry, shelf.discovery)
        .pipe(Effect.catch(() => Effect.succeed([])))
      jobs.push(...linked.map((path) => ({ path, source: entry.source })))
      yield* scan(jobs, null)
    }
    // The name in a tool's index file is not in the files that were scanned.
    const named = entry.indexTitle === null ? 0 : matchText(query, entry.indexTitle, 1).terms
    const bits = jobs.reduce((all, { path }) => all | (scanned.get(path)?.found ?? 0), named)
    if ((bits & wanted) === wanted) candidates.add(found)
  }
  return sessions.filter((found) => candidates.has(found))
})
