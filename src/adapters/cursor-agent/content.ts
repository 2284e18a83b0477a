import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"

const opening = "<user_query>"
const closing = "</user_query>"

/** Tags that the tool puts around what it adds to a prompt. */
const tags = [
  "agent_notification",
  "agent_skills",
  "agent_transcripts",
  "always_applied_workspace_rules",
  "attached_files",
  "cursor_rules_context",
  "git_status",
  "mcp_file_system",
  "mcp_instructions",
  "open_and_recently_viewed_files",
  "project_layout",
  "rules",
  "system-reminder",
  "system_notification",
  "system_reminder",
  "task_notification",
  "timestamp",
  "user_info"
]

const openingTag = new RegExp(`<(${tags.join("|")})(?:\\s[^<>]*)?>`, "g")

/** A draft whose blocks are still gathered. */
type Open = Draft & { readonly blocks: Array<Block> }

export const draft = (role: Role, text: string, time: number | null = null, blocks: Array<Block> = []): Open => ({
  role,
  time,
  text,
  blocks
})

/** Text that was typed between texts in tags of the tool; a tag that is never closed is text. */
const taggedDrafts = (text: string, time: number | null): ReadonlyArray<Draft> => {
  const drafts: Array<Draft> = []
  const unclosed = new Set<string>()
  let from = 0
  const add = (to: number, role: Role): void => {
    const part = text.slice(from, to).trim()
    if (part !== "") drafts.push(draft(role, part, time))
    from = to
  }
  for (const match of text.matchAll(openingTag)) {
    const tag = match[1]!
    if (match.index < from || unclosed.has(tag)) continue
    const close = text.indexOf(`</${tag}>`, match.index)
    if (close < 0) {
      unclosed.add(tag)
      continue
    }
    add(match.index, "user")
    add(close + tag.length + 3, "system")
  }
  if (from === 0) return text.trim() === "" ? [] : [draft("user", text, time)]
  add(text.length, "user")
  return drafts
}

/**
 * The drafts of a text of the role `user`. The prompt is what `<user_query>` encloses, as it was typed but for the line
 * ends at the tags; everything around it was put there by the tool.
 */
export const promptDrafts = (text: string, time: number | null = null): ReadonlyArray<Draft> => {
  const from = text.indexOf(opening)
  const to = text.lastIndexOf(closing)
  if (from < 0 || to < from) return taggedDrafts(text, time)
  const drafts = [
    draft("system", text.slice(0, from).trim(), time),
    draft("user", text.slice(from + opening.length, to).replace(/^\r?\n|\r?\n$/g, ""), time),
    draft("system", text.slice(to + closing.length).trim(), time)
  ]
  return drafts.filter((made) => made.text.trim() !== "")
}

export const thinking = (text: string, time: number | null = null): ReadonlyArray<Draft> =>
  text.trim() === ""
    ? []
    : [{ role: "assistant", time, text: "", blocks: [{ type: "thinking", text }], thinkingOnly: true }]

export const toolUse = (id: string | null, name: string, input: unknown, time: number | null = null): Draft =>
  draft("tool_use", toolUseText(name, input), time, [{ type: "tool_use", id, name, input }])

export const toolResult = (
  toolUseId: string | null,
  text: string,
  isError: boolean,
  time: number | null = null
): Open => draft("tool_result", text, time, [{ type: "tool_result", toolUseId, isError }])

/** An image or file: its bytes are base64 text, or lie elsewhere. */
const attachmentOf = (block: Json): Block => {
  const data = asString(block["image"]) ?? asString(block["data"])
  const inline = data !== null && !/^[a-z]+:\/\//i.test(data)
  return {
    type: "attachment",
    kind: asText(block["type"]) ?? "file",
    mediaType: asText(block["mediaType"]) ?? asText(block["mimeType"]),
    bytes: inline ? Math.floor((data.replace(/=+$/, "").length * 3) / 4) : null
  }
}

const isAttachment = (type: unknown): boolean => type === "image" || type === "file"

/** The text of a result: as it is, the texts of its content, or the JSON of an object. */
const resultText = (result: unknown, content: unknown): string => {
  if (typeof result === "string") return result
  const texts = asArray(content)
    .map((item) => asString(asObject(item)?.["text"]))
    .filter((text) => text !== null)
  if (texts.length > 0) return texts.join("\n")
  return result === undefined || result === null ? "" : JSON.stringify(result)
}

const resultDraft = (block: Json): Draft => {
  const { content, experimental_content: items, output, result } = block
  const id = asText(block["toolCallId"]) ?? asText(block["tool_use_id"])
  const said = result ?? output ?? (typeof content === "string" ? content : undefined)
  const isError =
    block["isError"] === true || block["is_error"] === true || asText(asObject(result)?.["error"]) !== null
  const made = toolResult(id, resultText(said, items ?? content), isError)
  for (const item of [...asArray(items), ...asArray(content)]) {
    const object = asObject(item)
    if (object !== null && isAttachment(object["type"])) made.blocks.push(attachmentOf(object))
  }
  return made
}

const nameOf = (value: unknown): string => (asString(value) ?? "without a type").slice(0, 60)

const roleOf = (role: unknown): "user" | "assistant" | "system" | "tool" | null =>
  role === "user" || role === "assistant" || role === "system" || role === "tool" ? role : null

/** Blocks that say nothing that can be read. */
const silent = new Set<unknown>(["redacted-reasoning", "redacted", "redacted_thinking", "step-start"])

const textDrafts = (role: "user" | "assistant" | "system" | "tool", text: string): ReadonlyArray<Draft> => {
  if (text.trim() === "") return []
  if (role === "user") return promptDrafts(text)
  return [role === "tool" ? toolResult(null, text, false) : draft(role, text)]
}

/**
 * The drafts of a message in the store (`text`, `reasoning`, `tool-call`, `tool-result`) or in a transcript (`text`,
 * `tool_use`, and what other builds wrote). Facts: the writers in `@cursor/sdk` 1.0.32.
 */
export const messageDrafts = (given: unknown, content: unknown, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const role = roleOf(given)
  if (role === null) {
    skipped?.add(`unknown role ${nameOf(given)}`)
    return []
  }
  if (typeof content === "string") return textDrafts(role, content)
  if (!Array.isArray(content)) {
    skipped?.add("message without content")
    return []
  }
  const drafts: Array<Draft> = []
  const attached: Array<Block> = []
  for (const item of content) {
    const block = asObject(item)
    const type = block?.["type"]
    const text = asString(block?.["text"])
    if (typeof item === "string") drafts.push(...textDrafts(role, item))
    else if (block === null) skipped?.add("content that is no object")
    else if (type === "text" && text !== null) drafts.push(...textDrafts(role, text))
    else if (type === "reasoning" || type === "thinking") {
      drafts.push(...thinking(text ?? asString(block["thinking"]) ?? ""))
    } else if (type === "tool-call" || type === "tool_use" || type === "tool_call") {
      const id = asText(block["toolCallId"]) ?? asText(block["id"])
      const name = asText(block["toolName"]) ?? asText(block["name"]) ?? "unknown"
      drafts.push(toolUse(id, name, block["args"] ?? block["input"] ?? null))
    } else if (type === "tool-result" || type === "tool_result" || type === "command_output") {
      drafts.push(type === "command_output" && text !== null ? toolResult(null, text, false) : resultDraft(block))
    } else if (isAttachment(type)) attached.push(attachmentOf(block))
    else if (!silent.has(type)) skipped?.add(`unknown block type ${nameOf(type)}`)
  }
  return attached.length === 0 ? drafts : withAttachments(drafts, role, attached)
}

/** Hangs attachments onto the last text of their role; where there is none, they are a message of their own. */
const withAttachments = (
  drafts: ReadonlyArray<Draft>,
  said: "user" | "assistant" | "system" | "tool",
  attached: ReadonlyArray<Block>
): ReadonlyArray<Draft> => {
  const role = said === "tool" ? "tool_result" : said
  const at = drafts.findLastIndex((made) => made.role === role && made.thinkingOnly !== true)
  if (at < 0) return [...drafts, { role, time: null, text: "", blocks: attached }]
  return drafts.map((made, index) => (index === at ? { ...made, blocks: [...made.blocks, ...attached] } : made))
}

/** The drafts of a message of the store; a summary takes the place of messages, and nobody typed it. */
export const storedDrafts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const drafts = messageDrafts(message["role"], message["content"], skipped)
  const isSummary = asObject(asObject(message["providerOptions"])?.["cursor"])?.["isSummary"] === true
  return isSummary ? drafts.map((made) => (made.role === "user" ? { ...made, role: "system" as const } : made)) : drafts
}

/** The drafts of a line of a transcript. */
export const lineDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const { type } = record
  if (record["role"] !== undefined) {
    const message = asObject(record["message"])
    return messageDrafts(record["role"], message === null ? record["content"] : message["content"], skipped)
  }
  if (type === "turn_ended") {
    const error = asText(record["error"]) ?? asText(asObject(record["error"])?.["message"])
    return error === null ? [] : [draft("system", error)]
  }
  if (type !== "metadata") skipped?.add(`unknown record type ${nameOf(type)}`)
  return []
}
