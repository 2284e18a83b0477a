import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Query } from "../../domain/query.ts"
import type { Action, ListCursor, ListResult } from "../../domain/results.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Labels } from "../../services/Labels.ts"
import type { ListRequest } from "../../services/Sessions.ts"
import { commandLine, openCatalog, sessionWords } from "./catalog.ts"
import { matchSessions } from "./match.ts"
import { load } from "./resolve.ts"
import { labelsOrWarning } from "./labels.ts"
import { describe } from "./rows.ts"
import { decideScope, inScope } from "./scope.ts"
import { newestFirst, type Surveyed, surveyAll } from "./survey.ts"

/** A filter over a fact that a brief head may lack; where both ends of the file lack it, the session is read whole. */
const factMatches = Effect.fnUntraced(function* (
  { found }: Surveyed,
  fact: "gitBranch" | "model",
  matches: (value: string) => boolean
) {
  const known = yield* found.shelf.adapter.survey(found.entry).pipe(
    Effect.map((head) => head[fact]),
    Effect.catch(() => Effect.succeed(null))
  )
  if (known !== null) return matches(known)
  const value = yield* load(found, { measures: false }).pipe(
    Effect.map((transcript) => transcript.head[fact]),
    Effect.catch(() => Effect.succeed(null))
  )
  return value !== null && matches(value)
})

const filterFacts = Effect.fnUntraced(function* (rows: ReadonlyArray<Surveyed>, request: ListRequest) {
  const { branch, model } = request
  let kept = rows
  if (branch !== null) kept = yield* Effect.filter(kept, (row) => factMatches(row, "gitBranch", (b) => b === branch))
  if (model !== null) {
    const wanted = model.toLowerCase()
    kept = yield* Effect.filter(kept, (row) => factMatches(row, "model", (m) => m.toLowerCase().includes(wanted)))
  }
  return kept
})

/** `list`: the sessions of a directory or of all, newest first, a page of them. */
export const list = Effect.fn("Sessions.list")(function* (request: ListRequest) {
  const registry = yield* AdapterRegistry
  const now = yield* Clock.currentTimeMillis
  const command = yield* commandLine
  const labels = yield* Labels
  const catalog = yield* openCatalog(request.source)
  const { surveyed, warnings } = yield* surveyAll(catalog.entries)
  // Which sessions have a tag must be known to filter by it; otherwise a damaged file is no reason to show nothing.
  const labelled = request.tag === null ? yield* labelsOrWarning : { labelsOf: yield* labels.lookup, warnings: [] }
  const { labelsOf } = labelled
  const isSubagent = ({ found, head }: Surveyed) => head.kind === "subagent" || found.entry.kind === "subagent"
  const visible = (row: Surveyed) =>
    (request.includeSubagents || !isSubagent(row)) && (request.includeEmpty || !row.head.isEmpty)
  const scope = yield* decideScope(
    request.cwd,
    surveyed.filter(visible).map(({ head }) => head.cwd)
  )
  const inTime = surveyed.filter(
    ({ found, head }) =>
      inScope(scope, head.cwd) &&
      (request.tag === null || labelsOf(found.entry).tags.includes(request.tag)) &&
      (request.since === null || head.updatedAt >= request.since) &&
      (request.until === null || head.updatedAt <= request.until)
  )
  const candidates = (yield* filterFacts(inTime.filter(visible), request)).toSorted(newestFirst)
  const hidden = {
    subagents: request.includeSubagents ? 0 : inTime.filter(isSubagent).length,
    empty: request.includeEmpty
      ? 0
      : inTime.filter((row) => row.head.isEmpty && (request.includeSubagents || !isSubagent(row))).length
  }
  const searched = request.search === null ? null : yield* searchWithin(request, request.search, candidates)
  const rows = searched === null ? candidates : searched.rows
  const page = rows.slice(request.offset, request.offset + request.limit)
  const sessions = yield* describe(catalog, page, labelsOf)
  const cursorAt = (offset: number): ListCursor => ({
    command: command(["list", ...request.words, "--offset", String(offset), "--limit", String(request.limit)]),
    offset,
    limit: request.limit
  })
  const more = request.offset + page.length < rows.length
  const first = page[0] === undefined ? null : sessionWords(catalog, page[0].found.entry)
  const sessionAction = (verb: string, description: string): ReadonlyArray<Action> =>
    first === null ? [] : [{ command: command([verb, first.id, ...first.source]), description }]
  const empty: Action = { command: command(["doctor"]), description: "See where sessions are looked for" }
  return {
    _tag: "list",
    scope: scope.scope,
    scopeReason: scope.reason,
    cwd: scope.cwd,
    search: searched === null ? null : searched.report,
    hidden,
    warnings: [...catalog.warnings, ...warnings, ...labelled.warnings, ...(searched?.warnings ?? [])],
    nextAction: sessionAction("read", "Read the newest of these sessions")[0] ?? empty,
    sessions,
    totalAvailable: rows.length,
    limit: request.limit,
    offset: request.offset,
    availableSources: registry.adapters.map((adapter) => adapter.source),
    cursor: {
      next: more ? cursorAt(request.offset + page.length) : null,
      prev: request.offset > 0 ? cursorAt(Math.max(0, request.offset - request.limit)) : null,
      first: request.offset > 0 ? cursorAt(0) : null
    },
    actions: [
      ...sessionAction("read", "Read the newest of these sessions"),
      ...sessionAction("stats", "Its tools, files and tokens"),
      ...(more ? [{ command: cursorAt(request.offset + page.length).command, description: "The next page" }] : []),
      ...(searched?.report.truncated === true
        ? [
            {
              command: command(["search", "-q", request.search?.text ?? ""]),
              description: "Search every session, without a limit on how many are scanned"
            }
          ]
        : []),
      ...(first === null
        ? [{ command: command(["list", "--cwd", "all"]), description: "Sessions of every directory" }, empty]
        : [])
    ],
    now
  } satisfies ListResult
})

/** `-q`: of the newest `maxSessions` candidates those whose messages contain the text. */
const searchWithin = Effect.fnUntraced(function* (
  request: ListRequest,
  query: Query,
  candidates: ReadonlyArray<Surveyed>
) {
  const scanned = candidates.slice(0, request.maxSessions)
  const { matches, warnings } = yield* matchSessions(
    scanned.map(({ found }) => found),
    query,
    null
  )
  const matched = new Set(matches.map(({ found }) => found))
  return {
    rows: scanned.filter(({ found }) => matched.has(found)),
    warnings,
    report: {
      query: query.text,
      scanned: scanned.length,
      available: candidates.length,
      truncated: scanned.length < candidates.length
    }
  }
})
