import type { Draft } from "../../domain/message.ts"
import { asObject, asText } from "../support/json.ts"
import { resolveHomePath } from "../support/paths.ts"

const patchLine = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\s*$/gm

/** Tools that change the file they name: `Write`, `StrReplace`, `edit_file_v2`, `search_replace`, `Delete` and the like. */
const writer = /^(?:multi)?(?:apply_?patch|create|delete|edit|search_?replace|str_?replace|write)/i

const pathKeys = [
  "path",
  "file_path",
  "filePath",
  "target_file",
  "targetFile",
  "relativeWorkspacePath",
  "notebook_path"
]

const pathsOf = (input: unknown): ReadonlyArray<string> => {
  const object = asObject(input)
  const named = pathKeys.map((key) => asText(object?.[key])).find((path) => path !== null)
  if (named !== undefined && named !== null) return [named]
  const patch = asText(input) ?? asText(object?.["patch"]) ?? asText(object?.["input"]) ?? ""
  return Array.from(patch.matchAll(patchLine), (match) => match[1]!)
}

/** Files and agents of a session: of calls that did not fail, as far as the store says which did. */
export class Ledger {
  readonly #calls: Array<{ readonly id: string | null; readonly paths: ReadonlyArray<string> }> = []
  readonly #failed = new Set<string>()
  /** Description of `Task` calls by their id. */
  readonly tasks = new Map<string, string | null>()

  take({ blocks }: Draft): void {
    for (const block of blocks) {
      if (block.type === "tool_result" && block.isError && block.toolUseId !== null) this.#failed.add(block.toolUseId)
      if (block.type !== "tool_use") continue
      if (writer.test(block.name)) this.#calls.push({ id: block.id, paths: pathsOf(block.input) })
      else if (/^(?:task|subagent)/i.test(block.name) && block.id !== null) {
        this.tasks.set(block.id, asText(asObject(block.input)?.["description"]))
      }
    }
  }

  files(cwd: string | null): ReadonlyArray<string> {
    const done = this.#calls.filter(({ id }) => id === null || !this.#failed.has(id))
    return Array.from(new Set(done.flatMap(({ paths }) => paths.map((path) => resolveHomePath(cwd, path)))))
  }
}
