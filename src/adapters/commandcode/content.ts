import { toolUseText, type Block, type Draft, type Role } from "../../domain/message.ts"
import { asArray, asObject, asString, type Json } from "../support/json.ts"

type MutableDraft = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

const attachmentTypes: ReadonlySet<unknown> = new Set(["audio", "document", "file", "image", "media"])

export const isAttachment = (type: unknown): boolean => attachmentTypes.has(type)

/** Decoded size of the base64 text from `from` on. */
const decodedBytes = (data: string, from: number): number =>
  Math.max(0, Math.floor(((data.length - from) * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0))

/**
 * Format 3 and 1: `{source: {type: "base64", media_type, data}}`; format 2: `{image: "data:…;base64,…", mimeType}`, in
 * results `{data, mediaType}`. Where there is only an address, the size is not known.
 */
export const attachmentBlock = (type: unknown, block: Json): Block => {
  const source = asObject(block["source"])
  const inline = asString(block["image"]) ?? asString(block["data"])
  const header = inline?.startsWith("data:") === true ? inline.slice(0, inline.indexOf(",") + 1) : ""
  const isAddress = inline !== null && header === "" && /^[a-z][a-z0-9+.-]*:\/\//i.test(inline)
  const data = source?.["type"] === "url" ? null : asString(source?.["data"])
  return {
    type: "attachment",
    kind: typeof type === "string" ? type : "file",
    mediaType:
      asString(source?.["media_type"]) ??
      asString(block["mimeType"]) ??
      asString(block["mediaType"]) ??
      /^data:([^;,]+)/.exec(header)?.[1] ??
      null,
    bytes:
      data !== null ? decodedBytes(data, 0) : inline === null || isAddress ? null : decodedBytes(inline, header.length)
  }
}

interface ResultContent {
  readonly text: string
  readonly isError: boolean
  readonly blocks: ReadonlyArray<Block>
}

const partsContent = (parts: ReadonlyArray<unknown>, isError: boolean): ResultContent => {
  const texts: Array<string> = []
  const blocks: Array<Block> = []
  for (const item of parts) {
    const part = asObject(item)
    if (part === null) {
      if (typeof item === "string") texts.push(item)
    } else if (typeof part["text"] === "string") texts.push(part["text"])
    else if (isAttachment(part["type"])) blocks.push(attachmentBlock(part["type"], part))
    else if (typeof part["url"] === "string") {
      texts.push([asString(part["title"]), part["url"]].filter((text) => text !== null).join(" "))
    } else if (typeof part["error_code"] === "string") texts.push(part["error_code"])
  }
  return { text: texts.join("\n"), isError, blocks }
}

/** What a call gave: blocks in formats 3 and 1, `output: {type, value}` in format 2, a plain value before that. */
const resultContent = (block: Json): ResultContent => {
  const isError = block["is_error"] === true || block["isError"] === true
  if (block["content"] !== undefined) {
    const content = block["content"]
    if (typeof content === "string") return { text: content, isError, blocks: [] }
    return partsContent(Array.isArray(content) ? content : [content], isError)
  }
  const output = block["output"] ?? block["result"]
  const typed = asObject(output)
  const type = typed?.["type"]
  const value = typed !== null && "value" in typed ? typed["value"] : output
  const failed = isError || type === "error-text" || type === "error-json"
  if (typeof value === "string") return { text: value, isError: failed, blocks: [] }
  if (Array.isArray(value) && type === "content") return partsContent(value, failed)
  return { text: value === undefined || value === null ? "" : JSON.stringify(value), isError: failed, blocks: [] }
}

/** Drafts of one line: attachments ride on the text beside them. */
export class DraftList {
  readonly #drafts: Array<MutableDraft> = []
  readonly #time: number | null
  #waiting: Array<Block> = []
  #lastText: MutableDraft | null = null

  constructor(time: number | null) {
    this.#time = time
  }

  text(role: Role, text: string): void {
    if (text === "" && this.#waiting.length === 0) return
    this.#lastText = this.#push(role, text, this.#waiting)
    this.#waiting = []
  }

  /** Context that the tool put beside what was said. */
  context(text: string | null): void {
    if (text !== null && text !== "") this.#push("system", text, [])
  }

  attach(block: Block): void {
    if (this.#lastText === null) this.#waiting.push(block)
    else this.#lastText.blocks.push(block)
  }

  thinking(text: string): void {
    this.#push("assistant", "", [{ type: "thinking", text }]).thinkingOnly = true
  }

  toolUse(block: Json): void {
    const name = asString(block["name"]) ?? asString(block["toolName"]) ?? "unknown"
    const input = block["input"] ?? block["args"]
    const id = asString(block["id"]) ?? asString(block["toolCallId"])
    this.#push("tool_use", toolUseText(name, input), [{ type: "tool_use", id, name, input }])
  }

  /** Gives back the id of the call. */
  toolResult(block: Json): string | null {
    const { blocks, isError, text } = resultContent(block)
    const toolUseId = asString(block["tool_use_id"]) ?? asString(block["toolCallId"])
    this.#push("tool_result", text, [{ type: "tool_result", toolUseId, isError }, ...blocks])
    return toolUseId
  }

  /** Attachments without a text make a message of their own. */
  finish(role: Role): ReadonlyArray<Draft> {
    if (this.#waiting.length > 0) this.text(role, "")
    return this.#drafts
  }

  #push(role: Role, text: string, blocks: Array<Block>): MutableDraft {
    const draft: MutableDraft = { role, time: this.#time, text, blocks }
    this.#drafts.push(draft)
    return draft
  }
}

/** Content as a list of blocks; 0.52 still reads prompts that are `{input}`. */
export const blocksOf = (content: unknown): ReadonlyArray<unknown> | null => {
  if (typeof content === "string") return [content]
  if (Array.isArray(content)) return asArray(content)
  const input = asObject(content)?.["input"]
  return typeof input === "string" ? [input] : null
}
