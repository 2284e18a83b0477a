import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Bounds } from "../domain/bounds.ts"
import { didYouMean } from "../domain/choice.ts"
import { InvalidArg, InvalidDuration, InvalidRole, InvalidSource, MissingQuery, UsageError } from "../domain/errors.ts"
import { type Role, roles } from "../domain/message.ts"
import { parseQuery, type QueryOptions } from "../domain/query.ts"
import { MissingMessage } from "../domain/send-errors.ts"
import type { SendKind } from "../domain/sending.ts"
import { acceptedNames, isName } from "../domain/names.ts"
import { acceptedTags, isTag } from "../domain/tags.ts"
import { acceptedTimes, parseInstant } from "../domain/time.ts"
import { AdapterRegistry, sourceNames } from "./AdapterRegistry.ts"
import { Host } from "./Host.ts"
import type { CwdChoice, ReadAnchor } from "./Sessions.ts"

/** One of several words; null where none was typed. */
export const choose = <A extends string, E>(
  flag: string,
  typed: string | null,
  valid: ReadonlyArray<A>,
  fail: (fields: {
    message: string
    value: string
    valid: ReadonlyArray<string>
    did_you_mean: ReadonlyArray<string>
  }) => E
): Effect.Effect<A | null, E> => {
  if (typed === null) return Effect.succeed(null)
  const known = valid.find((name) => name === typed)
  if (known !== undefined) return Effect.succeed(known)
  return Effect.fail(
    fail({
      message: `${flag} is ${JSON.stringify(typed)}; it can be ${valid.join(", ")}`,
      value: typed,
      valid: [...valid],
      did_you_mean: [...didYouMean(typed, valid)]
    })
  )
}

/** A whole number within bounds, or the default where nothing was typed. */
export const wholeNumber = <D extends number | null>(
  argument: string,
  typed: string | null,
  fallback: D,
  min: number,
  max: number | null
): Effect.Effect<number | D, InvalidArg> => {
  if (typed === null) return Effect.succeed(fallback)
  const value = /^[+-]?\d{1,15}$/.test(typed.trim()) ? Number(typed) : Number.NaN
  if (value >= min && (max === null || value <= max)) return Effect.succeed(value)
  const range = max === null ? `${min} or more` : `${min} to ${max}`
  return Effect.fail(
    new InvalidArg({
      message: `${argument} is ${JSON.stringify(typed)}; it can be a whole number, ${range}`,
      argument,
      value: typed,
      min,
      max
    })
  )
}

/** A number by its entry in the table of all bounds. */
export const boundedNumber = <D extends number | null>(
  argument: string,
  typed: string | null,
  { fallback, max, min }: Bounds<D>
) => wholeNumber(argument, typed, fallback, min, max)

/** A source by its name or an alias. */
export const sourceName = Effect.fnUntraced(function* (typed: string | null) {
  if (typed === null) return null
  const { adapters } = yield* AdapterRegistry
  const names = sourceNames(adapters)
  const known = typed.toLowerCase()
  if (Object.hasOwn(names, known)) return names[known]!
  const valid = adapters.map(({ source }) => source)
  return yield* new InvalidSource({
    message: `there is no source ${JSON.stringify(typed)}; there are ${valid.join(", ")}`,
    suggestion: "sessionr sources",
    value: typed,
    valid,
    did_you_mean: [...didYouMean(typed, Object.keys(names))]
  })
})

/** Names of roles as roles, in the order of `roles`. */
export const rolesOf = (names: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Role>, InvalidRole> => {
  const known = names.filter((name): name is Role => roles.some((role) => role === name))
  if (known.length === names.length) return Effect.succeed(roles.filter((role) => known.includes(role)))
  const unknown = names.filter((name) => !roles.some((role) => role === name))
  return Effect.fail(
    new InvalidRole({
      message: `no such role: ${unknown.map((name) => JSON.stringify(name)).join(", ")}; there are ${roles.join(", ")}`,
      unknown,
      valid: [...roles],
      did_you_mean: unknown.flatMap((name) => [
        ...didYouMean(name, roles, { human: "user", ai: "assistant", model: "assistant", tool: "tool_use" })
      ])
    })
  )
}

const notATag = (argument: string, value: string) =>
  new InvalidArg({
    message: `${argument}: ${JSON.stringify(value)} is no tag; a tag is ${acceptedTags}`,
    argument,
    value,
    min: 1,
    max: 64
  })

/** One tag; null where nothing was typed. */
export const tagName = (argument: string, typed: string | null): Effect.Effect<string | null, InvalidArg> => {
  const tag = typed?.normalize("NFC") ?? null
  return tag === null || isTag(tag) ? Effect.succeed(tag) : Effect.fail(notATag(argument, tag))
}

/** Tags, each once. */
export const tagsOf = (
  argument: string,
  given: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, InvalidArg> => {
  const tags = given.map((tag) => tag.normalize("NFC"))
  const wrong = tags.find((tag) => !isTag(tag))
  if (wrong === undefined) return Effect.succeed(Array.from(new Set(tags)))
  return Effect.fail(notATag(argument, wrong))
}

/** A point in time, in milliseconds since the epoch: a duration ago, or a date. */
export const instant = Effect.fnUntraced(function* (argument: string, typed: string | null) {
  if (typed === null) return null
  const now = yield* Clock.currentTimeMillis
  const time = parseInstant(typed, now)
  if (time !== null) return time
  return yield* new InvalidDuration({
    message: `${argument} is ${JSON.stringify(typed)}; it can be ${acceptedTimes}`,
    value: typed,
    accepted: acceptedTimes
  })
})

/** `auto`, `current`, `all`, or a directory, relative to the current one. */
export const cwdChoice = Effect.fnUntraced(function* (typed: string | null, fallback: "auto" | "all") {
  const host = yield* Host
  const value = typed ?? fallback
  if (value === "auto" || value === "current" || value === "all") return { kind: value } satisfies CwdChoice
  if (value === "") {
    return yield* new UsageError({
      message: "--cwd is empty; it can be auto, current, all or a directory",
      argument: "--cwd",
      did_you_mean: ["auto", "current", "all"]
    })
  }
  const spelled = value === "~" || value.startsWith("~/") ? `${host.home}${value.slice(1)}` : value
  const path = /^([/\\]|[A-Za-z]:)/.test(spelled) ? spelled : `${host.cwd}/${spelled}`
  return { kind: "path", path: normalize(path) } satisfies CwdChoice
})

/** `.`, `..` and doubled slashes resolved, without looking at the disk. */
const normalize = (path: string): string => {
  const names: Array<string> = []
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue
    if (name === "..") names.pop()
    else names.push(name)
  }
  return `${path.startsWith("/") ? "/" : ""}${names.join("/")}`
}

/** A query that has something to look for. */
export const searchQuery = (argument: string, typed: string, options: QueryOptions) => {
  if (typed.trim() === "") {
    return Effect.fail(
      new MissingQuery({ message: "there is nothing to search for", suggestion: "sessionr help search" })
    )
  }
  const query = parseQuery(typed, options)
  if (!("error" in query)) return Effect.succeed(query)
  return Effect.fail(
    new InvalidArg({ message: `${argument}: ${query.error}`, argument, value: typed, min: null, max: null })
  )
}

/** A name for a session. */
export const sessionName = (argument: string, typed: string): Effect.Effect<string, InvalidArg> =>
  isName(typed)
    ? Effect.succeed(typed)
    : Effect.fail(
        new InvalidArg({
          message: `${argument}: ${JSON.stringify(typed)} is no name; a name is ${acceptedNames}`,
          argument,
          value: typed,
          min: 1,
          max: 64
        })
      )

/** Messages from one to another, both shown; `to` null for the last. */
export const messageRange = (from: number, to: number | null): Effect.Effect<ReadAnchor, InvalidArg> =>
  to === null || from <= to
    ? Effect.succeed({ kind: "range", from, to })
    : Effect.fail(
        new InvalidArg({
          message: `from is ${from}, which is after to, ${to}`,
          argument: "from",
          value: String(from),
          min: 1,
          max: to
        })
      )

/** A prompt that an agent can be given. `argument` is named where it cannot be, with `shown` as its value. */
export const promptText = (
  argument: string,
  prompt: string,
  shown: string
): Effect.Effect<string, InvalidArg | MissingMessage> => {
  if (prompt.trim() === "") {
    return Effect.fail(new MissingMessage({ message: "the prompt is empty", suggestion: "sessionr help send" }))
  }
  if (!prompt.includes("\0")) return Effect.succeed(prompt)
  return Effect.fail(
    new InvalidArg({
      message: "the prompt has a null character, which no agent can be given",
      argument,
      value: shown,
      min: null,
      max: null
    })
  )
}

/**
 * The directory that an agent is to run in. Null: the session's own. What has no session yet runs where the caller is,
 * which only the caller knows: whoever looks after a job in the background is somewhere else.
 */
export const sendDirectory = Effect.fnUntraced(function* (kind: SendKind, typed: string | null) {
  const { cwd } = yield* Host
  if (typed === null) return kind === "new" || kind === "continue" ? cwd : null
  const choice = yield* cwdChoice(typed, "all")
  return choice.kind === "path" ? choice.path : cwd
})
