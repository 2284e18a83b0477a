import * as Context from "effect/Context"
import type { ApiVersion, OutputFormat } from "../domain/output.ts"

/** How this run prints. */
export interface InvocationInfo {
  /** Null: the command's own default (documents are text, everything else as the stream decides). */
  readonly output: OutputFormat | null
  readonly apiVersion: ApiVersion
  readonly timing: boolean
  readonly color: boolean
  readonly quiet: boolean
  readonly stdoutIsTerminal: boolean
}

export class Invocation extends Context.Service<Invocation, InvocationInfo>()("sessionr/services/Invocation") {}
