import { toolUseText, type Block, type Draft, type Role } from "../../domain/message.ts"
import { asArray, asObject, asString, asTime, type Json, type SkipCounter } from "../support/json.ts"
import { isInjected } from "./format.ts"

type MutableDraft = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

/** Decoded size of base64 text of this length. */
const decodedBytes = (data: string): number =>
  Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0)

const attachmentBlock = (kind: string, block: Json): Block => {
  const source = asObject(block["source"]) ?? asObject(block["file"])
  const data = asString(source?.["data"]) ?? asString(source?.["base64"])
  return {
    type: "attachment",
    kind,
    mediaType: asString(source?.["media_type"]),
    bytes: data === null ? null : asString(source?.["type"]) === "text" ? data.length : decodedBytes(data)
  }
}

const isAttachment = (type: unknown): type is string => type === "image" || type === "document" || type === "audio"

const typeName = (value: unknown): string => (asString(value) ?? "without type").slice(0, 60)

/** Text parts of a tool result, joined, and what is attached to it. */
const resultContent = (content: unknown): { text: string; blocks: ReadonlyArray<Block> } => {
  if (typeof content === "string") return { text: content, blocks: [] }
  const texts: Array<string> = []
  const blocks: Array<Block> = []
  for (const item of Array.isArray(content) ? content : [content]) {
    const part = asObject(item)
    if (part === null) {
      if (typeof item === "string") texts.push(item)
      continue
    }
    const type = part["type"]
    if (isAttachment(type)) blocks.push(attachmentBlock(type, part))
    else if (typeof part["text"] === "string") texts.push(part["text"])
    else if (typeof part["url"] === "string")
      texts.push([asString(part["title"]), part["url"]].filter(Boolean).join(" "))
    else if (typeof part["tool_name"] === "string") texts.push(part["tool_name"])
    else if (typeof part["error_code"] === "string") texts.push(part["error_code"])
  }
  return { text: texts.join("\n"), blocks }
}

/** Drafts of one record: adjacent attachments ride on the text beside them. */
class DraftList {
  readonly drafts: Array<MutableDraft> = []
  readonly #time: number | null
  #waiting: Array<Block> = []
  #lastText: MutableDraft | null = null

  constructor(time: number | null) {
    this.#time = time
  }

  text(role: Role, text: string): void {
    if (text === "" && this.#waiting.length === 0) return
    this.#lastText = this.#push({ role, time: this.#time, text, blocks: this.#waiting })
    this.#waiting = []
  }

  attach(block: Block): void {
    if (this.#lastText === null) this.#waiting.push(block)
    else this.#lastText.blocks.push(block)
  }

  thinking(text: string): void {
    this.#push({
      role: "assistant",
      time: this.#time,
      text: "",
      blocks: [{ type: "thinking", text }],
      thinkingOnly: true
    })
  }

  toolUse(block: Json): void {
    const name = asString(block["name"]) ?? "unknown"
    const input = block["input"]
    this.#push({
      role: "tool_use",
      time: this.#time,
      text: toolUseText(name, input),
      blocks: [{ type: "tool_use", id: asString(block["id"]), name, input }]
    })
  }

  toolResult(block: Json, persisted: string | null): void {
    const { blocks, text } = resultContent(block["content"])
    const draft = this.#push({
      role: "tool_result",
      time: this.#time,
      text,
      blocks: [
        { type: "tool_result", toolUseId: asString(block["tool_use_id"]), isError: block["is_error"] === true },
        ...blocks
      ]
    })
    if (persisted !== null && text.trimStart().startsWith("<persisted-output>")) draft.external = persisted
  }

  finish(role: Role): ReadonlyArray<Draft> {
    if (this.#waiting.length > 0) this.text(role, "")
    return this.drafts
  }

  #push(draft: MutableDraft): MutableDraft {
    this.drafts.push(draft)
    return draft
  }
}

const userDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const content = asObject(record["message"])?.["content"]
  const list = new DraftList(asTime(record["timestamp"]))
  const originKind = asObject(record["origin"])?.["kind"]
  const isInjectedLine =
    record["isMeta"] === true ||
    record["isCompactSummary"] === true ||
    (typeof originKind === "string" && originKind !== "human")
  const say = (text: string) => list.text(isInjectedLine || isInjected(text) ? "system" : "user", text)
  const lineRole = isInjectedLine ? "system" : "user"
  if (typeof content === "string") {
    say(content)
    return list.finish(lineRole)
  }
  if (!Array.isArray(content)) {
    skipped?.add("user record without content")
    return []
  }
  const persisted = asString(asObject(record["toolUseResult"])?.["persistedOutputPath"])
  for (const item of content) {
    const block = asObject(item)
    const type = block?.["type"]
    if (block === null) {
      if (typeof item === "string") say(item)
      else skipped?.add("content block that is no object")
    } else if (type === "text" && typeof block["text"] === "string") say(block["text"])
    else if (type === "tool_result") list.toolResult(block, persisted)
    else if (isAttachment(type)) list.attach(attachmentBlock(type, block))
    else skipped?.add(type === "text" ? "text block without text" : `unknown block type ${typeName(type)}`)
  }
  return list.finish(lineRole)
}

const assistantDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const content = asObject(record["message"])?.["content"]
  const list = new DraftList(asTime(record["timestamp"]))
  const role = record["isApiErrorMessage"] === true ? "system" : "assistant"
  if (typeof content === "string") {
    list.text(role, content)
    return list.drafts
  }
  if (!Array.isArray(content)) {
    skipped?.add("assistant record without content")
    return []
  }
  for (const item of content) {
    const block = asObject(item)
    const type = asString(block?.["type"])
    if (block === null || type === null) {
      skipped?.add(block === null ? "content block that is no object" : "unknown block type without type")
    } else if (type === "text") {
      if (typeof block["text"] === "string") list.text(role, block["text"])
      else skipped?.add("text block without text")
    } else if (type === "thinking" || type === "redacted_thinking") list.thinking(asString(block["thinking"]) ?? "")
    else if (type === "tool_use" || type === "server_tool_use" || type === "mcp_tool_use") list.toolUse(block)
    else if (type === "tool_result" || type.endsWith("_tool_result")) list.toolResult(block, null)
    else if (isAttachment(type)) list.attach(attachmentBlock(type, block))
    else skipped?.add(`unknown block type ${typeName(type)}`)
  }
  return list.finish(role)
}

/** A prompt that was typed while the agent was busy is kept as an attachment. */
const queuedDrafts = (record: Json, attachment: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const mode = attachment["commandMode"]
  const isMeta = record["isMeta"] === true || attachment["isMeta"] === true
  const origin =
    asObject(attachment["origin"]) ?? (mode === "task-notification" ? { kind: mode } : asObject(record["origin"]))
  return userDrafts(
    { timestamp: record["timestamp"], isMeta, origin, message: { content: attachment["prompt"] } },
    skipped
  )
}

/**
 * The messages of one chain record, `user`, `assistant`, `system`, `attachment` or `progress`: one draft per text,
 * tool call and tool result. Pure: the same record always gives the same drafts. Counts what it cannot use.
 */
export const recordDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  try {
    switch (record["type"]) {
      case "user":
        return userDrafts(record, skipped)
      case "assistant":
        return assistantDrafts(record, skipped)
      case "system": {
        if (record["subtype"] !== "compact_boundary") return []
        const text = asString(record["content"]) || "Conversation compacted"
        return [{ role: "system", time: asTime(record["timestamp"]), text, blocks: [] }]
      }
      case "attachment": {
        const attachment = asObject(record["attachment"])
        return attachment?.["type"] === "queued_command" ? queuedDrafts(record, attachment, skipped) : []
      }
    }
    return []
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("record nested too deeply")
    return []
  }
}

/** The blocks of a record's message, for those who look for calls and results in them. */
export const blocksOf = (record: Json): ReadonlyArray<unknown> => asArray(asObject(record["message"])?.["content"])
