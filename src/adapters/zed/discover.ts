import * as Effect from "effect/Effect"
import type { Discovery, FileStat, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { source, type ThreadRow, type ZedEntry } from "./format.ts"
import { type Sidebar, sidebarIn, type SidebarRow, threadsIn } from "./rows.ts"

const trimmed = (path: string | undefined): string => (path ?? "").trim().replace(/(?<=.)[/\\]+$/, "")

/**
 * The data directory of Zed, which all of its release channels share: `~/Library/Application Support/Zed`,
 * `%LOCALAPPDATA%\Zed`, or `zed` in `FLATPAK_XDG_DATA_HOME`, `XDG_DATA_HOME` or `~/.local/share`.
 */
export const rootsOf = ({ env, home, ignoreEnv, platform }: DataHost): ReadonlyArray<string> => {
  const named = (name: string): string => (ignoreEnv ? "" : trimmed(env[name]))
  if (platform === "darwin") return [`${home}/Library/Application Support/Zed`]
  if (platform === "win32") {
    const local = named("LOCALAPPDATA") || `${home}/AppData/Local`
    return [`${local}/Zed`]
  }
  const data = named("XDG_DATA_HOME") || `${home}/.local/share`
  const flatpak = named("FLATPAK_XDG_DATA_HOME")
  return Array.from(new Set([...(flatpak === "" ? [] : [flatpak]), data]), (base) => `${base}/zed`)
}

const noSidebar: Sidebar = { threads: new Map(), external: 0 }

/** What the sidebars of all release channels say; where several know a thread, the one that was written last. */
export const sidebarOf = Effect.fnUntraced(function* (
  root: string
): Effect.fn.Return<Sidebar, never, StoreFiles | Sqlite> {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const tree = yield* files.walk(`${root}/db`, {
    depth: 1,
    enter: (name) => /^0-[\w-]+$/.test(name),
    take: (name, depth) => depth === 1 && name === "db.sqlite"
  })
  const threads = new Map<string, SidebarRow>()
  let external = 0
  for (const { path } of tree.files.toSorted((a, b) => a.mtimeMs - b.mtimeMs)) {
    // It only adds names: that it cannot be read is no reason to complain of the threads.
    const found = (yield* sqlite.read(path, sidebarIn).pipe(Effect.catch(() => Effect.succeed(null)))) ?? noSidebar
    for (const [id, row] of found.threads) threads.set(id, row)
    external += found.external
  }
  return { threads, external }
})

const entryOf = (
  thread: ThreadRow,
  known: SidebarRow | undefined,
  root: string,
  file: FileStat,
  sidecars: ReadonlyArray<string>
): ZedEntry => ({
  source,
  id: thread.id,
  file,
  root,
  kind: thread.parentId === null ? "session" : "subagent",
  parentId: thread.parentId,
  archived: known?.archived ?? false,
  sidecars,
  indexTitle: known?.override ?? null,
  thread: {
    ...thread,
    summary: thread.summary ?? known?.title ?? null,
    folders: thread.folders.length > 0 ? thread.folders : (known?.folders ?? [])
  }
})

const threadsBelow = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const file = yield* files.stat(`${root}/threads/threads.db`)
  if (file === null) return []
  const wal = yield* files.stat(`${file.path}-wal`)
  const hasWal = wal !== null && wal.size > 0
  const threads = (yield* sqlite.read(file.path, threadsIn)) ?? []
  const sidebar = threads.length === 0 ? noSidebar : yield* sidebarOf(root)
  // A change of the database is first of all one of its log.
  const stat = hasWal && wal.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: wal.mtimeMs, mtimeNs: wal.mtimeNs } : file
  const sidecars = hasWal ? [wal.path] : []
  return threads.map((thread) => entryOf(thread, sidebar.threads.get(thread.id), root, stat, sidecars))
})

/** Every thread of Zed's own agent. What other agents say in Zed is in their own stores, and no session here. */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles | Sqlite> {
  const entries = new Map<string, ZedEntry>()
  const unreadable: Array<Unreadable> = []
  for (const root of roots) {
    const found = yield* threadsBelow(root).pipe(
      Effect.catch(({ path, reason }) => {
        unreadable.push({ path, reason })
        return Effect.succeed([] as ReadonlyArray<ZedEntry>)
      })
    )
    for (const entry of found) if (!entries.has(entry.id)) entries.set(entry.id, entry)
  }
  return { entries: Array.from(entries.values()), unreadable }
})
