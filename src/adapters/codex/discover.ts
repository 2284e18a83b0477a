import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { baseName, parseRolloutName, type RolloutName } from "./format.ts"
import { readNames, readStates, type StateIndex } from "./indexes.ts"

/** An entry that also knows the earlier files of its thread: a revert starts a new one that builds on the last. */
export interface CodexEntry extends SessionEntry {
  readonly segments: ReadonlyArray<FileStat>
}

export const segmentsOf = (entry: SessionEntry): ReadonlyArray<FileStat> =>
  "segments" in entry ? (entry as CodexEntry).segments : []

interface Rollout {
  readonly name: RolloutName
  readonly file: FileStat
  readonly archived: boolean
}

const listOf = (value: string | undefined): ReadonlyArray<string> =>
  (value ?? "")
    .split(",")
    .map((path) => path.trim().replace(/(?<=.)[/\\]+$/, ""))
    .filter((path) => path !== "")

/** `CODEX_HOME`, else `~/.codex`; `CODEX_SQLITE_HOME` too, which holds no sessions but the index of them. */
export const rootsOf = ({ env, home, ignoreEnv }: DataHost): ReadonlyArray<string> => {
  const standard = `${home}/.codex`
  if (ignoreEnv) return [standard]
  const homes = listOf(env["CODEX_HOME"])
  return Array.from(new Set([...(homes.length > 0 ? homes : [standard]), ...listOf(env["CODEX_SQLITE_HOME"])]))
}

const isRollout = (name: string): boolean => parseRolloutName(name) !== null

/** Files below a root by thread, each rollout once: plain before compressed, `sessions` before the archive. */
const rolloutsOf = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const dated = yield* files.walk(`${root}/sessions`, {
    depth: 3,
    enter: (name) => /^\d{1,4}$/.test(name),
    take: isRollout
  })
  const archive = yield* files.walk(`${root}/archived_sessions`, { depth: 0, take: isRollout })
  unreadable.push(...dated.unreadable, ...archive.unreadable)
  const stems = new Map<string, Rollout>()
  for (const [tree, archived] of [[dated, false] as const, [archive, true] as const]) {
    for (const file of tree.files) {
      const name = parseRolloutName(baseName(file.path))!
      const known = stems.get(name.stem)
      if (known === undefined || (known.name.compressed && !name.compressed)) {
        stems.set(name.stem, { name, file, archived })
      }
    }
  }
  const threads = new Map<string, Array<Rollout>>()
  for (const rollout of stems.values()) {
    const known = threads.get(rollout.name.threadId)
    if (known === undefined) threads.set(rollout.name.threadId, [rollout])
    else known.push(rollout)
  }
  return threads
})

const entryOf = (
  root: string,
  id: string,
  rollouts: ReadonlyArray<Rollout>,
  names: ReadonlyMap<string, string>,
  state: StateIndex
): CodexEntry => {
  const newestFirst = Array.from(rollouts).sort((a, b) => (a.name.stem < b.name.stem ? 1 : -1))
  const currentStem = state.currentStem.get(id)
  const current = newestFirst.find(({ name }) => name.stem === currentStem) ?? newestFirst[0]!
  const parentId = state.parentOf.get(id) ?? null
  return {
    source: "codex",
    id,
    file: current.file,
    root,
    kind: parentId === null ? "session" : "subagent",
    parentId,
    archived: current.archived,
    sidecars: [],
    indexTitle: names.get(id) ?? state.names.get(id) ?? null,
    segments: newestFirst.filter((rollout) => rollout !== current).map(({ file }) => file)
  }
}

/** Every thread of the roots. A thread that lies in two roots is that of the first. */
export const discover = Effect.fnUntraced(function* (roots: ReadonlyArray<string>) {
  const unreadable: Array<Unreadable> = []
  const stores = new Map<string, Map<string, Array<Rollout>>>()
  for (const root of roots) stores.set(root, yield* rolloutsOf(root, unreadable))
  const found = Array.from(stores.values())
  if (found.every((threads) => threads.size === 0)) return { entries: [], unreadable } satisfies Discovery
  const segmented = found.some((threads) => Array.from(threads.values()).some((rollouts) => rollouts.length > 1))
  const state = yield* readStates(roots, segmented, unreadable)
  const entries = new Map<string, CodexEntry>()
  for (const [root, threads] of stores) {
    if (threads.size === 0) continue
    const names = yield* readNames(root, unreadable)
    for (const [id, rollouts] of threads) {
      if (!entries.has(id)) entries.set(id, entryOf(root, id, rollouts, names, state))
    }
  }
  return { entries: Array.from(entries.values()), unreadable } satisfies Discovery
})
