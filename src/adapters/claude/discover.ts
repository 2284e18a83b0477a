import * as Effect from "effect/Effect"
import type { Discovery, FileStat, SessionEntry, Unreadable } from "../../domain/session.ts"
import type { DataHost } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asObject, asTime, parseJson } from "../support/json.ts"
import { customTitleFile } from "./head.ts"

export const source = "claude"

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const agentFile = /^agent-[\w-]+\.jsonl$/
const archiveFile = "archived.json"

const isSessionFile = (name: string): boolean => name.endsWith(".jsonl") && uuid.test(name.slice(0, -6))

const unique = (paths: ReadonlyArray<string>): ReadonlyArray<string> =>
  Array.from(new Set(paths.map((path) => path.normalize("NFC").replace(/(?<=[^/])\/+$/, ""))))

/**
 * `CLAUDE_CONFIG_DIR` takes the place of `~/.claude`, as in the tool; a list with commas is other readers' habit.
 * `~/.config/claude` is where some versions of 2025 kept their data.
 */
export const roots = (host: DataHost): ReadonlyArray<string> => {
  const configured = host.ignoreEnv ? undefined : host.env["CLAUDE_CONFIG_DIR"]
  const named = (configured ?? "")
    .split(",")
    .map((path) => path.trim())
    .filter((path) => path !== "")
  return unique(named.length > 0 ? named : [`${host.home}/.claude`, `${host.home}/.config/claude`])
}

/** What lies in the directory that has a session's name. */
interface Belongings {
  readonly sidecars: Array<string>
  archive: string | null
}

interface Found {
  readonly root: string
  readonly file: FileStat
  readonly id: string
  readonly parentId: string | null
  readonly kind: SessionEntry["kind"]
}

const classify = (root: string, file: FileStat, parts: ReadonlyArray<string>): Found | null => {
  const name = parts.at(-1)!
  const stem = name.slice(0, -6)
  if (parts.length === 2) {
    if (isSessionFile(name)) return { root, file, id: stem, parentId: null, kind: "session" }
    return agentFile.test(name) ? { root, file, id: stem, parentId: null, kind: "subagent" } : null
  }
  if (parts.length < 4 || parts[2] !== "subagents" || !agentFile.test(name)) return null
  return { root, file, id: stem, parentId: parts[1]!, kind: "subagent" }
}

/** The directory of the session that a subagent's file lies below; null for one that lies flat. */
const ownerOf = (path: string): string | null => {
  const at = path.lastIndexOf("/subagents/")
  return at < 0 ? null : path.slice(0, at)
}

/** A prompt after the mark takes a session out of the archive: the file is newer than the mark then. */
const isArchived = (text: string | null, file: FileStat): boolean => {
  const mark = text === null ? null : asObject(parseJson(text))
  if (mark?.["archived"] !== true) return false
  const at = asTime(mark["at"])
  return at === null || file.mtimeMs <= at + 1000
}

/** Every session and subagent below the roots; of copies with one id the newest. */
export const discover = Effect.fnUntraced(function* (
  dataRoots: ReadonlyArray<string>
): Effect.fn.Return<Discovery, never, StoreFiles> {
  const files = yield* StoreFiles
  const found = new Map<string, Found>()
  const belongings = new Map<string, Belongings>()
  const unreadable: Array<Unreadable> = []
  for (const root of dataRoots) {
    const base = `${root}/projects`
    const tree = yield* files.walk(base, {
      depth: 8,
      enter: (name, depth) =>
        depth === 0 || (depth === 1 ? uuid.test(name) : depth > 2 || name === "subagents" || name === "tool-results"),
      take: (name, depth) => {
        if (depth === 1) return isSessionFile(name) || agentFile.test(name)
        if (depth === 2) return name === customTitleFile || name === archiveFile
        return depth > 2 && !name.endsWith(".meta.json") && name !== "journal.jsonl"
      }
    })
    unreadable.push(...tree.unreadable)
    for (const file of tree.files) {
      const parts = file.path.slice(base.length + 1).split(/[\\/]/)
      const session = classify(root, file, parts)
      if (session !== null) {
        const known = found.get(session.id)
        if (known === undefined || file.mtimeNs > known.file.mtimeNs) found.set(session.id, session)
        continue
      }
      const isOutput = parts.length > 3 && parts[2] === "tool-results"
      if (parts.length < 3 || (parts.length > 3 && !isOutput)) continue
      const owner = `${base}/${parts[0]}/${parts[1]}`
      let own = belongings.get(owner)
      if (own === undefined) belongings.set(owner, (own = { sidecars: [], archive: null }))
      if (parts.length === 3 && parts[2] === archiveFile) own.archive = file.path
      else own.sidecars.push(file.path)
    }
  }
  const text = (path: string): string | null => {
    try {
      return files.textSync(path, 4096)
    } catch {
      return null
    }
  }
  const entries = Array.from(found.values(), ({ file, id, kind, parentId, root }): SessionEntry => {
    // The tool puts the moved outputs of a subagent beside those of its parent.
    const owner = kind === "session" ? file.path.slice(0, -6) : ownerOf(file.path)
    const own = owner === null ? undefined : belongings.get(owner)
    return {
      source,
      id,
      file,
      root,
      kind,
      parentId,
      archived: kind === "session" && own !== undefined && own.archive !== null && isArchived(text(own.archive), file),
      sidecars: (own?.sidecars ?? []).filter((path) => kind === "session" || !path.endsWith(`/${customTitleFile}`)),
      indexTitle: null
    }
  })
  return { entries, unreadable }
})
