import type { FileStat, SessionEntry } from "../../domain/session.ts"
import { asCount, asObject, asText, type Json, parseJson } from "../support/json.ts"

export const source = "opencode"

/**
 * The three generations: one file for each session, message and part (until 1.1); tables `session`, `message` and
 * `part` (1.2 and later); `session_v2` and `session_message` (2.x), into the same database.
 */
export type Generation = "files" | "parts" | "messages"

/** Tokens as the row of a session counts them: `output` without `reasoning` since about 1.18. */
export interface TokenColumns {
  readonly input: number
  readonly output: number
  readonly reasoning: number
  readonly cacheRead: number
  readonly cacheWrite: number
}

/** What the row or the file of a session says, whichever generation wrote it. */
export interface SessionInfo {
  readonly id: string
  readonly directory: string | null
  /** The directory relative to the worktree. */
  readonly path: string | null
  readonly title: string | null
  readonly parentId: string | null
  /** Only 2.x records it. */
  readonly forkedFrom: string | null
  readonly model: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly archived: boolean
  /** Where a revert cut the conversation: from here on it is hidden until the next prompt deletes it. */
  readonly revert: { readonly messageId: string; readonly partId: string | null } | null
  /** Null where the version has no such columns. */
  readonly tokens: TokenColumns | null
  readonly isEmpty: boolean
}

/** A message of the tree of files, with the files of its parts. */
export interface MessageFiles {
  readonly id: string
  readonly file: FileStat
  readonly parts: ReadonlyArray<FileStat>
}

/** What surveys of one database share, so that a list does not open it for every session. */
export interface SurveyBatch {
  readonly entries: Array<OpencodeEntry>
  readonly known: Map<string, SurveyDetails>
}

/** What a survey needs messages for. */
export interface SurveyDetails {
  readonly firstPrompt: string | null
  readonly model: string | null
}

/** An entry that knows what discovery read of it. */
export interface OpencodeEntry extends SessionEntry {
  readonly generation: Generation
  readonly info: SessionInfo
  /** Empty but for the tree of files. */
  readonly messages: ReadonlyArray<MessageFiles>
  readonly batch: SurveyBatch
}

export const isOpencodeEntry = (entry: SessionEntry): entry is OpencodeEntry => "generation" in entry

/** Milliseconds since the epoch, as every time in the store is; null for what no date can hold. */
export const asMillis = (value: unknown): number | null => {
  const count = asCount(value)
  return count !== null && count > 0 && count <= 8.64e15 ? count : null
}

/** A JSON object from a column or a file; null for anything else. */
export const objectIn = (text: unknown): Json | null => (typeof text === "string" ? asObject(parseJson(text)) : null)

const placeholder = /^(?:New|Child) session - \d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** A title that somebody or a model gave; null for the one that a session begins with (the tool's own test for it). */
export const titleOf = (value: unknown): string | null => {
  const title = asText(value)
  return title === null || placeholder.test(title) ? null : title
}

/** `{messageID, partID?}`, as the column and the file have it. */
export const revertOf = (value: Json | null): SessionInfo["revert"] => {
  const messageId = asText(value?.["messageID"])
  return messageId === null ? null : { messageId, partId: asText(value?.["partID"]) }
}
