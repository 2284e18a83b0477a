import type { FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import { asCount, asObject, asText, asTime, type Json, parseJson } from "../support/json.ts"

export const source = "kiro"

/**
 * The five stores that Kiro's programs have written: `events` (harness V3 and IDE since July 2026: `messages.jsonl` beside
 * a `session.json`), `turns` (CLI V2: `<uuid>.jsonl` beside `<uuid>.json`), `database` (CLI 1.x: rows of SQLite), `ide`
 * (IDE until July 2026: a document, and a file for each execution) and `chat` (IDE until February 2026: `.chat` files).
 */
export type Generation = "events" | "turns" | "database" | "ide" | "chat"

/** A JSON document larger than this is refused, bytes: documents are parsed whole. */
export const documentLimit = 256 * 1024 * 1024

/** Files of executions below one storage folder of the IDE; which session one belongs to is only in the file. */
export interface ExecutionFiles {
  readonly files: ReadonlyArray<FileStat>
  /** By execution id and by session id; null until somebody asked. */
  index: ExecutionIndex | null
}

export interface ExecutionIndex {
  readonly byExecution: ReadonlyMap<string, FileStat>
  readonly bySession: ReadonlyMap<string, ReadonlyArray<FileStat>>
}

/** Where a conversation lies in the database. */
export interface DatabaseRow {
  readonly table: "conversations" | "conversations_v2"
  readonly rowid: number
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly isEmpty: boolean
  /** Entries of the same database that were not surveyed yet: one opening serves several. */
  readonly batch: Array<KiroEntry>
  /** What a survey needs the conversation for. */
  details: { readonly model: string | null; readonly firstPrompt: string | null } | null
}

/** An entry that knows what discovery learned of it. */
export interface KiroEntry extends SessionEntry {
  readonly generation: Generation
  /** The small file beside the records; null where the store has none, or the session lacks it. */
  readonly metadata: string | null
  /** False where only `metadata` is there: then it is the entry's file. */
  readonly hasRecords: boolean
  /** What the layout or an index says, where the session itself may not. */
  readonly cwd: string | null
  readonly createdAt: number | null
  readonly executions: ExecutionFiles | null
  readonly row: DatabaseRow | null
}

export const isKiroEntry = (entry: SessionEntry): entry is KiroEntry => "generation" in entry && "executions" in entry

/** What one store gives: its sessions, and what could not be used. */
export interface Shelf {
  readonly entries: ReadonlyArray<KiroEntry>
  readonly unreadable: ReadonlyArray<Unreadable>
}

/** The fields of an entry that most stores leave as they are. */
export const plainEntry = {
  source,
  kind: "session" as const,
  parentId: null,
  archived: false,
  sidecars: [] as ReadonlyArray<string>,
  indexTitle: null,
  metadata: null,
  hasRecords: true,
  cwd: null,
  createdAt: null,
  executions: null,
  row: null
}

const timeLimit = 8.64e15

/** Milliseconds since the epoch from ISO text, milliseconds, or milliseconds as text; null for what is no time. */
export const timeOf = (value: unknown): number | null => {
  if (typeof value === "string" && /^\d{10,16}$/.test(value)) return timeOf(Number(value))
  const count = asCount(value)
  if (count !== null) return count > 0 && count <= timeLimit ? Math.floor(count) : null
  return asTime(value)
}

/** Milliseconds from seconds; a value that only fits milliseconds is taken as such. */
export const timeOfSeconds = (value: unknown): number | null => {
  const count = asCount(value)
  return timeOf(count !== null && count < 1e11 ? count * 1000 : value)
}

/** A model's id; `auto` says that the tool chose one and not which. */
export const modelOf = (value: unknown): string | null => {
  const model = asText(value)
  return model === "auto" ? null : model
}

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

export const folderOf = (path: string): string =>
  path.slice(0, Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\"), 0))

/** A JSON object from a text; null for anything else. */
export const objectIn = (text: unknown): Json | null => (typeof text === "string" ? asObject(parseJson(text)) : null)

/** A text as it is, nothing for nothing, everything else as the JSON that it is. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

/** The name of an unknown type, short enough for a reason. */
export const typeName = (value: unknown): string => (asText(value) ?? "without a name").slice(0, 60)
