import * as Effect from "effect/Effect"
import { allTerms, type Hit, matchText, type Query } from "../../domain/query.ts"
import { rawPatterns } from "../../domain/raw-pattern.ts"
import type { Role } from "../../domain/message.ts"
import type { Warning } from "../../domain/results.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { Progress } from "../../services/Progress.ts"
import { adapterFailed, type Found } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { candidatesOf } from "./prefilter.ts"
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

/**
 * The sessions in which every term of the query occurs. Raw bytes and stored texts are looked through first; only what can
 * match is parsed, one session at a time.
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
  const candidates = patterns === null ? sessions : yield* candidatesOf(sessions, query, patterns, warnings)
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
