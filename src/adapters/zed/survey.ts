import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import type { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, asObject, asText, asTime, type Json } from "../support/json.ts"
import { ownEntry, readDocument } from "./document.ts"
import { partsOf } from "./drafts.ts"
import { titleOf, type ZedEntry } from "./format.ts"

/** Roots of the workspace as they were when the thread began: `{worktree_path, git_state}` each. */
const worktreesOf = (document: Json): ReadonlyArray<Json> =>
  asArray(asObject(document["initial_project_snapshot"])?.["worktree_snapshots"])
    .map(asObject)
    .filter((worktree) => worktree !== null)

/** Roots of the workspace, the primary one first: those of the row, else those of the document. */
export const foldersIn = ({ thread }: ZedEntry, document: Json): ReadonlyArray<string> =>
  thread.folders.length > 0
    ? thread.folders
    : worktreesOf(document)
        .map((worktree) => asText(worktree["worktree_path"]))
        .filter((path) => path !== null)

/** Whether anything can be shown, and the first prompt of the user. */
const beginningOf = (document: Json): { readonly isEmpty: boolean; readonly firstPrompt: string | null } => {
  let isEmpty = true
  for (const message of asArray(document["messages"])) {
    for (const { draft } of partsOf(message, null)) {
      isEmpty = false
      if (draft.role === "user" && asText(draft.text) !== null) return { isEmpty, firstPrompt: draft.text }
    }
  }
  return { isEmpty, firstPrompt: null }
}

/** The branch of the primary folder when the thread began. */
const branchOf = (document: Json, cwd: string | null): string | null => {
  const worktrees = worktreesOf(document)
  const own = worktrees.find((worktree) => worktree["worktree_path"] === cwd) ?? worktrees[0]
  return asText(asObject(own?.["git_state"])?.["current_branch"])
}

/** What the row alone says. */
const headOfRow = ({ file, kind, parentId, thread }: ZedEntry): SessionHead => ({
  cwd: thread.folders[0] ?? null,
  createdAt: thread.createdAt ?? thread.updatedAt,
  updatedAt: thread.updatedAt ?? thread.createdAt ?? Math.floor(file.mtimeMs),
  // The tool saves no thread without messages.
  isEmpty: thread.bytes === 0,
  kind,
  parentId,
  gitBranch: null,
  model: null,
  title: thread.summary,
  firstPrompt: null,
  forkedFrom: null
})

/** The head of a thread, from its row and its document. */
export const headOf = (entry: ZedEntry, document: Json): SessionHead => {
  const head = headOfRow(entry)
  const cwd = foldersIn(entry, document)[0] ?? null
  const written = asTime(document["updated_at"])
  const parent = entry.parentId ?? asText(asObject(document["subagent_context"])?.["parent_thread_id"])
  const parentId = parent === entry.id ? null : parent
  return {
    cwd,
    createdAt: head.createdAt ?? written,
    updatedAt: entry.thread.updatedAt ?? written ?? head.updatedAt,
    ...beginningOf(document),
    kind: parentId === null ? "session" : "subagent",
    parentId,
    gitBranch: branchOf(document, cwd),
    model: asText(asObject(document["model"])?.["model"]),
    title: head.title ?? titleOf(document["title"]) ?? titleOf(document["summary"]),
    forkedFrom: null
  }
}

/** Briefly the row is enough, but for threads that are too old to have their folders in it. */
export const survey = Effect.fnUntraced(function* (
  given: SessionEntry,
  brief = false
): Effect.fn.Return<SessionHead, FileError, Sqlite | StoreFiles> {
  const entry = yield* ownEntry(given)
  if (entry.thread.bytes === 0 || (brief && entry.thread.folders.length > 0)) return headOfRow(entry)
  return headOf(entry, yield* readDocument(entry))
})
