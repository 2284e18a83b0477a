import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { jsonText } from "../render/json.ts"
import { errorTable, exitCodes } from "../domain/error-table.ts"
import { type AppError, ConflictingFlags } from "../domain/errors.ts"
import type { ApiVersion } from "../domain/output.ts"
import type { ReadResult, UnchangedResult } from "../domain/results.ts"
import { errorBodyVersion2, snakeKeys, toVersion2 } from "../render/version-2.ts"
import { readHead } from "../render/answers/read.ts"
import { wireError } from "../render/wire-error.ts"
import { wireMessage } from "../render/wire-message.ts"
import { Invocation } from "../services/Invocation.ts"
import { Output } from "../services/Output.ts"
import { Sessions } from "../services/Sessions.ts"
import { TextInput } from "../services/TextInput.ts"
import { type ReadFlags, readRequest } from "./read-request.ts"

/** Sessions that are read ahead of the one being written. */
const ahead = 4

type Outcome = Result.Result<ReadResult | UnchangedResult, AppError>

const idsOf = (text: string): ReadonlyArray<string> =>
  text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))

/** A session's summary and meta as a line holds them. */
const headOf = (result: ReadResult, apiVersion: ApiVersion): object => {
  const head = readHead(result)
  if (apiVersion === 1) return head
  const { meta, result: session } = toVersion2(result, { api_version: 1, ...head, actions: [] })
  return { ...(session as object), meta }
}

const linesOf = (id: string, outcome: Outcome, apiVersion: ApiVersion): ReadonlyArray<object> => {
  if (Result.isFailure(outcome)) {
    const error = wireError(outcome.failure)
    return [{ type: "error", session_id: id, error: apiVersion === 1 ? error : errorBodyVersion2(error) }]
  }
  const result = outcome.success
  if (result._tag === "unchanged") return []
  return [
    { type: "session", session_id: result.sessionId, ...headOf(result, apiVersion) },
    ...result.messages.map((message) => {
      const wire = wireMessage(message)
      return {
        type: "message",
        session_id: result.sessionId,
        ...(apiVersion === 1 ? wire : (snakeKeys(wire) as object))
      }
    })
  ]
}

const exitOf = (outcome: Outcome): number => {
  if (Result.isFailure(outcome)) return errorTable[outcome.failure._tag].exit
  return outcome.success._tag === "read" && outcome.success.partial ? exitCodes.PARTIAL : exitCodes.OK
}

/** 0, or the first failure's code, or 10 if any was partial. */
const worst = (codes: ReadonlyArray<number>): number =>
  codes.find((code) => code !== exitCodes.OK && code !== exitCodes.PARTIAL) ??
  (codes.includes(exitCodes.PARTIAL) ? exitCodes.PARTIAL : exitCodes.OK)

/** `read --batch`: many sessions as JSONL, in the order asked; one that fails is an error line in its place. */
export const readBatch = Effect.fnUntraced(function* (path: string, flags: ReadFlags) {
  const invocation = yield* Invocation
  const exclusive = (["if-changed", "page", "before", "after", "char-offset", "branch-of"] as const).find(
    (flag) => flags[flag] !== null
  )
  if (invocation.output === "json" || exclusive !== undefined) {
    const other = exclusive === undefined ? "--output json" : `--${exclusive}`
    return yield* new ConflictingFlags({
      message: `--batch and ${other} exclude each other${exclusive === undefined ? ": a batch is always JSONL" : ""}`,
      flags: ["--batch", other]
    })
  }
  const input = yield* TextInput
  const output = yield* Output
  const sessions = yield* Sessions
  const ids = idsOf(yield* input.read(path))
  // A wrong flag is the caller's mistake, not a session's: it fails before the first line.
  yield* readRequest(flags, ["-"], "jsonl")
  const print = (line: object) => output.stdout(`${jsonText(line)}\n`)
  yield* print({ type: "meta", count: ids.length })
  const codes: Array<number> = []
  for (let at = 0; at < ids.length && !(yield* output.closed); at += ahead) {
    const outcomes = yield* Effect.forEach(
      ids.slice(at, at + ahead),
      (id) =>
        readRequest(flags, [id], "jsonl").pipe(
          Effect.flatMap((request) => sessions.read({ ...request, includeSummary: true })),
          Effect.result,
          Effect.map((outcome) => ({ id, outcome }))
        ),
      { concurrency: ahead }
    )
    for (const { id, outcome } of outcomes) {
      codes.push(exitOf(outcome))
      yield* Effect.forEach(linesOf(id, outcome, invocation.apiVersion), print, { discard: true })
    }
  }
  const exitCode = worst(codes)
  yield* print({ type: "end", actions: [], exit_code: exitCode })
  return exitCode
})
