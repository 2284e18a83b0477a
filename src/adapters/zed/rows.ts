import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { asCount, asText, asTime, type Json } from "../support/json.ts"
import { type ThreadRow, titleOf } from "./format.ts"

/** Columns that came after the first five; those that forks add are not asked for. */
const optional = ["summary", "updated_at", "created_at", "parent_id", "folder_paths", "folder_paths_order"]

/**
 * Folders with the primary one first. They are stored sorted, one a line; the order says, for each of them, where it
 * stood before, as integers between commas.
 */
export const foldersOf = (paths: unknown, order: unknown): ReadonlyArray<string> => {
  const sorted = (asText(paths) ?? "").split(/\r?\n/)
  const places = (asText(order) ?? "").split(",").map((place) => Number.parseInt(place, 10))
  const placeOf = (at: number): number => {
    const place = places[at]
    return place === undefined || Number.isNaN(place) ? sorted.length + at : place
  }
  return sorted
    .map((path, at) => ({ path, place: placeOf(at) }))
    .sort((a, b) => a.place - b.place)
    .map(({ path }) => path)
    .filter((path) => path.trim() !== "")
}

const threadOf = (row: Json): ThreadRow | null => {
  const id = asText(row["id"])
  if (id === null) return null
  const parentId = asText(row["parent_id"])
  return {
    id,
    summary: titleOf(row["summary"]),
    createdAt: asTime(row["created_at"]),
    updatedAt: asTime(row["updated_at"]),
    parentId: parentId === id ? null : parentId,
    folders: foldersOf(row["folder_paths"], row["folder_paths_order"]),
    bytes: asCount(row["bytes"]) ?? 0
  }
}

/** Every thread of a `threads.db`, without its document. Columns are added at every start: only what is there is asked. */
export const threadsIn = (database: SqliteDatabase): ReadonlyArray<ThreadRow> => {
  const columns = database.columns("threads")
  if (!columns.has("id") || !columns.has("data")) return []
  const names = ["id", ...optional.filter((name) => columns.has(name))]
  return database
    .all(`SELECT ${names.join(", ")}, length(data) AS bytes FROM threads`)
    .map(threadOf)
    .filter((thread) => thread !== null)
}

/** What the sidebar of the editor knows of a thread. */
export interface SidebarRow {
  /** The name that the user gave, which wins over every other. */
  readonly override: string | null
  readonly title: string | null
  readonly archived: boolean
  readonly folders: ReadonlyArray<string>
}

export interface Sidebar {
  /** Threads of Zed's own agent, by session id. */
  readonly threads: ReadonlyMap<string, SidebarRow>
  /** Threads of other agents, whose transcripts are in the stores of those. */
  readonly external: number
}

const sidebarColumns = ["agent_id", "title", "title_override", "archived", "folder_paths", "folder_paths_order"]

/** The table `sidebar_threads` of the application's database; drafts, and threads that lost their id, have none. */
export const sidebarIn = (database: SqliteDatabase): Sidebar => {
  const columns = database.columns("sidebar_threads")
  const threads = new Map<string, SidebarRow>()
  let external = 0
  if (!columns.has("session_id")) return { threads, external }
  const names = ["session_id", ...sidebarColumns.filter((name) => columns.has(name))]
  const rows = database.all(`SELECT ${names.join(", ")} FROM sidebar_threads WHERE session_id IS NOT NULL`)
  for (const row of rows) {
    const id = asText(row["session_id"])
    if (id === null) continue
    if (asText(row["agent_id"]) !== null) external++
    else {
      threads.set(id, {
        override: titleOf(row["title_override"]),
        title: titleOf(row["title"]),
        archived: row["archived"] === 1,
        folders: foldersOf(row["folder_paths"], row["folder_paths_order"])
      })
    }
  }
  return { threads, external }
}
