import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, asObject, asText, parseJson } from "../support/json.ts"
import { idOfName } from "./format.ts"
import { readsArchived } from "./settings.ts"

export const source = "factory"

/** Side questions: forks that the tool's own lists leave out. */
export const sideFolder = "btw"

/** The call of `Task` that started a session. */
export interface Invocation {
  readonly parentId: string
  readonly toolUseId: string | null
  readonly description: string | null
}

/** An entry that also knows what the tool's list of `Task` calls says of it. */
export interface FactoryEntry extends SessionEntry {
  readonly invocation: Invocation | null
}

export const invocationOf = (entry: SessionEntry): Invocation | null =>
  "invocation" in entry ? (entry as FactoryEntry).invocation : null

/** `FACTORY_HOME_OVERRIDE` takes the place of the home directory, on every platform. */
export const rootsOf = ({ env, home, ignoreEnv }: DataHost): ReadonlyArray<string> => {
  const override = ignoreEnv ? "" : (env["FACTORY_HOME_OVERRIDE"]?.trim() ?? "")
  const base = override === "" ? home : override
  return [`${base.replace(/(?<=.)[/\\]+$/, "")}/.factory`]
}

const baseName = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

export const isSide = (path: string): boolean => /[/\\]btw[/\\][^/\\]*$/.test(path)

const invocationLimit = 16 * 1024 * 1024

/** Sessions by the `Task` call that started them. An index: what it does not know, the sessions themselves say. */
const readInvocations = (
  files: StoreFiles["Service"],
  root: string,
  unreadable: Array<Unreadable>
): ReadonlyMap<string, Invocation> => {
  const found = new Map<string, Invocation>()
  for (const path of [`${root}/task-invocations.json`, `${root}/state/task-invocations.json`]) {
    let text: string | null
    try {
      text = files.textSync(path, invocationLimit)
    } catch (cause) {
      unreadable.push({ path, reason: cause instanceof Error ? cause.message : String(cause) })
      continue
    }
    for (const item of asArray(asObject(parseJson(text ?? ""))?.["invocations"])) {
      const invocation = asObject(item)
      const child = asText(invocation?.["childSessionId"])
      const parentId = asText(invocation?.["parentSessionId"])
      if (invocation === null || child === null || parentId === null || child === parentId) continue
      const toolUseId = asText(invocation["parentToolUseId"])
      // A later call may have resumed the subagent of an earlier one.
      if (!found.has(child)) found.set(child, { parentId, toolUseId, description: asText(invocation["description"]) })
    }
  }
  return found
}

/** Transcripts by id. One that lies in two places is the one that was written last. */
const transcriptsOf = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const found = new Map<string, FileStat>()
  // `projects` is where transcripts of 2025 have been reported; the folders are named after the first cwd, lossily.
  for (const folder of ["sessions", "projects"]) {
    const tree = yield* files.walk(`${root}/${folder}`, {
      depth: 1,
      enter: (name) => name.startsWith("-") || name === sideFolder,
      take: (name) => idOfName(name) !== null
    })
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      const id = idOfName(baseName(file.path))!
      const known = found.get(id)
      if (known === undefined || file.mtimeNs > known.mtimeNs) found.set(id, file)
    }
  }
  return found
})

/** Every session of the roots, subagents and side questions included. */
export const discover = Effect.fnUntraced(function* (
  roots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles> {
  const files = yield* StoreFiles
  const unreadable: Array<Unreadable> = []
  const entries = new Map<string, FactoryEntry>()
  for (const root of roots) {
    const transcripts = yield* transcriptsOf(root, unreadable)
    if (transcripts.size === 0) continue
    const invocations = readInvocations(files, root, unreadable)
    for (const [id, file] of transcripts) {
      if (entries.has(id)) continue
      const invocation = invocations.get(id) ?? null
      entries.set(id, {
        source,
        id,
        file,
        root,
        kind: invocation !== null || isSide(file.path) ? "subagent" : "session",
        parentId: invocation?.parentId ?? null,
        // A read per session would double the cost of a discovery, and few ask.
        get archived() {
          return readsArchived(files, file.path)
        },
        sidecars: [],
        indexTitle: null,
        invocation
      })
    }
  }
  return { entries: Array.from(entries.values()), unreadable }
})
