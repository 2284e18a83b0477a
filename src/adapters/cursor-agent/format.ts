import type { FileStat, SessionEntry } from "../../domain/session.ts"
import type { SqlValue } from "../../services/Sqlite.ts"
import { asObject, type Json, parseJson } from "../support/json.ts"
import { utf8 } from "./protobuf.ts"

export const source = "cursor-agent"

/** What every session of one discovery shares, each read once and only when somebody needs it. */
export interface Shared {
  /** Titles of `conversation_summaries`, by root. */
  readonly titles: Map<string, ReadonlyMap<string, string>>
  /** Folders that a slug was resolved to; null where none or several fit. */
  readonly folders: Map<string, string | null>
  /** What is known of the chats of an IDE database, by its path. */
  readonly chats: Map<string, ReadonlyMap<string, ChatInfo>>
}

/** What the IDE's records say of a chat besides its messages. */
export interface ChatInfo {
  readonly id: string
  readonly name: string | null
  readonly cwd: string | null
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly model: string | null
  readonly parentId: string | null
  readonly isSubagent: boolean
}

/** An entry that also knows where each of the three homes of a session lies. */
export interface CursorEntry extends SessionEntry {
  readonly kept: "store" | "ide" | "transcript"
  /** `store.db` of the program in the terminal. */
  readonly store: string | null
  /** The name of the store's folder of a workspace; null in early builds. */
  readonly hash: string | null
  /** JSON Lines or text, also where a better home exists. */
  readonly transcript: FileStat | null
  /** The name of the transcript's folder of a project. */
  readonly slug: string | null
  readonly shared: Shared
}

export const isCursorEntry = (entry: SessionEntry): entry is CursorEntry => "kept" in entry && "shared" in entry

/** A cell of SQLite as text: the tools store JSON as TEXT or as BLOB. */
export const cellText = (cell: SqlValue | undefined): string | null =>
  typeof cell === "string" ? cell : cell instanceof Uint8Array ? utf8(cell) : null

/** Parses an object of JSON; where raw control characters spoil it, with a space in the place of each. */
export const looseObject = (text: string | null): Json | null => {
  if (text === null) return null
  const value = parseJson(text)
  return asObject(value === undefined ? parseJson(text.replace(/[\u0000-\u001f]/g, " ")) : value)
}

/** Milliseconds since the epoch from a number of them; null for anything that cannot be a date. */
export const asMillis = (value: unknown): number | null =>
  typeof value === "number" && value > 0 && value < 8.64e15 ? value : null

/** The name of the folder of a project: every run of other characters than letters and digits is one hyphen. */
export const slugOf = (path: string): string => path.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")

/** A `file:` URI as a path; null for other schemes. A path stays as it is. */
export const pathOfUri = (uri: string): string | null => {
  if (/^(?:\/|[a-z]:[/\\])/i.test(uri)) return uri
  if (!uri.startsWith("file://")) return null
  try {
    return decodeURIComponent(uri.slice("file://".length)).replace(/^\/(?=[a-z]:)/i, "")
  } catch {
    return null
  }
}

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

export const parentOf = (path: string): string =>
  path.slice(0, Math.max(0, path.lastIndexOf("/"), path.lastIndexOf("\\")))
