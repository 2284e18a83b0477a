import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Argument from "effect/cli/Argument"
import * as CliError from "effect/cli/CliError"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { didYouMean } from "../domain/choice.ts"
import { UsageError } from "../domain/errors.ts"
import { parserServices } from "./parser-services.ts"
import { globalFlags } from "./globals.ts"
import type { CommandSpec, FlagSpec, FlagSpecs } from "./spec.ts"

/** What was typed after the command's name. */
export interface Typed {
  readonly command: CommandSpec
  readonly flags: Readonly<Record<string, string | boolean | null>>
  readonly args: ReadonlyArray<string>
  readonly extra: ReadonlyArray<string>
}

const flagOf = (name: string, { alias, description, value }: FlagSpec): Flag.Flag<string | boolean | null> => {
  const described = <A>(flag: Flag.Flag<A>): Flag.Flag<A> => {
    const aliased = alias === undefined ? flag : Flag.withAlias(flag, alias)
    return Flag.withDescription(aliased, description)
  }
  if (value === undefined) return described(Flag.withDefault(Flag.withoutNegation(Flag.Boolean(name)), false))
  return Flag.map(Flag.optional(Flag.withMetavar(described(Flag.String(name)), value)), Option.getOrNull)
}

const flagsOf = (flags: FlagSpecs) =>
  Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, flagOf(name, flag)]))

/** Every command takes its words as one list: which of them are missing or too many is said by `positionals`. */
const commandOf = (spec: CommandSpec, onTyped: (typed: Typed) => void) =>
  Command.make(
    spec.name,
    {
      flags: flagsOf(spec.flags),
      args: Argument.variadic(Argument.String(spec.args[0]?.name ?? "nothing"), { min: 0 })
    },
    ({ args, flags }) => Effect.sync(() => onTyped({ command: spec, flags, args, extra: [] }))
  ).pipe(Command.withDescription(spec.summary))

/** The command tree as effect/cli knows it. Global flags are parsed before; here they are only for the completions. */
export const rootCommand = (commands: ReadonlyArray<CommandSpec>, onTyped: (typed: Typed) => void) =>
  Command.make("sessionr").pipe(
    Command.withSubcommands(commands.map((spec) => commandOf(spec, onTyped))),
    Command.withDescription("Find, read and search the sessions of every coding agent, and send to them")
  )

/** Whether a word is a flag of some command, or of this one, that takes the next word as its value. */
export const takesValue =
  (commands: ReadonlyArray<CommandSpec>) =>
  (word: string): boolean =>
    !word.includes("=") &&
    commands.some(({ flags }) =>
      Object.entries(flags).some(
        ([name, { alias, value }]) => value !== undefined && (word === `--${name}` || word === `-${alias}`)
      )
    )

/**
 * Arguments in the one spelling that effect/cli reads without doubt: `-n1` and `-n 1` as `--limit=1`, so that a value
 * may begin with a dash. Of a flag that is given twice the last counts, as people expect who add to an alias, unless it takes
 * a list.
 */
export const normalize = (spec: CommandSpec, words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const flags = Object.entries(spec.flags)
  const byLetter = new Map(flags.flatMap(([name, flag]) => (flag.alias === undefined ? [] : [[flag.alias, name]])))
  const values = new Map<string, string>()
  const rest: Array<string> = []
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!
    if (word === "--") {
      rest.push(...words.slice(at))
      break
    }
    const letters = /^-([A-Za-z])(=?)(.*)$/s.exec(word)
    const long = /^--([^=]+)(=?)(.*)$/s.exec(word)
    const name = long?.[1] ?? (letters === null ? undefined : byLetter.get(letters[1]!))
    const flag = name === undefined ? undefined : spec.flags[name]
    if (name === undefined || flag?.value === undefined) {
      if (flag !== undefined && letters !== null && letters[3] === "") rest.push(`--${name}`)
      else rest.push(word)
      continue
    }
    const [, , equals, inline] = (long ?? letters)!
    const attached = equals === "=" || (inline !== "" && inline !== undefined)
    const next = attached ? inline : words[++at]
    if (next === undefined) rest.push(`--${name}`)
    else values.set(name, flag.list === true && values.has(name) ? `${values.get(name)},${next}` : next)
  }
  const separator = rest.indexOf("--")
  const split = separator < 0 ? rest.length : separator
  const flagged = Array.from(values, ([name, value]) => `--${name}=${value}`)
  return [...flagged, ...rest.slice(0, split), ...rest.slice(split)]
}

const usage = (message: string, argument: string | null, meant: ReadonlyArray<string>, suggestion: string) =>
  new UsageError({ message, suggestion, argument, did_you_mean: [...meant] })

const flagNames = (spec: CommandSpec): ReadonlyArray<string> =>
  [...Object.keys(spec.flags), ...Object.keys(globalFlags)].map((name) => `--${name}`)

const explain = (spec: CommandSpec, error: CliError.CliError): UsageError => {
  const help = `sessionr help ${spec.name}`
  const first = error._tag === "ShowHelp" ? error.errors[0] : error
  if (first === undefined) return usage(`${spec.name} cannot be called like this`, null, [], help)
  if (first._tag === "UnrecognizedOption") {
    const meant = didYouMean(first.option, flagNames(spec))
    return usage(`${spec.name} has no flag ${first.option}`, first.option, meant, help)
  }
  if (first._tag === "MissingOption" || first._tag === "InvalidValue") {
    const option = `--${first.option.replace(/^-+/, "")}`
    return usage(`${option} needs a value`, option, [], help)
  }
  return usage(first.message.split("\n")[0] ?? "the call is wrong", null, [], help)
}

/** Missing or superfluous words. */
const positionals = (spec: CommandSpec, args: ReadonlyArray<string>): UsageError | null => {
  const help = `sessionr help ${spec.name}`
  const missing = spec.args.find(({ required }, at) => required && args[at] === undefined)
  if (missing !== undefined)
    return usage(`${spec.name} needs ${missing.name}: ${missing.description}`, missing.name, [], help)
  const extra = spec.args.some(({ variadic }) => variadic) ? undefined : args[spec.args.length]
  if (extra !== undefined) return usage(`${spec.name} does not take ${JSON.stringify(extra)}`, extra, [], help)
  return null
}

/** A command without a flag or a word: what is left to effect/cli costs milliseconds, and here there is nothing to read. */
const nothingTyped = (spec: CommandSpec): Typed => ({
  command: spec,
  flags: Object.fromEntries(
    Object.entries(spec.flags).map(([name, { value }]) => [name, value === undefined ? false : null])
  ),
  args: [],
  extra: []
})

const parseWords = Effect.fnUntraced(function* (spec: CommandSpec, words: ReadonlyArray<string>) {
  let typed: Typed | null = null
  const separator = spec.passesOn === true ? words.indexOf("--") : -1
  const own = separator < 0 ? words : words.slice(0, separator)
  const extra = separator < 0 ? [] : words.slice(separator + 1)
  const root = rootCommand([spec], (value) => {
    typed = { ...value, extra }
  })
  yield* Command.runWith(root, { version: "" })([spec.name, ...normalize(spec, own)]).pipe(
    Effect.provide(parserServices),
    Effect.catchIf(CliError.isCliError, (error) => Effect.fail(explain(spec, error)))
  )
  const parsed = typed as Typed | null
  return parsed ?? (yield* usage(`${spec.name} cannot be called like this`, null, [], `sessionr help ${spec.name}`))
})

/** Which command was called, with its flags and words. */
export const parseCommand = Effect.fnUntraced(function* (
  commands: ReadonlyArray<CommandSpec>,
  words: ReadonlyArray<string>
) {
  const [name, ...rest] = words
  const spec = commands.find((command) => command.name === name)
  if (spec === undefined) {
    const typed = name ?? ""
    const names = commands.map((command) => command.name).filter((name) => !name.startsWith("_"))
    const aliases = { ls: "list", show: "read", cat: "read", grep: "search", find: "search" }
    return yield* typed.startsWith("-")
      ? usage(
          `there is no global flag ${typed}`,
          typed,
          didYouMean(
            typed,
            Object.keys(globalFlags).map((flag) => `--${flag}`)
          ),
          "sessionr help"
        )
      : usage(`there is no command ${JSON.stringify(typed)}`, typed, didYouMean(typed, names, aliases), "sessionr help")
  }
  const typed = rest.length === 0 ? nothingTyped(spec) : yield* parseWords(spec, rest)
  const wrong = positionals(spec, typed.args)
  return wrong === null ? typed : yield* wrong
})
