import type { SessionEntry, TokenUsage } from "../../domain/session.ts"
import { asObject, asText, type Json, parseJson } from "../support/json.ts"

export const source = "goose"

/** What the row of a session says; the columns are those of schema 1 to 17, each of which may be missing. */
export interface SessionInfo {
  readonly id: string
  readonly cwd: string | null
  readonly title: string | null
  /** `user`, `scheduled`, `sub_agent`, `hidden`, `terminal`, `gateway`, `acp`; `user` before schema 5. */
  readonly type: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly archived: boolean
  /** Since schema 15; agents of before are not tied to anything. */
  readonly parentId: string | null
  /** The message of the parent that called for this agent, since schema 17. */
  readonly delegateMessageId: string | null
  readonly model: string | null
  readonly usage: Usage | null
  readonly isEmpty: boolean
}

/** Tokens with the total that the tool counted, which tells the larger of two counts. */
export interface Usage {
  readonly tokens: TokenUsage
  readonly total: number
}

/** What surveys of one database share, so that a list does not open it for every session. */
export interface SurveyBatch {
  readonly entries: Array<GooseEntry>
  readonly known: Map<string, SurveyDetails>
}

/** What a survey needs more than the session's row for. */
export interface SurveyDetails {
  readonly firstPrompt: string | null
  readonly model: string | null
}

/** An entry that knows what discovery read of it; `info` is null for a JSONL file of before 1.10. */
export interface GooseEntry extends SessionEntry {
  readonly info: SessionInfo | null
  readonly batch: SurveyBatch
}

export const isGooseEntry = (entry: SessionEntry): entry is GooseEntry => "info" in entry && "batch" in entry

/** A message of either store. */
export interface StoredMessage {
  /** Since schema 7. */
  readonly id: string | null
  readonly role: unknown
  /** A list of items; undefined where it is no JSON. */
  readonly content: unknown
  readonly metadata: Json | null
  /** Milliseconds since the epoch. */
  readonly time: number | null
}

/** More than this of JSON is not parsed, bytes. */
export const documentLimit = 256 * 1024 * 1024

const millis = (value: number): number | null => {
  const time = value > 10_000_000_000 ? value : value * 1000
  return time > 0 && time <= 8.64e15 ? Math.floor(time) : null
}

const zoneless = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)$/

/** Milliseconds since the epoch from any shape that goose writes: seconds, milliseconds, text without a zone (UTC), ISO. */
export const asMoment = (value: unknown): number | null => {
  if (typeof value === "number" || typeof value === "bigint") return millis(Number(value))
  const text = asText(value)?.trim()
  if (text === undefined) return null
  if (/^\d{1,16}$/.test(text)) return millis(Number(text))
  const parts = zoneless.exec(text)
  const time = Date.parse(parts === null ? text : `${parts[1]}T${parts[2]}Z`)
  return Number.isNaN(time) ? null : time
}

/** A JSON object from a column; null for anything else. */
export const objectIn = (text: unknown): Json | null => (typeof text === "string" ? asObject(parseJson(text)) : null)

const automatic = /^(?:(?:CLI|ACP|New) session|New chat|Session)(?: \d+)?$/i

/** A name that somebody or a model gave; null for the ones that sessions begin with. */
export const titleOf = (name: unknown, description: unknown, userSet: boolean): string | null => {
  const title = asText(name) ?? asText(description)
  return title === null || (!userSet && automatic.test(title.trim())) ? null : title
}
