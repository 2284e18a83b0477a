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

const idField = /"sessionId"\s*:\s*"([^"\\]+)"/

const sessionFile = /^session-.+\.jsonl?$/
const agentFile = /^[\w.-]+\.jsonl?$/

const stemOf = (name: string): string => name.replace(/\.jsonl?$/, "")

/** How the tool makes a folder's name from an id. */
const safeName = (id: string): string => id.replace(/[^\w-]/g, "_")

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

/** Every session and agent below the roots, each once. Names only have part of the id: the rest is read. */
export const discover = Effect.fnUntraced(function* (
  dataRoots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles> {
  const files = yield* StoreFiles
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
    const id = yield* files.head(file.path, idBytes).pipe(
      Effect.map((bytes) => idField.exec(decodeRange(bytes, 0, bytes.length))?.[1] ?? stemOf(parts.at(-1)!)),
      Effect.catch(({ path, reason }) => {
        unreadable.push({ path, reason })
        return Effect.succeed(null)
      })
    )
    if (id === null) continue
    const isAgent = parts.length === 4
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
  const entries: Array<SessionEntry> = []
  for (const same of byId.values()) {
    const entry = same.length === 1 ? same[0]! : yield* chosen(same)
    if (entry !== null) entries.push(entry)
  }
  return { entries, unreadable }
})
