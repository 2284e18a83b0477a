import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"

export const source = "copilot"

/** The directory of the sessions, and that of the documents which versions before 0.0.342 wrote. */
export const stateDir = "session-state"
export const historyDir = "history-session-state"

const eventsFile = "events.jsonl"
const workspaceFile = "workspace.yaml"

/** Directories of the tool's own (`.session-operation-locks`) begin with a dot. */
const sessionName = /^[A-Za-z0-9][\w.-]*$/
const flatFile = /^([A-Za-z0-9][\w-]*)\.jsonl$/
const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
const historyFile = new RegExp(`^(?:session_)?(${uuid})(?:_[^/]*)?\\.json$`, "i")

/** The id of the session that a document of before 0.0.342 is of, by its name; null for any other file. */
export const historyId = (name: string): string | null => historyFile.exec(name)?.[1]?.toLowerCase() ?? null

const checkpointFile = /^\d+-[^/]*\.md$/

/** `COPILOT_HOME` takes the place of `~/.copilot`; XDG directories say nothing to the tool. */
export const rootsOf = ({ env, home, ignoreEnv }: DataHost): ReadonlyArray<string> => {
  const named = ignoreEnv ? "" : (env["COPILOT_HOME"] ?? "").trim().replace(/(?<=.)[/\\]+$/, "")
  return [named === "" ? `${home}/.copilot` : named]
}

/** What is kept of one session: its files by kind. */
interface Belongings {
  events: FileStat | null
  flat: FileStat | null
  history: FileStat | null
  workspace: FileStat | null
  readonly checkpoints: Array<string>
}

/** How an entry's file is to be read. */
export type Layout = "events" | "history" | "workspace"

export const layoutOf = ({ file }: SessionEntry): Layout =>
  file.path.endsWith(".jsonl") ? "events" : file.path.endsWith(".json") ? "history" : "workspace"

export const isWorkspaceFile = (path: string): boolean => /[/\\]workspace\.yaml$/.test(path)

/** The session that a file belongs to, by its name and the directories above it. */
const ownerOf = (path: string): string => {
  const [name, above, top] = path.split(/[\\/]/).reverse()
  if (name === eventsFile || name === workspaceFile) return above!
  return checkpointFile.test(name!) ? top! : flatFile.exec(name!)![1]!
}

const put = (own: Belongings, file: FileStat): void => {
  if (isWorkspaceFile(file.path)) own.workspace = file
  else if (file.path.endsWith(".md")) own.checkpoints.push(file.path)
  else if (/[/\\]events\.jsonl$/.test(file.path)) own.events = file
  else own.flat = file
}

const belongingsIn = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const found = new Map<string, Belongings>()
  const of = (id: string): Belongings => {
    const known = found.get(id)
    if (known !== undefined) return known
    const own: Belongings = { events: null, flat: null, history: null, workspace: null, checkpoints: [] }
    found.set(id, own)
    return own
  }
  const state = yield* files.walk(`${root}/${stateDir}`, {
    depth: 2,
    enter: (name, depth) => (depth === 0 ? sessionName.test(name) : name === "checkpoints"),
    take: (name, depth) =>
      depth === 0
        ? flatFile.test(name) && name !== eventsFile
        : depth === 1
          ? name === eventsFile || name === workspaceFile
          : checkpointFile.test(name)
  })
  for (const file of state.files) put(of(ownerOf(file.path)), file)
  const history = yield* files.walk(`${root}/${historyDir}`, { depth: 0, take: (name) => historyFile.test(name) })
  for (const file of history.files) {
    const id = historyId(file.path.slice(Math.max(file.path.lastIndexOf("/"), file.path.lastIndexOf("\\")) + 1))
    if (id === null) continue
    const own = of(id)
    // Each start of the tool wrote a document of its own; the newest has the whole conversation.
    if (own.history === null || file.mtimeNs >= own.history.mtimeNs) own.history = file
  }
  unreadable.push(...state.unreadable, ...history.unreadable)
  return found
})

/** Every session of the roots, each once: its directory, else its flat file, else its old document. */
export const discover = Effect.fnUntraced(function* (roots: ReadonlyArray<string>) {
  const unreadable: Array<Unreadable> = []
  const entries = new Map<string, SessionEntry>()
  for (const root of roots) {
    for (const [id, own] of yield* belongingsIn(root, unreadable)) {
      const file = own.events ?? own.flat ?? own.history ?? own.workspace
      if (file === null || entries.has(id)) continue
      const sidecars = own.workspace === null || own.workspace === file ? [] : [own.workspace.path]
      entries.set(id, {
        source,
        id,
        file,
        root,
        kind: "session",
        parentId: null,
        archived: false,
        sidecars: [...sidecars, ...own.checkpoints],
        indexTitle: null
      })
    }
  }
  return { entries: Array.from(entries.values()), unreadable } satisfies Discovery
})
