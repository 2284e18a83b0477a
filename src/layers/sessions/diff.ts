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
  readonly name: "a" | "b"
  readonly catalog: Catalog
  readonly found: Found
  readonly transcript: Transcript
  /** The shortest id that names it, and the source where it takes that, or was given: few sessions were looked through. */
  readonly id: string
  readonly source: string | null
}

const sideOf = (
  name: Side["name"],
  catalog: Catalog,
  found: Found,
  transcript: Transcript,
  typed: string | null
): Side => {
  const { id, source } = sessionWords(catalog, found.entry)
  const needsSource = typed !== null || source.length > 0
  return { name, catalog, found, transcript, id, source: needsSource ? found.entry.source : null }
}

/** A store that was looked through twice is complained of once. */
const distinct = (warnings: ReadonlyArray<Warning>): ReadonlyArray<Warning> => {
  const said = new Set<string>()
  return warnings.filter(({ code, message, source }) => {
    const key = JSON.stringify([source, code, message])
    return !said.has(key) && said.add(key)
  })
}

const warningsOf = (a: Side, b: Side, { differences: asked }: DiffRequest, differences: Differences | null) => {
  const stuck = differences !== null && differences.shown.length === 0 && differences.isPartial
  return [
    ...distinct([...a.catalog.warnings, ...b.catalog.warnings]),
    ...(asked?.notices ?? []).map((message) => ({ source: null, code: "BUDGET_CLAMPED", message })),
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

/** A `read` of one side from behind message `after` on. */
const readWords = ({ id, source }: Side, after: number, more: ReadonlyArray<string> = []): ReadonlyArray<string> => [
  "read",
  id,
  ...(source === null ? [] : ["--source", source]),
  "--after",
  String(after),
  ...more
]

const actionsFor = Effect.fnUntraced(function* (
  a: Side,
  b: Side,
  shared: number,
  again: string,
  shown: Differences | null
) {
  const command = yield* commandLine
  const actions: Array<Action> = []
  const cut = shown?.shown.find((one) => one.side !== "same" && one.message.nextChar !== null)
  if (cut !== undefined && cut.side !== "same") {
    const { index, nextChar } = cut.message
    actions.push({
      command: command(readWords(cut.side === "a" ? a : b, index - 1, ["--char-offset", String(nextChar)])),
      description: `Message ${index} of ${cut.side} from where it was cut`
    })
  }
  if (shown?.cursor.next != null) {
    actions.push({ command: shown.cursor.next.command, description: "The steps that follow" })
  }
  const parted = [a, b].filter(({ transcript }) => transcript.count > shared)
  if (shown === null && parted.length > 0) actions.push({ command: again, description: "The messages that differ" })
  for (const side of parted) {
    actions.push({ command: command(readWords(side, shared)), description: `Read ${side.name} from where they part` })
  }
  if (parted.length === 0) actions.push({ command: command(readWords(a, 0)), description: "Read it" })
  return actions
})

const answer = Effect.fnUntraced(function* (a: Side, b: Side, request: DiffRequest) {
  const command = yield* commandLine
  const numbered = numberMessages(a.transcript, b.transcript)
  const shared = commonPrefix(numbered)
  const part = sharedPart(a.transcript, b.transcript, shared)
  const again = (more: ReadonlyArray<string>) =>
    command([
      "diff",
      a.id,
      b.id,
      ...(a.source === null ? [] : ["--source-a", a.source]),
      ...(b.source === null ? [] : ["--source-b", b.source]),
      "--messages",
      ...more
    ])
  const asked = request.differences
  const differences =
    asked === null
      ? null
      : differencesOf({ a: a.transcript, b: b.transcript }, numbered, shared, asked, (more) =>
          again([...more, "--tokens", String(asked.tokens)])
        )
  return {
    _tag: "diff",
    a: sessionOf(a.found, a.transcript, shared),
    b: sessionOf(b.found, b.transcript, shared),
    relation: relationOf(a.transcript, b.transcript, part),
    isIdentical: shared === a.transcript.count && shared === b.transcript.count,
    shared: part,
    tools: compareTools(a.transcript, b.transcript, shared),
    files: compareFiles(a.transcript, b.transcript),
    differences,
    partial: differences?.isPartial ?? false,
    warnings: warningsOf(a, b, request, differences),
    actions: yield* actionsFor(a, b, shared, again([]), differences)
  } satisfies DiffResult
})

const isSame = (a: Found, b: Found): boolean =>
  a.entry.source === b.entry.source && a.entry.id === b.entry.id && a.entry.file.path === b.entry.file.path

/** `diff`: where two sessions part, and what each has of its own from there. */
export const diff = Effect.fn("Sessions.diff")(function* (request: DiffRequest) {
  const first = yield* resolve(request.a, request.sourceA)
  const second = yield* resolve(request.b, request.sourceB)
  const loadedA = yield* load(first.found)
  const loadedB = isSame(first.found, second.found) ? loadedA : yield* load(second.found)
  const a = sideOf("a", first.catalog, first.found, loadedA, request.sourceA)
  const b = sideOf("b", second.catalog, second.found, loadedB, request.sourceB)
  return yield* answer(a, b, request).pipe(fromStore(a.found.entry))
})
