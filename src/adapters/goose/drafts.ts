import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachmentOf, callOf, isFor, resultOf } from "./content.ts"
import type { StoredMessage } from "./format.ts"

type Mutable = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

/** Questions of the tool and their answers, and what it dropped itself when it read old sessions. */
const silent: ReadonlySet<string> = new Set(["actionRequired", "conversationCompacted", "toolConfirmationRequest"])

/** Notices that are only shown while something goes on. */
const passing: ReadonlySet<unknown> = new Set(["progressMessage", "thinkingMessage"])

export const isHidden = ({ metadata }: StoredMessage): boolean => metadata?.["userVisible"] === false

/** Neither the user nor the model sees it: a prompt of which a compaction has put a copy behind its summary. */
const isInvisible = ({ metadata }: StoredMessage): boolean =>
  metadata?.["userVisible"] === false && metadata["agentVisible"] === false

const typeName = (value: unknown): string => (asString(value) ?? "without a type").slice(0, 60)

/** Drafts of one message, in the order of its items. */
class Items {
  readonly drafts: Array<Mutable> = []
  readonly #files: Array<Json> = []
  readonly #role: Role
  readonly #hidden: boolean
  readonly #time: number | null
  readonly #skips: SkipCounter | null

  constructor(role: "user" | "assistant", hidden: boolean, time: number | null, skips: SkipCounter | null) {
    this.#hidden = hidden
    this.#role = hidden ? "system" : role
    this.#time = time
    this.#skips = skips
  }

  take(item: Json): void {
    const type = item["type"]
    if (type === "text") this.#text(isFor(item, "user") ? this.#role : "system", asString(item["text"]), "text item")
    else if (type === "image" || type === "document") this.#files.push(item)
    else if (type === "systemNotification") {
      if (!passing.has(item["notificationType"])) this.#text("system", asString(item["msg"]), "notification")
    } else if (type === "error") this.#text("system", asString(item["message"]), "error")
    else if (type === "contextLengthExceeded" || type === "summarizationRequested") {
      this.#text("system", asString(item["msg"]), "notification")
    } else if (typeof type === "string" && silent.has(type)) return
    else if (this.#hidden && knownTypes.has(type)) this.#skips?.add("content hidden from the user")
    else if (type === "thinking") this.#thinking(asString(item["thinking"]))
    else if (type === "reasoning") this.#thinking(asString(item["text"]))
    else if (type === "redactedThinking") this.#thinking("[redacted]")
    else if (type === "toolRequest" || type === "frontendToolRequest") this.#call(item)
    else if (type === "toolResponse") this.#result(item)
    else this.#skips?.add(`unknown content type ${typeName(type)}`)
  }

  /** Hangs images and documents onto what was said with them; where nothing was, they are a message of their own. */
  finish(): ReadonlyArray<Draft> {
    if (this.#files.length > 0) {
      const blocks = this.#files.map(attachmentOf)
      const said = this.drafts.findLast(({ role, thinkingOnly }) => role === this.#role && thinkingOnly !== true)
      const names = this.#files.map((file) => asText(file["name"])).filter((name) => name !== null)
      if (said === undefined) this.#push(this.#role, names.join("\n"), blocks)
      else said.blocks.push(...blocks)
    }
    return this.drafts
  }

  #push(role: Role, text: string, blocks: Array<Block>): void {
    this.drafts.push({ role, time: this.#time, text, blocks })
  }

  #text(role: Role, text: string | null, what: string): void {
    if (text === null) this.#skips?.add(`${what} without text`)
    else if (text !== "") this.#push(role, text, [])
  }

  #thinking(text: string | null): void {
    if (text === null) this.#skips?.add("thinking without text")
    else if (text !== "") {
      const blocks: Array<Block> = [{ type: "thinking", text }]
      this.drafts.push({ role: "assistant", time: this.#time, text: "", blocks, thinkingOnly: true })
    }
  }

  #call(item: Json): void {
    const id = asText(item["id"])
    const call = callOf(item["toolCall"])
    if (call.name === null) {
      // The model's call was no call that could be read: all that is known of it is the complaint.
      this.#push("tool_use", call.error, [{ type: "tool_use", id, name: "unknown", input: {} }])
    } else {
      const { input, name } = call
      this.#push("tool_use", toolUseText(name, input), [{ type: "tool_use", id, name, input }])
    }
  }

  #result(item: Json): void {
    const { attachments, isError, text } = resultOf(item["toolResult"])
    this.#push("tool_result", text, [{ type: "tool_result", toolUseId: asText(item["id"]), isError }, ...attachments])
  }
}

const knownTypes: ReadonlySet<unknown> = new Set([
  "frontendToolRequest",
  "reasoning",
  "redactedThinking",
  "thinking",
  "toolRequest",
  "toolResponse"
])

/**
 * What a message says. Texts for the model alone (`userVisible: false`: the summary of a compaction, the context of a
 * turn) are the system's; what a compaction took out of the model's sight is still what the user sees.
 */
export const draftsOf = (message: StoredMessage, skips: SkipCounter | null): ReadonlyArray<Draft> => {
  const { content, role, time } = message
  if (role !== "user" && role !== "assistant") {
    skips?.add(`unknown role ${typeName(role)}`)
    return []
  }
  if (isInvisible(message)) {
    skips?.add("message that neither user nor model sees")
    return []
  }
  const items = new Items(role, isHidden(message), time, skips)
  const list = typeof content === "string" ? [{ type: "text", text: content }] : content
  if (!Array.isArray(list)) {
    skips?.add("message whose content is no JSON list")
    return []
  }
  for (const value of list) {
    const item = asObject(value)
    if (item === null) skips?.add("content item that is no object")
    else items.take(item)
  }
  return items.finish()
}
