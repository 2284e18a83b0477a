import type { SessionEntry } from "../../domain/session.ts"

export const source = "zed"

/** What the row of a thread says beside its document. */
export interface ThreadRow {
  readonly id: string
  /** The title; null for the ones that a thread begins with. */
  readonly summary: string | null
  /** Milliseconds since the epoch. */
  readonly createdAt: number | null
  readonly updatedAt: number | null
  readonly parentId: string | null
  /** Roots of the workspace, the primary one first. */
  readonly folders: ReadonlyArray<string>
  /** Size of the stored document, compressed or not. */
  readonly bytes: number
}

/** An entry that knows what discovery read of its row. */
export interface ZedEntry extends SessionEntry {
  readonly thread: ThreadRow
}

export const isZedEntry = (entry: SessionEntry): entry is ZedEntry => "thread" in entry

/** What a thread is called until a model names it: an empty text, or one of these in the versions of 2025. */
const placeholders: ReadonlySet<string> = new Set(["New Thread", "New Agent Thread"])

export const titleOf = (value: unknown): string | null =>
  typeof value !== "string" || value.trim() === "" || placeholders.has(value) ? null : value

/** The name of an unknown type, short enough for a reason. */
export const typeName = (value: string): string => value.slice(0, 60)
