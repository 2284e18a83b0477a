import { asArray, asObject, asText, type Json } from "../support/json.ts"
import { resolvePath } from "../support/paths.ts"
import { inputOf } from "./content.ts"

/** Calls whose result is awaited before their files count; more are not remembered. */
const maxPending = 1000

/** Tools that write the file in `path`, by the names of all versions. */
const editTools: ReadonlySet<string> = new Set([
  "create",
  "create_file",
  "edit",
  "edit_file",
  "insert",
  "str_replace",
  "str_replace_editor",
  "write",
  "write_file"
])

const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$/gm

/** Paths that a call would write; a viewed file is none. */
export const pathsOfCall = (name: string, args: unknown): ReadonlyArray<string> => {
  const input = inputOf(args)
  const fields = asObject(input)
  if (name === "apply_patch") {
    const patch = asText(input) ?? asText(fields?.["input"]) ?? asText(fields?.["patch"])
    return patch === null ? [] : Array.from(patch.matchAll(patchLine), (match) => match[1]!)
  }
  if (!editTools.has(name) || fields?.["command"] === "view") return []
  const path = asText(fields?.["path"])
  return path === null ? [] : [path]
}

/**
 * Files that a session changed, in the order of the first touch. What the tool recorded of an edit counts (`fileEdits`,
 * 1.0.9x); where it recorded none, what a call that went well was to write. At the exit the tool adds those that it
 * knows of otherwise.
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

  call(callId: string | null, name: string, args: unknown): void {
    if (callId === null || this.#pending.size >= maxPending) return
    const paths = pathsOfCall(name, args)
    if (paths.length > 0) this.#pending.set(callId, paths)
  }

  /** A `tool.execution_complete`. */
  result(data: Json): void {
    const callId = asText(data["toolCallId"])
    const asked = callId === null ? [] : (this.#pending.get(callId) ?? [])
    if (callId !== null) this.#pending.delete(callId)
    if (data["success"] === false) return
    const edits = asArray(data["fileEdits"]).map((edit) => asText(asObject(edit)?.["path"]))
    const recorded = edits.filter((path) => path !== null)
    for (const path of recorded.length > 0 ? recorded : asked) this.add(path)
  }

  /** A `session.shutdown`. */
  shutdown(data: Json): void {
    for (const item of asArray(asObject(data["codeChanges"])?.["filesModified"])) {
      const path = asText(item)
      if (path !== null) this.add(path)
    }
  }

  add(path: string): void {
    this.#paths.add(resolvePath(this.#cwd, path))
  }
}
