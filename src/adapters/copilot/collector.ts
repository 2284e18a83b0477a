import type { Draft } from "../../domain/message.ts"
import { type Place, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { hashSample, IdTable } from "../support/id-table.ts"
import { asArray, asObject, asString, asText, SkipCounter } from "../support/json.ts"
import { Agents } from "./agents.ts"
import { draftsOf } from "./drafts.ts"
import { ModifiedFiles } from "./files.ts"
import type { CopilotEvent } from "./format.ts"
import { type Context, modelOf, movedTo } from "./survey.ts"
import { TokenMeter } from "./tokens.ts"

const forkMessage = /^Forked from "[^]*?" \(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)/i

/** The session that this one was forked from: the tool says so in words only, behind what it copied. */
const forkedFrom = ({ data, type }: CopilotEvent): string | null =>
  type === "session.info" && data["infoType"] === "fork"
    ? (forkMessage.exec(asString(data["message"]) ?? "")?.[1]?.toLowerCase() ?? null)
    : null

/** Takes the events of a session in order and keeps what the transcript needs of them. */
export class Collector {
  readonly builder: TranscriptBuilder
  readonly skips = new SkipCounter()
  readonly tokens = new TokenMeter()
  readonly agents = new Agents()
  readonly files: ModifiedFiles
  forkedFrom: string | null = null
  context: Context = { cwd: null, branch: null }
  model: string | null = null
  readonly #id: string
  /** The agent whose messages are wanted; null for those of the session itself. */
  readonly #agent: string | null
  /** Calls that have been shown. */
  readonly #calls = new IdTable()
  /** Thoughts of the current turn by hash, as `reasoningText` and as `assistant.reasoning`. */
  readonly #inline = new Set<number>()
  readonly #apart = new Set<number>()
  /** The skill that was injected last: a hidden prompt may repeat it. */
  #skill: string | null = null

  constructor(
    id: string,
    agent: string | null,
    cwd: string | null,
    options: LoadOptions,
    resolve: (draft: Draft) => Draft
  ) {
    this.builder = new TranscriptBuilder(resolve, options.retainedChars, options.measures)
    this.files = new ModifiedFiles(cwd)
    this.#id = id
    this.#agent = agent
  }

  take(event: CopilotEvent, place: Place): void {
    const agent = this.agents.agentOf(event)
    if (agent !== null) this.agents.seen(agent, event)
    this.#facts(event)
    const drafts = draftsOf(event)
    if (typeof drafts === "string") this.skips.add(drafts)
    else if (agent === this.#agent) this.#add(event, drafts, place)
  }

  #facts(event: CopilotEvent): void {
    const { data, time, type } = event
    this.model = modelOf(event) ?? this.model
    switch (type) {
      case "assistant.message":
        this.tokens.answer(data)
        for (const item of asArray(data["toolRequests"])) {
          const request = asObject(item)
          this.files.call(asText(request?.["toolCallId"]), asText(request?.["name"]) ?? "", request?.["arguments"])
        }
        return
      case "tool.execution_start":
      case "tool.user_requested":
        return this.files.call(asText(data["toolCallId"]), asText(data["toolName"]) ?? "", data["arguments"])
      case "tool.execution_complete":
        return this.files.result(data)
      case "session.usage_record":
        return this.tokens.record(data, time)
      case "session.compaction_complete":
        return this.tokens.compaction(data)
      case "session.shutdown":
        this.tokens.shutdown(data)
        return this.files.shutdown(data)
      case "session.context_changed": {
        const moved = movedTo(event)
        this.context = { cwd: moved?.cwd ?? this.context.cwd, branch: moved?.branch ?? this.context.branch }
        return
      }
      case "session.info": {
        const parent = forkedFrom(event)
        if (parent === null || parent === this.#id) return
        this.forkedFrom = parent
        this.tokens.fork()
      }
    }
  }

  #add(event: CopilotEvent, drafts: ReadonlyArray<Draft>, place: Place): void {
    if (event.type === "assistant.turn_start" || event.type === "user.message") {
      this.#inline.clear()
      this.#apart.clear()
    }
    for (let part = 0; part < drafts.length; part++) {
      if (!this.#isRepeated(event, drafts[part]!)) this.builder.add(drafts[part]!, place, part)
    }
  }

  #isRepeated(event: CopilotEvent, draft: Draft): boolean {
    const block = draft.blocks[0]
    if (draft.role === "tool_use" && block?.type === "tool_use" && block.id !== null) {
      const known = this.#calls.size
      return this.#calls.intern(block.id) < known
    }
    if (draft.thinkingOnly === true && block?.type === "thinking") {
      const hash = hashSample(block.text, 1)
      const [own, other] =
        event.type === "assistant.reasoning" ? [this.#apart, this.#inline] : [this.#inline, this.#apart]
      own.add(hash)
      return other.has(hash)
    }
    if (event.type === "skill.invoked") this.#skill = asText(draft.text)
    else if (event.type === "user.message" && this.#skill !== null) {
      return asText(event.data["source"])?.startsWith("skill-") === true && draft.text.includes(this.#skill.trim())
    }
    return false
  }
}
