import * as Effect from "effect/Effect"
import { matchText, snippet } from "../../domain/query.ts"
import type { SearchMatch, SearchResult, Warning } from "../../domain/results.ts"
import { oneLine } from "../../domain/text.ts"
import type { SearchRequest } from "../../services/Sessions.ts"
import { commandLine, openCatalog, sessionWords } from "./catalog.ts"
import { matchSessions, type SessionMatch, titleOf } from "./match.ts"
import { decideScope, inScope } from "./scope.ts"
import { newestFirst, type Surveyed, surveyAll } from "./survey.ts"

const shownMatches = 5
const summaryChars = 100

const bitCount = (bits: number): number => {
  let n = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) n++
  return n
}

/** The best matches: messages with most of the terms first, one hit of each before the second of any. */
const bestMatches = ({ messages }: SessionMatch, context: number): ReadonlyArray<SearchMatch> => {
  const ranked = messages.toSorted((a, b) => bitCount(b.terms) - bitCount(a.terms) || a.index - b.index)
  const rounds = Math.max(0, ...ranked.map(({ hits }) => hits.length))
  const picked: Array<SearchMatch> = []
  for (let round = 0; round < rounds && picked.length < shownMatches; round++) {
    for (const { hits, index, role, text } of ranked) {
      const hit = hits[round]
      if (hit === undefined || picked.length === shownMatches) continue
      picked.push({
        messageIndex: index,
        role,
        snippet: snippet(text, hit.start, hit.length, context),
        charOffset: hit.start
      })
    }
  }
  return picked.sort((a, b) => a.messageIndex - b.messageIndex || a.charOffset - b.charOffset)
}

/** Sessions in scope. Their heads are only read where a filter or the order of a capped scan needs them. */
const selectSessions = Effect.fnUntraced(function* (request: SearchRequest) {
  const catalog = yield* openCatalog(request.source)
  const needsHeads =
    request.cwd.kind !== "all" || request.since !== null || request.until !== null || request.maxSessions !== null
  if (!needsHeads) {
    const warnings: ReadonlyArray<Warning> = []
    return { catalog, sessions: catalog.entries, available: catalog.entries.length, warnings }
  }
  const { surveyed, warnings } = yield* surveyAll(catalog.entries)
  const scope = yield* decideScope(
    request.cwd,
    surveyed.map(({ head }) => head.cwd)
  )
  const kept = surveyed
    .filter(
      ({ head }) =>
        inScope(scope, head.cwd) &&
        (request.since === null || head.updatedAt >= request.since) &&
        (request.until === null || head.updatedAt <= request.until)
    )
    .sort(newestFirst)
  const capped = request.maxSessions === null ? kept : kept.slice(0, request.maxSessions)
  return { catalog, sessions: capped.map(({ found }) => found), available: kept.length, warnings }
})

/** `search`: sessions in which everything asked for was said, best first. */
export const search = Effect.fn("Sessions.search")(function* (request: SearchRequest) {
  const command = yield* commandLine
  const { available, catalog, sessions, warnings } = yield* selectSessions(request)
  const matched = yield* matchSessions(sessions, request.query, request.roles)
  const ranked = matched.matches
    .map((match) => {
      const head = match.transcript.head
      const title = titleOf(match.found, match.transcript) || (head.firstPrompt ?? "")
      const special =
        request.query.terms.some(({ kind }) => kind === "phrase") || matchText(request.query, title, 1).count > 0
      const surveyed: Surveyed = { found: match.found, head }
      return { match, surveyed, special, density: match.count / Math.max(1, match.chars) }
    })
    .sort(
      (a, b) => Number(b.special) - Number(a.special) || b.density - a.density || newestFirst(a.surveyed, b.surveyed)
    )
  const shown = ranked.slice(0, request.top)
  const best = shown[0]
  const bestHit = best === undefined ? undefined : bestMatches(best.match, request.context)[0]
  const bestWords = best === undefined ? null : sessionWords(catalog, best.match.found.entry)
  return {
    _tag: "search",
    query: request.query.text,
    scanned: sessions.length,
    available,
    warnings: [...catalog.warnings, ...warnings, ...matched.warnings],
    results: shown.map(({ match, surveyed }) => ({
      id: match.found.entry.id,
      source: match.found.entry.source,
      cwd: surveyed.head.cwd,
      updatedAt: surveyed.head.updatedAt,
      summary: oneLine(surveyed.head.firstPrompt ?? "", summaryChars),
      parentId: surveyed.head.parentId ?? match.found.entry.parentId,
      matchCount: match.count,
      matches: bestMatches(match, request.context)
    })),
    totalMatches: ranked.length,
    actions: [
      ...(bestWords === null || bestHit === undefined
        ? [{ command: command(["list", "--cwd", "all"]), description: "Sessions of every directory" }]
        : [
            {
              command: command([
                "read",
                bestWords.id,
                ...bestWords.source,
                "--after",
                String(bestHit.messageIndex - 1)
              ]),
              description: "Read the best match from its first hit on"
            },
            {
              command: command(["read", bestWords.id, ...bestWords.source, "--search", request.query.text]),
              description: "Read around the hits"
            }
          ]),
      ...(ranked.length > shown.length && shown.length < 200
        ? [
            {
              command: command(["search", ...request.words, "--top", String(Math.min(200, ranked.length))]),
              description: `The other ${ranked.length - shown.length} sessions that match`
            }
          ]
        : [])
    ]
  } satisfies SearchResult
})
