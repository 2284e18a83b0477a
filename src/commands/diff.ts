import * as Effect from "effect/Effect"
import { bounds, diffView } from "../domain/bounds.ts"
import { exitCodes } from "../domain/error-table.ts"
import { UsageError } from "../domain/errors.ts"
import { differencePrinting } from "../render/difference.ts"
import { tokenBudget } from "../services/budget.ts"
import { Invocation } from "../services/Invocation.ts"
import { type DifferencesRequest, Sessions } from "../services/Sessions.ts"
import { formatFor } from "./format.ts"
import { sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs, type FlagValues } from "./spec.ts"
import { boundedNumber, sourceName } from "./values.ts"

const flags = {
  messages: { description: "also the messages that differ, aligned" },
  tokens: {
    value: "N",
    description: "budget for these messages, in estimated tokens",
    default: "8000",
    env: ["SESSIONREADER_MAX_TOKENS", "SESSIONREADER_TOKEN_CAP"]
  },
  after: { value: "N", description: "with --messages: from step N+1 on", default: String(bounds.diffAfter.fallback) },
  source: { alias: "s", value: "SOURCE", description: "the source of both" },
  "source-a": { value: "SOURCE", description: "the source of the first, where its id is not unique" },
  "source-b": { value: "SOURCE", description: "the source of the second, where its id is not unique" }
} as const satisfies FlagSpecs

const differencesRequest = Effect.fnUntraced(function* (typed: FlagValues<typeof flags>) {
  const invocation = yield* Invocation
  const { notices, tokens } = yield* tokenBudget("diff", typed.tokens)
  const after = yield* boundedNumber("--after", typed.after, bounds.diffAfter)
  if (!typed.messages) {
    if (typed.after === null) return null
    return yield* new UsageError({
      message: "--after counts the steps that --messages prints: give both",
      suggestion: "sessionr help diff",
      argument: "--after",
      did_you_mean: []
    })
  }
  const format = formatFor(invocation, "diff", false)
  const isJson = format === "json" || format === "jsonl"
  return {
    view: diffView(isJson),
    tokens,
    after,
    printing: differencePrinting(format, invocation.apiVersion),
    notices
  } satisfies DifferencesRequest
})

/** `diff`: where two sessions part. */
export const diff = defineCommand({
  name: "diff",
  summary: "Show where two sessions part",
  description:
    "The leading messages that both have (same role, same text), as forks do, then what each has of its own from there: messages, tools, files and tokens. --messages aligns the rest, message by message.",
  args: [
    { name: "a", description: "session id or a unique prefix", required: true, variadic: false },
    { name: "b", description: "session id or a unique prefix", required: true, variadic: false }
  ],
  flags,
  examples: [
    { command: "sessionr diff 135e0b78 59347f09", description: "a session and its fork" },
    { command: "sessionr diff 135e0b78 59347f09 --messages", description: "with the messages that differ" },
    { command: "sessionr diff 135e0b78 01a1c0e7 --source-b codex", description: "sessions of two tools" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND, exitCodes.PARTIAL],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const both = yield* sourceName(typed.source)
    const result = yield* sessions.diff({
      a: yield* sessionId("diff", args),
      b: yield* sessionId("diff", args.slice(1)),
      sourceA: (yield* sourceName(typed["source-a"])) ?? both,
      sourceB: (yield* sourceName(typed["source-b"])) ?? both,
      differences: yield* differencesRequest(typed)
    })
    return { result, exitCode: result.partial ? exitCodes.PARTIAL : exitCodes.OK }
  })
})
