import type { Action } from "./common.ts"

/** A text that is printed as it is, and a JSON value that says the same: help, schema, completions, version. */
export interface DocumentResult {
  readonly _tag: "help" | "schema" | "completions" | "version"
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
  readonly actions: ReadonlyArray<Action>
}
