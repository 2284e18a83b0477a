import type { Action } from "./common.ts"

/** A text that is printed as it is, and a JSON value that says the same. `topic` is a page of the manual, `docs` its list. */
export interface DocumentResult {
  readonly _tag: "help" | "schema" | "completions" | "docs" | "topic" | "version"
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
  readonly actions: ReadonlyArray<Action>
}
