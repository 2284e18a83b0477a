import * as Effect from "effect/Effect"
import { UsageError } from "../domain/errors.ts"
import type { ArgumentSpec } from "./spec.ts"

/** The argument of commands that look at one session. */
export const idArgument: ArgumentSpec = {
  name: "id",
  description: "session id or a unique prefix",
  required: true,
  variadic: false
}

/** The id that was typed; `command` is named when there is none. */
export const sessionId = (command: string, args: ReadonlyArray<string>) =>
  args[0] === undefined || args[0] === ""
    ? Effect.fail(
        new UsageError({
          message: `${command} needs the id of a session`,
          suggestion: "sessionr list --cwd all",
          argument: "id",
          did_you_mean: []
        })
      )
    : Effect.succeed(args[0])
