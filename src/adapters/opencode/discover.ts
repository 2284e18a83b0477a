import * as Effect from "effect/Effect"
import type { Discovery, FileStat, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { type Generation, type OpencodeEntry, type SessionInfo, source, type SurveyBatch } from "./format.ts"
import { legacySessions } from "./legacy.ts"
import { sessionsIn } from "./sessions.ts"
import { isAbsolutePath } from "../support/paths.ts"

const trimmed = (path: string): string => path.trim().replace(/(?<=.)[/\\]+$/, "")

/**
 * `XDG_DATA_HOME` or `~/.local/share`, on every platform, then `opencode`. A database that `OPENCODE_DB` names comes
 * first, as a root of its own: an absolute path, or a name in the data directory.
 */
export const rootsOf = ({ env, home, ignoreEnv }: DataHost): ReadonlyArray<string> => {
  const standard = `${home}/.local/share/opencode`
  if (ignoreEnv) return [standard]
  const xdg = trimmed(env["XDG_DATA_HOME"] ?? "")
  const data = xdg === "" ? standard : `${xdg}/opencode`
  const named = trimmed(env["OPENCODE_DB"] ?? "")
  if (named === "" || named === ":memory:") return [data]
  return [isAbsolutePath(named) ? named : `${data}/${named}`, data]
}

/** `opencode.db`, and one for every channel that is not a release. */
const isDatabase = (name: string): boolean => /^opencode(?:-[\w.-]+)?\.db$/.test(name)

interface Candidate {
  readonly generation: Generation
  readonly info: SessionInfo
  readonly file: FileStat
  readonly wal: FileStat | null
  readonly root: string
  readonly batch: SurveyBatch
}

/**
 * Which of two records of one session counts. What is migrated to 2.x stays where it was, and whichever version the
 * user runs writes only its own: the newer one, 2.x on a tie. A migration that was cut short has left no messages.
 */
const isBetter = (candidate: Candidate, known: Candidate): boolean => {
  if (candidate.info.isEmpty !== known.info.isEmpty) return known.info.isEmpty
  const newer = (candidate.info.updatedAt ?? 0) - (known.info.updatedAt ?? 0)
  return newer > 0 || (newer === 0 && candidate.generation === "messages" && known.generation !== "messages")
}

const entryOf = ({ batch, file, generation, info, root, wal }: Candidate): OpencodeEntry => ({
  source,
  id: info.id,
  // A change of the database is first of all one of its log.
  file: wal !== null && wal.mtimeNs > file.mtimeNs ? { ...file, mtimeMs: wal.mtimeMs, mtimeNs: wal.mtimeNs } : file,
  root,
  kind: info.parentId === null ? "session" : "subagent",
  parentId: info.parentId,
  archived: info.archived,
  sidecars: wal === null ? [] : [wal.path],
  indexTitle: null,
  generation,
  info,
  messages: [],
  batch
})

/** Files of a root that may be databases of opencode; a root can be one itself. */
const databasesIn = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  if (/[/\\]opencode$/.test(root)) {
    return yield* files.walk(root, { depth: 0, take: isDatabase })
  }
  const file = yield* files.stat(root)
  return { files: file === null ? [] : [file], unreadable: [] }
})

const readDatabase = Effect.fnUntraced(function* (root: string, file: FileStat) {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const wal = yield* files.stat(`${file.path}-wal`)
  const batch: SurveyBatch = { entries: [], known: new Map() }
  const sessions = (yield* sqlite.read(file.path, sessionsIn)) ?? []
  return sessions.map((session): Candidate => ({
    ...session,
    file,
    wal: wal !== null && wal.size > 0 ? wal : null,
    root,
    batch
  }))
})

/** Every session of every database below the roots, then those that are only in the tree of files. */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles | Sqlite> {
  const found = new Map<string, Candidate>()
  const unreadable: Array<Unreadable> = []
  const seen = new Set<string>()
  const note = ({ path, reason }: Unreadable) => Effect.sync(() => void unreadable.push({ path, reason }))
  for (const root of roots) {
    const tree = yield* databasesIn(root).pipe(
      Effect.catch((error) => Effect.as(note(error), { files: [], unreadable: [] }))
    )
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      if (seen.has(file.path)) continue
      seen.add(file.path)
      const candidates = yield* readDatabase(root, file).pipe(
        Effect.catch((error) => Effect.as(note(error), [] as ReadonlyArray<Candidate>))
      )
      for (const candidate of candidates) {
        const known = found.get(candidate.info.id)
        if (known === undefined || isBetter(candidate, known)) found.set(candidate.info.id, candidate)
      }
    }
  }
  const entries = Array.from(found.values(), entryOf).sort(
    (a, b) => (b.info.updatedAt ?? 0) - (a.info.updatedAt ?? 0) || (a.id < b.id ? -1 : 1)
  )
  for (const entry of entries) entry.batch.entries.push(entry)
  const known = new Set(found.keys())
  for (const root of roots) {
    const legacy = yield* legacySessions(root, known)
    unreadable.push(...legacy.unreadable)
    for (const entry of legacy.entries) {
      known.add(entry.id)
      entries.push(entry)
    }
  }
  return { entries, unreadable }
})
