import type { Draft } from "../../domain/message.ts"
import type { SubagentLink } from "../../domain/session.ts"
import { asObject, asText } from "../support/json.ts"
import { resolveHomePath } from "../support/paths.ts"

/** Tools that write: `write`, `fs_write`, `strReplace`, `fsAppend`, `create` and the like; tools of MCP are unknown. */
const writer =
  /write|replace|append|^(?:create|edit|delete|insert|patch|rename)|(?:_|code|file)(?:edit|create|delete)$/i
const foreign = /^mcp|___/i

/** Calls whose result is awaited; more are not remembered. */
const maxPending = 1000

interface Call {
  readonly path: string | null
  /** Of a call that may have started a session. */
  readonly description: string | null
  readonly isAgent: boolean
}

/** Gathers files that were changed and sessions that were started, draft by draft. */
export class Ledger {
  readonly #cwd: string | null
  readonly #files = new Set<string>()
  readonly #pending = new Map<string, Call>()
  /** Sessions that name this one, with the call whose result names them. */
  readonly #children: Map<string, { toolUseId: string | null; description: string | null }>

  constructor(cwd: string | null, children: ReadonlyArray<string>) {
    this.#cwd = cwd
    this.#children = new Map(children.map((id) => [id, { toolUseId: null, description: null }]))
  }

  take({ blocks, text }: Draft): void {
    for (const block of blocks) {
      if (block.type === "tool_use") this.#call(block.id, block.name, block.input)
      else if (block.type === "tool_result") this.#result(block.toolUseId, block.isError, text)
    }
  }

  /** A path that the tool itself lists as changed. */
  file(path: string): void {
    if (path.trim() !== "") this.#files.add(resolveHomePath(this.#cwd, path))
  }

  get files(): ReadonlyArray<string> {
    return Array.from(this.#files)
  }

  get agents(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#children, ([id, link]) => ({ id, kind: "file" as const, ...link }))
  }

  #call(id: string | null, name: string, value: unknown): void {
    if (id === null || this.#pending.size >= maxPending) return
    const input = asObject(value)
    const isAgent = this.#children.size > 0 && /agent|delegate/i.test(name)
    const writes = writer.test(name) && !foreign.test(name)
    if (input === null || (!isAgent && !writes)) return
    const path =
      asText(input["path"]) ?? asText(input["file_path"]) ?? asText(input["filePath"]) ?? asText(input["targetFile"])
    this.#pending.set(id, {
      path: writes ? (path ?? asText(input["file"])) : null,
      description: asText(input["description"]) ?? asText(input["name"]),
      isAgent
    })
  }

  #result(id: string | null, isError: boolean, text: string): void {
    const call = id === null ? undefined : this.#pending.get(id)
    if (call === undefined) return
    this.#pending.delete(id!)
    if (call.path !== null && !isError) this.file(call.path)
    if (!call.isAgent) return
    for (const [child, link] of this.#children) {
      if (link.toolUseId !== null || !text.includes(child)) continue
      this.#children.set(child, { toolUseId: id, description: call.description })
    }
  }
}
