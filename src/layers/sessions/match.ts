import * as Effect from "effect/Effect"
import { allTerms, type Hit, matchText, type Query } from "../../domain/query.ts"
import { type RawPattern, rawPatterns } from "../../domain/raw-pattern.ts"
import type { Role } from "../../domain/message.ts"
import type { Warning } from "../../domain/results.ts"
import type { SessionEntry } from "../../domain/session.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Progress } from "../../services/Progress.ts"
import { type ScanJob, TextScan } from "../../services/TextScan.ts"
import { adapterFailed, type Found } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { load } from "./resolve.ts"

/** Hits of a query in one message. */
export interface MessageHits {
  readonly index: number
  readonly role: Role
  readonly text: string
  /** Bits of the terms found here. */
  readonly terms: number
  readonly hits: ReadonlyArray<Hit>
  readonly count: number
}

export interface SessionMatch {
  readonly found: Found
  readonly transcript: Transcript
  readonly messages: ReadonlyArray<MessageHits>
  readonly count: number
  /** Characters that were looked through. */
  readonly chars: number
}

/** More hits than this in one message are counted, not kept. */
const keptHits = 5
/** Messages whose hits are kept for each session. */
const keptMessages = 64

export const titleOf = ({ entry }: Found, { head }: Transcript): string => entry.indexTitle ?? head.title ?? ""

const matchTranscript = (
  found: Found,
  transcript: Transcript,
  query: Query,
  roles: ReadonlyArray<Role> | null
): SessionMatch | null => {
  // A title is part of what a session says, but no message: it finds the session without a match to show.
  let terms = roles === null ? matchText(query, titleOf(found, transcript), 1).terms : 0
  let count = 0
  let chars = 0
  const messages: Array<MessageHits> = []
  for (let index = 1; index <= transcript.count; index++) {
    const role = transcript.role(index)
    if (roles !== null && !roles.includes(role)) continue
    const { text } = transcript.message(index)
    chars += text.length
    const match = matchText(query, text, keptHits)
    if (match.count === 0) continue
    terms |= match.terms
    count += match.count
    if (messages.length < keptMessages) messages.push({ index, role, text, ...match })
  }
  return terms === allTerms(query) ? { found, transcript, messages, count, chars } : null
}

/** UTF-16 units of text that are kept of a session that is searched: every message is looked at, in order, once. */
const retainedChars = 16 * 1024 * 1024

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

/** The sessions whose raw files have every term somewhere, and those whose raw files do not say. */
const scanAll = Effect.fnUntraced(function* (
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
    // Sessions of one database share its file.
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
  for (const marker of new Set(sessions.map(({ shelf }) => shelf.adapter.linkMarker))) {
    yield* scan(
      sessions
        .filter((found) => found.shelf.adapter.linkMarker === marker && !isOpaque(found))
        .flatMap(({ entry }) => ownJobs(entry)),
      marker
    )
  }
  const candidates = new Set<Found>()
  for (const found of sessions) {
    const { entry, shelf } = found
    if (isOpaque(found)) {
      candidates.add(found)
      continue
    }
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
  return Array.from(candidates)
})

/**
 * The sessions in which every term of the query occurs. Raw bytes are scanned first; only what can match is parsed, one
 * session at a time.
 */
export const matchSessions = Effect.fnUntraced(function* (
  sessions: ReadonlyArray<Found>,
  query: Query,
  roles: ReadonlyArray<Role> | null
) {
  const warnings: Array<Warning> = []
  const matches: Array<SessionMatch> = []
  const patterns = rawPatterns(query)
  // Without a condition on raw bytes (most regular expressions have none) every session can match.
  const candidates = patterns === null ? sessions : yield* scanAll(sessions, query, patterns, warnings)
  const progress = yield* Progress
  let read = 0
  for (const found of candidates) {
    progress.update("reading", read++, candidates.length)
    const match = yield* load(found, { measures: false, retainedChars }).pipe(
      Effect.flatMap((transcript) => Effect.sync(() => matchTranscript(found, transcript, query, roles))),
      fromStore(found.entry),
      Effect.catch((error) => {
        warnings.push(adapterFailed(found.entry.source, error.message))
        return Effect.succeed(null)
      })
    )
    if (match !== null) matches.push(match)
  }
  return { matches, warnings }
})
