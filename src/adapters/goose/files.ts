import { asObject, asText } from "../support/json.ts"
import { resolvePath } from "../support/paths.ts"

/** Calls whose result is awaited before their files count; more are not remembered. */
const maxPending = 1000

/** Commands of `text_editor` that write. */
const writing: ReadonlySet<unknown> = new Set(["create", "insert", "str_replace", "write"])

/** The name of a tool without that of its extension: `developer__text_editor` and `text_editor` are one. */
export const toolName = (name: string): string => name.slice(name.lastIndexOf("__") + 1).replace(/^_/, "")

const pathOfCall = (name: string, input: unknown): string | null => {
  const fields = asObject(input)
  const tool = toolName(name)
  const writes = tool === "write" || tool === "edit" || (tool === "text_editor" && writing.has(fields?.["command"]))
  return writes ? asText(fields?.["path"]) : null
}

/** Files that a session changed, in the order of the first change: what calls were to write that went well. */
export class ModifiedFiles {
  readonly #paths = new Set<string>()
  readonly #pending = new Map<string, string>()
  readonly #cwd: string | null

  constructor(cwd: string | null) {
    this.#cwd = cwd
  }

  get list(): ReadonlyArray<string> {
    return Array.from(this.#paths)
  }

  call(id: string | null, name: string, input: unknown): void {
    const path = pathOfCall(name, input)
    if (id !== null && path !== null && this.#pending.size < maxPending) this.#pending.set(id, path)
  }

  result(id: string | null, isError: boolean): void {
    const path = id === null ? undefined : this.#pending.get(id)
    if (id === null || path === undefined) return
    this.#pending.delete(id)
    if (!isError) this.#paths.add(resolvePath(this.#cwd, path))
  }
}
