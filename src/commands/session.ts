import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { Sessions } from "../services/Sessions.ts"
import { idArgument, sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs } from "./spec.ts"
import { sourceName } from "./values.ts"

const flags = {
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" }
} as const satisfies FlagSpecs

const exits = [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND]

/** `info`: the metadata of a session. */
export const info = defineCommand({
  name: "info",
  summary: "Show the metadata of a session",
  description: "Directory, branch, model, title, times, message counts and token usage.",
  args: [idArgument],
  flags,
  examples: [{ command: "sessionr info 135e0b78", description: "what that session is" }],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const result = yield* sessions.info(yield* sessionId("info", args), yield* sourceName(typed.source))
    return { result, exitCode: exitCodes.OK }
  })
})

/** `stats <id>`: everything about a session but its messages. */
export const stats = defineCommand({
  name: "stats",
  summary: "Show a session's tools, files and tokens",
  description: "Tool calls with their errors, files modified, blocks by type, token usage, duration and subagents.",
  args: [idArgument],
  flags,
  examples: [{ command: "sessionr stats 135e0b78", description: "what that session did" }],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const result = yield* sessions.stats(yield* sessionId("stats", args), yield* sourceName(typed.source))
    return { result, exitCode: exitCodes.OK }
  })
})
