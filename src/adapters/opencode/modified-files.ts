import { asArray, asObject, asText, type Json } from "../support/json.ts"
import { resolvePath } from "../support/paths.ts"

const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$/gm

const writing: ReadonlySet<string> = new Set(["edit", "multiedit", "write"])
const patching: ReadonlySet<string> = new Set(["apply_patch", "patch"])

/** The worktree: the directory without its path inside of it; outside of git the path is all of the directory. */
const worktreeOf = (directory: string | null, path: string | null): string | null =>
  directory !== null && path !== null && path !== "" && directory.endsWith(`/${path}`)
    ? directory.slice(0, -path.length - 1) || directory
    : directory

/** Files that a session changed, in the order of the first change. */
export class ModifiedFiles {
  readonly #paths = new Set<string>()
  readonly #directory: string | null
  readonly #worktree: string | null

  constructor(directory: string | null, path: string | null) {
    this.#directory = directory
    this.#worktree = worktreeOf(directory, path)
  }

  get list(): ReadonlyArray<string> {
    return Array.from(this.#paths)
  }

  add(path: unknown): void {
    const text = asText(path)
    if (text !== null) this.#paths.add(resolvePath(this.#directory, text))
  }

  /** A path of a snapshot of 2.x, relative to the worktree. */
  tracked(path: unknown): void {
    const text = asText(path)
    if (text !== null) this.#paths.add(resolvePath(this.#worktree, text))
  }

  /** A call that succeeded: what it says that it wrote, else what it was asked to write. */
  call(name: string, input: Json | null, metadata: Json | null): void {
    if (writing.has(name)) {
      this.add(
        asText(metadata?.["filepath"]) ??
          asText(asObject(metadata?.["filediff"])?.["file"]) ??
          asText(input?.["filePath"]) ??
          input?.["path"]
      )
    } else if (patching.has(name)) {
      const files = asArray(metadata?.["files"]).map(asObject)
      for (const file of files) {
        this.add(file?.["filePath"])
        this.add(file?.["movePath"])
      }
      const patch = asText(input?.["patchText"]) ?? asText(input?.["patch"])
      if (files.length === 0 && patch !== null) for (const match of patch.matchAll(patchLine)) this.add(match[1])
    }
  }
}
