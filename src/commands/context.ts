import * as Effect from "effect/Effect"
import { didYouMean } from "../domain/choice.ts"
import { exitCodes } from "../domain/error-table.ts"
import { UsageError } from "../domain/errors.ts"
import { contextFormats } from "../domain/results/context.ts"
import { contextPrinting } from "../render/context-printing.ts"
import { tokenBudget } from "../services/budget.ts"
import { Invocation } from "../services/Invocation.ts"
import { Sessions } from "../services/Sessions.ts"
import { formatFor } from "./format.ts"
import { idArgument, sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs } from "./spec.ts"
import { sourceName } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" },
  tokens: {
    value: "N",
    description: "budget for the summary and the messages, in estimated tokens",
    default: "8000",
    env: ["SESSIONREADER_MAX_TOKENS", "SESSIONREADER_TOKEN_CAP"]
  },
  format: {
    value: "NAME",
    description: `${contextFormats.join(", ")}: with the conversation, without it, or as one text`,
    default: "messages"
  },
  "target-source": { value: "SOURCE", description: "the tool that is to carry on: how it is handed over" },
  "include-system-prompt": { description: "what the tool told the agent, too" },
  "include-tool-results": { description: "calls and the beginnings of their results, too" }
} as const satisfies FlagSpecs

const formatOf = (typed: string | null) => {
  const known = typed === null ? "messages" : contextFormats.find((name) => name === typed)
  if (known !== undefined) return Effect.succeed(known)
  return Effect.fail(
    new UsageError({
      message: `--format is ${JSON.stringify(typed)}; it can be ${contextFormats.join(", ")}`,
      suggestion: "sessionr help context",
      argument: typed,
      did_you_mean: [...didYouMean(typed ?? "", contextFormats, { md: "markdown", json: "messages", text: "markdown" })]
    })
  )
}

/** `context`: what another agent needs to carry on. */
export const context = defineCommand({
  name: "context",
  summary: "Gather what another agent needs to carry on with a session",
  description:
    "The task, the latest exchange in full, what is open, decided, changed and run, then as much of the conversation as fits, and how to hand it over. Decisions are found by their wording in English answers: 'Decided: ...', 'I went with ...', '... instead of ...', 'I would ...'. Nothing is said twice: the messages are those between the task and the latest exchange.",
  args: [idArgument],
  flags,
  examples: [
    { command: "sessionr context 135e0b78", description: "within 8000 tokens" },
    { command: "sessionr context 135e0b78 --format markdown --output text > handover.md", description: "as a text" },
    { command: "sessionr context 135e0b78 --format summary --tokens 2000", description: "without the conversation" },
    { command: "sessionr context 135e0b78 --target-source codex", description: "and how codex is given it" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND, exitCodes.PARTIAL],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const invocation = yield* Invocation
    const format = yield* formatOf(typed.format)
    const { notices, tokens } = yield* tokenBudget("context", typed.tokens)
    const result = yield* sessions.context({
      id: yield* sessionId("context", args),
      source: yield* sourceName(typed.source),
      format,
      tokens,
      includeSystem: typed["include-system-prompt"],
      includeTools: typed["include-tool-results"],
      target: yield* sourceName(typed["target-source"]),
      printing: contextPrinting(formatFor(invocation, "context", false), invocation.apiVersion, format),
      notices,
      words: repeatFlags(flags, typed, ["source", "format"])
    })
    return { result, exitCode: result.partial ? exitCodes.PARTIAL : exitCodes.OK }
  })
})
