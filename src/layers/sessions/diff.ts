import * as Effect from "effect/Effect"
import { commonPrefix, numberMessages } from "../../domain/diff/align.ts"
import { afterSplit, compareFiles, compareTools, relationOf, sharedPart } from "../../domain/diff/compare.ts"
import type { Action, Differences, DiffResult, DiffSession, Warning } from "../../domain/results.ts"
import type { Transcript } from "../../domain/transcript.ts"
import type { DiffRequest } from "../../services/Sessions.ts"
import { type Catalog, commandLine, type Found, sessionWords } from "./catalog.ts"
import { differencesOf } from "./differences.ts"
import { fromStore } from "./from-store.ts"
import { load, resolve } from "./resolve.ts"
import { skippedWarnings } from "./rows.ts"

const sessionOf = ({ entry }: Found, transcript: Transcript, shared: number): DiffSession => {
  const { count, facts, head, totalTokens } = transcript
  return {
    id: entry.id,
    source: entry.source,
    title: entry.indexTitle ?? head.title,
    cwd: head.cwd,
    gitBranch: head.gitBranch,
    model: head.model,
    parentId: head.parentId ?? entry.parentId,
    forkedFrom: facts.forkedFrom,
    createdAt: head.createdAt,
    updatedAt: head.updatedAt,
    totalMessages: count,
    totalTokens,
    tokenUsage: facts.tokenUsage,
    durationMs: facts.durationMs,
    after: afterSplit(transcript, shared)
  }
}

interface Side {
  readonly catalog: Catalog
  readonly found: Found
  readonly transcript: Transcript
}

/** What is said of both looks through the stores is said once. */
const distinct = (warnings: ReadonlyArray<Warning>): ReadonlyArray<Warning> => {
  const said = new Set<string>()
  return warnings.filter(({ code, message, source }) => {
    const key = JSON.stringify([source, code, message])
    return !said.has(key) && said.add(key)
  })
}

const warningsOf = (a: Side, b: Side, request: DiffRequest, differences: Differences | null) => {
  const stuck =
    differences !== null && differences.shown.length === 0 && differences.total > (request.differences?.after ?? 0)
  return [
    ...distinct([...a.catalog.warnings, ...b.catalog.warnings]),
    ...(request.differences?.notices ?? []).map((message) => ({ source: null, code: "BUDGET_CLAMPED", message })),
    ...skippedWarnings(a.transcript),
    ...(a.transcript === b.transcript ? [] : skippedWarnings(b.transcript)),
    ...(differences !== null && !differences.isExact
      ? [
          {
            source: null,
            code: "ALIGNMENT_LIMITED",
            message: "too much is repeated: only messages that occur once in each session were aligned"
          }
        ]
      : []),
    ...(stuck
      ? [
          {
            source: null,
            code: "BUDGET_TOO_SMALL",
            message: `not one step fits ${differences.tokenBudget} tokens; 80 do`
          }
        ]
      : [])
  ]
}

const answer = Effect.fnUntraced(function* (a: Side, b: Side, request: DiffRequest) {
  const command = yield* commandLine
  const numbered = numberMessages(a.transcript, b.transcript)
  const shared = commonPrefix(numbered)
  const part = sharedPart(a.transcript, b.transcript, shared)
  const [wordsA, wordsB] = [sessionWords(a.catalog, a.found.entry), sessionWords(b.catalog, b.found.entry)]
  const named = (typed: string | null, words: ReadonlyArray<string>, source: string, flag: string) =>
    typed !== null || words.length > 0 ? [flag, source] : []
  const again = (more: ReadonlyArray<string>) =>
    command([
      "diff",
      wordsA.id,
      wordsB.id,
      ...named(request.sourceA, wordsA.source, a.found.entry.source, "--source-a"),
      ...named(request.sourceB, wordsB.source, b.found.entry.source, "--source-b"),
      "--messages",
      ...more
    ])
  const differences =
    request.differences === null
      ? null
      : differencesOf({ a: a.transcript, b: b.transcript }, numbered, shared, request.differences, (more) =>
          again([...more, "--tokens", String(request.differences?.tokens)])
        )
  const isIdentical = shared === a.transcript.count && shared === b.transcript.count
  const cut = differences?.shown.find((one) => one.side !== "same" && one.message.nextChar !== null)
  const next = differences?.cursor.next ?? null
  const readOn = (
    side: Side,
    words: { id: string; source: ReadonlyArray<string> },
    name: string,
    typed: string | null
  ) =>
    side.transcript.count === shared
      ? []
      : [
          {
            command: command([
              "read",
              words.id,
              ...named(typed, words.source, side.found.entry.source, "--source"),
              "--after",
              String(shared)
            ]),
            description: `Read ${name} from where they part`
          }
        ]
  const actions: ReadonlyArray<Action> = [
    ...(next === null ? [] : [{ command: next.command, description: "The steps that follow" }]),
    ...(differences === null && !isIdentical ? [{ command: again([]), description: "The messages that differ" }] : []),
    ...readOn(a, wordsA, "a", request.sourceA),
    ...readOn(b, wordsB, "b", request.sourceB),
    ...(isIdentical
      ? [
          {
            command: command([
              "read",
              wordsA.id,
              ...named(request.sourceA, wordsA.source, a.found.entry.source, "--source")
            ]),
            description: "Read it"
          }
        ]
      : [])
  ]
  return {
    _tag: "diff",
    a: sessionOf(a.found, a.transcript, shared),
    b: sessionOf(b.found, b.transcript, shared),
    relation: relationOf(a.transcript, b.transcript, part),
    isIdentical,
    shared: part,
    tools: compareTools(a.transcript, b.transcript, shared),
    files: compareFiles(a.transcript, b.transcript),
    differences,
    partial:
      differences !== null &&
      ((differences.shown.at(-1)?.number ?? request.differences!.after) < differences.total || cut !== undefined),
    warnings: warningsOf(a, b, request, differences),
    actions
  } satisfies DiffResult
})

const isSame = (a: Found, b: Found): boolean =>
  a.entry.source === b.entry.source && a.entry.id === b.entry.id && a.entry.file.path === b.entry.file.path

/** `diff`: where two sessions part, and what each has of its own from there. */
export const diff = Effect.fn("Sessions.diff")(function* (request: DiffRequest) {
  const first = yield* resolve(request.a, request.sourceA)
  const second = yield* resolve(request.b, request.sourceB)
  const a: Side = { ...first, transcript: yield* load(first.found) }
  const b: Side = {
    ...second,
    transcript: isSame(first.found, second.found) ? a.transcript : yield* load(second.found)
  }
  return yield* answer(a, b, request).pipe(fromStore(a.found.entry))
})
