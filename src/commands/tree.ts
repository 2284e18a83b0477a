import * as Effect from "effect/Effect"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags } from "../domain/errors.ts"
import { Sessions } from "../services/Sessions.ts"
import { idArgument } from "./session-id.ts"
import { defineCommand } from "./spec.ts"
import { cwdChoice, sourceName, wholeNumber } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  source: { alias: "s", value: "SOURCE", description: "only this source; of an id that is not unique, which" },
  cwd: { value: "DIR", description: "auto, current, all, or a directory", default: "auto" },
  limit: { alias: "n", value: "N", description: "trees shown, newest first, 1 to 1000", default: "20" },
  all: { description: "show sessions that are related to none as well" }
} as const

/** `tree`: how sessions came from each other. */
export const tree = defineCommand({
  name: "tree",
  summary: "Show forks, subagents and continuations as a tree",
  description:
    "Of the sessions of the current directory, or of every directory when it has none; with an id everything that this session " +
    "came from and that came from it, and at which message. A session that others name but that is not in the store is shown as " +
    "missing. Forks are known where the tool marks them.",
  args: [{ ...idArgument, required: false }],
  flags,
  examples: [
    { command: "sessionr tree", description: "the newest trees of this directory" },
    { command: "sessionr tree 135e0b78", description: "what that session came from and started" },
    { command: "sessionr tree --cwd all -n 5 --output json", description: "nodes and edges of the five newest" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const id = args[0] === undefined || args[0] === "" ? null : args[0]
    const choosing = [
      ...(typed.cwd === null ? [] : ["--cwd"]),
      ...(typed.limit === null ? [] : ["--limit"]),
      ...(typed.all ? ["--all"] : [])
    ]
    if (id !== null && choosing.length > 0) {
      return yield* new ConflictingFlags({
        message: `${choosing.join(", ")} choose among many trees; the id names one`,
        flags: ["id", ...choosing]
      })
    }
    const result = yield* sessions.tree({
      id,
      source: yield* sourceName(typed.source),
      cwd: yield* cwdChoice(typed.cwd, "auto"),
      limit: yield* wholeNumber("--limit", typed.limit, 20, 1, 1000),
      all: typed.all,
      words: repeatFlags(flags, typed, ["limit", "all"])
    })
    return { result, exitCode: exitCodes.OK }
  })
})
