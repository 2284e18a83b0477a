import type { SubagentLink, TokenUsage } from "../../domain/session.ts"
import { cutText } from "../../domain/text.ts"
import { asCount, asObject, asText, type Json } from "../support/json.ts"
import { isAbsolutePath } from "../support/paths.ts"
import type { Part } from "./parts.ts"

const descriptionChars = 200

/** Calls whose result is awaited; more are not remembered. */
const maxPending = 1000

/** Tools that change files, with the fields of their input that name those. */
const writers: ReadonlyMap<string, ReadonlyArray<string>> = new Map([
  ["copy_path", ["destination_path"]],
  ["create_directory", ["path"]],
  ["create_file", ["path"]],
  ["delete_path", ["path"]],
  ["edit_file", ["path"]],
  ["move_path", ["source_path", "destination_path"]],
  ["write_file", ["path"]]
])

const separators = /[/\\]/

/**
 * Tools are given paths that begin with the name of a root of the workspace; what begins with none is relative to the
 * only root, and stays as it is where there are several.
 */
const resolve = (folders: ReadonlyArray<string>, path: string): string => {
  if (isAbsolutePath(path)) return path
  const [first, ...rest] = path.split(separators)
  const named = folders.find((folder) => folder.split(separators).findLast((name) => name !== "") === first)
  const root = named ?? (folders.length === 1 ? folders[0] : undefined)
  if (root === undefined) return path
  const separator = root.includes("\\") ? "\\" : "/"
  const kept = root.replace(/[/\\]+$/, "").split(separators)
  for (const part of named === undefined ? [first!, ...rest] : rest) {
    if (part === "..") kept.pop()
    else if (part !== "." && part !== "") kept.push(part)
  }
  return kept.join(separator)
}

interface Pending {
  readonly name: string
  readonly input: Json | null
}

/** Files and agents of one thread, gathered part by part. */
export class Ledger {
  readonly #id: string
  readonly #folders: ReadonlyArray<string>
  readonly #files = new Set<string>()
  readonly #agents = new Map<string, SubagentLink>()
  readonly #pending = new Map<string, Pending>()

  constructor(id: string, folders: ReadonlyArray<string>) {
    this.#id = id
    this.#folders = folders
  }

  get files(): ReadonlyArray<string> {
    return Array.from(this.#files)
  }

  get agents(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#agents.values())
  }

  take({ draft, output }: Part): void {
    const [block] = draft.blocks
    if (block?.type === "tool_use") {
      const isWanted = writers.has(block.name) || block.name === "spawn_agent"
      if (!isWanted || block.id === null || this.#pending.size >= maxPending) return
      this.#pending.set(block.id, { name: block.name, input: asObject(block.input) })
    } else if (block?.type === "tool_result" && block.toolUseId !== null) {
      const pending = this.#pending.get(block.toolUseId)
      if (pending === undefined) return
      this.#pending.delete(block.toolUseId)
      if (pending.name === "spawn_agent") this.#spawned(pending, block.toolUseId, asObject(output))
      else if (!block.isError) this.#wrote(pending, asObject(output))
    }
  }

  /** A thread that this one started; later sayings only add what earlier ones left open. */
  agent(id: string | null, toolUseId: string | null, description: string | null): void {
    if (id === null || id === this.#id) return
    const known = this.#agents.get(id)
    this.#agents.set(id, {
      id,
      kind: "file",
      description: known?.description ?? (description === null ? null : cutText(description.trim(), descriptionChars)),
      toolUseId: known?.toolUseId ?? toolUseId
    })
  }

  /** The output names the thread, also where it failed; the input does where an earlier one is asked again. */
  #spawned({ input }: Pending, toolUseId: string, output: Json | null): void {
    const id = asText(output?.["session_id"]) ?? asText(asObject(output?.["session_info"])?.["session_id"])
    this.agent(id ?? asText(input?.["session_id"]), toolUseId, asText(input?.["label"]))
  }

  #wrote({ input, name }: Pending, output: Json | null): void {
    const asked = writers.get(name)!.map((field) => asText(input?.[field]))
    const told = asText(output?.["input_path"]) ?? asText(output?.["original_path"])
    for (const path of asked.some((path) => path !== null) ? asked : [told]) {
      if (path !== null) this.#files.add(resolve(this.#folders, path))
    }
  }
}

/** A count of tokens; fields that are zero are left out. */
const usageIn = (value: unknown): TokenUsage => {
  const usage = asObject(value)
  const count = (name: string) => asCount(usage?.[name]) ?? 0
  return {
    input: count("input_tokens"),
    output: count("output_tokens"),
    cacheRead: count("cache_read_input_tokens"),
    cacheCreation: count("cache_creation_input_tokens"),
    thinking: 0
  }
}

const isUsed = (usage: TokenUsage): boolean => Object.values(usage).some((count) => count > 0)

/**
 * What a thread spent: its own sum over everything, else that of the requests it kept counts of (by the id of a prompt,
 * before 0.3.0 in a list), which are not all. Null where the provider counted nothing.
 */
export const usageOf = (document: Json): TokenUsage | null => {
  const total = usageIn(document["cumulative_token_usage"])
  if (isUsed(total)) return total
  const requests = document["request_token_usage"]
  const list = typeof requests === "object" && requests !== null ? Object.values(requests).map(usageIn) : []
  const sum = (name: keyof TokenUsage) => list.reduce((all, usage) => all + usage[name], 0)
  const summed: TokenUsage = {
    input: sum("input"),
    output: sum("output"),
    cacheRead: sum("cacheRead"),
    cacheCreation: sum("cacheCreation"),
    thinking: 0
  }
  return isUsed(summed) ? summed : null
}
