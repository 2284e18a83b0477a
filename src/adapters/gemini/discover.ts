import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { survey } from "./survey.ts"

export const source = "gemini"

/** `GEMINI_CLI_HOME` takes the place of the home directory, not of the data root in it. */
export const roots = (host: DataHost): ReadonlyArray<string> => {
  const configured = host.ignoreEnv ? undefined : host.env["GEMINI_CLI_HOME"]?.trim()
  const home = configured === undefined || configured === "" ? host.home : configured
  return [`${home.normalize("NFC").replace(/(?<=[^/\\])[/\\]+$/, "")}/.gemini`]
}

/** Bytes in which the session's id stands: it is the first field of the first record of either generation. */
const idBytes = 4096
/** How far it is looked for in a file whose beginning is damaged. */
const idLimit = 16 * 1024 * 1024

const idField = /"sessionId"\s*:\s*"([\w.-]+)"/g

const sessionFile = /^session-.+\.jsonl?$/
const agentFile = /^[\w.-]+\.jsonl?$/

const stemOf = (name: string): string => name.replace(/\.jsonl?$/, "")

/** How the tool makes a folder's name from an id. */
export const safeName = (id: string): string => id.replace(/[^\w-]/g, "_")

/**
 * The id that a file's records name, if it fits the file's name: an agent's has all of it, a session's the first eight
 * characters. Else the file was renamed: a session keeps its id, an agent goes by its name.
 */
const idOf = Effect.fnUntraced(function* ({ path, size }: FileStat, stem: string, isAgent: boolean) {
  const files = yield* StoreFiles
  let named: string | null = null
  for (let length = idBytes; ; length *= 64) {
    const bytes = yield* files.head(path, length)
    for (const [, id] of decodeRange(bytes, 0, bytes.length).matchAll(idField)) {
      if (isAgent ? safeName(id!) === stem : stem.endsWith(`-${safeName(id!).slice(0, 8)}`)) return id!
      if (!isAgent) named ??= id!
    }
    if (length >= size || length >= idLimit) return named ?? stem
  }
})

/** Lists what lies in the projects' folders: sessions, agents of a session, outputs moved out of a session. */
export const walkProjects = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  return yield* files.walk(`${root}/tmp`, {
    depth: 3,
    enter: (name, depth) => depth !== 1 || name === "chats" || name === "tool-outputs",
    take: (name, depth) =>
      (depth === 2 && sessionFile.test(name)) || (depth === 3 && (agentFile.test(name) || name.endsWith(".txt")))
  })
})

/** The parts of a path below `tmp`. */
export const partsBelow = (root: string, path: string): ReadonlyArray<string> =>
  path.slice(`${root}/tmp/`.length).split(/[\\/]/)

const isBetter = (a: SessionEntry, b: SessionEntry): boolean => {
  const aLines = a.file.path.endsWith(".jsonl")
  return aLines === b.file.path.endsWith(".jsonl") ? a.file.mtimeNs > b.file.mtimeNs : aLines
}

/**
 * Of the files with one id the one that is the session. Resuming leaves an empty file beside it, or the document of the
 * older generation that it was continued from.
 */
const chosen = Effect.fnUntraced(function* (entries: ReadonlyArray<SessionEntry>) {
  let best: SessionEntry | null = null
  let isBestEmpty = true
  for (const entry of entries) {
    const isEmpty = yield* survey(entry).pipe(
      Effect.map((head) => head.isEmpty),
      Effect.catch(() => Effect.succeed(true))
    )
    if (best !== null && (isEmpty === isBestEmpty ? !isBetter(entry, best) : isEmpty)) continue
    best = entry
    isBestEmpty = isEmpty
  }
  return best
})

/** Every file of every session and agent below the roots, by id. Names only have part of it: the rest is read. */
export const entriesById = Effect.fnUntraced(function* (dataRoots: ReadonlyArray<string>) {
  const unreadable: Array<Unreadable> = []
  const outputs = new Map<string, Array<string>>()
  const found: Array<{ readonly root: string; readonly file: FileStat; readonly parts: ReadonlyArray<string> }> = []
  for (const root of dataRoots) {
    const tree = yield* walkProjects(root)
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      const parts = partsBelow(root, file.path)
      const [project, kind, folder] = parts
      if (kind === "chats" && !file.path.endsWith(".txt")) found.push({ root, file, parts })
      else if (kind === "tool-outputs" && parts.length === 4) {
        const key = `${root}/${project}/${folder}`
        const known = outputs.get(key)
        if (known === undefined) outputs.set(key, [file.path])
        else known.push(file.path)
      }
    }
  }
  const byId = new Map<string, Array<SessionEntry>>()
  for (const { file, parts, root } of found) {
    const isAgent = parts.length === 4
    const id = yield* idOf(file, stemOf(parts.at(-1)!), isAgent).pipe(
      Effect.catch(({ path, reason }) => {
        unreadable.push({ path, reason })
        return Effect.succeed(null)
      })
    )
    if (id === null) continue
    const entry: SessionEntry = {
      source,
      id,
      file,
      root,
      kind: isAgent ? "subagent" : "session",
      parentId: isAgent ? parts[2]! : null,
      archived: false,
      sidecars: outputs.get(`${root}/${parts[0]}/session-${safeName(id)}`) ?? [],
      indexTitle: null
    }
    const known = byId.get(id)
    if (known === undefined) byId.set(id, [entry])
    else known.push(entry)
  }
  return { byId, unreadable }
})

/** Every session and agent below the roots, each once. */
export const discover = Effect.fnUntraced(function* (
  dataRoots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles> {
  const { byId, unreadable } = yield* entriesById(dataRoots)
  const entries: Array<SessionEntry> = []
  for (const same of byId.values()) {
    const entry = same.length === 1 ? same[0]! : yield* chosen(same)
    if (entry !== null) entries.push(entry)
  }
  return { entries, unreadable }
})
