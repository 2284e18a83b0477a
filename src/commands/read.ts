import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags } from "../domain/errors.ts"
import { Invocation } from "../services/Invocation.ts"
import { Sessions } from "../services/Sessions.ts"
import { formatFor } from "./format.ts"
import { readBatch } from "./read-batch.ts"
import { readFlags, readRequest } from "./read-request.ts"
import { defineCommand } from "./spec.ts"

/** `read`: the messages of a session that fit a budget. */
export const read = defineCommand({
  name: "read",
  summary: "Read the messages of a session within a token budget",
  description:
    "Prints messages with stable indices, as many as fit, and the command that goes on. --if-changed answers 42 while nothing has changed.",
  args: [
    { name: "id", description: "session id or a unique prefix", required: false, variadic: false },
    { name: "from", description: "first message", required: false, variadic: false },
    { name: "to", description: "last message", required: false, variadic: false }
  ],
  flags: readFlags,
  examples: [
    { command: "sessionr read 135e0b78", description: "from the beginning, within 8000 tokens" },
    { command: "sessionr read 135e0b78 --anchor tail --tokens 2000", description: "how it ended" },
    { command: "sessionr read 135e0b78 10 20 --preset full", description: "messages 10 to 20, nothing cut" },
    { command: 'sessionr read 135e0b78 --search "stack trace"', description: "around the first match" }
  ],
  exitCodes: [
    exitCodes.OK,
    exitCodes.ERROR,
    exitCodes.USAGE,
    exitCodes.NOT_FOUND,
    exitCodes.PARTIAL,
    exitCodes.NO_CHANGES
  ],
  run: Effect.fnUntraced(function* ({ args, flags }) {
    const invocation = yield* Invocation
    if (flags.batch !== null) {
      if (args.length > 0) {
        return yield* new ConflictingFlags({
          message: "--batch and an id exclude each other",
          flags: ["--batch", "id"]
        })
      }
      return yield* readBatch(flags.batch, flags)
    }
    const sessions = yield* Sessions
    const result = yield* sessions.read(yield* readRequest(flags, args, formatFor(invocation, "read", false)))
    const exitCode =
      result._tag === "unchanged" ? exitCodes.NO_CHANGES : result.partial ? exitCodes.PARTIAL : exitCodes.OK
    return { result, exitCode }
  })
})
