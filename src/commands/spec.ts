import type * as Effect from "effect/Effect"
import type { AppError } from "../domain/errors.ts"
import type { CommandResult } from "../domain/results.ts"
import type { AdapterRegistry } from "../services/AdapterRegistry.ts"
import type { Confirmation } from "../services/Confirmation.ts"
import type { Doctor } from "../services/Doctor.ts"
import type { FileOutput } from "../services/FileOutput.ts"
import type { Host } from "../services/Host.ts"
import type { Invocation } from "../services/Invocation.ts"
import type { Contract } from "../services/Contract.ts"
import type { Manual } from "../services/Manual.ts"
import type { Markdown } from "../services/Markdown.ts"
import type { Output } from "../services/Output.ts"
import type { Progress } from "../services/Progress.ts"
import type { Redactor } from "../services/Redactor.ts"
import type { Sends } from "../services/Sends.ts"
import type { Prune } from "../services/Prune.ts"
import type { Sessions } from "../services/Sessions.ts"
import type { Settings } from "../services/Settings.ts"
import type { TextInput } from "../services/TextInput.ts"

/** What a command may ask for. */
export type CommandServices =
  | AdapterRegistry
  | Confirmation
  | Doctor
  | FileOutput
  | Host
  | Invocation
  | Contract
  | Manual
  | Markdown
  | Output
  | Progress
  | Redactor
  | Sends
  | Prune
  | Sessions
  | Settings
  | TextInput

/** One flag: the table of them feeds the parser, the help, the schema of the help and the completions. */
export interface FlagSpec {
  /** One letter, without the dash. */
  readonly alias?: string
  /** Name of the value in the usage; absent for a switch. */
  readonly value?: string
  readonly description: string
  /** Given twice, the values are put together with a comma; otherwise the last one counts. */
  readonly list?: boolean
  /** As the help shows it. */
  readonly default?: string
  readonly env?: ReadonlyArray<string>
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>

/** What was typed: null for a flag that was not, false for a switch that was not. */
export type FlagValues<F extends FlagSpecs> = string extends keyof F
  ? Readonly<Record<string, string | boolean | null>>
  : { readonly [K in keyof F]: F[K] extends { readonly value: string } ? string | null : boolean }

export interface ArgumentSpec {
  readonly name: string
  readonly description: string
  readonly required: boolean
  readonly variadic: boolean
}

export interface ExampleSpec {
  readonly command: string
  readonly description: string
}

/** What the process ends with besides errors: 0, or a code that qualifies a valid answer. */
export interface Answer {
  readonly result: CommandResult
  readonly exitCode: number
}

/** What a handler is given: its flags and positional arguments as typed, meaning comes after. */
export interface Input<F extends FlagSpecs> {
  readonly flags: FlagValues<F>
  readonly args: ReadonlyArray<string>
  /** Words behind `--`, for a command that passes them on; else they are arguments. */
  readonly extra: ReadonlyArray<string>
}

export interface CommandSpec<F extends FlagSpecs = FlagSpecs> {
  readonly name: string
  readonly summary: string
  readonly description: string
  readonly args: ReadonlyArray<ArgumentSpec>
  readonly flags: F
  readonly examples: ReadonlyArray<ExampleSpec>
  readonly exitCodes: ReadonlyArray<number>
  /**
   * A document is text by default, whatever stdout is: it is meant to be shown, sourced or piped on. Where that depends
   * on what was typed, it is asked with the words behind the command's name, flags spelled `--name=value`.
   */
  readonly isDocument?: boolean | ((words: ReadonlyArray<string>) => boolean)
  /** Words behind `--` are passed on to another program, as they are. */
  readonly passesOn?: boolean
  /** A number is the exit code of a handler that has printed its answer itself, line by line. */
  readonly run: (input: Input<F>) => Effect.Effect<Answer | number, AppError, CommandServices>
}

/** A command whose handler sees its flags with their types. */
export const defineCommand = <const F extends FlagSpecs>(spec: CommandSpec<F>): CommandSpec =>
  spec as unknown as CommandSpec
