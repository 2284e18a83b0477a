import * as Effect from "effect/Effect"
import type { Action, TotalsResult, Warning } from "../../domain/results.ts"
import { TotalsBuilder } from "../../domain/totals.ts"
import { Progress } from "../../services/Progress.ts"
import type { TotalsRequest } from "../../services/Sessions.ts"
import { adapterFailed, commandLine, openCatalog } from "./catalog.ts"
import { tallyFor } from "./resolve.ts"
import { decideScope, inScope } from "./scope.ts"
import { type Surveyed, surveyAll } from "./survey.ts"

/** Copies are younger than their originals, or as old where they copied the first line with its time as well. */
const oldestFirst = (a: Surveyed, b: Surveyed): number =>
  (a.head.createdAt ?? a.head.updatedAt) - (b.head.createdAt ?? b.head.updatedAt) ||
  a.head.updatedAt - b.head.updatedAt ||
  (a.found.entry.id < b.found.entry.id ? -1 : 1)

/** Records that were passed over, summed for each source: a line a session would be longer than the answer. */
class SkippedSums {
  readonly #sums = new Map<string, { records: number; sessions: number }>()

  add(source: string, records: number): void {
    if (records === 0) return
    const sum = this.#sums.get(source) ?? { records: 0, sessions: 0 }
    this.#sums.set(source, { records: sum.records + records, sessions: sum.sessions + 1 })
  }

  get warnings(): ReadonlyArray<Warning> {
    return Array.from(this.#sums, ([source, { records, sessions }]) => ({
      source,
      code: "RECORDS_SKIPPED",
      message: `${records} ${records === 1 ? "record" : "records"} skipped in ${sessions} ${sessions === 1 ? "session" : "sessions"}`
    }))
  }
}

/** `stats` without an id: totals over the sessions, which are read one at a time and remembered. */
export const totals = Effect.fn("Sessions.totals")(function* (request: TotalsRequest) {
  const command = yield* commandLine
  const progress = yield* Progress
  const catalog = yield* openCatalog(request.source)
  const { surveyed, warnings } = yield* surveyAll(catalog.entries)
  const scope = yield* decideScope(
    request.cwd,
    surveyed.map(({ head }) => head.cwd)
  )
  const chosen = surveyed
    .filter(
      ({ head }) =>
        inScope(scope, head.cwd) &&
        (request.since === null || head.updatedAt >= request.since) &&
        (request.until === null || head.updatedAt <= request.until)
    )
    .sort(oldestFirst)
  const builder = new TotalsBuilder()
  const skipped = new SkippedSums()
  const failures: Array<Warning> = []
  for (const [at, { found, head }] of chosen.entries()) {
    const { entry } = found
    progress.update("counting", at, chosen.length)
    const one = yield* tallyFor(found).pipe(
      Effect.catch((error) => {
        failures.push(adapterFailed(entry.source, error.message))
        return Effect.succeed(null)
      })
    )
    if (one === null) continue
    skipped.add(entry.source, one.skipped)
    const isSubagent = head.kind === "subagent" || entry.kind === "subagent"
    builder.add({ source: entry.source, cwd: head.cwd, isSubagent, tally: one })
  }
  const { groups, total } = builder.build(request.by)
  const narrower: ReadonlyArray<Action> =
    request.by === null
      ? [{ command: command(["stats", ...request.words, "--by", "day"]), description: "Every day of them" }]
      : [{ command: command(["stats", ...request.words]), description: "By source, day, model and project" }]
  return {
    _tag: "totals",
    scope: scope.scope,
    scopeReason: scope.reason,
    cwd: scope.cwd,
    since: request.since,
    until: request.until,
    by: request.by,
    empty: builder.empty,
    total,
    groups,
    warnings: [...catalog.warnings, ...warnings, ...failures, ...skipped.warnings],
    actions: [
      ...narrower,
      { command: command(["list", "--cwd", "all"]), description: "The sessions themselves, newest first" }
    ]
  } satisfies TotalsResult
})
