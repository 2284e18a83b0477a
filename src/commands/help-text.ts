import { errorTable, exitCodeMeanings, exitCodes } from "../domain/error-table.ts"
import { globalFlags } from "./globals.ts"
import type { ArgumentSpec, CommandSpec, FlagSpec, FlagSpecs } from "./spec.ts"

export const summary = "Find, read and search the sessions of every coding agent on this machine, and send to them"

/** Variables besides those that a flag names. */
export const environment: ReadonlyArray<{ readonly name: string; readonly description: string }> = [
  { name: "SESSIONR_OUTPUT", description: "default of --output (older name SESSIONREADER_OUTPUT)" },
  { name: "SESSIONR_AGENT", description: "1: JSON whatever stdout is (older name SESSIONREADER_AGENT)" },
  { name: "SESSIONR_API_VERSION", description: "default of --api-version" },
  { name: "SESSIONR_HOME", description: "default of --home" },
  {
    name: "SESSIONR_STATE_DIR",
    description: "our own state (tags, names, jobs, leases, trash), instead of ~/.sessionreader"
  },
  { name: "SESSIONR_CACHE_DIR", description: "our cache, instead of $XDG_CACHE_HOME/sessionr" },
  { name: "SESSIONREADER_MAX_TOKENS", description: "default of read --tokens" },
  { name: "SESSIONREADER_TOKEN_CAP", description: "ceiling of read --tokens, 8000 where not set" },
  {
    name: "SESSIONR_MAX_NEW_PER_HOUR",
    description: "sessions that send may start within an hour, no limit where not set"
  },
  {
    name: "CLAUDE_CONFIG_DIR, CODEX_HOME",
    description: "the tools' own variables for their data; ignored under --home"
  },
  { name: "NO_COLOR, FORCE_COLOR", description: "colour on a terminal off, or on everywhere but in JSON" }
]

/** The usual way from a question to an answer. */
export const workflow: ReadonlyArray<{ readonly step: string; readonly command: string }> = [
  { step: "Find sessions of this directory", command: "sessionr list" },
  { step: "Or find them by what was said", command: "sessionr search TEXT" },
  { step: "Read one within a budget", command: "sessionr read ID --tokens 4000" },
  { step: "Read on with meta.cursor.next, or its end", command: "sessionr read ID --anchor tail" },
  { step: "Send a follow-up, and prove that it arrived", command: "sessionr send ID --file prompt.md" },
  { step: "Poll it", command: "sessionr read ID --after N --if-changed ETAG" }
]

const argumentUsage = ({ name, required, variadic }: ArgumentSpec): string => {
  const shown = `${name}${variadic ? "..." : ""}`
  return required ? `<${shown}>` : `[${shown}]`
}

export const usageOf = (command: CommandSpec): string =>
  ["sessionr", command.name, ...command.args.map(argumentUsage), ...(flagCount(command) > 0 ? ["[flags]"] : [])].join(
    " "
  )

const flagCount = (command: CommandSpec): number => Object.keys(command.flags).length

const flagName = (name: string, flag: FlagSpec): string =>
  `${flag.alias === undefined ? "    " : `-${flag.alias}, `}--${name}${flag.value === undefined ? "" : ` ${flag.value}`}`

const columns = (rows: ReadonlyArray<readonly [string, string]>): string => {
  const width = Math.min(32, Math.max(0, ...rows.map(([left]) => left.length)))
  return rows
    .map(([left, right]) =>
      left.length > width ? `  ${left}\n  ${" ".repeat(width)}  ${right}\n` : `  ${left.padEnd(width)}  ${right}\n`
    )
    .join("")
}

const flagRows = (flags: FlagSpecs): string =>
  columns(
    Object.entries(flags).map(([name, flag]) => [
      flagName(name, flag),
      flag.description + (flag.default === undefined ? "" : ` (default: ${flag.default})`)
    ])
  )

const codeNames = Object.entries(exitCodes) as ReadonlyArray<readonly [keyof typeof exitCodes, number]>

const exitRows = (codes: ReadonlyArray<number>): string =>
  columns(
    codeNames.filter(([, code]) => codes.includes(code)).map(([name, code]) => [String(code), exitCodeMeanings[name]])
  )

/** Help of the program as a whole. */
export const rootHelp = (commands: ReadonlyArray<CommandSpec>): string =>
  `${summary}\n\nUsage: sessionr [global flags] <command> [args] [flags]\n\nCommands:\n` +
  columns(commands.map((command) => [command.name, command.summary])) +
  `\nGlobal flags:\n${flagRows(globalFlags)}` +
  `\nEnvironment:\n${columns(environment.map(({ description, name }) => [name, description]))}` +
  `\nUsual way:\n${columns(workflow.map(({ command, step }) => [command, step]))}` +
  `\nExit codes:\n${exitRows(Object.values(exitCodes))}` +
  `\n'sessionr help <command>' tells more; 'sessionr help --output json' tells it to a program.\n`

/** Help of one command: ends with examples and exit codes. */
export const commandHelp = (command: CommandSpec): string =>
  `${command.summary}\n\n${command.description}\n\nUsage: ${usageOf(command)}\n` +
  (command.args.length === 0
    ? ""
    : `\nArguments:\n${columns(command.args.map(({ description, name }) => [name, description]))}`) +
  (flagCount(command) === 0 ? "" : `\nFlags:\n${flagRows(command.flags)}`) +
  `\nGlobal flags: ${Object.keys(globalFlags)
    .map((name) => `--${name}`)
    .join(" ")}\n` +
  `\nExamples:\n${columns(command.examples.map((example) => [example.command, example.description]))}` +
  `\nExit codes:\n${exitRows(command.exitCodes)}`

/** Help on the two tables that every command shares. */
export const topics: Readonly<Record<string, string>> = {
  "exit-codes": `Exit codes:\n${exitRows(Object.values(exitCodes))}`,
  environment: `Environment:\n${columns(environment.map(({ description, name }) => [name, description]))}`,
  errors: `Error codes:\n${columns(
    Object.values(errorTable).map(({ class: kind, code, exit, retry }) => [
      code,
      `exit ${exit}, ${kind}${retry ? ", may succeed later" : ""}`
    ])
  )}`
}

const flagJson = ([name, flag]: readonly [string, FlagSpec]) => ({
  name: `--${name}`,
  alias: flag.alias === undefined ? null : `-${flag.alias}`,
  value: flag.value ?? null,
  description: flag.description,
  default: flag.default ?? null,
  env: flag.env ?? []
})

/** The help as data: of every command, or of one. */
export const helpJson = (commands: ReadonlyArray<CommandSpec>, version: string) => ({
  name: "sessionr",
  version,
  summary,
  workflow,
  commands: commands.map((command) => ({
    name: command.name,
    usage: usageOf(command),
    summary: command.summary,
    description: command.description,
    arguments: command.args,
    flags: Object.entries(command.flags).map(flagJson),
    exit_codes: command.exitCodes,
    examples: command.examples
  })),
  global_flags: Object.entries<FlagSpec>(globalFlags).map(flagJson),
  environment,
  exit_codes: codeNames.map(([name, code]) => ({ code, name, meaning: exitCodeMeanings[name] })),
  error_codes: Object.values(errorTable).map(({ class: kind, code, exit, retry }) => ({
    code,
    class: kind,
    exit_code: exit,
    retry
  }))
})
