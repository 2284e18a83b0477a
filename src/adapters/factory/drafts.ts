import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachmentOf, isAttachment, resultContent, spansOf } from "./content.ts"
import { silentTypes, timeOf } from "./format.ts"

type MutableDraft = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

/** Drafts of one record: neighbouring texts and attachments of one speaker are one message. */
class DraftList {
  readonly drafts: Array<MutableDraft> = []
  readonly #time: number | null
  #open: MutableDraft | null = null

  constructor(time: number | null) {
    this.#time = time
  }

  say(role: Role, text: string): void {
    if (text.trim() === "") return
    const open = this.#run(role)
    open.text = open.text === "" ? text : `${open.text}\n${text}`
  }

  attach(role: Role, block: Block): void {
    this.#run(role).blocks.push(block)
  }

  thinking(text: string): void {
    this.#push("assistant", "", [{ type: "thinking", text }]).thinkingOnly = true
  }

  toolUse(block: Json): void {
    const name = asText(block["name"]) ?? "unknown"
    const input = block["input"]
    this.#push("tool_use", toolUseText(name, input), [{ type: "tool_use", id: asText(block["id"]), name, input }])
  }

  toolResult(toolUseId: string | null, isError: boolean, content: unknown): void {
    const { blocks, text } = resultContent(content)
    this.#push("tool_result", text, [{ type: "tool_result", toolUseId, isError }, ...blocks])
  }

  #run(role: Role): MutableDraft {
    if (this.#open?.role === role) return this.#open
    const open = this.#push(role, "", [])
    this.#open = open
    return open
  }

  #push(role: Role, text: string, blocks: Array<Block>): MutableDraft {
    const draft: MutableDraft = { role, time: this.#time, text, blocks }
    this.drafts.push(draft)
    this.#open = null
    return draft
  }
}

/** Whose the texts of a message are. The tool also speaks as `user` and, in notices, as `assistant`. */
const speakerOf = (message: Json): Role | null => {
  const isNotice = message["visibility"] === "user_only"
  switch (message["role"]) {
    case "assistant":
      return isNotice ? "system" : "assistant"
    case "system":
      return "system"
    case "tool":
      return "tool_result"
    case "user": {
      const isHidden =
        message["visibility"] === "llm_only" ||
        message["hiddenFromUserViews"] === true ||
        message["isUserVisible"] === false
      return isNotice || isHidden ? "system" : "user"
    }
  }
  return null
}

const thinkingTypes: ReadonlySet<unknown> = new Set(["reasoning", "redacted_thinking", "thinking", "thought"])

const typeName = (value: unknown): string => (asString(value) ?? "without type").slice(0, 60)

const hasThinking = (content: unknown): boolean =>
  asArray(content).some((item) => {
    const block = asObject(item)
    return thinkingTypes.has(block?.["type"]) && asText(block?.["thinking"] ?? block?.["text"]) !== null
  })

/** Reasoning that other providers' answers carry beside their content, where it is not repeated in it. */
const asideOf = (message: Json): string | null =>
  hasThinking(message["content"])
    ? null
    : (asText(message["chatCompletionReasoningContent"]) ?? asText(message["openaiReasoningSummary"]))

const errorIn = (block: Json): boolean => block["is_error"] === true || block["isError"] === true

const callIn = (block: Json): string | null => asText(block["tool_use_id"]) ?? asText(block["toolUseId"])

/** What a hook was, what it ran and what came out of it: it has no content of its own. */
const hookText = (message: Json): string => {
  const lines = [asText(message["hookEventName"]), asText(message["hookMatcher"])]
  for (const command of asArray(message["hookCommands"])) lines.push(asText(asObject(command)?.["command"]))
  for (const result of asArray(message["hookResults"])) {
    const { stderr, stdout } = asObject(result) ?? {}
    lines.push(asText(stdout), asText(stderr))
  }
  return lines.filter((line) => line !== null).join("\n")
}

const blockDrafts = (list: DraftList, speaker: Role, item: unknown, skipped: SkipCounter | null): void => {
  const block = asObject(item)
  const type = block?.["type"]
  if (block === null) {
    if (typeof item === "string") sayAs(list, speaker, item)
    else skipped?.add("content block that is no object")
  } else if (type === "text") {
    if (typeof block["text"] === "string") sayAs(list, speaker, block["text"])
    else skipped?.add("text block without text")
  } else if (thinkingTypes.has(type)) list.thinking(asString(block["thinking"]) ?? asString(block["text"]) ?? "")
  else if (type === "tool_use") list.toolUse(block)
  else if (type === "tool_result") list.toolResult(callIn(block), errorIn(block), block["content"])
  else if (isAttachment(type)) list.attach(speaker === "tool_result" ? "user" : speaker, attachmentOf(type, block))
  else skipped?.add(`unknown block type ${typeName(type)}`)
}

const sayAs = (list: DraftList, speaker: Role, text: string): void => {
  if (speaker === "tool_result") list.toolResult(null, false, text)
  else if (speaker !== "user") list.say(speaker, text)
  else for (const span of spansOf(text)) list.say(span.injected ? "system" : "user", span.text)
}

const messageDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const message = asObject(record["message"])
  const speaker = message === null ? null : speakerOf(message)
  if (message === null || speaker === null) {
    skipped?.add(message === null ? "message without a body" : "message of an unknown role")
    return []
  }
  const list = new DraftList(timeOf(record["timestamp"]))
  const isHook = asText(message["hookEventName"]) !== null
  if (isHook) list.say("system", hookText(message))
  const aside = asideOf(message)
  if (aside !== null) list.thinking(aside)
  const { content } = message
  if (typeof content === "string") sayAs(list, isHook ? "system" : speaker, content)
  else if (Array.isArray(content)) {
    for (const item of content) blockDrafts(list, isHook ? "system" : speaker, item, skipped)
  } else if (!isHook) skipped?.add("message without content")
  return list.drafts
}

/** A compaction; versions of 2025 kept the text as `summary.body`. */
const summaryDrafts = (record: Json): ReadonlyArray<Draft> => {
  const { summary } = record
  const text =
    asText(record["summaryText"]) ??
    asText(asObject(summary)?.["body"]) ??
    asText(summary) ??
    asText(record["summaryKind"]) ??
    "compaction_state"
  return [{ role: "system", time: timeOf(record["timestamp"]), text, blocks: [] }]
}

/** Results of tools as records of their own, which versions of 2025 wrote. */
const resultDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const content = record["content"] ?? record["result"] ?? record["output"]
  if (callIn(record) === null || content === undefined || content === null) {
    skipped?.add("tool_result without a call or content")
    return []
  }
  const list = new DraftList(timeOf(record["timestamp"]))
  list.toolResult(callIn(record), errorIn(record), content)
  return list.drafts
}

/**
 * The messages of one record: one draft per run of texts, thought, tool call and tool result. Pure: the same record
 * always gives the same drafts. Counts what it cannot use.
 */
export const recordDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const type = record["type"]
  try {
    switch (type) {
      case "message":
        return messageDrafts(record, skipped)
      case "compaction_state":
        return summaryDrafts(record)
      case "tool_result":
        return resultDrafts(record, skipped)
    }
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("record nested too deeply")
    return []
  }
  if (typeof type !== "string") skipped?.add("record without type")
  else if (!silentTypes.has(type)) skipped?.add(`unknown record type ${type.slice(0, 60)}`)
  return []
}
