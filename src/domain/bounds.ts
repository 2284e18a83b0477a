import type { Preset, View } from "./view.ts"
import { makeView } from "./view.ts"

/** What a number may be, and what it is where a caller says nothing; null for no limit. */
export interface Bounds<D extends number | null = number> {
  readonly fallback: D
  readonly min: number
  readonly max: number | null
}

/** Every number that callers may give, for the commands and the library alike. */
export const bounds = {
  listLimit: { fallback: 20, min: 1, max: 1000 },
  listOffset: { fallback: 0, min: 0, max: null },
  /** Sessions whose texts `list` looks through. */
  listMaxSessions: { fallback: 50, min: 1, max: 200 },
  searchTop: { fallback: 10, min: 1, max: 200 },
  searchMaxSessions: { fallback: null, min: 1, max: null },
  /** UTF-16 units of a snippet on each side of its hit. */
  snippetContext: { fallback: 60, min: 0, max: 2000 },
  /** Index of a message. */
  message: { fallback: null, min: 1, max: null },
  /** Index after which messages are wanted. */
  after: { fallback: null, min: 0, max: null },
  page: { fallback: null, min: 1, max: null },
  charOffset: { fallback: 0, min: 0, max: null },
  /** Steps of a `diff` that are passed over. */
  diffAfter: { fallback: 0, min: 0, max: null },
  sendTimeoutSeconds: { fallback: null, min: 1, max: 604_800 },
  detectTimeoutMs: { fallback: 2000, min: 0, max: 600_000 },
  waitTimeoutSeconds: { fallback: 300, min: 0, max: 86_400 },
  waitIntervalSeconds: { fallback: 5, min: 1, max: 60 },
  jobsLimit: { fallback: 20, min: 1, max: 1000 }
} as const satisfies Readonly<Record<string, Bounds<number | null>>>

/** A send that nobody sets a limit to is ended after half an hour: several tools wait for ever on a lost connection. */
export const foregroundTimeoutMs = 30 * 60 * 1000

/** How much of each message is shown where nobody says: a program is given more than a person. */
export const readPreset = (isJson: boolean): Preset => (isJson ? "verbose" : "standard")

/** How much of each new message a send shows. */
export const sendPreset: Preset = "standard"

/** How the messages of a `diff` are shown. */
export const diffView = (isJson: boolean): View => ({ ...makeView(readPreset(isJson), null, isJson), thinking: 0 })
