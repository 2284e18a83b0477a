import * as Effect from "effect/Effect"
import type { Discovery, FileStat, Unreadable } from "../../domain/session.ts"
import type { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { databaseEntries } from "./database.ts"
import { baseName, folderOf, type KiroEntry, plainEntry, type Shelf } from "./format.ts"
import { ideEntries } from "./ide.ts"

/** Sessions of the harness V3: `sessions/<hash of the workspace>/sess_<id>/`. */
export const eventEntries = Effect.fnUntraced(function* (root: string): Effect.fn.Return<Shelf, never, StoreFiles> {
  const files = yield* StoreFiles
  const tree = yield* files.walk(`${root}/sessions`, {
    depth: 2,
    enter: (name, depth) => (depth === 0 ? /^[0-9a-f]{16}$/.test(name) : name.startsWith("sess_")),
    take: (name, depth) => depth === 2 && (name === "messages.jsonl" || name === "session.json")
  })
  const folders = new Map<string, { records?: FileStat; metadata?: FileStat }>()
  for (const file of tree.files) {
    const folder = folderOf(file.path)
    const found = folders.get(folder) ?? {}
    folders.set(folder, file.path.endsWith(".jsonl") ? { ...found, records: file } : { ...found, metadata: file })
  }
  const entries: Array<KiroEntry> = []
  for (const [folder, { metadata, records }] of folders) {
    entries.push({
      ...plainEntry,
      id: baseName(folder),
      root,
      generation: "events",
      file: records ?? metadata!,
      metadata: metadata?.path ?? null,
      hasRecords: records !== undefined,
      // The title is in there.
      sidecars: records === undefined || metadata === undefined ? [] : [metadata.path]
    })
  }
  return { entries, unreadable: tree.unreadable }
})

/** The fields that say who a session is are the first of its file. */
const headBytes = 4096

const fieldIn = (text: string, name: string): string | null =>
  new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,200})"`).exec(text)?.[1] ?? null

/** Sessions of the CLI V2: `sessions/cli/<uuid>.jsonl` and `<uuid>.json`, of which one may be missing. */
export const turnEntries = Effect.fnUntraced(function* (root: string): Effect.fn.Return<Shelf, never, StoreFiles> {
  const files = yield* StoreFiles
  const tree = yield* files.walk(`${root}/sessions/cli`, { depth: 0, take: (name) => /^[\w-]{8,}\.jsonl?$/.test(name) })
  const stems = new Map<string, { records?: FileStat; metadata?: FileStat }>()
  for (const file of tree.files) {
    const isRecords = file.path.endsWith(".jsonl")
    const stem = baseName(file.path).slice(0, isRecords ? -6 : -5)
    stems.set(stem, { ...stems.get(stem), ...(isRecords ? { records: file } : { metadata: file }) })
  }
  const unreadable: Array<Unreadable> = [...tree.unreadable]
  const entries: Array<KiroEntry> = []
  for (const [stem, { metadata, records }] of stems) {
    let text = ""
    if (metadata !== undefined) {
      const bytes = yield* files.head(metadata.path, headBytes).pipe(
        Effect.catch(({ path, reason }) => {
          unreadable.push({ path, reason })
          return Effect.succeed(new Uint8Array())
        })
      )
      text = decodeRange(bytes, 0, bytes.length)
    }
    const id = fieldIn(text, "session_id") ?? stem
    const parent = fieldIn(text, "parent_session_id")
    const isSubagent = parent !== null || fieldIn(text, "session_created_reason") === "subagent"
    entries.push({
      ...plainEntry,
      id,
      root,
      generation: "turns",
      file: records ?? metadata!,
      kind: isSubagent ? "subagent" : "session",
      parentId: parent === id ? null : parent,
      metadata: metadata?.path ?? null,
      hasRecords: records !== undefined,
      sidecars: records === undefined || metadata === undefined ? [] : [metadata.path]
    })
  }
  return { entries, unreadable }
})

/**
 * Every session of every store, each once: the CLI moved conversations of its database into files and kept their ids,
 * so files count before rows.
 */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles | Sqlite> {
  const found = new Map<string, KiroEntry>()
  const unreadable: Array<Unreadable> = []
  for (const store of [eventEntries, turnEntries, databaseEntries, ideEntries]) {
    for (const root of roots) {
      const shelf = yield* store(root)
      unreadable.push(...shelf.unreadable)
      for (const entry of shelf.entries) {
        const known = found.get(entry.id)
        const isNewer = known?.generation === entry.generation && entry.file.mtimeNs > known.file.mtimeNs
        if (known === undefined || isNewer) found.set(entry.id, entry)
      }
    }
  }
  return { entries: Array.from(found.values()), unreadable }
})
