import * as Effect from "effect/Effect"
import { ParseError, SessionNotFound } from "../../domain/errors.ts"
import { type Tally, tallyOf } from "../../domain/tally.ts"
import { isoTime } from "../../domain/time.ts"
import type { Transcript } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { DigestCache } from "../../services/DigestCache.ts"
import { isName } from "../../domain/names.ts"
import { Names } from "../../services/Names.ts"
import { Host } from "../../services/Host.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { behindWarnings } from "./behind.ts"
import { type Catalog, commandLine, type Found, openCatalog } from "./catalog.ts"

const shownMatches = 20

const matching = (entries: ReadonlyArray<Found>, id: string): ReadonlyArray<Found> => {
  const typed = id.toLowerCase()
  const exact = entries.filter(({ entry }) => entry.id.toLowerCase() === typed)
  return exact.length > 0 ? exact : entries.filter(({ entry }) => entry.id.toLowerCase().startsWith(typed))
}

const notFound = Effect.fnUntraced(function* (
  catalog: Catalog,
  id: string,
  source: string | null,
  matches: ReadonlyArray<Found>
) {
  const host = yield* Host
  const command = yield* commandLine
  const described = yield* Effect.forEach(matches.slice(0, shownMatches), ({ entry, shelf }) =>
    shelf.adapter.survey(entry, true).pipe(
      Effect.map((head) => ({ cwd: head.cwd, updatedAt: head.updatedAt })),
      Effect.catch(() => Effect.succeed({ cwd: null, updatedAt: entry.file.mtimeMs })),
      Effect.map(({ cwd, updatedAt }) => ({ id: entry.id, source: entry.source, cwd, updated_at: isoTime(updatedAt) }))
    )
  )
  const behind = (yield* behindWarnings).flatMap((warning) => warning.source ?? [])
  const incomplete = Array.from(new Set([...catalog.failed, ...behind]))
  const within = source === null ? "" : ` in ${source}`
  const skipped = incomplete.length === 0 ? "" : ` (not looked through in full: ${incomplete.join(", ")})`
  return new SessionNotFound({
    message:
      matches.length > 1
        ? `${matches.length} sessions match ${id}${within}; give more of the id${skipped}`
        : `no session matches ${id}${within}${skipped}`,
    suggestion: command(["list", ...(source === null ? [] : [source]), "--cwd", "all"]),
    session_id: id,
    cwd: host.cwd,
    prefix_matches: described,
    sessions_available: catalog.entries.length,
    skipped_sources: incomplete
  })
})

/**
 * The session that a full id, a unique prefix or a name means, and the catalog it was found in; `at` is the message that
 * a checkpoint pins.
 */
export const resolve = Effect.fnUntraced(function* (id: string, source: string | null) {
  const names = yield* Names
  const named = isName(id) ? yield* names.find(id) : null
  const catalog = yield* openCatalog(source ?? named?.source ?? null)
  const isMeant = ({ entry }: Found) => entry.id === named?.id && entry.source === named.source
  const matches = id === "" ? [] : named === null ? matching(catalog.entries, id) : catalog.entries.filter(isMeant)
  if (matches.length !== 1) return yield* yield* notFound(catalog, named?.id ?? id, source, matches)
  return { catalog, found: matches[0]!, at: named?.at ?? null }
})

/**
 * The state of the files that say more of a session than its own file does. A digest that was made with another state of
 * them is out of date as far as its tally goes.
 */
export const companionsOf = Effect.fnUntraced(function* ({ entry, shelf }: Found) {
  const files = yield* StoreFiles
  const stats = yield* Effect.forEach(shelf.adapter.companions?.(entry) ?? [], (path) =>
    files.stat(path).pipe(Effect.catch(() => Effect.succeed(null)))
  )
  return stats.map((stat) => (stat === null ? "-" : `${stat.size}-${stat.mtimeNs}`)).join(" ")
})

const readWhole = ({ entry, shelf }: Found, options: LoadOptions) =>
  shelf.adapter.load(entry, shelf.discovery, options).pipe(
    Effect.mapError(
      ({ path, reason }) =>
        new ParseError({
          message: `cannot read ${path}: ${reason}`,
          suggestion: "sessionr doctor",
          path,
          source: entry.source,
          reason
        })
    )
  )

const remember = Effect.fnUntraced(function* (found: Found, transcript: Transcript, tally: Tally | null) {
  const cache = yield* DigestCache
  // What totals made of the same session stays.
  if (tally === null && (yield* cache.get(found.entry))?.contentHash === transcript.contentHash) return
  yield* cache.put(found.entry, {
    contentHash: transcript.contentHash,
    totalMessages: transcript.count,
    totalTokens: transcript.totalTokens,
    byRole: transcript.byRole,
    updatedAt: transcript.head.updatedAt,
    tally,
    companions: yield* companionsOf(found)
  })
})

/** Loads a session whole and remembers its digest. */
export const load = Effect.fnUntraced(function* (found: Found, options: LoadOptions = {}) {
  const transcript = yield* readWhole(found, options)
  if (options.branchOf === undefined && options.measures !== false) yield* remember(found, transcript, null)
  return transcript
})

/** What totals need of a session: remembered, as long as none of its files has changed, else from reading it whole. */
export const tallyFor = Effect.fnUntraced(function* (found: Found) {
  const cache = yield* DigestCache
  const digest = yield* cache.get(found.entry)
  if (digest?.tally != null && digest.companions === (yield* companionsOf(found))) return digest.tally
  const transcript = yield* readWhole(found, { retainedChars: -1 })
  const tally = tallyOf(transcript)
  yield* remember(found, transcript, tally)
  return tally
})
