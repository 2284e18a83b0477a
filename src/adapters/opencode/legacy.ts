import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { FileStat, Unreadable } from "../../domain/session.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import type { Json } from "../support/json.ts"
import { type MessageFiles, objectIn, type OpencodeEntry, source } from "./format.ts"
import { infoOfFile } from "./sessions.ts"

/** Diffs that a session's file may hold are passed over with it. */
const infoLimit = 16 * 1024 * 1024

/** One tree of files: where messages and parts of its sessions lie. */
interface Layout {
  readonly messages: string
  readonly parts: string
  /** The layout of mid-2025 has parts below their session, then below their message. */
  readonly partsBySession: boolean
}

export interface FoundFile {
  readonly id: string
  readonly file: FileStat
  readonly layout: Layout
}

const isJson = (name: string): boolean => name.endsWith(".json")
const isSession = (name: string): boolean => /^ses_.+\.json$/.test(name)

const namesOf = (path: string): ReadonlyArray<string> => path.split(/[\\/]/)
const stemOf = (path: string): string => namesOf(path).at(-1)!.slice(0, -5)

const infoAt = (files: StoreFiles["Service"], { path }: FileStat, unreadable: Array<Unreadable>): Json | null => {
  try {
    return objectIn(files.textSync(path, infoLimit))
  } catch (cause) {
    unreadable.push({ path, reason: cause instanceof FileError ? cause.reason : String(cause) })
    return null
  }
}

/** `storage/session/<project>/<session>.json`, and before `project/<slug>/storage/session/info/<session>.json`. */
export const sessionFiles = Effect.fnUntraced(function* (root: string) {
  const files = yield* StoreFiles
  const storage = `${root}/storage`
  const trees = yield* files.walk(`${storage}/session`, {
    depth: 1,
    take: (name, depth) => depth === 1 && isSession(name)
  })
  const path = ["", "storage", "session", "info"]
  const older = yield* files.walk(`${root}/project`, {
    depth: 4,
    enter: (name, depth) => depth === 0 || (depth < 4 && name === path[depth]),
    take: (name, depth) => depth === 4 && isSession(name)
  })
  const found: Array<FoundFile> = trees.files.map((file) => ({
    id: stemOf(file.path),
    file,
    layout: { messages: `${storage}/message`, parts: `${storage}/part`, partsBySession: false }
  }))
  for (const file of older.files) {
    const base = namesOf(file.path).slice(0, -2).join("/")
    found.push({
      id: stemOf(file.path),
      file,
      layout: { messages: `${base}/message`, parts: `${base}/part`, partsBySession: true }
    })
  }
  return { found, unreadable: [...trees.unreadable, ...older.unreadable] }
})

/** Files of messages and parts, by the directory that holds them. */
const group = (files: ReadonlyArray<FileStat>): Map<string, Array<FileStat>> => {
  const groups = new Map<string, Array<FileStat>>()
  for (const file of files) {
    const owner = namesOf(file.path).at(-2)!
    const group = groups.get(owner)
    if (group === undefined) groups.set(owner, [file])
    else group.push(file)
  }
  return groups
}

const messageFilesOf = Effect.fnUntraced(function* (layout: Layout, sessions: ReadonlySet<string>) {
  const files = yield* StoreFiles
  const messages = yield* files.walk(layout.messages, {
    depth: 1,
    enter: (name) => sessions.has(name),
    take: (name, depth) => depth === 1 && isJson(name)
  })
  const ids = new Set(messages.files.map(({ path }) => stemOf(path)))
  const level = layout.partsBySession ? 1 : 0
  const parts = yield* files.walk(layout.parts, {
    depth: level + 1,
    enter: (name, depth) => (depth === level ? ids.has(name) : depth < level && sessions.has(name)),
    take: (name, depth) => depth === level + 1 && isJson(name)
  })
  const byMessage = group(parts.files)
  const bySession = new Map<string, ReadonlyArray<MessageFiles>>()
  for (const [session, own] of group(messages.files)) {
    bySession.set(
      session,
      own.map((file) => {
        const id = stemOf(file.path)
        return { id, file, parts: byMessage.get(id) ?? [] }
      })
    )
  }
  return { bySession, unreadable: [...messages.unreadable, ...parts.unreadable] }
})

/** Ids of a session's messages. */
export const messageIds = Effect.fnUntraced(function* (layout: FoundFile["layout"], id: string) {
  const files = yield* StoreFiles
  const { files: messages } = yield* files.walk(`${layout.messages}/${id}`, { depth: 0, take: isJson })
  return messages.map(({ path }) => stemOf(path))
})

/** Sessions of a root's trees of files that are not `known` already: a migration leaves its originals in place. */
export const legacySessions = Effect.fnUntraced(function* (root: string, known: ReadonlySet<string>) {
  const files = yield* StoreFiles
  const { found, unreadable: notListed } = yield* sessionFiles(root)
  const unreadable: Array<Unreadable> = [...notListed]
  const wanted = new Map<string, FoundFile>()
  for (const session of found) {
    if (!known.has(session.id) && !wanted.has(session.id)) wanted.set(session.id, session)
  }
  const layouts = new Map(Array.from(wanted.values(), ({ layout }) => [layout.messages, layout]))
  const entries: Array<OpencodeEntry> = []
  for (const layout of layouts.values()) {
    const own = Array.from(wanted.values()).filter((session) => session.layout.messages === layout.messages)
    const tree = yield* messageFilesOf(layout, new Set(own.map(({ id }) => id)))
    unreadable.push(...tree.unreadable)
    for (const { file, id } of own) {
      const messages = tree.bySession.get(id) ?? []
      const info = infoOfFile(id, infoAt(files, file, unreadable), messages.length === 0)
      entries.push({
        source,
        id,
        file,
        root,
        kind: info.parentId === null ? "session" : "subagent",
        parentId: info.parentId,
        archived: info.archived,
        sidecars: messages.flatMap((message) => [message.file.path, ...message.parts.map(({ path }) => path)]),
        indexTitle: null,
        generation: "files",
        info,
        messages,
        batch: { entries: [], known: new Map() }
      })
    }
  }
  return { entries, unreadable }
})
