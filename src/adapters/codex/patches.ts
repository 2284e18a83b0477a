import { asObject, asText, type Json } from "../support/json.ts"
import { resolvePath } from "../support/paths.ts"
import { callIdOf, inputOf } from "./drafts.ts"

const patchStart = "*** Begin Patch"

const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$/gm

/** Calls whose result is awaited before their files count; more are not remembered. */
const maxPending = 1000

const stringsIn = (value: unknown, depth = 0): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (depth > 3 || typeof value !== "object" || value === null) return []
  return Object.values(value).flatMap((inner) => stringsIn(inner, depth + 1))
}

/** Paths that a patch touches, as written. */
const pathsIn = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.flatMap((text) => Array.from(text.matchAll(patchLine), (match) => match[1]!))

/**
 * Files that a session changed. What Codex recorded of a change counts; where it recorded none, the patch that was
 * asked for counts, unless the call failed.
 */
export class ModifiedFiles {
  readonly #paths = new Set<string>()
  readonly #pending = new Map<string, ReadonlyArray<string>>()
  readonly #cwd: string | null

  constructor(cwd: string | null) {
    this.#cwd = cwd
  }

  get list(): ReadonlyArray<string> {
    return Array.from(this.#paths)
  }

  /** `apply_patch` as a tool of its own, as a function, or as a command in a shell. */
  call(payload: Json): void {
    const callId = callIdOf(payload)
    if (callId === null || this.#pending.size >= maxPending) return
    const raw = payload["type"] === "function_call" ? payload["arguments"] : (payload["input"] ?? payload["action"])
    if (typeof raw === "string" && !raw.includes(patchStart)) return
    const input = payload["type"] === "function_call" ? inputOf(raw) : raw
    const texts = stringsIn(input).filter((text) => text.includes(patchStart))
    const named = asText(payload["name"]) === "apply_patch"
    // A shell command may as well write a file that holds a patch, or look for one.
    if (!named && !texts.some((text) => text.startsWith(patchStart) || text.includes("apply_patch"))) return
    const workdir = asText(asObject(input)?.["workdir"])
    const cwd = workdir === null ? this.#cwd : resolvePath(this.#cwd, workdir)
    const paths = pathsIn(texts).map((path) => resolvePath(cwd, path))
    if (paths.length > 0) this.#pending.set(callId, paths)
  }

  /** `FileChange` or `patch_apply_end`: paths to what was done to them. */
  changes(callId: string | null, changes: unknown, failed: boolean): void {
    const record = asObject(changes)
    if (record === null) return
    if (callId !== null) this.#pending.delete(callId)
    if (failed) return
    for (const [path, change] of Object.entries(record)) {
      this.#add(resolvePath(this.#cwd, path))
      const moved = asText(asObject(change)?.["move_path"])
      if (moved !== null) this.#add(resolvePath(this.#cwd, moved))
    }
  }

  result(callId: string | null, failed: boolean): void {
    const paths = callId === null ? undefined : this.#pending.get(callId)
    if (paths === undefined) return
    this.#pending.delete(callId!)
    if (!failed) for (const path of paths) this.#add(path)
  }

  #add(path: string): void {
    if (path !== "") this.#paths.add(path)
  }
}
