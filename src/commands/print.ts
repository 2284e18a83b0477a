import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type { OutputFormat } from "../domain/output.ts"
import type { CommandResult } from "../domain/results.ts"
import { textResult, wireResult } from "../render/answers.ts"
import type { Wire } from "../render/answers/common.ts"
import { jsonText } from "../render/json.ts"
import { lineObjects } from "../render/lines.ts"
import { makePaint, sanitizeLine } from "../render/terminal.ts"
import { errorToVersion2, toVersion2 } from "../render/version-2.ts"
import { wireError } from "../render/wire-error.ts"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Output } from "../services/Output.ts"

const timingOf = Effect.fnUntraced(function* (startedAt: number) {
  const { timing } = yield* Invocation
  if (!timing) return {}
  return { timing_ms: Math.max(0, Math.round((yield* Clock.currentTimeMillis) - startedAt)) }
})

/** Adds to `meta`, which comes first after the version where an envelope did not have it. */
const withMeta = (wire: Wire, extra: object): Wire => {
  if (Object.keys(extra).length === 0) return wire
  if ("meta" in wire) return { ...wire, meta: { ...(wire["meta"] as object), ...extra } }
  const { api_version, ...rest } = wire
  return { api_version, meta: extra, ...rest }
}

const pretty = (value: unknown): string => `${jsonText(value, 2)}\n`

/** Prints the answer of a command in its format. */
export const printResult = Effect.fnUntraced(function* (
  result: CommandResult,
  format: OutputFormat,
  exitCode: number,
  startedAt: number
) {
  const output = yield* Output
  const { apiVersion, color } = yield* Invocation
  if (format === "text" || format === "table") {
    const { columns } = yield* Host
    const style = { paint: makePaint(color), width: columns }
    return yield* output.stdout(textResult(result, format === "table", style))
  }
  const wire = withMeta(wireResult(result), yield* timingOf(startedAt))
  if (format === "json") return yield* output.stdout(pretty(apiVersion === 1 ? wire : toVersion2(result, wire)))
  const lines = lineObjects(result, wire, apiVersion, exitCode)
  yield* output.stdout(lines.map((line) => `${jsonText(line)}\n`).join(""))
})

/** Prints an error: on stdout in the JSON modes, else on stderr. */
export const printError = Effect.fnUntraced(function* (
  error: AppError,
  suggestion: string,
  format: OutputFormat,
  startedAt: number
) {
  const output = yield* Output
  const { apiVersion, color } = yield* Invocation
  const body = wireError(error, suggestion)
  if (format === "text" || format === "table") {
    const paint = makePaint(color)
    return yield* output.stderr(
      `${paint.error(`error[${body.code}]:`)} ${sanitizeLine(error.message)}\ntry: ${sanitizeLine(suggestion)}\n`
    )
  }
  const timing = yield* timingOf(startedAt)
  const actions = [{ command: suggestion, description: "What may help" }]
  const envelope: object =
    apiVersion === 1
      ? { api_version: 1, error: body, ...(Object.keys(timing).length === 0 ? {} : { meta: timing }), actions }
      : errorToVersion2(body, timing, actions)
  yield* output.stdout(format === "json" ? pretty(envelope) : `${jsonText(envelope)}\n`)
})
