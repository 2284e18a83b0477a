import * as Effect from "effect/Effect"
import type { FileStat, Unreadable } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asArray, asObject, asText, parseJson } from "../support/json.ts"
import { sha256Hex } from "../../domain/sha256.ts"
import {
  baseName,
  type ExecutionFiles,
  folderOf,
  type KiroEntry,
  objectIn,
  plainEntry,
  type Shelf,
  timeOf
} from "./format.ts"

const indexLimit = 16 * 1024 * 1024

/** The path that a folder is named after: base64url, `_` standing for the padding too. */
export const decodedFolder = (name: string): string | null => {
  try {
    const base64 = name.replace(/_+$/, "").replaceAll("-", "+").replaceAll("_", "/")
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
    const path = decodeRange(bytes, 0, bytes.length)
    return /^(?:[/\\]|[a-z]:)/i.test(path) ? path : null
  } catch {
    return null
  }
}

const textAt = (files: StoreFiles["Service"], path: string, unreadable: Array<Unreadable>): string => {
  try {
    return files.textSync(path, indexLimit) ?? ""
  } catch (cause) {
    unreadable.push({ path, reason: cause instanceof Error ? cause.message : String(cause) })
    return ""
  }
}

/** Sessions of the IDE from February to July 2026: `workspace-sessions/<path>/<uuid>.json`. */
const sessionEntries = Effect.fnUntraced(function* (root: string, executions: ExecutionFiles) {
  const files = yield* StoreFiles
  const tree = yield* files.walk(`${root}/workspace-sessions`, {
    depth: 1,
    take: (name, depth) => depth === 1 && name.endsWith(".json")
  })
  const unreadable: Array<Unreadable> = [...tree.unreadable]
  const listed = new Map<string, { title: string | null; cwd: string | null; createdAt: number | null }>()
  for (const { path } of tree.files) {
    if (baseName(path) !== "sessions.json") continue
    for (const value of asArray(parseJson(textAt(files, path, unreadable)))) {
      const item = asObject(value)
      const id = asText(item?.["sessionId"])
      if (item === null || id === null) continue
      const createdAt = timeOf(item["dateCreated"])
      listed.set(id, { title: asText(item["title"]), cwd: asText(item["workspaceDirectory"]), createdAt })
    }
  }
  const entries = tree.files
    .filter(({ path }) => baseName(path) !== "sessions.json")
    .map((file): KiroEntry => {
      const id = baseName(file.path).slice(0, -5)
      const known = listed.get(id)
      return {
        ...plainEntry,
        id,
        file,
        root,
        indexTitle: known?.title ?? null,
        generation: "ide",
        cwd: known?.cwd ?? decodedFolder(baseName(folderOf(file.path))),
        createdAt: known?.createdAt ?? null,
        executions
      }
    })
  return { entries, unreadable }
})

/** The path of a `file:` URI; null for what is none. */
const folderOfUri = (uri: string | null): string | null => {
  if (uri === null || !uri.startsWith("file://")) return null
  try {
    return decodeURIComponent(uri.slice(7)).replace(/^\/(?=[a-z]:)/i, "")
  } catch {
    return null
  }
}

/** Workspaces that the editor knows, by the folder in which the extension keeps their files. */
const workspacesOf = Effect.fnUntraced(function* (root: string, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const found = new Map<string, string>()
  const user = folderOf(folderOf(root))
  const tree = yield* files.walk(`${user}/workspaceStorage`, {
    depth: 1,
    take: (name, depth) => depth === 1 && name === "workspace.json"
  })
  for (const { path } of tree.files) {
    const folder = folderOfUri(asText(objectIn(textAt(files, path, unreadable))?.["folder"]))
    if (folder === null) continue
    found.set(sha256Hex(folder).slice(0, 32), folder)
    const backslashed = folder.replaceAll("/", "\\")
    found.set(sha256Hex(backslashed).slice(0, 32), folder)
  }
  return found
})

const tailBytes = 4096

/** The session that a `.chat` file belongs to, and when its execution began. It says so at its end, behind the chat. */
const chatFacts = Effect.fnUntraced(function* (file: FileStat, unreadable: Array<Unreadable>) {
  const files = yield* StoreFiles
  const name = baseName(file.path).slice(0, -5)
  const ends = yield* files
    .ends(file.path, { head: tailBytes, tail: tailBytes }, ({ head, tail }) => ({
      head: decodeRange(head, 0, head.length),
      tail: decodeRange(tail, 0, tail.length)
    }))
    .pipe(
      Effect.catch(({ path, reason }) => {
        unreadable.push({ path, reason })
        return Effect.succeed({ head: "", tail: "" })
      })
    )
  // Quotes inside of a text are escaped, so that these are keys.
  const workflow = Array.from(ends.tail.matchAll(/"workflowId"\s*:\s*"([^"\\]{1,200})"/g)).at(-1)?.[1]
  const start = Array.from(ends.tail.matchAll(/"startTime"\s*:\s*(\d{1,16})/g)).at(-1)?.[1]
  return {
    id: workflow ?? /"executionId"\s*:\s*"([^"\\]{1,200})"/.exec(ends.head)?.[1] ?? name,
    startedAt: start === undefined ? null : timeOf(Number(start))
  }
})

/**
 * Sessions of the IDE before February 2026: every file repeats what came before, so the longest one has it all but the
 * time of the beginning, which only the first one has.
 */
const chatEntries = Effect.fnUntraced(function* (root: string, chats: ReadonlyArray<FileStat>) {
  const unreadable: Array<Unreadable> = []
  const found = new Map<string, { readonly file: FileStat; readonly createdAt: number | null }>()
  for (const file of chats) {
    const { id, startedAt } = yield* chatFacts(file, unreadable)
    const known = found.get(id)
    const times = [known?.createdAt ?? null, startedAt].filter((time) => time !== null)
    const longer = file.size - (known?.file.size ?? -1)
    const isBetter = longer > 0 || (longer === 0 && file.mtimeNs > known!.file.mtimeNs)
    found.set(id, { file: isBetter ? file : known!.file, createdAt: times.length === 0 ? null : Math.min(...times) })
  }
  const workspaces = found.size === 0 ? new Map<string, string>() : yield* workspacesOf(root, unreadable)
  const entries = Array.from(found, ([id, { createdAt, file }]): KiroEntry => {
    const cwd = workspaces.get(baseName(folderOf(file.path))) ?? null
    return { ...plainEntry, id, file, root, generation: "chat", cwd, createdAt }
  })
  return { entries, unreadable }
})

const isHash = (name: string): boolean => /^[0-9a-f]{32}$/.test(name)

/** Every `.chat` file in the storage, by the session that it is of. */
export const chatFiles = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  const tree = yield* files.walk(root, {
    depth: 1,
    enter: isHash,
    take: (name, depth) => depth === 1 && name.endsWith(".chat")
  })
  const found: Array<{ readonly id: string; readonly path: string }> = []
  for (const file of tree.files) found.push({ id: (yield* chatFacts(file, [])).id, path: file.path })
  return found
})

/** Sessions in the storage of the IDE's extension, of both of its generations. */
export const ideEntries = Effect.fnUntraced(function* (root: string): Effect.fn.Return<Shelf, never, StoreFiles> {
  const files = yield* StoreFiles
  const tree = yield* files.walk(root, {
    depth: 2,
    enter: (name) => isHash(name),
    take: (name, depth) => depth > 0 && (/^[0-9a-f-]{8,64}$/.test(name) || (depth === 1 && name.endsWith(".chat")))
  })
  const isChat = ({ path }: FileStat) => path.endsWith(".chat")
  const executions: ExecutionFiles = { files: tree.files.filter((file) => !isChat(file)), index: null }
  const sessions = yield* sessionEntries(root, executions)
  const chats = yield* chatEntries(root, tree.files.filter(isChat))
  return {
    entries: [...sessions.entries, ...chats.entries],
    unreadable: [...tree.unreadable, ...sessions.unreadable, ...chats.unreadable]
  }
})
