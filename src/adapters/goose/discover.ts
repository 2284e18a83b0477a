import * as Effect from "effect/Effect"
import type { Discovery, FileStat, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { type GooseEntry, type SessionInfo, source, type SurveyBatch } from "./format.ts"
import { sessionsIn } from "./sessions.ts"

const trimmed = (path: string): string => path.trim().replace(/(?<=.)[/\\]+$/, "")

const isAbsolute = (path: string): boolean => /^(?:[/\\]|[a-z]:[/\\])/i.test(path)

/**
 * The data directories of goose (`config/paths.rs`): `data` in `GOOSE_PATH_ROOT`, which counts where it is absolute; then
 * `%APPDATA%\Block\goose\data`, or `goose` in `XDG_DATA_HOME` or `~/.local/share`. Other builds used the platform's own
 * places, and the first versions kept sessions beside the configuration.
 */
export const rootsOf = ({ env, home, ignoreEnv, platform }: DataHost): ReadonlyArray<string> => {
  const variable = (name: string) => (ignoreEnv ? "" : trimmed(env[name] ?? ""))
  const roots: Array<string> = []
  const named = variable("GOOSE_PATH_ROOT")
  if (isAbsolute(named)) roots.push(`${named}/data`)
  if (platform === "win32") roots.push(`${variable("APPDATA") || `${home}/AppData/Roaming`}/Block/goose/data`)
  roots.push(`${variable("XDG_DATA_HOME") || `${home}/.local/share`}/goose`, `${home}/.local/share/Block/goose`)
  const support = `${home}/Library/Application Support`
  if (platform === "darwin") roots.push(`${support}/Block/goose`, `${support}/goose`)
  roots.push(`${home}/.config/goose`)
  return Array.from(new Set(roots))
}

const nameOf = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

const isSession = (name: string): boolean => name === "sessions.db" || (name.endsWith(".jsonl") && name.length > 6)

/** A change of the database is first of all one of its log. */
const newerOf = (file: FileStat, wal: FileStat | null): FileStat =>
  wal !== null && wal.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: wal.mtimeMs, mtimeNs: wal.mtimeNs } : file

const readDatabase = Effect.fnUntraced(function* (root: string, file: FileStat) {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const wal = yield* files.stat(`${file.path}-wal`)
  const log = wal !== null && wal.size > 0 ? wal : null
  const batch: SurveyBatch = { entries: [], known: new Map() }
  return ((yield* sqlite.read(file.path, sessionsIn)) ?? []).map((info): GooseEntry => ({
    source,
    id: info.id,
    file: newerOf(file, log),
    root,
    kind: info.type === "sub_agent" ? "subagent" : "session",
    parentId: info.parentId,
    archived: info.archived,
    sidecars: log === null ? [] : [log.path],
    indexTitle: null,
    info,
    batch
  }))
})

const fileEntry = (root: string, file: FileStat): GooseEntry => ({
  source,
  id: nameOf(file.path).slice(0, -".jsonl".length),
  file,
  root,
  kind: "session",
  parentId: null,
  archived: false,
  sidecars: [],
  indexTitle: null,
  info: null,
  batch: { entries: [], known: new Map() }
})

const isSame = (a: SessionInfo, b: SessionInfo): boolean => a.createdAt === b.createdAt && a.cwd === b.cwd

const updatedOf = ({ info }: GooseEntry): number => info?.updatedAt ?? info?.createdAt ?? 0

/**
 * Every session of every database, then the JSONL files of before 1.10 that no database has: what is imported stays
 * where it was. Ids count from one every day in every database, so that two can give one id to different sessions; the
 * tool itself only knows the first.
 */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles | Sqlite> {
  const files = yield* StoreFiles
  const found = new Map<string, GooseEntry>()
  const unreadable: Array<Unreadable> = []
  const lines: Array<GooseEntry> = []
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/sessions`, { depth: 0, take: isSession })
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      if (nameOf(file.path) !== "sessions.db") {
        lines.push(fileEntry(root, file))
        continue
      }
      const entries = yield* readDatabase(root, file).pipe(
        Effect.catch(({ path, reason }) =>
          Effect.sync((): ReadonlyArray<GooseEntry> => {
            unreadable.push({ path, reason })
            return []
          })
        )
      )
      for (const entry of entries) {
        const known = found.get(entry.id)
        if (known === undefined) found.set(entry.id, entry)
        else if (known.info !== null && entry.info !== null && !isSame(known.info, entry.info)) {
          unreadable.push({ path: file.path, reason: `${entry.id} is another session in ${known.file.path}` })
        }
      }
    }
  }
  const entries = Array.from(found.values()).sort((a, b) => updatedOf(b) - updatedOf(a) || (a.id < b.id ? -1 : 1))
  for (const entry of entries) entry.batch.entries.push(entry)
  for (const entry of lines) {
    if (found.has(entry.id)) continue
    found.set(entry.id, entry)
    entries.push(entry)
  }
  return { entries, unreadable }
})
