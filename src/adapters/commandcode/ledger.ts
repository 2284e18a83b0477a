import { IntColumn } from "../../domain/columns.ts"
import type { Draft } from "../../domain/message.ts"
import { noUsage, type SubagentLink, type TokenUsage } from "../../domain/session.ts"
import { addUsage, type Spent, usageFields } from "../../domain/spending.ts"
import { asArray, asCount, asObject, asText, asTime, type Json, parseJson } from "../support/json.ts"
import { SpendingTable } from "../support/spending.ts"

const counted = (value: unknown): number => Math.min(Math.floor(asCount(value) ?? 0), 0x7fffffff)

/** What the answers cost, by line. */
export class UsageLedger {
  /** Row of the spending + 1 of a line that was paid for here; 0 for any other. */
  readonly #seen = new IntColumn()
  /** Only its rows are numbered here: which lines count is known at the end. */
  readonly #keys = new SpendingTable()
  readonly #input = new IntColumn()
  readonly #output = new IntColumn()
  readonly #cacheRead = new IntColumn()
  readonly #cacheWrite = new IntColumn()
  /** Lines older than this were copied from another session. */
  #ownFrom = -Infinity
  /** Whether every line that was copied says so. */
  #isMarked = false

  /** Some forks mark every line that they copy, the header too; others begin with their own and name their source. */
  header(header: Json): void {
    if (typeof header["sessionId"] === "string") this.#isMarked = true
    if (asText(header["parentSession"]) !== null) this.#ownFrom = asTime(header["timestamp"]) ?? this.#ownFrom
  }

  /** Each answer was paid for once, in the session that asked. */
  #isCopied(record: Json): boolean {
    if (this.#isMarked && typeof record["sessionId"] === "string") return true
    const time = this.#ownFrom === -Infinity ? null : asTime(record["timestamp"])
    return time !== null && time < this.#ownFrom
  }

  /** Takes what line `node` says; a line that is written again counts as it says last. */
  add(node: number, record: Json): void {
    const usage = asObject(record["usage"])
    const isCounted = usage !== null && !this.#isCopied(record)
    if (!isCounted) return this.#seen.set(node, 0)
    this.#seen.set(node, this.#keys.row(asTime(record["timestamp"]), asText(record["model"])) + 1)
    this.#input.set(node, counted(usage["inputTokens"]))
    this.#output.set(node, counted(usage["outputTokens"]))
    this.#cacheRead.set(node, counted(usage["cacheReadTokens"]))
    this.#cacheWrite.set(node, counted(usage["cacheWriteTokens"]))
  }

  /** By day and model over these lines. */
  spent(path: ReadonlyArray<number>): ReadonlyArray<Spent> {
    const rows = this.#keys.rows.map(({ day, model }) => ({ day, model, tokens: { ...noUsage } }))
    for (const node of path) {
      const row = rows[this.#seen.get(node) - 1]
      if (row !== undefined) row.tokens = addUsage(row.tokens, this.#tokensOf(node))
    }
    return rows.filter(({ tokens }) => usageFields.some((field) => tokens[field] > 0))
  }

  #tokensOf(node: number): TokenUsage {
    const cacheRead = this.#cacheRead.get(node)
    const cacheCreation = this.#cacheWrite.get(node)
    const input = Math.max(0, this.#input.get(node) - cacheRead - cacheCreation)
    return { input, output: this.#output.get(node), cacheRead, cacheCreation, thinking: 0 }
  }

  /** Over these lines; the tool's input contains what was read from and written to the cache. */
  sum(path: ReadonlyArray<number>): TokenUsage | null {
    const counted = path.filter((node) => this.#seen.get(node) > 0)
    if (counted.length === 0) return null
    return counted.reduce<TokenUsage>((total, node) => addUsage(total, this.#tokensOf(node)), noUsage)
  }
}

const editTools: ReadonlySet<string> = new Set(["edit_file", "write_file"])

/** Agents keep no transcript: the call and its result are all there is. `explore` is the tool of 0.x. */
const agentTools: ReadonlySet<string> = new Set(["agent", "explore"])

const isAbsolute = (path: string): boolean => /^([\\/]|[a-z]:[\\/])/i.test(path)

/** Files that were edited and agents that were started. */
export class CallLedger {
  readonly #home: string
  /** Paths in the order of the first touch; false while every edit of them is known to have failed. */
  readonly #edited = new Map<string, boolean>()
  /** Path by call. */
  readonly #edits = new Map<string, string>()
  readonly #agents = new Map<string, SubagentLink>()
  readonly #backups = new Set<string>()
  #isOld = false

  /** `home`: the directory that `~` stands for in the paths of calls. */
  constructor(home: string) {
    this.#home = home
  }

  /** `isOld`: the line is of a format before 3. */
  take(drafts: ReadonlyArray<Draft>, isOld: boolean): void {
    this.#isOld ||= isOld
    for (const { blocks } of drafts) {
      const block = blocks[0]
      if (block?.type === "tool_use") {
        const input = asObject(block.input)
        if (editTools.has(block.name)) this.#edit(block.id, input)
        else if (agentTools.has(block.name) && block.id !== null) {
          const description = asText(input?.["description"])
          this.#agents.set(block.id, { id: block.id, kind: "inline", description, toolUseId: block.id })
        }
      } else if (block?.type === "tool_result" && block.toolUseId !== null) {
        const path = this.#edits.get(block.toolUseId)
        if (path !== undefined && !block.isError) this.#edited.set(path, true)
        this.#edits.delete(block.toolUseId)
      }
    }
  }

  /** A line of the checkpoints: the files that were kept before they were edited. Not every edit went well. */
  checkpoint(text: string): void {
    for (const file of asArray(asObject(parseJson(text))?.["files"])) {
      const path = asText(asObject(file)?.["path"])
      if (path !== null) this.#backups.add(path)
    }
  }

  get filesModified(): ReadonlyArray<string> {
    // A call without a result says nothing, a backup made for it does.
    const pending = new Set(this.#edits.values())
    const failed = (path: string) => this.#edited.get(path) === false && !pending.has(path)
    const edited = Array.from(this.#edited.keys()).filter((path) => this.#edited.get(path) === true)
    const all = new Set([...Array.from(this.#backups).filter((path) => !failed(path)), ...edited])
    // Since format 3 nothing says that a call failed; those with a relative path always do.
    return Array.from(all).filter((path) => this.#isOld || isAbsolute(path))
  }

  get subagents(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#agents.values())
  }

  #edit(id: string | null, input: Json | null): void {
    const named = asText(input?.["filePath"]) ?? asText(input?.["file_path"]) ?? asText(input?.["path"])
    if (named === null) return
    const path = named.startsWith("~/") ? this.#home + named.slice(1) : named
    if (!this.#edited.has(path)) this.#edited.set(path, false)
    if (id !== null) this.#edits.set(id, path)
  }
}
