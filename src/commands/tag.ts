import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags } from "../domain/errors.ts"
import { Sessions } from "../services/Sessions.ts"
import { idArgument, sessionId } from "./session-id.ts"
import { defineCommand, type FlagSpecs } from "./spec.ts"
import { sourceName, tagList } from "./values.ts"

const flags = {
  add: { value: "TAGS", description: "give it these tags, comma-separated or the flag repeated", list: true },
  remove: { value: "TAGS", description: "take these tags from it", list: true },
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" }
} as const satisfies FlagSpecs

/** `tag`: the tags of a session, kept in our own state. */
export const tag = defineCommand({
  name: "tag",
  summary: "Show or change the tags of a session",
  description:
    "Tags are ours: nothing is written to the tool's store. Adding what is there and removing what is not changes nothing.",
  args: [idArgument],
  flags,
  examples: [
    { command: "sessionr tag 135e0b78 --add vat,release-7", description: "give it two tags" },
    { command: "sessionr tag 135e0b78 --remove vat", description: "take one away" },
    { command: "sessionr list --tag release-7 --cwd all", description: "every session with that tag" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const add = yield* tagList("--add", typed.add)
    const remove = yield* tagList("--remove", typed.remove)
    if (add !== null && remove !== null) {
      return yield* new ConflictingFlags({
        message: "--add and --remove exclude each other",
        flags: ["--add", "--remove"]
      })
    }
    const result = yield* sessions.tag({
      id: yield* sessionId("tag", args),
      source: yield* sourceName(typed.source),
      change: add !== null ? { kind: "add", tags: add } : remove !== null ? { kind: "remove", tags: remove } : null
    })
    return { result, exitCode: exitCodes.OK }
  })
})
