import type { Action, CommandResult, Warning } from "../../domain/results.ts"
import type { TokenUsage } from "../../domain/session.ts"
import { type Paint, sanitize, sanitizeLine } from "../terminal.ts"

/** A version 1 envelope. Key order is the order of printing: what steers the caller comes before bulk data. */
export type Wire = {
  readonly api_version: 1
  readonly actions: ReadonlyArray<unknown>
  readonly [key: string]: unknown
}

/** The JSON of a schema of ours. */
export type Shape<S extends { readonly Encoded: unknown }> = S["Encoded"]

/** `warnings` of a meta object, where there are any. */
export const warningsOf = (warnings: ReadonlyArray<Warning>) =>
  warnings.length === 0
    ? {}
    : { warnings: warnings.map(({ code, message, source }) => ({ source, error: { code, message } })) }

/** `meta` where there are warnings, for answers that have nothing else to say there. */
export const metaOf = (warnings: ReadonlyArray<Warning>) =>
  warnings.length === 0 ? {} : { meta: warningsOf(warnings) }

/** Cursors of version 1 are commands alone. */
export const commands = (cursor: {
  readonly [K in "next" | "prev" | "first"]: { readonly command: string } | null
}) => ({
  next: cursor.next?.command ?? null,
  prev: cursor.prev?.command ?? null,
  first: cursor.first?.command ?? null
})

/** What text output depends on besides the result. */
export interface TextStyle {
  readonly paint: Paint
  /** Cells. */
  readonly width: number
}

/** A line for the terminal, without what would steer it. */
export const line = (text: string): string => `${sanitize(text)}\n`

/** The first action, as a hint below an answer. */
export const nextLine = (actions: ReadonlyArray<Action>, { paint }: TextStyle): string =>
  actions[0] === undefined ? "" : paint.dim(`next: ${sanitizeLine(actions[0].command)}`) + "\n"

/** What was passed over, a line each. */
export const warningLines = (warnings: ReadonlyArray<Warning>, { paint }: TextStyle): string =>
  warnings
    .map(({ code, message, source }) =>
      paint.dim(`warning[${code}]: ${source === null ? "" : `${source}: `}${sanitizeLine(message)}`)
    )
    .map((warning) => `${warning}\n`)
    .join("")

/** Names and values in two columns; those without a value are left out. */
export const pairs = (rows: ReadonlyArray<readonly [string, string | null]>, { paint }: TextStyle): string => {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${sanitizeLine(value)}\n`).join("")
}

/** A titled list, or nothing. */
export const section = (title: string, lines: ReadonlyArray<string>, { paint }: TextStyle): string =>
  lines.length === 0 ? "" : `\n${paint.bold(title)}\n${lines.map((text) => `  ${sanitizeLine(text)}\n`).join("")}`

/** Token usage in words. */
export const usage = (tokens: TokenUsage | null): string | null =>
  tokens === null
    ? null
    : `${tokens.input} in, ${tokens.output} out (${tokens.thinking} thinking), ` +
      `${tokens.cacheRead} read from cache, ${tokens.cacheCreation} written to it`

/** The roles that occur, with their counts. */
export const roleCounts = (byRole: Readonly<Record<string, number>>): string =>
  Object.entries(byRole)
    .filter(([, count]) => count > 0)
    .map(([role, count]) => `${count} ${role}`)
    .join(", ")

/** How one kind of answer is printed: as a version 1 envelope, and as people read it. */
export interface Encoder<R extends CommandResult> {
  readonly wire: (result: R) => Wire
  /** `table` asks for rows where there are two ways. */
  readonly text: (result: R, style: TextStyle, table: boolean) => string
}
