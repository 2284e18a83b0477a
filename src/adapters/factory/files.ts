import { asArray, asObject, asText, parseJson } from "../support/json.ts"
import { resolveHomePath } from "../support/paths.ts"

const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.*)$/gm

/** Tools whose input names the file that they write. */
const writers: ReadonlySet<string> = new Set(["Create", "Edit", "MultiEdit", "Write"])

const patcher = "ApplyPatch"

/** Calls whose result is awaited; more are not remembered. */
const maxPending = 1000

interface Pending {
  readonly isPatch: boolean
  readonly paths: ReadonlyArray<string>
}

/** Paths that a patch asks to change. */
const pathsOfPatch = (input: unknown): ReadonlyArray<string> => {
  const patch = asText(input) ?? asText(asObject(input)?.["input"]) ?? asText(asObject(input)?.["patch"]) ?? ""
  return Array.from(patch.matchAll(patchLine), (match) => match[1]!.trim()).filter((path) => path !== "")
}

/** Paths that a patch did change: its result tells of each file, also of those that it failed on. */
const pathsOfResult = (files: ReadonlyArray<unknown>): ReadonlyArray<string> =>
  files.flatMap((item) => {
    const file = asObject(item)
    if (file === null || asText(file["error"]) !== null) return []
    return [asText(file["file_path"]), asText(file["moved_to"])].filter((path) => path !== null)
  })

/** Files that a session changed: those of calls that were answered and did not fail. */
export class ModifiedFiles {
  readonly #paths = new Set<string>()
  readonly #pending = new Map<string, Pending>()
  readonly #cwd: string | null

  /** `cwd`: what relative paths start from, null where that is not known. */
  constructor(cwd: string | null) {
    this.#cwd = cwd
  }

  get list(): ReadonlyArray<string> {
    return Array.from(this.#paths)
  }

  call(id: string | null, name: string, input: unknown): void {
    if (id === null || this.#pending.size >= maxPending) return
    if (name === patcher) this.#pending.set(id, { isPatch: true, paths: pathsOfPatch(input) })
    else if (writers.has(name)) {
      const path = asText(asObject(input)?.["file_path"])
      if (path !== null) this.#pending.set(id, { isPatch: false, paths: [path] })
    }
  }

  /** The tools answer in JSON, which says of a failure that the record does not call an error. */
  result(id: string | null, isError: boolean, text: string): void {
    const pending = id === null ? undefined : this.#pending.get(id)
    if (pending === undefined) return
    this.#pending.delete(id!)
    const answer = text.trimStart().startsWith("{") ? asObject(parseJson(text)) : null
    if (isError || answer?.["success"] === false) return
    const told = pending.isPatch ? asArray(answer?.["files"]) : []
    for (const path of told.length > 0 ? pathsOfResult(told) : pending.paths)
      this.#paths.add(resolveHomePath(this.#cwd, path))
  }
}
