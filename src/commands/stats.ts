import * as Effect from "effect/Effect"
import { didYouMean } from "../domain/choice.ts"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags, UsageError } from "../domain/errors.ts"
import { type Breakdown, breakdowns } from "../domain/results/totals.ts"
import { Sessions } from "../services/Sessions.ts"
import { idArgument } from "./session-id.ts"
import { defineCommand } from "./spec.ts"
import { cwdChoice, instant, sourceName } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  by: { value: "WHAT", description: "totals by source, day, model or project only", default: "all four" },
  source: { alias: "s", value: "SOURCE", description: "only this source; of an id that is not unique, which" },
  cwd: { value: "DIR", description: "totals of auto, current, all, or a directory", default: "all" },
  since: { value: "WHEN", description: "totals of sessions active since: 7d, 12h, 2026-05-01" },
  until: { value: "WHEN", description: "totals of sessions last active before: 7d, 2026-05-01" }
} as const

/** Flags that choose sessions, and say nothing beside an id. */
const choosing = ["by", "cwd", "since", "until"] as const

const synonyms = { date: "day", daily: "day", tool: "source", agent: "source", cwd: "project", directory: "project" }

const breakdown = (typed: string | null): Effect.Effect<Breakdown | null, UsageError> => {
  if (typed === null) return Effect.succeed(null)
  const known = breakdowns.find((name) => name === typed.toLowerCase())
  if (known !== undefined) return Effect.succeed(known)
  return Effect.fail(
    new UsageError({
      message: `--by is ${JSON.stringify(typed)}; it can be ${breakdowns.join(", ")}`,
      suggestion: "sessionr help stats",
      argument: typed,
      did_you_mean: [...didYouMean(typed, breakdowns, synonyms)]
    })
  )
}

/** `stats <id>`: everything about a session but its messages; without an id the totals over all sessions. */
export const stats = defineCommand({
  name: "stats",
  summary: "Show tools, files and tokens of a session, or totals",
  description:
    "Of one session: tool calls with their errors, files modified, blocks by type, token usage, duration and subagents. " +
    "Without an id: totals over all sessions, by source, day, model and project.\n\n" +
    "Totals choose sessions by their last activity, as list does, so that days before --since can be among them. " +
    "Messages, calls and errors count on the UTC day they were written; tokens on the day of the answer where the tool " +
    "says it, else on the session's last. Tokens go to the model that answered where the tool says it; what else there is " +
    "of a session goes to its main model, the last one. An answer that was copied into a fork counts once; a fork's messages " +
    "count in both sessions. The first run reads every session; later ones only what has changed.",
  args: [{ ...idArgument, required: false }],
  flags,
  examples: [
    { command: "sessionr stats 135e0b78", description: "what that session did" },
    { command: "sessionr stats", description: "totals of all sessions" },
    { command: "sessionr stats --since 30d --by day", description: "day by day, sessions of a month" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const id = args[0]
    const source = yield* sourceName(typed.source)
    if (id !== undefined && id !== "") {
      const given = choosing.filter((name) => typed[name] !== null)
      if (given.length > 0) {
        return yield* new ConflictingFlags({
          message: `${given.map((name) => `--${name}`).join(", ")} choose sessions for totals; the id is one session`,
          flags: ["id", ...given.map((name) => `--${name}`)]
        })
      }
      return { result: yield* sessions.stats(id, source), exitCode: exitCodes.OK }
    }
    const result = yield* sessions.totals({
      source,
      cwd: yield* cwdChoice(typed.cwd, "all"),
      since: yield* instant("--since", typed.since),
      until: yield* instant("--until", typed.until),
      by: yield* breakdown(typed.by),
      words: repeatFlags(flags, typed, ["by"])
    })
    return { result, exitCode: exitCodes.OK }
  })
})
