import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json } from "../support/json.ts"
import { textOf } from "./format.ts"

type MutableDraft = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

/** Decoded size of bytes that are stored as base64 or as a list of numbers; null where neither is there. */
const sizeOf = (value: unknown): number | null => {
  if (Array.isArray(value)) return value.length
  const data = asText(value)
  if (data === null) return null
  const from = data.startsWith("data:") ? data.indexOf(",") + 1 : 0
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0
  return Math.max(0, Math.floor(((data.length - from) * 3) / 4) - padding)
}

/** An image or document, in any of the shapes of the stores; its bytes are only measured. */
export const attachmentOf = (kind: string, value: unknown): Block => {
  const item = asObject(value)
  const source = asObject(item?.["source"])
  const format = asText(item?.["mediaType"]) ?? asText(item?.["mimeType"]) ?? asText(item?.["format"])
  const data = source?.["data"] ?? source?.["bytes"] ?? source?.["Bytes"] ?? item?.["data"] ?? item?.["bytes"] ?? value
  return {
    type: "attachment",
    kind,
    mediaType:
      format === null || format.includes("/") ? format : `${kind === "image" ? "image" : "application"}/${format}`,
    bytes: sizeOf(data)
  }
}

/** Text of a result: a string, or parts of text and JSON in the spellings of the stores, a line apart. */
export const resultText = (content: unknown): string => {
  if (!Array.isArray(content)) return textOf(content)
  return content
    .map((value) => {
      const part = asObject(value)
      if (part === null) return textOf(value)
      if ("Text" in part) return textOf(part["Text"])
      if ("Json" in part) return textOf(part["Json"])
      if (part["kind"] === "text" || part["kind"] === "json") return textOf(part["data"])
      return asString(part["text"]) ?? textOf(part)
    })
    .filter((text) => text !== "")
    .join("\n")
}

/** Drafts of one record: neighbouring texts and attachments of one speaker are one message. */
export class DraftList {
  readonly drafts: Array<MutableDraft> = []
  #open: MutableDraft | null = null

  say(role: Role, time: number | null, text: string): void {
    if (text.trim() === "") return
    const open = this.#run(role, time)
    open.text = open.text === "" ? text : `${open.text}\n${text}`
  }

  attach(role: Role, time: number | null, block: Block): void {
    this.#run(role, time).blocks.push(block)
  }

  thinking(time: number | null, text: string): void {
    if (text !== "") this.#push("assistant", time, "", [{ type: "thinking", text }]).thinkingOnly = true
  }

  toolUse(time: number | null, id: string | null, name: string, input: unknown): void {
    this.#push("tool_use", time, toolUseText(name, input), [{ type: "tool_use", id, name, input: input ?? null }])
  }

  toolResult(time: number | null, toolUseId: string | null, isError: boolean, text: string): void {
    this.#push("tool_result", time, text, [{ type: "tool_result", toolUseId, isError }])
  }

  /** What follows is a message of its own. */
  close(): void {
    this.#open = null
  }

  #run(role: Role, time: number | null): MutableDraft {
    if (this.#open?.role === role) return this.#open
    const open = this.#push(role, time, "", [])
    this.#open = open
    return open
  }

  #push(role: Role, time: number | null, text: string, blocks: Array<Block>): MutableDraft {
    const draft: MutableDraft = { role, time, text, blocks }
    this.drafts.push(draft)
    this.#open = null
    return draft
  }
}

/** Attachments of a list such as `images`. */
export const attachAll = (list: DraftList, time: number | null, kind: string, values: unknown): void => {
  for (const value of asArray(values)) list.attach("user", time, attachmentOf(kind, value))
}

/** The first of these fields that is there. */
export const firstOf = (record: Json, ...keys: ReadonlyArray<string>): unknown => {
  for (const key of keys) if (record[key] !== undefined && record[key] !== null) return record[key]
  return undefined
}
