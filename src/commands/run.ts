import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { errorTable, exitCodes } from "../domain/error-table.ts"
import { type AppError, UnknownError } from "../domain/errors.ts"
import { Invocation } from "../services/Invocation.ts"
import { parseCommand } from "./cli.ts"
import { helpDocument, versionDocument } from "./documents.ts"
import { formatFor } from "./format.ts"
import type { Globals } from "./globals.ts"
import { printError, printResult } from "./print.ts"
import type { CommandSpec } from "./spec.ts"
import { commands } from "./table.ts"
import { Settings } from "../services/Settings.ts"

/** What was typed, with the global flags taken out. */
export interface Call {
  readonly globals: Globals
  readonly words: ReadonlyArray<string>
  /** What is wrong with the global flags themselves. */
  readonly error: AppError | null
}

const unknown = (cause: Cause.Cause<unknown>): UnknownError => {
  const defect = Cause.squash(cause)
  const message = defect instanceof Error ? defect.message : String(defect)
  return new UnknownError({
    message: `a defect in sessionr: ${message}`,
    suggestion: "sessionr doctor",
    report: defect instanceof Error ? (defect.stack ?? message).split("\n").slice(0, 4).join("\n") : message
  })
}

/** Runs the command and prints its answer. Fails with the error that is to be printed. */
const answer = Effect.fnUntraced(function* (call: Call, spec: CommandSpec | undefined, startedAt: number) {
  const invocation = yield* Invocation
  const { version } = yield* Settings
  if (call.error !== null) return yield* call.error
  if (call.globals.version) {
    yield* printResult(yield* versionDocument, formatFor(invocation, "version", true), exitCodes.OK, startedAt)
    return exitCodes.OK
  }
  if (call.globals.help || call.words.length === 0) {
    const help = helpDocument(commands, version, spec?.name ?? null)
    if (help !== null) yield* printResult(help, formatFor(invocation, "help", true), exitCodes.OK, startedAt)
    return exitCodes.OK
  }
  const { args, command, flags } = yield* parseCommand(commands, call.words)
  const outcome = yield* command.run({ flags, args })
  if (typeof outcome === "number") return outcome
  const format = formatFor(invocation, command.name, command.isDocument === true)
  yield* printResult(outcome.result, format, outcome.exitCode, startedAt)
  return outcome.exitCode
})

/** One call of the program: prints an answer or an error, and gives the exit code. Only an interruption fails it. */
export const run = Effect.fn("sessionr")(function* (call: Call) {
  const startedAt = yield* Clock.currentTimeMillis
  const invocation = yield* Invocation
  const spec = commands.find(({ name }) => name === call.words[0])
  const format = formatFor(invocation, spec?.name ?? "", spec?.isDocument === true)
  const report = (error: AppError) =>
    Effect.as(printError(error, format, startedAt), errorTable[error._tag].exit as number)
  return yield* answer(call, spec, startedAt).pipe(
    Effect.catch(report),
    Effect.catchCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.failCause(cause) : report(unknown(cause))))
  )
})
