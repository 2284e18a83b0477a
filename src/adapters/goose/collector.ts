import type { Draft } from "../../domain/message.ts"
import type { SubagentLink } from "../../domain/session.ts"
import type { Place, TranscriptBuilder } from "../../domain/transcript.ts"
import { SkipCounter } from "../support/json.ts"
import { draftsOf, isHidden } from "./drafts.ts"
import { ModifiedFiles, toolName } from "./files.ts"
import type { GooseEntry, StoredMessage } from "./format.ts"

/** Tools that start an agent, by the names of all versions, without their extension. */
const delegating: ReadonlySet<string> = new Set(["create_task", "delegate", "execute_task", "subagent"])

/** Takes the messages of a session in order and keeps what it needs of them. */
export class Collector {
  readonly builder: TranscriptBuilder
  readonly skips = new SkipCounter()
  readonly files: ModifiedFiles
  /** Calls that may have started an agent, by the message that made them. */
  readonly #calls = new Map<string, Array<string>>()
  readonly #delegates: ReadonlySet<string>
  #prompt: string | null = null
  /** Whether the message before was what a compaction says to the model last. */
  #compacted = false

  /** `children` are the agents that are tied to this session. */
  constructor(builder: TranscriptBuilder, cwd: string | null, children: ReadonlyArray<GooseEntry>) {
    this.builder = builder
    this.files = new ModifiedFiles(cwd)
    this.#delegates = new Set(children.map(({ info }) => info?.delegateMessageId ?? "").filter((id) => id !== ""))
  }

  take(message: StoredMessage, place: Place): void {
    const drafts = draftsOf(message, this.skips)
    if (this.#isRepeated(message, drafts)) {
      this.skips.add("prompt repeated by a compaction")
      return
    }
    for (const [part, draft] of drafts.entries()) {
      this.builder.add(draft, place, part)
      this.#facts(draft, message.id)
    }
  }

  /** In the midst of calls, a compaction puts a copy of the prompt behind its summary and leaves the original in sight. */
  #isRepeated(message: StoredMessage, drafts: ReadonlyArray<Draft>): boolean {
    const texts = drafts.every(({ role }) => role === "user") ? drafts.map(({ text }) => text).join("\n") : ""
    const repeated = this.#compacted && texts !== "" && texts === this.#prompt
    this.#compacted = message.role === "assistant" && isHidden(message)
    if (texts !== "") this.#prompt = texts
    return repeated
  }

  #facts({ blocks }: Draft, messageId: string | null): void {
    for (const block of blocks) {
      if (block.type === "tool_result") this.files.result(block.toolUseId, block.isError)
      if (block.type !== "tool_use") continue
      this.files.call(block.id, block.name, block.input)
      if (messageId === null || block.id === null || !this.#delegates.has(messageId)) continue
      if (!delegating.has(toolName(block.name))) continue
      const calls = this.#calls.get(messageId)
      if (calls === undefined) this.#calls.set(messageId, [block.id])
      else calls.push(block.id)
    }
  }

  /** Links to agents, oldest first: those of one message began in the order of its calls. */
  agents(children: ReadonlyArray<GooseEntry>): ReadonlyArray<SubagentLink> {
    const taken = new Map<string, number>()
    return children.map(({ id, info }) => {
      const message = info?.delegateMessageId ?? ""
      const at = taken.get(message) ?? 0
      taken.set(message, at + 1)
      return {
        id,
        kind: "file" as const,
        description: info?.title ?? null,
        toolUseId: this.#calls.get(message)?.[at] ?? null
      }
    })
  }
}
