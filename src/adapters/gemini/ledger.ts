import { IntColumn } from "../../domain/columns.ts"
import type { Discovery, SessionEntry, SubagentLink, TokenUsage } from "../../domain/session.ts"
import type { Spent } from "../../domain/spending.ts"
import { IdTable } from "../support/id-table.ts"
import { asArray, asCount, asObject, asString, asText, asTime, type Json } from "../support/json.ts"
import { type Counts, SpendingTable } from "../support/spending.ts"
import { partsOf } from "./format.ts"

const importPrefix = "Imported session from "

const asTokens = (value: unknown): number => Math.min(Math.floor(asCount(value) ?? 0), 0x7fffffff)

/** What each answer cost, counted once however many copies of it there are. */
class UsageLedger {
  readonly #ids = new IdTable()
  readonly #columns = [new IntColumn(), new IntColumn(), new IntColumn(), new IntColumn(), new IntColumn()] as const
  readonly #totals = [0, 0, 0, 0, 0]
  readonly #spending = new SpendingTable()
  /** Row of the spending + 1. */
  readonly #row = new IntColumn()
  #seen = false

  get spent(): ReadonlyArray<Spent> {
    return this.#spending.rows
  }

  /** `input` of the tool contains what was cached, `output` does not contain thoughts. */
  get total(): TokenUsage | null {
    if (!this.#seen) return null
    const [input, cached, output, thoughts, tool] = this.#totals as [number, number, number, number, number]
    return {
      input: Math.max(0, input - cached) + tool,
      output: output + thoughts,
      cacheRead: cached,
      cacheCreation: 0,
      thinking: thoughts
    }
  }

  add(id: string, tokens: Json, time: number | null, model: string | null): void {
    this.#seen = true
    const row = this.#ids.intern(id)
    if (this.#row.get(row) === 0) this.#row.set(row, this.#spending.row(time, model) + 1)
    const names = ["input", "cached", "output", "thoughts", "tool"]
    const more = this.#columns.map((column, at) => {
      const count = asTokens(tokens[names[at]!])
      const increase = count - column.get(row)
      this.#totals[at]! += increase
      column.set(row, count)
      return increase
    })
    const [input, cached, output, thoughts, tool] = more as unknown as Counts
    this.#spending.add(this.#row.get(row) - 1, [input - cached + tool, output + thoughts, cached, 0, thoughts])
  }
}

const editTools: ReadonlySet<unknown> = new Set(["write_file", "replace", "edit", "WriteFile", "Edit"])

const isAbsolute = (path: string): boolean => /^(\/|\\\\|[A-Za-z]:[\\/])/.test(path)

interface AgentCall {
  readonly toolUseId: string | null
  readonly description: string | null
}

/** What a session cost, which files it changed, and which sessions it started or came from. */
export class Ledger {
  readonly usage = new UsageLedger()
  /** Paths in the order of the first touch: as the results spell them, else as the calls do. */
  readonly #edited = new Map<string, string>()
  /** Paths by call, for calls that are only known from the model's history. */
  readonly #pending = new Map<string, string>()
  readonly #agents = new Map<string, AgentCall>()
  #importedFrom: string | null = null
  #importedAt = -Infinity

  /** Every copy of a message. */
  message(message: Json): void {
    const { content, id, tokens, toolCalls, type } = message
    if (type === "info" && typeof id === "string" && id.startsWith("import-")) this.#import(message)
    if (type !== "gemini" && type !== "user") return
    const usage = asObject(tokens)
    const time = asTime(message["timestamp"])
    // What was imported with a session was spent by that one.
    const isOwn = time === null || time >= this.#importedAt
    if (type === "gemini" && usage !== null && typeof id === "string" && isOwn) {
      this.usage.add(id, usage, time, asText(message["model"]))
    }
    for (const item of asArray(toolCalls)) this.#call(asObject(item))
    for (const part of partsOf(content)) {
      this.#asked(asObject(asObject(part)?.["functionCall"]))
      this.#answered(asObject(asObject(part)?.["functionResponse"]))
    }
  }

  #import(message: Json): void {
    const content = asString(message["content"])
    if (content?.startsWith(importPrefix) !== true) return
    this.#importedFrom = content.slice(importPrefix.length).trim()
    this.#importedAt = asTime(message["timestamp"]) ?? -Infinity
  }

  #call(call: Json | null): void {
    if (call === null) return
    const agentId = asText(call["agentId"])
    const input = asObject(call["args"])
    if (agentId !== null) {
      this.#agents.set(agentId, {
        toolUseId: asText(call["id"]),
        description: asText(call["description"]) ?? asText(input?.["agent_name"])
      })
    }
    if (call["status"] !== "success" || !editTools.has(call["name"])) return
    const path = asText(input?.["file_path"])
    const touched = asText(asObject(call["resultDisplay"])?.["filePath"]) ?? path
    if (touched !== null) this.#edit(path ?? touched, touched)
  }

  #asked(call: Json | null): void {
    const id = asText(call?.["id"])
    const path = asText(asObject(call?.["args"])?.["file_path"])
    if (id !== null && path !== null && editTools.has(call?.["name"])) this.#pending.set(id, path)
  }

  #answered(response: Json | null): void {
    const id = asText(response?.["id"])
    const path = id === null ? undefined : this.#pending.get(id)
    if (id === null || path === undefined) return
    this.#pending.delete(id)
    const error = asObject(response?.["response"])?.["error"]
    if ((error === undefined || error === null) && !this.#edited.has(path)) this.#edit(path, path)
  }

  #edit(path: string, touched: string): void {
    const known = this.#edited.get(path)
    if (known === undefined || !isAbsolute(known)) this.#edited.set(path, touched)
  }

  /** Paths that the tool only kept relative are taken to be in the project. */
  filesModified(cwd: string | null): ReadonlyArray<string> {
    const paths = Array.from(this.#edited.values(), (path) =>
      isAbsolute(path) || cwd === null ? path : `${cwd.replace(/[\\/]+$/, "")}/${path.replace(/^\.\//, "")}`
    )
    return Array.from(new Set(paths))
  }

  /** Agents with files of their own: in the folder that has the session's name, or named by a call. */
  subagents(entry: SessionEntry, { entries }: Discovery): ReadonlyArray<SubagentLink> {
    return entries.flatMap((child): ReadonlyArray<SubagentLink> => {
      const call = this.#agents.get(child.id)
      if (child.source !== entry.source || child.id === entry.id) return []
      if (child.parentId !== entry.id && call === undefined) return []
      const { description, toolUseId } = call ?? { description: null, toolUseId: null }
      return [{ id: child.id, kind: "file", description, toolUseId }]
    })
  }

  /** The session that `--session-file` loaded into this one; null for a file that is no session of this store. */
  forkedFrom(entry: SessionEntry, { entries }: Discovery): string | null {
    if (this.#importedFrom === null) return null
    const name = this.#importedFrom.split(/[\\/]/).at(-1)!
    const short = /-([0-9a-f]{8})\.jsonl?$/i.exec(name)?.[1]
    const own = entries.filter((other) => other.source === entry.source && other.id !== entry.id)
    const origin =
      own.find(({ file }) => file.path.split(/[\\/]/).at(-1) === name) ??
      (short === undefined ? undefined : own.find(({ id }) => id.startsWith(short)))
    return origin?.id ?? null
  }
}
