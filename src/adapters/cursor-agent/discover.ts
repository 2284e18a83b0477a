import * as Effect from "effect/Effect"
import type { Discovery, FileStat, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { baseName, type CursorEntry, parentOf, type Shared, source } from "./format.ts"
import { chatIds } from "./ide.ts"

const trimmed = (path: string | undefined): string => (path ?? "").trim().replace(/(?<=.)[/\\]+$/, "")

/**
 * The program's folders of data and of settings, by `CURSOR_DATA_DIR`, `CURSOR_CONFIG_DIR` and the defaults, any of which
 * may hold `projects` and `chats`; then the IDE's folder of the user.
 */
export const rootsOf = ({ env, home, ignoreEnv, platform }: DataHost): ReadonlyArray<string> => {
  const set = (name: string): string => (ignoreEnv ? "" : trimmed(env[name]))
  const xdg = set("XDG_CONFIG_HOME") || `${home}/.config`
  const appData = set("APPDATA") || `${home}/AppData/Roaming`
  const ide = platform === "darwin" ? `${home}/Library/Application Support` : platform === "win32" ? appData : xdg
  const terminal = platform === "win32" || platform === "darwin" ? [] : [`${xdg}/cursor`]
  const roots = [set("CURSOR_DATA_DIR"), set("CURSOR_CONFIG_DIR"), `${home}/.cursor`, ...terminal, `${ide}/Cursor/User`]
  return Array.from(new Set(roots.filter((root) => root !== "")))
}

type Found = Omit<CursorEntry, "source" | "shared" | "indexTitle">

const isId = (name: string): boolean => /^[\w%.-]{1,200}$/.test(name) && !name.startsWith(".")

/** `chats/<hash of the workspace>/<id>/store.db`; early builds had no hash. */
export const storesIn = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const names = new Set(["store.db", "store.db-wal"])
  const tree = yield* files.walk(`${root}/chats`, { depth: 2, take: (name) => names.has(name) })
  unreadable.push(...tree.unreadable)
  const logs = new Map(tree.files.map((file) => [file.path, file]))
  return tree.files.flatMap((file): ReadonlyArray<Found> => {
    if (baseName(file.path) !== "store.db") return []
    const folder = parentOf(file.path)
    const above = baseName(parentOf(folder))
    const wal = logs.get(`${file.path}-wal`)
    const log = wal !== undefined && wal.size > 0 ? wal : null
    return [
      {
        id: baseName(folder),
        // A change of the database is first of all one of its log.
        file:
          log !== null && log.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: log.mtimeMs, mtimeNs: log.mtimeNs } : file,
        root,
        kind: "session",
        parentId: null,
        archived: false,
        sidecars: log === null ? [] : [log.path],
        kept: "store",
        store: file.path,
        hash: /^[0-9a-f]{32}$/.test(above) ? above : null,
        transcript: null,
        slug: null
      }
    ]
  })
})

const transcriptName = /^(.+)\.(?:jsonl|txt)$/

/** `projects/<slug>/agent-transcripts`: `<id>/<id>.jsonl`, `<parent>/subagents/<id>.jsonl`, and flat in early builds. */
export const transcriptsIn = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const tree = yield* files.walk(`${root}/projects`, {
    depth: 4,
    enter: (name, depth) => (depth === 1 ? name === "agent-transcripts" : depth !== 3 || name === "subagents"),
    take: (name, depth) => depth >= 2 && transcriptName.test(name)
  })
  unreadable.push(...tree.unreadable)
  return tree.files.flatMap((file): ReadonlyArray<Found> => {
    const parts = file.path.slice(root.length + 1).split(/[/\\]/)
    const id = transcriptName.exec(parts.at(-1)!)![1]!
    const isSubagent = parts.length === 6 && parts[4] === "subagents"
    if (parts[2] !== "agent-transcripts" || !isId(id) || (parts.length === 5 && parts[3] !== id)) return []
    return [
      {
        id,
        file,
        root,
        kind: isSubagent ? "subagent" : "session",
        parentId: isSubagent ? parts[3]! : null,
        archived: false,
        sidecars: [],
        kept: "transcript",
        store: null,
        hash: null,
        transcript: file,
        slug: parts[1]!
      }
    ]
  })
})

interface Chat extends Found {
  readonly said: boolean
}

/** Chats of the IDE: `<user>/globalStorage/state.vscdb`. */
export const chatsIn = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const path = `${root}/globalStorage/state.vscdb`
  const file = yield* files.stat(path)
  if (file === null) return []
  const wal = yield* files.stat(`${path}-wal`)
  const log = wal !== null && wal.size > 0 ? wal : null
  const chats = (yield* sqlite.read(path, chatIds)) ?? []
  return chats.map(({ archived, id, isSubagent, said }): Chat => ({
    id,
    file: log !== null && log.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: log.mtimeMs, mtimeNs: log.mtimeNs } : file,
    root,
    kind: isSubagent ? "subagent" : "session",
    parentId: null,
    archived,
    sidecars: log === null ? [] : [log.path],
    kept: "ide",
    store: null,
    hash: null,
    transcript: null,
    slug: null,
    said
  }))
})

const isNewer = (a: FileStat, b: FileStat): boolean => a.mtimeNs > b.mtimeNs

/** JSON Lines before text, then the one that was written last. */
const isBetter = (candidate: Found, known: Found): boolean => {
  const rank = ({ file, kept }: Found) => (kept === "transcript" && file.path.endsWith(".txt") ? 0 : 1)
  const difference = rank(candidate) - rank(known)
  return difference > 0 || (difference === 0 && isNewer(candidate.file, known.file))
}

const byId = (all: ReadonlyArray<Found>): Map<string, Found> => {
  const best = new Map<string, Found>()
  for (const found of all) {
    const known = best.get(found.id)
    if (known === undefined || isBetter(found, known)) best.set(found.id, found)
  }
  return best
}

/** One session has up to three homes: the store is read, else the IDE's chat, else the transcript. */
const joined = (store: Found, transcript: Found | undefined): Found =>
  transcript === undefined
    ? store
    : {
        ...store,
        kind: transcript.kind === "subagent" ? "subagent" : store.kind,
        parentId: transcript.parentId,
        transcript: transcript.file,
        slug: transcript.slug,
        sidecars: [...store.sidecars, transcript.file.path]
      }

/** Every session of the roots, of the program in the terminal and of the IDE. */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles | Sqlite> {
  const unreadable: Array<Unreadable> = []
  const stores: Array<Found> = []
  const transcripts: Array<Found> = []
  const chats: Array<Chat> = []
  for (const root of roots) {
    stores.push(...(yield* storesIn(root, unreadable)))
    transcripts.push(...(yield* transcriptsIn(root, unreadable)))
    chats.push(
      ...(yield* chatsIn(root).pipe(
        Effect.catch(({ path, reason }) =>
          Effect.sync((): ReadonlyArray<Chat> => (unreadable.push({ path, reason }), []))
        )
      ))
    )
  }
  const shared: Shared = { titles: new Map(), folders: new Map(), chats: new Map() }
  const lines = byId(transcripts)
  const found = byId(stores)
  for (const [id, store] of found) found.set(id, joined(store, lines.get(id)))
  for (const { said, ...chat } of chats) {
    const known = lines.get(chat.id)
    if (!found.has(chat.id) && (said || known === undefined)) found.set(chat.id, joined(chat, known))
  }
  for (const [id, transcript] of lines) if (!found.has(id)) found.set(id, transcript)
  const entries = Array.from(found.values(), (own): CursorEntry => ({
    ...own,
    source,
    indexTitle: null,
    shared
  }))
  return { entries, unreadable }
})
