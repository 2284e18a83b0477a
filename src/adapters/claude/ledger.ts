import { IntColumn } from "../../domain/columns.ts"
import type { Draft } from "../../domain/message.ts"
import type { Discovery, SessionEntry, SessionFacts, SubagentLink, TokenUsage } from "../../domain/session.ts"
import { type Answer, encodeAnswers, type Spent } from "../../domain/spending.ts"
import { hashSample, IdTable } from "../support/id-table.ts"
import { asCount, asObject, asString, asText, asTime, parseJson, type Json } from "../support/json.ts"
import { SpendingTable } from "../support/spending.ts"

/** What an answer cost, counted once however many lines repeat it. */
export class UsageLedger {
  readonly #ids = new IdTable()
  readonly #columns = [new IntColumn(), new IntColumn(), new IntColumn(), new IntColumn(), new IntColumn()] as const
  readonly #totals = [0, 0, 0, 0, 0]
  readonly #spending = new SpendingTable()
  /** Row of the spending + 1. */
  readonly #row = new IntColumn()
  /** 1 for an answer that `/branch` copied from another session. */
  readonly #copied = new IntColumn()
  #seen = false

  get spent(): ReadonlyArray<Spent> {
    return this.#spending.rows
  }

  /** Every answer that cost something: forks and early resumes copy them with the ids of their messages. */
  get answers(): string {
    return encodeAnswers(this.#answers())
  }

  *#answers(): Generator<Answer> {
    const [input, output, cacheRead, cacheCreation, thinking] = this.#columns
    for (let at = 0; at < this.#ids.size; at++) {
      const row = this.#row.get(at) - 1
      if (row < 0) continue
      yield {
        key: this.#ids.keyOf(at),
        row,
        copied: this.#copied.get(at) === 1,
        tokens: {
          input: input.get(at),
          output: output.get(at),
          cacheRead: cacheRead.get(at),
          cacheCreation: cacheCreation.get(at),
          thinking: thinking.get(at)
        }
      }
    }
  }

  get total(): TokenUsage | null {
    if (!this.#seen) return null
    const [input, output, cacheRead, cacheCreation, thinking] = this.#totals as [number, number, number, number, number]
    return { input, output, cacheRead, cacheCreation, thinking }
  }

  /** Takes a line of an answer and gives back the answer's number; -1 for a line that is part of none. */
  add(record: Json): number {
    const message = asObject(record["message"])
    const id = asText(message?.["id"])
    const answer = id === null ? -1 : this.#ids.intern(id)
    const usage = asObject(message?.["usage"])
    if (usage === null || message?.["model"] === "<synthetic>") return answer
    const key = asText(record["requestId"]) ?? asText(record["uuid"])
    const row = answer >= 0 ? answer : key === null ? this.#ids.reserve() : this.#ids.intern(`line ${key}`)
    const counts = [
      usage["input_tokens"],
      usage["output_tokens"],
      usage["cache_read_input_tokens"],
      usage["cache_creation_input_tokens"],
      asObject(usage["output_tokens_details"])?.["thinking_tokens"]
    ].map((count) => Math.min(Math.floor(asCount(count) ?? 0), 0x7fffffff))
    const [, output, , ,] = this.#columns
    // Early lines of an answer may carry partial counts: the line with most output is the last word.
    const isFirst = this.#columns.every((column) => column.get(row) === 0)
    if (!isFirst && counts[1]! <= output.get(row)) return answer
    const more: [number, number, number, number, number] = [0, 0, 0, 0, 0]
    this.#columns.forEach((column, at) => {
      more[at] = counts[at]! - column.get(row)
      this.#totals[at]! += more[at]!
      column.set(row, counts[at]!)
    })
    if (this.#row.get(row) === 0) {
      this.#row.set(row, this.#spending.row(asTime(record["timestamp"]), asText(message?.["model"])) + 1)
      if (asObject(record["forkedFrom"]) !== null) this.#copied.set(row, 1)
    }
    this.#spending.add(this.#row.get(row) - 1, more)
    this.#seen = true
    return answer
  }
}

const editTools: Readonly<Record<string, string>> = {
  Write: "file_path",
  Edit: "file_path",
  MultiEdit: "file_path",
  NotebookEdit: "notebook_path"
}

const agentTools: ReadonlySet<string> = new Set(["Task", "Agent"])

interface AgentCall {
  readonly toolUseId: string
  readonly description: string | null
  readonly prompt: number
}

interface InlineAgent {
  readonly node: number
  readonly uuid: string
  readonly prompt: number
}

/** Files that were edited and agents that were started, from calls and their results. */
export class CallLedger {
  /** By path as the calls spell it, in the order of the first touch: as a result spells it; null until one went well. */
  readonly #edited = new Map<string, string | null>()
  /** Path by call that has no result yet. */
  readonly #edits = new Map<string, string>()
  /** Calls of agents: by call, and by the agent that the result names. */
  readonly #calls = new Map<string, AgentCall>()
  readonly #agents = new Map<string, AgentCall | null>()
  readonly #inline: Array<InlineAgent> = []

  call(drafts: ReadonlyArray<Draft>): void {
    for (const { blocks, role } of drafts) {
      const block = role === "tool_use" ? blocks[0] : undefined
      if (block?.type !== "tool_use" || block.id === null) continue
      const input = asObject(block.input)
      const field = editTools[block.name]
      if (field !== undefined) {
        const path = asText(input?.[field])
        if (path === null) continue
        this.#edits.set(block.id, path)
        if (!this.#edited.has(path)) this.#edited.set(path, null)
      } else if (agentTools.has(block.name)) {
        const prompt = asString(input?.["prompt"])
        this.#calls.set(block.id, {
          toolUseId: block.id,
          description: asText(input?.["description"]),
          prompt: prompt === null ? 0 : hashSample(prompt, 1)
        })
      }
    }
  }

  result(record: Json, drafts: ReadonlyArray<Draft>): void {
    const detail = asObject(record["toolUseResult"])
    const edited =
      detail !== null && (Array.isArray(detail["structuredPatch"]) || detail["type"] === "create")
        ? asText(detail["filePath"])
        : null
    const agentId = asText(detail?.["agentId"])
    for (const { blocks, role } of drafts) {
      const block = role === "tool_result" ? blocks[0] : undefined
      if (block?.type !== "tool_result" || block.toolUseId === null) continue
      if (agentId !== null) this.#agents.set(agentId, this.#calls.get(block.toolUseId) ?? null)
      const path = this.#edits.get(block.toolUseId)
      this.#edits.delete(block.toolUseId)
      if (block.isError) continue
      const named = path ?? edited
      if (named !== null) this.#edited.set(named, edited ?? this.#edited.get(named) ?? named)
    }
  }

  /** A sidechain line that begins an agent's conversation inside the session's own file. */
  inline(node: number, uuid: string, drafts: ReadonlyArray<Draft>): void {
    const text = drafts.find((draft) => draft.role === "user")?.text
    this.#inline.push({ node, uuid, prompt: text === undefined ? 0 : hashSample(text, 1) })
  }

  get filesModified(): ReadonlyArray<string> {
    return Array.from(new Set(this.#edited.values())).filter((path) => path !== null)
  }

  /** The agents of a session: those with files of their own, then those inside its file. */
  subagents(
    entry: SessionEntry,
    discovery: Discovery,
    isSideRoot: (node: number) => boolean,
    textSync: (path: string) => string | null
  ): SessionFacts["subagents"] {
    const links: Array<SubagentLink> = []
    for (const child of discovery.entries) {
      if (child.kind !== "subagent" || child.source !== entry.source) continue
      const agentId = child.id.slice("agent-".length)
      const isNamed = child.parentId === null && this.#agents.has(agentId)
      if (!isNamed && child.parentId !== entry.id) continue
      const call = this.#agents.get(agentId) ?? null
      const meta = child.parentId === null ? null : agentMeta(child, textSync)
      links.push({
        id: child.id,
        kind: "file",
        description: asText(meta?.["description"]) ?? call?.description ?? null,
        toolUseId: asText(meta?.["toolUseId"]) ?? call?.toolUseId ?? null
      })
    }
    const calls = Array.from(this.#calls.values())
    for (const { node, prompt, uuid } of this.#inline) {
      if (!isSideRoot(node)) continue
      const call = prompt === 0 ? undefined : calls.find((candidate) => candidate.prompt === prompt)
      links.push({
        id: uuid,
        kind: "inline",
        description: call?.description ?? null,
        toolUseId: call?.toolUseId ?? null
      })
    }
    return links
  }
}

const agentMeta = (child: SessionEntry, textSync: (path: string) => string | null): Json | null => {
  const text = textSync(child.file.path.replace(/\.jsonl$/, ".meta.json"))
  return text === null ? null : asObject(parseJson(text))
}
