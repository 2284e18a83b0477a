import * as Effect from "effect/Effect"
import { bounds } from "../domain/bounds.ts"
import { exitCodes } from "../domain/error-table.ts"
import { ConflictingFlags, UsageError } from "../domain/errors.ts"
import { Sessions } from "../services/Sessions.ts"
import { sessionId } from "./session-id.ts"
import { type ArgumentSpec, defineCommand, type FlagSpecs } from "./spec.ts"
import { boundedNumber, sessionName, sourceName } from "./values.ts"

const args: ReadonlyArray<ArgumentSpec> = [
  { name: "id", description: "session id, a unique prefix, or a name", required: false, variadic: false },
  { name: "name", description: "the name", required: false, variadic: false }
]

const exits = [exitCodes.OK, exitCodes.ERROR, exitCodes.USAGE, exitCodes.NOT_FOUND]

const source = { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" } as const

const nameArgument = (command: string, typed: string | undefined) =>
  typed === undefined
    ? Effect.fail(
        new UsageError({
          message: `${command} needs the name that the session is to have`,
          suggestion: `sessionr help ${command}`,
          argument: "name",
          did_you_mean: []
        })
      )
    : sessionName("name", typed)

const nameFlags = {
  list: { description: "show every name" },
  remove: { value: "NAME", description: "take this name away" },
  source
} as const satisfies FlagSpecs

/** `name`: names of sessions, in our own state. */
export const name = defineCommand({
  name: "name",
  summary: "Name a session, to use the name in the place of its id",
  description: "A name follows its session when the agent gives it another id. Naming again moves the name.",
  args,
  flags: nameFlags,
  examples: [
    { command: "sessionr name 135e0b78 main", description: "then: sessionr send main -m ..." },
    { command: "sessionr name --list", description: "every name" },
    { command: "sessionr name --remove main", description: "forget it" }
  ],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args: words, flags }) {
    const sessions = yield* Sessions
    const given = [...(flags.list ? ["--list"] : []), ...(flags.remove === null ? [] : ["--remove"])]
    const ways = [...given, ...(words.length > 0 ? ["id"] : [])]
    if (ways.length > 1) {
      return yield* new ConflictingFlags({ message: `${ways.join(" and ")} exclude each other`, flags: ways })
    }
    if (flags.list) return { result: yield* sessions.name({ kind: "list" }), exitCode: exitCodes.OK }
    if (flags.remove !== null) {
      return { result: yield* sessions.name({ kind: "remove", name: flags.remove }), exitCode: exitCodes.OK }
    }
    const id = yield* sessionId("name", words)
    const result = yield* sessions.name({
      kind: "set",
      id,
      name: yield* nameArgument("name", words[1]),
      source: yield* sourceName(flags.source),
      checkpoint: false,
      at: null
    })
    return { result, exitCode: exitCodes.OK }
  })
})

/** `checkpoint`: a name for a message of a session. */
export const checkpoint = defineCommand({
  name: "checkpoint",
  summary: "Pin a session at a message, by name",
  description:
    "send NAME --fork starts a new session from there: at that message where the agent can, else from the whole session, and the answer says so.",
  args,
  flags: { at: { value: "INDEX", description: "the message", default: "the last" }, source },
  examples: [
    { command: "sessionr checkpoint 135e0b78 before-refactor", description: "as it is now" },
    { command: 'sessionr send before-refactor --fork -m "another way"', description: "go back to it" }
  ],
  exitCodes: exits,
  run: Effect.fnUntraced(function* ({ args: words, flags }) {
    const sessions = yield* Sessions
    const id = yield* sessionId("checkpoint", words)
    const result = yield* sessions.name({
      kind: "set",
      id,
      name: yield* nameArgument("checkpoint", words[1]),
      source: yield* sourceName(flags.source),
      checkpoint: true,
      at: yield* boundedNumber("--at", flags.at, bounds.message)
    })
    return { result, exitCode: exitCodes.OK }
  })
})
