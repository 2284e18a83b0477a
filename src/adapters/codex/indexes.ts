import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Unreadable } from "../../domain/session.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asText, parseJson } from "../support/json.ts"
import { baseName, parseRolloutName } from "./format.ts"

/** Bytes read of `session_index.jsonl` and `config.toml`: many times what a person could name by hand. */
const indexLimit = 32 * 1024 * 1024

const fileError = (cause: unknown): Effect.Effect<never, FileError> =>
  typeof cause === "object" && cause !== null && "_tag" in cause && cause._tag === "FileError"
    ? Effect.fail(cause as FileError)
    : Effect.die(cause)

const text = Effect.fnUntraced(function* (path: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  return yield* Effect.suspend(() => {
    try {
      return Effect.succeed(files.textSync(path, indexLimit))
    } catch (cause) {
      return fileError(cause)
    }
  }).pipe(
    Effect.catch(({ reason }) => {
      unreadable.push({ path, reason })
      return Effect.succeed(null)
    })
  )
})

/** Names given to threads, from the append-only `session_index.jsonl`: the last line of a thread counts. */
export const readNames = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const names = new Map<string, string>()
  const lines = (yield* text(`${root}/session_index.jsonl`, unreadable)) ?? ""
  for (const line of lines.split("\n")) {
    if (line.trim() === "") continue
    const row = asObject(parseJson(line))
    const id = asText(row?.["id"])
    const name = asText(row?.["thread_name"])
    if (id !== null && name !== null) names.set(id.toLowerCase(), name.trim())
  }
  return names
})

/** What Codex's own database says of threads, by id; maps are empty where it is missing or says nothing. */
export interface StateIndex {
  readonly names: Map<string, string>
  /** Stem of the file that is the thread's current one. */
  readonly currentStem: Map<string, string>
  readonly parentOf: Map<string, string>
}

const stateName = /^state_(\d{1,6})\.sqlite$/

/** The newest generation of `state_N.sqlite` in a directory. */
const stateIn = Effect.fnUntraced(function* (dir: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const tree = yield* files.walk(dir, { depth: 0, take: (name) => stateName.test(name) })
  unreadable.push(...tree.unreadable)
  const generation = (path: string) => Number(stateName.exec(baseName(path))?.[1] ?? 0)
  return tree.files.reduce<string | null>(
    (best, { path }) => (best === null || generation(path) > generation(best) ? path : best),
    null
  )
})

/** Databases of the roots: in the root itself, or where its `config.toml` puts them. */
const statePaths = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, unreadable: Array<Unreadable>) {
  const paths: Array<string> = []
  for (const root of roots) {
    const own = yield* stateIn(root, unreadable)
    if (own !== null) {
      paths.push(own)
      continue
    }
    const config = yield* text(`${root}/config.toml`, [])
    const moved = /^\s*sqlite_home\s*=\s*(?:"([^"\\\n]+)"|'([^'\n]+)')/m.exec(config ?? "")
    const elsewhere = moved === null ? null : yield* stateIn((moved[1] ?? moved[2])!, unreadable)
    if (elsewhere !== null) paths.push(elsewhere)
  }
  return paths
})

/** `segmented`: some thread has several files, so that it matters which one is current. */
const readState = (database: SqliteDatabase, segmented: boolean, index: StateIndex): void => {
  const put = (map: Map<string, string>, key: string | null, value: string | null) => {
    if (key !== null && value !== null && !map.has(key.toLowerCase())) map.set(key.toLowerCase(), value)
  }
  const columns = database.columns("threads")
  if (columns.has("id")) {
    const named = columns.has("name")
    const paths = segmented && columns.has("rollout_path")
    if (named || paths) {
      const selected = ["id", ...(named ? ["name"] : []), ...(paths ? ["rollout_path"] : [])].join(", ")
      const where = paths ? "" : " WHERE name IS NOT NULL AND name <> ''"
      for (const row of database.all(`SELECT ${selected} FROM threads${where}`)) {
        const id = asText(row["id"])
        put(index.names, id, asText(row["name"])?.trim() ?? null)
        put(index.currentStem, id, parseRolloutName(baseName(asText(row["rollout_path"]) ?? ""))?.stem ?? null)
      }
    }
  }
  const edges = database.columns("thread_spawn_edges")
  if (edges.has("parent_thread_id") && edges.has("child_thread_id")) {
    for (const row of database.all("SELECT child_thread_id, parent_thread_id FROM thread_spawn_edges")) {
      put(index.parentOf, asText(row["child_thread_id"]), asText(row["parent_thread_id"])?.toLowerCase() ?? null)
    }
  }
}

/** The databases of all roots put together, the first that speaks of a thread wins. The JSONL stays the truth. */
export const readStates = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>,
  segmented: boolean,
  unreadable: Array<Unreadable>
) {
  const sqlite = yield* Sqlite
  const index: StateIndex = { names: new Map(), currentStem: new Map(), parentOf: new Map() }
  for (const path of yield* statePaths(roots, unreadable)) {
    yield* sqlite
      .read(path, (database) => readState(database, segmented, index))
      .pipe(
        Effect.catch(({ reason }) => {
          unreadable.push({ path, reason })
          return Effect.succeed(null)
        })
      )
  }
  return index
})
