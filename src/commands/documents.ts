import * as Effect from "effect/Effect"
import * as Completions from "effect/cli/Completions"
import { didYouMean } from "../domain/choice.ts"
import { exitCodes } from "../domain/error-table.ts"
import { TopicNotFound, UsageError } from "../domain/errors.ts"
import type { DocumentResult } from "../domain/results.ts"
import { schemaNames, shapeNames } from "../schemas/shape-names.ts"
import { Contract } from "../services/Contract.ts"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Settings } from "../services/Settings.ts"
import { commandHelp, helpJson, rootHelp, topics } from "./help-text.ts"
import { type CommandSpec, defineCommand } from "./spec.ts"

const topicNotFound = (topic: string, valid: ReadonlyArray<string>, suggestion: string) =>
  new TopicNotFound({
    message: `there is nothing about ${JSON.stringify(topic)}`,
    suggestion,
    topic,
    valid: [...valid],
    did_you_mean: [...didYouMean(topic, valid)]
  })

/** Help of the program, of one command or on a topic. */
export const helpDocument = (
  commands: ReadonlyArray<CommandSpec>,
  version: string,
  topic: string | null
): DocumentResult | null => {
  const command = commands.find(({ name }) => name === topic)
  const text = topic === null ? rootHelp(commands) : command === undefined ? topics[topic] : commandHelp(command)
  if (text === undefined) return null
  return {
    _tag: "help",
    text,
    json: helpJson(command === undefined ? commands : [command], version),
    actions: [{ command: "sessionr list --cwd all", description: "Every session on this machine" }]
  }
}

/** `help`: needs the table of all commands, itself included. */
export const makeHelp = (all: () => ReadonlyArray<CommandSpec>): CommandSpec =>
  defineCommand({
    name: "help",
    summary: "Show help, as text or as data",
    description: `Of every command, of one, or on a topic: ${Object.keys(topics).join(", ")}.`,
    args: [{ name: "command", description: "a command or a topic", required: false, variadic: false }],
    flags: {},
    examples: [
      { command: "sessionr help read", description: "every flag of read" },
      { command: "sessionr help --output json", description: "every command, flag and exit code as JSON" }
    ],
    exitCodes: [exitCodes.OK, exitCodes.NOT_FOUND],
    isDocument: true,
    run: Effect.fnUntraced(function* ({ args }) {
      const { version } = yield* Settings
      const topic = args[0] ?? null
      const result = helpDocument(all(), version, topic)
      if (result !== null) return { result, exitCode: exitCodes.OK }
      const valid = [...all().map(({ name }) => name), ...Object.keys(topics)]
      return yield* topicNotFound(topic ?? "", valid, "sessionr help")
    })
  })

/** `schema`: the contract of everything that is printed as JSON. */
export const schema = defineCommand({
  name: "schema",
  summary: "Print the JSON Schema of what is printed",
  description: `JSON Schema (draft 2020-12) of the envelopes: ${shapeNames.join(", ")}. A name with -line behind it is one line of that answer's JSONL form; batch-line is one of read --batch, end-line the last of all; export-document and export-document-line are what export writes as json and jsonl.`,
  args: [{ name: "name", description: "one of them", required: false, variadic: false }],
  flags: {},
  examples: [
    { command: "sessionr schema read --output text", description: "the schema of a read answer" },
    { command: "sessionr schema --api-version 2", description: "all of version 2" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.NOT_FOUND],
  run: Effect.fnUntraced(function* ({ args }) {
    const { apiVersion } = yield* Invocation
    const name = args[0]
    if (name !== undefined && !schemaNames.includes(name)) {
      return yield* topicNotFound(name, schemaNames, "sessionr help schema")
    }
    const contract = yield* Contract
    const all = yield* contract.schemas(apiVersion)
    const schemas = name === undefined ? all : { [name]: all[name] }
    const result: DocumentResult = {
      _tag: "schema",
      text: `${JSON.stringify(name === undefined ? all : all[name], null, 2)}\n`,
      json: { schemas },
      actions: []
    }
    return { result, exitCode: exitCodes.OK }
  })
})

const shells = ["bash", "zsh", "fish", "powershell"] as const

/** `completions`: a script for the caller's shell. */
export const makeCompletions = (descriptor: () => Completions.CommandDescriptor): CommandSpec =>
  defineCommand({
    name: "completions",
    summary: "Print a completion script for a shell",
    description: "For bash, zsh, fish or powershell.",
    args: [{ name: "shell", description: shells.join(", "), required: true, variadic: false }],
    flags: {},
    examples: [
      { command: "source <(sessionr completions bash)", description: "in this shell" },
      { command: "sessionr completions fish > ~/.config/fish/completions/sessionr.fish", description: "for good" }
    ],
    exitCodes: [exitCodes.OK, exitCodes.USAGE],
    isDocument: true,
    run: Effect.fnUntraced(function* ({ args }) {
      const shell = shells.find((name) => name === args[0])
      if (shell === undefined) {
        const typed = args[0] ?? ""
        return yield* new UsageError({
          message:
            typed === ""
              ? `completions needs a shell: ${shells.join(", ")}`
              : `there are no completions for ${JSON.stringify(typed)}; there are for ${shells.join(", ")}`,
          suggestion: "sessionr completions bash",
          argument: "shell",
          did_you_mean: typed === "" ? [...shells] : [...didYouMean(typed, shells, { pwsh: "powershell", sh: "bash" })]
        })
      }
      // The generator's own comments name the flag of a program that it built itself.
      const generated = Completions.generate("sessionr", shell, descriptor())
      const script = `${generated.replaceAll("sessionr --completions ", "sessionr completions ").trimEnd()}\n`
      const result: DocumentResult = { _tag: "completions", text: script, json: { shell, script }, actions: [] }
      return { result, exitCode: exitCodes.OK }
    })
  })

/** `--version`. */
export const versionDocument = Effect.gen(function* () {
  const { version } = yield* Settings
  const { runtime } = yield* Host
  const result: DocumentResult = {
    _tag: "version",
    text: `sessionr ${version}\n`,
    json: { version, runtime },
    actions: []
  }
  return result
})
