import type { SubagentLink, TokenUsage } from "../../domain/session.ts"
import type { Spent } from "../../domain/spending.ts"
import { cutText } from "../../domain/text.ts"
import { asArray, asCount, asObject, asText, type Json } from "../support/json.ts"
import { asMillis, type SessionInfo } from "./format.ts"
import { ModifiedFiles } from "./modified-files.ts"
import { SpendingTable } from "../support/spending.ts"
import type { StoredMessage } from "./reader.ts"

const descriptionChars = 200

/** Tokens of answers, with what of the reasoning is part of the output already. */
interface Sum {
  input: number
  output: number
  reasoning: number
  included: number
  cacheRead: number
  cacheWrite: number
}

/** Agents, files and tokens of one session, gathered message by message. */
export class Ledger {
  readonly #info: SessionInfo
  readonly #agents = new Map<string, SubagentLink>()
  readonly #files: ModifiedFiles
  readonly #sum: Sum = { input: 0, output: 0, reasoning: 0, included: 0, cacheRead: 0, cacheWrite: 0 }
  readonly #spending = new SpendingTable()
  #counted = false
  #copied = false

  constructor(info: SessionInfo) {
    this.#info = info
    this.#files = new ModifiedFiles(info.directory, info.path)
  }

  /** What the answers say of the usage; the row of the session may know of more. */
  get spent(): ReadonlyArray<Spent> {
    return this.#spending.rows
  }

  get files(): ReadonlyArray<string> {
    return this.#files.list
  }

  get agents(): ReadonlyArray<SubagentLink> {
    return Array.from(this.#agents.values())
  }

  take(message: StoredMessage): void {
    const { info } = message
    if (info === null) return
    if (message.type === null) {
      if (info["role"] !== "assistant") return
      this.#tokens(message, info)
      for (const { data } of message.parts) if (data !== null) this.#part(data)
    } else if (message.type === "assistant" || message.type === "compaction") {
      this.#tokens(message, info)
      for (const path of asArray(asObject(info["snapshot"])?.["files"])) this.#files.tracked(path)
      for (const item of asArray(info["content"])) {
        const content = asObject(item)
        const state = asObject(content?.["state"])
        if (content !== null && content["type"] === "tool" && state !== null) {
          this.#tool(asText(content["id"]), asText(content["name"]), state)
        }
      }
    }
  }

  #part(part: Json): void {
    if (part["type"] === "patch") for (const path of asArray(part["files"])) this.#files.add(path)
    const state = asObject(part["state"])
    if (part["type"] === "tool" && state !== null) this.#tool(asText(part["callID"]), asText(part["tool"]), state)
  }

  #tool(callId: string | null, name: string | null, state: Json): void {
    const input = asObject(state["input"])
    const metadata = asObject(state["metadata"])
    if (name !== null && state["status"] === "completed") this.#files.call(name, input, metadata)
    const child = asText(metadata?.["sessionId"]) ?? asText(metadata?.["sessionID"])
    if (name === "task" || name === "subagent") this.agent(child, callId, asText(input?.["description"]))
  }

  /** A session that this one started; later sayings only add what earlier ones left open. */
  agent(id: string | null, toolUseId: string | null, description: string | null): void {
    if (id === null || id === this.#info.id) return
    const known = this.#agents.get(id)
    this.#agents.set(id, {
      id,
      kind: "file",
      description: known?.description ?? (description === null ? null : cutText(description.trim(), descriptionChars)),
      toolUseId: known?.toolUseId ?? toolUseId
    })
  }

  /** The parts named `step-finish` repeat what the message says. */
  #tokens(message: StoredMessage, info: Json): void {
    const tokens = asObject(info["tokens"])
    if (tokens === null) return
    const createdAt = asMillis(asObject(info["time"])?.["created"]) ?? message.createdAt
    // A fork's copies keep the time of their originals: what is older than the session was not spent by it.
    if (createdAt !== null && this.#info.createdAt !== null && createdAt < this.#info.createdAt) {
      this.#copied = true
      return
    }
    const cache = asObject(tokens["cache"])
    const count = (value: unknown) => asCount(value) ?? 0
    const input = count(tokens["input"])
    const output = count(tokens["output"])
    const reasoning = count(tokens["reasoning"])
    const cacheRead = count(cache?.["read"])
    const cacheWrite = count(cache?.["write"])
    const total = asCount(tokens["total"])
    // 1.1 had no total, and counted reasoning in the output; the total tells which of both it was since.
    const isIncluded = message.type === null && (total === null || total === input + output + cacheRead + cacheWrite)
    this.#counted = true
    this.#sum.input += input
    this.#sum.output += output
    this.#sum.reasoning += reasoning
    this.#sum.cacheRead += cacheRead
    this.#sum.cacheWrite += cacheWrite
    if (isIncluded) this.#sum.included += reasoning
    const model = asText(info["modelID"]) ?? asText(asObject(info["model"])?.["id"])
    const whole = output + (isIncluded ? 0 : reasoning)
    this.#spending.add(this.#spending.row(createdAt, model), [input, whole, cacheRead, cacheWrite, reasoning])
  }

  /**
   * What the session spent: what its row counts, else the sum of its answers. The row of a fork of 1.x counts what it
   * copied as well, so there its own answers are summed; 2.x starts a fork at zero.
   */
  get usage(): TokenUsage | null {
    const { forkedFrom, tokens } = this.#info
    const row = this.#copied && forkedFrom === null ? null : tokens
    const isCounted = row !== null && Object.values(row).some((count) => count > 0)
    if (!isCounted && !this.#counted) return this.#copied ? zero : null
    const used = isCounted ? row : this.#sum
    return {
      input: used.input,
      output: used.output + Math.max(0, used.reasoning - this.#sum.included),
      cacheRead: used.cacheRead,
      cacheCreation: used.cacheWrite,
      thinking: used.reasoning
    }
  }
}

const zero: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheCreation: 0, thinking: 0 }
