import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { Sessions } from "../services/Sessions.ts"
import { idArgument, sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs } from "./spec.ts"
import { sourceName } from "./values.ts"

const flags = {
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" }
} as const satisfies FlagSpecs

/** `info`: the metadata of a session. */
export const info = defineCommand({
  name: "info",
  summary: "Show the metadata of a session",
  description: "Directory, branch, model, title, times, message counts and token usage.",
  args: [idArgument],
  flags,
  examples: [{ command: "sessionr info 135e0b78", description: "what that session is" }],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const result = yield* sessions.info(yield* sessionId("info", args), yield* sourceName(typed.source))
    return { result, exitCode: exitCodes.OK }
  })
})
