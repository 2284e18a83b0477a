import * as Result from "effect/Result"
import { didYouMean } from "../domain/choice.ts"
import { type AppError, InvalidArg, InvalidOutputFormat, UsageError } from "../domain/errors.ts"
import { type ApiVersion, type OutputFormat, outputFormats } from "../domain/output.ts"
import { homeFrom } from "../services/Settings.ts"
import type { FlagSpecs } from "./spec.ts"

type Env = Readonly<Record<string, string | undefined>>

/** Flags that every command has, before or after its name. */
export const globalFlags = {
  output: {
    value: "FORMAT",
    description: "json, jsonl, text or table",
    default: "text on a terminal (table for list and doctor), else json",
    env: ["SESSIONR_OUTPUT", "SESSIONREADER_OUTPUT"]
  },
  "api-version": {
    value: "1|2",
    description: "shape of the JSON envelope",
    default: "1",
    env: ["SESSIONR_API_VERSION"]
  },
  timing: { description: "add meta.timing_ms to every JSON answer" },
  home: {
    value: "DIR",
    description: "look for every tool's data below DIR instead of your home; the tools' variables are then ignored",
    env: ["SESSIONR_HOME"]
  },
  "no-color": { description: "no colour, even on a terminal", env: ["NO_COLOR", "FORCE_COLOR"] },
  quiet: { description: "no progress line on stderr" },
  help: { alias: "h", description: "show help, for the command if one is named" },
  version: { alias: "V", description: "show the version" }
} as const satisfies FlagSpecs

/** What the global flags and their variables say. */
export interface Globals {
  readonly output: OutputFormat | null
  readonly apiVersion: ApiVersion
  readonly timing: boolean
  readonly home: string | null
  readonly color: boolean
  readonly quiet: boolean
  readonly help: boolean
  readonly version: boolean
  /** The flags that decide the form of an answer, as typed: a next command that repeats them has the same form. */
  readonly formWords: ReadonlyArray<string>
}

interface Taken {
  readonly values: ReadonlyMap<string, string>
  readonly switches: ReadonlySet<string>
  /** What is left for the command. */
  readonly rest: ReadonlyArray<string>
  /** A flag at the end that lacks its value. */
  readonly incomplete: string | null
}

const valueFlags = new Set(Object.entries(globalFlags).flatMap(([name, flag]) => ("value" in flag ? [name] : [])))
const switchFlags = new Set(Object.keys(globalFlags).filter((name) => !valueFlags.has(name)))
const aliases: ReadonlyMap<string, string> = new Map([
  ["-h", "--help"],
  ["-V", "--version"]
])

/** Takes the global flags out of the arguments; nothing after `--` is touched. */
const takeGlobals = (argv: ReadonlyArray<string>, takesValue: (word: string) => boolean): Taken => {
  const values = new Map<string, string>()
  const switches = new Set<string>()
  const rest: Array<string> = []
  let incomplete: string | null = null
  for (let at = 0; at < argv.length; at++) {
    const typed = argv[at]!
    if (typed === "--") {
      rest.push(...argv.slice(at))
      break
    }
    const word = aliases.get(typed) ?? typed
    const [name, inline] = word.startsWith("--") ? splitOnce(word.slice(2)) : ["", null]
    if (valueFlags.has(name)) {
      const value = inline ?? argv[++at]
      if (value === undefined) incomplete = `--${name}`
      else values.set(name, value)
    } else if (switchFlags.has(name) && inline === null) switches.add(name)
    else {
      rest.push(typed)
      // The value of a command's own flag is never taken for a global flag.
      if (takesValue(typed) && at + 1 < argv.length) rest.push(argv[++at]!)
    }
  }
  return { values, switches, rest, incomplete }
}

const splitOnce = (word: string): readonly [string, string | null] => {
  const at = word.indexOf("=")
  return at < 0 ? [word, null] : [word.slice(0, at), word.slice(at + 1)]
}

const truthy = (value: string | undefined): boolean => value !== undefined && /^(1|true|yes|on)$/i.test(value)

const outputOf = (value: string | undefined, agent: boolean): Result.Result<OutputFormat | null, AppError> => {
  if (value === undefined || value === "") return Result.succeed(agent ? "json" : null)
  const known = outputFormats.find((format) => format === value)
  if (known !== undefined) return Result.succeed(known)
  return Result.fail(
    new InvalidOutputFormat({
      message: `--output is ${JSON.stringify(value)}; it can be ${outputFormats.join(", ")}`,
      suggestion: "sessionr list --output json",
      value,
      valid: [...outputFormats],
      did_you_mean: [
        ...didYouMean(value, outputFormats, { yaml: "text", ndjson: "jsonl", plain: "text", pretty: "text" })
      ]
    })
  )
}

const apiVersionOf = (value: string | undefined): Result.Result<ApiVersion, AppError> => {
  if (value === undefined || value === "" || value === "1") return Result.succeed(1)
  if (value === "2") return Result.succeed(2)
  return Result.fail(
    new InvalidArg({
      message: `--api-version is ${JSON.stringify(value)}; it can be 1 or 2`,
      suggestion: "sessionr list --api-version 1",
      argument: "--api-version",
      value,
      min: 1,
      max: 2
    })
  )
}

/**
 * Reads the global flags. The format that errors are to be printed in is known even when something else is wrong with
 * them, so the globals come with the first error beside them.
 */
export const parseGlobals = (
  argv: ReadonlyArray<string>,
  env: Env,
  terminal: boolean,
  takesValue: (word: string) => boolean
): { readonly globals: Globals; readonly rest: ReadonlyArray<string>; readonly error: AppError | null } => {
  const { incomplete, rest, switches, values } = takeGlobals(argv, takesValue)
  const agent = truthy(env["SESSIONR_AGENT"]) || truthy(env["SESSIONREADER_AGENT"])
  const fromEnv = env["SESSIONR_OUTPUT"] || env["SESSIONREADER_OUTPUT"]
  const output = outputOf(values.get("output") ?? (agent ? undefined : fromEnv), agent)
  const apiVersion = apiVersionOf(values.get("api-version") ?? env["SESSIONR_API_VERSION"])
  const missing =
    incomplete === null
      ? null
      : new UsageError({
          message: `${incomplete} needs a value`,
          suggestion: "sessionr help",
          argument: incomplete,
          did_you_mean: []
        })
  const forced = env["FORCE_COLOR"]
  const color =
    !switches.has("no-color") &&
    !env["NO_COLOR"] &&
    (terminal || (forced !== undefined && forced !== "" && forced !== "0"))
  return {
    globals: {
      output: Result.isSuccess(output) ? output.success : null,
      apiVersion: Result.isSuccess(apiVersion) ? apiVersion.success : 1,
      timing: switches.has("timing"),
      home: homeFrom(values.get("home"), env),
      color,
      quiet: switches.has("quiet"),
      help: switches.has("help"),
      version: switches.has("version"),
      formWords: ["output", "api-version"].flatMap((name) => {
        const value = values.get(name)
        return value === undefined ? [] : [`--${name}`, value]
      })
    },
    rest,
    error:
      missing ?? (Result.isFailure(output) ? output.failure : Result.isFailure(apiVersion) ? apiVersion.failure : null)
  }
}
