import type { Block } from "../../domain/message.ts"
import { asObject, asString, type Json } from "../support/json.ts"

/** A part of a text that was typed, or that the tool put around it. */
export interface Span {
  readonly injected: boolean
  readonly text: string
}

const opening = /<(system-reminder|system-notification|remote-delegation-instructions)>/g

/**
 * The parts of a text of the role `user`. The tool wraps what it adds in tags and takes such spans out of what it shows;
 * a tag that is never closed is text. Texts that it takes from elsewhere have their tags escaped by the tool.
 */
export const spansOf = (text: string): ReadonlyArray<Span> => {
  const spans: Array<Span> = []
  const unclosed = new Set<string>()
  let from = 0
  const add = (to: number, injected: boolean): void => {
    const part = text.slice(from, to)
    if (part.trim() !== "") spans.push({ injected, text: part })
    from = to
  }
  for (const match of text.matchAll(opening)) {
    const tag = match[1]!
    if (match.index < from || unclosed.has(tag)) continue
    const close = text.indexOf(`</${tag}>`, match.index)
    if (close < 0) {
      unclosed.add(tag)
      continue
    }
    add(match.index, false)
    add(close + tag.length + 3, true)
  }
  if (from === 0) return text.trim() === "" ? [] : [{ injected: false, text }]
  add(text.length, false)
  return spans.length === 1 ? [{ injected: spans[0]!.injected, text }] : spans.map(trimmed)
}

const trimmed = ({ injected, text }: Span): Span => ({ injected, text: text.trim() })

export const isAttachment = (type: unknown): type is string =>
  type === "image" || type === "document" || type === "audio"

/** Decoded size of base64 text of this length. */
const decodedBytes = (data: string): number =>
  Math.max(0, Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0))

/** An image or document. A PDF's bytes lie in a file of their own: `data` is empty then, and its size unknown. */
export const attachmentOf = (kind: string, block: Json): Block => {
  const source = asObject(block["source"])
  const data = asString(source?.["data"])
  return {
    type: "attachment",
    kind,
    mediaType: asString(source?.["media_type"]),
    bytes: data === null || data === "" ? null : source?.["type"] === "text" ? data.length : decodedBytes(data)
  }
}

/** Texts of a result, a line apart, and what is attached to it. */
export const resultContent = (content: unknown): { text: string; blocks: ReadonlyArray<Block> } => {
  if (typeof content === "string") return { text: content, blocks: [] }
  const texts: Array<string> = []
  const blocks: Array<Block> = []
  for (const item of Array.isArray(content) ? content : [content]) {
    const part = asObject(item)
    if (part === null) {
      if (typeof item === "string") texts.push(item)
    } else if (isAttachment(part["type"])) blocks.push(attachmentOf(part["type"], part))
    else if (typeof part["text"] === "string") texts.push(part["text"])
  }
  return { text: texts.join("\n"), blocks }
}
