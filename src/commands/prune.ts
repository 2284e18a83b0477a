import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { ConfirmationRequired, ConflictingFlags, InvalidDuration, UsageError } from "../domain/errors.ts"
import { shellLine } from "../domain/text.ts"
import { parseDuration } from "../domain/time.ts"
import { acceptedAges, formatBytes } from "../domain/trash.ts"
import { Confirmation } from "../services/Confirmation.ts"
import { Invocation } from "../services/Invocation.ts"
import { Prune, type PruneRequest } from "../services/Prune.ts"
import { Settings } from "../services/Settings.ts"
import { formatFor } from "./format.ts"
import { defineCommand, type FlagSpecs, type FlagValues } from "./spec.ts"
import { cwdChoice, sourceName } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  "older-than": { value: "AGE", description: "last active longer ago: 30d, 12h, 90m, 45s" },
  source: { alias: "s", value: "SOURCE", description: "only sessions of this source" },
  cwd: { value: "DIR", description: "current, all, or a directory", default: "all" },
  "dry-run": { description: "show what would be moved, and change nothing" },
  yes: { alias: "y", description: "do it without asking" },
  undo: { value: "TIMESTAMP", description: "put back what one prune moved" },
  "empty-trash": { description: "delete for good what has been in the trash for --older-than" }
} as const satisfies FlagSpecs

type Typed = FlagValues<typeof flags>

/** Flags that were typed, as words. */
const given = (typed: Typed, names: ReadonlyArray<keyof typeof flags>): ReadonlyArray<string> =>
  names.filter((name) => typed[name] !== null && typed[name] !== false).map((name) => `--${name}`)

/** Flags that exclude each other; null where none do. */
const conflict = (typed: Typed): ConflictingFlags | null => {
  const against = (flag: string, others: ReadonlyArray<string>) =>
    others.length === 0
      ? null
      : new ConflictingFlags({
          message: `${flag} and ${others.join(", ")} exclude each other`,
          flags: [flag, ...others]
        })
  if (typed.undo !== null) {
    return against("--undo", given(typed, ["older-than", "source", "cwd", "dry-run", "yes", "empty-trash"]))
  }
  if (typed["dry-run"] && typed.yes) return against("--dry-run", ["--yes"])
  return typed["empty-trash"] ? against("--empty-trash", given(typed, ["source", "cwd"])) : null
}

/** `--older-than` in milliseconds. */
const ageOf = (typed: string | null) => {
  if (typed === null) {
    return Effect.fail(
      new UsageError({
        message: "prune needs --older-than: how long ago a session was last active",
        suggestion: "sessionr prune --older-than 30d --dry-run",
        argument: "--older-than",
        did_you_mean: []
      })
    )
  }
  const ms = /^\d+[dhms]$/.test(typed) ? parseDuration(typed) : null
  return ms !== null
    ? Effect.succeed(ms)
    : Effect.fail(
        new InvalidDuration({
          message: `--older-than is ${JSON.stringify(typed)}; it can be ${acceptedAges}`,
          value: typed,
          accepted: acceptedAges
        })
      )
}

/** Whether a person can be asked: who wants JSON is a program, even at a terminal, and would wait for ever. */
const canAsk = Effect.gen(function* () {
  const format = formatFor(yield* Invocation, "prune", false)
  return format !== "json" && format !== "jsonl" && (yield* (yield* Confirmation).available)
})

/** Fails but after a yes. */
const confirmed = Effect.fnUntraced(function* (
  words: ReadonlyArray<string>,
  what: string,
  /** Null where nobody can be asked. */
  question: string | null
) {
  const { inheritedWords } = yield* Settings
  const confirmation = yield* Confirmation
  if (question !== null && (yield* confirmation.ask(question))) return
  return yield* new ConfirmationRequired({
    message:
      question === null
        ? `${what}: say --yes, or --dry-run to see what it would be`
        : "not confirmed: nothing was done",
    suggestion: shellLine(["sessionr", ...inheritedWords, "prune", ...words, "--dry-run"])
  })
})

const emptyTrash = Effect.fnUntraced(function* (typed: Typed) {
  const service = yield* Prune
  const age = yield* ageOf(typed["older-than"])
  if (typed["dry-run"]) return { result: yield* service.emptyTrash(age, true), exitCode: exitCodes.OK }
  if (!typed.yes) {
    const words = ["--empty-trash", "--older-than", typed["older-than"]!]
    const plan = (yield* canAsk) ? yield* service.emptyTrash(age, true) : null
    if (plan?.items.length === 0) return { result: plan, exitCode: exitCodes.OK }
    const question = plan === null ? null : `Delete ${formatBytes(plan.bytes)} in the trash for good?`
    yield* confirmed(words, "prune --empty-trash deletes for good", question)
  }
  return { result: yield* service.emptyTrash(age, false), exitCode: exitCodes.OK }
})

const undo = Effect.fnUntraced(function* (name: string) {
  const service = yield* Prune
  const result = yield* service.undo(name)
  return { result, exitCode: result.conflicts.length > 0 ? exitCodes.PARTIAL : exitCodes.OK }
})

/** `prune`: old sessions to the trash, back from it, and out of it. */
export const prune = defineCommand({
  name: "prune",
  summary: "Move old sessions to the trash, or back",
  description:
    "Moves every file of each session, its subagents included, to a trash of our own and checks each copy before the original goes. Sessions that share a database, that others build on, or that may be open are refused. The tools' own indexes stay as they are.",
  args: [],
  flags,
  examples: [
    { command: "sessionr prune --older-than 90d --dry-run", description: "what would go" },
    { command: "sessionr prune --older-than 90d -s codex --yes", description: "move them to the trash" },
    { command: "sessionr prune --undo 20261120T120000Z", description: "put them back" },
    { command: "sessionr prune --empty-trash --older-than 30d", description: "free the space, after asking" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.PARTIAL],
  run: Effect.fnUntraced(function* ({ flags: typed }) {
    const wrong = conflict(typed)
    if (wrong !== null) return yield* wrong
    if (typed.undo !== null) return yield* undo(typed.undo)
    if (typed["empty-trash"]) return yield* emptyTrash(typed)
    const service = yield* Prune
    const request: PruneRequest = {
      olderThanMs: yield* ageOf(typed["older-than"]),
      source: yield* sourceName(typed.source),
      cwd: yield* cwdChoice(typed.cwd, "all"),
      words: repeatFlags(flags, typed, ["dry-run", "yes"])
    }
    if (typed["dry-run"]) return { result: yield* service.plan(request), exitCode: exitCodes.OK }
    if (!typed.yes) {
      const plan = (yield* canAsk) ? yield* service.plan(request) : null
      if (plan?.wouldDelete.length === 0) return { result: plan, exitCode: exitCodes.OK }
      const count = plan?.wouldDelete.length
      const question =
        plan === null
          ? null
          : `Move ${count} ${count === 1 ? "session" : "sessions"}, ${formatBytes(plan.bytes)}, to the trash?`
      yield* confirmed(request.words, "prune moves sessions to the trash", question)
    }
    const result = yield* service.run(request)
    return { result, exitCode: result.skipped.length > 0 ? exitCodes.PARTIAL : exitCodes.OK }
  })
})
