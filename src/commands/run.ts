import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { errorTable, exitCodes } from "../domain/error-table.ts"
import { defectOf } from "../domain/defect.ts"
import { type AppError, FileNotWritable } from "../domain/errors.ts"
import { shellLine } from "../domain/text.ts"
import { Invocation } from "../services/Invocation.ts"
import { normalize, parseCommand } from "./cli.ts"
import { helpDocument, versionDocument } from "./documents.ts"
import { formatFor } from "./format.ts"
import type { Globals } from "./globals.ts"
import { printError, printResult } from "./print.ts"
import type { CommandSpec } from "./spec.ts"
import { commands, internalCommands } from "./table.ts"
import { Progress } from "../services/Progress.ts"
import { requireHome, Settings } from "../services/Settings.ts"

/** What was typed, with the global flags taken out. */
export interface Call {
  readonly globals: Globals
  readonly words: ReadonlyArray<string>
  /** Everything, as it was typed. */
  readonly argv: ReadonlyArray<string>
  /** What is wrong with the global flags themselves. */
  readonly error: AppError | null
}

/** The call again with a word replaced, alone or behind `--flag=`; null where the word was not typed. */
const corrected = (argv: ReadonlyArray<string>, wrong: string, right: string): string | null => {
  const at = argv.findLastIndex((word) => word === wrong || (word.startsWith("-") && word.endsWith(`=${wrong}`)))
  if (at < 0 || wrong === "") return null
  const word = argv[at]!
  const mended = argv.with(at, word === wrong ? right : word.slice(0, word.length - wrong.length) + right)
  return shellLine(["sessionr", ...mended])
}

/** What to paste next: the call with the word that was probably meant, else the error's own hint, else the help. */
const suggest = (error: AppError, call: Call, spec: CommandSpec | undefined): string => {
  const meant = "did_you_mean" in error ? error.did_you_mean[0] : undefined
  const wrong =
    "value" in error ? error.value : "argument" in error ? error.argument : "topic" in error ? error.topic : undefined
  const unknownRole = "unknown" in error ? error.unknown[0] : undefined
  const mended = meant === undefined ? null : corrected(call.argv, unknownRole ?? wrong ?? "", meant)
  return mended ?? error.suggestion ?? (spec === undefined ? "sessionr help" : `sessionr help ${spec.name}`)
}

const isDocument = (spec: CommandSpec, call: Call): boolean =>
  typeof spec.isDocument === "function"
    ? spec.isDocument(normalize(spec, call.words.slice(1)))
    : spec.isDocument === true

/** Runs the command and prints its answer. Fails with the error that is to be printed. */
const answer = Effect.fnUntraced(function* (call: Call, spec: CommandSpec | undefined, startedAt: number) {
  const invocation = yield* Invocation
  const { version } = yield* Settings
  if (call.error !== null) return yield* call.error
  yield* requireHome("--home")
  if (call.globals.version) {
    yield* printResult(yield* versionDocument, formatFor(invocation, "version", true), exitCodes.OK, startedAt)
    return exitCodes.OK
  }
  if (call.globals.help || call.words.length === 0) {
    const help = helpDocument(commands, version, spec?.name ?? null)
    if (help !== null) yield* printResult(help, formatFor(invocation, "help", true), exitCodes.OK, startedAt)
    return exitCodes.OK
  }
  const { args, command, extra, flags } = yield* parseCommand([...commands, ...internalCommands], call.words)
  const progress = yield* Progress
  const outcome = yield* Effect.ensuring(command.run({ flags, args, extra }), Effect.sync(progress.clear))
  if (typeof outcome === "number") return outcome
  const format = formatFor(invocation, command.name, isDocument(command, call))
  yield* printResult(outcome.result, format, outcome.exitCode, startedAt)
  return outcome.exitCode
})

/** One call of the program: prints an answer or an error, and gives the exit code. Only an interruption fails it. */
export const run = Effect.fn("sessionr")(function* (call: Call) {
  const startedAt = yield* Clock.currentTimeMillis
  const invocation = yield* Invocation
  const spec = commands.find(({ name }) => name === call.words[0])
  const format = formatFor(invocation, spec?.name ?? "", spec !== undefined && isDocument(spec, call))
  const report = (error: AppError, as = format) =>
    Effect.as(printError(error, suggest(error, call, spec), as, startedAt), errorTable[error._tag].exit as number)
  return yield* answer(call, spec, startedAt).pipe(
    Effect.catch((error) => report(error)),
    Effect.catchCause((cause) => {
      if (Cause.hasInterruptsOnly(cause)) return Effect.failCause(cause)
      const defect = Cause.squash(cause)
      // What cannot be written to stdout is not reported there either.
      return defect instanceof FileNotWritable ? report(defect, "text") : report(defectOf(defect))
    })
  )
})
