import type { Block } from "../../domain/message.ts"
import { asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { typeName } from "./format.ts"

/** A value of one of several types, as Rust writes it: `{"Name": value}`, or `"Name"` where there is no value. */
export interface Tagged {
  readonly tag: string
  readonly inner: unknown
}

/** Takes the first name that is known; null for what cannot be such a value at all. */
export const taggedOf = (value: unknown, known: ReadonlySet<string>): Tagged | null => {
  if (typeof value === "string") return { tag: value, inner: null }
  const keys = Object.keys(asObject(value) ?? {})
  const tag = keys.find((key) => known.has(key)) ?? keys[0]
  return tag === undefined ? null : { tag, inner: (value as Json)[tag] }
}

/** A text from a field that should be one; other values as the JSON that they are. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

/** An image, which the tool always keeps as base64 of a PNG. */
export const imageOf = (value: unknown): Block => {
  const data = asString(asObject(value)?.["source"]) ?? asString(value)
  const padding = data === null ? 0 : data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0
  const bytes = data === null || data === "" ? null : Math.max(0, Math.floor(((data.length - padding) * 3) / 4))
  return { type: "attachment", kind: "image", mediaType: "image/png", bytes }
}

export interface ResultContent {
  readonly text: string
  readonly blocks: ReadonlyArray<Block>
}

/** One item of a result; the case of the names changed between versions. Null for what no version wrote. */
const resultItem = (item: unknown): string | Block | null => {
  if (typeof item === "string") return item
  const object = asObject(item)
  if (object === null) return null
  const text = asString(object["Text"]) ?? asString(object["text"])
  if (text !== null) return text
  const image = object["Image"] ?? object["image"] ?? (typeof object["source"] === "string" ? object : null)
  return image === null ? null : imageOf(image)
}

/** What a tool answered: one item until 2025, a list of them since. Texts are a line apart. */
export const resultContent = (content: unknown, skipped: SkipCounter | null): ResultContent => {
  const texts: Array<string> = []
  const blocks: Array<Block> = []
  for (const item of Array.isArray(content) ? content : content === undefined || content === null ? [] : [content]) {
    const part = resultItem(item)
    if (part === null) skipped?.add("unknown content of a tool result")
    else if (typeof part === "string") texts.push(part)
    else blocks.push(part)
  }
  return { text: texts.join("\n"), blocks }
}

/**
 * Input of a call: the value itself until early 2026, since then `{type: "json" | "text", value}`. While it is still
 * streamed in, there is only the text that has come so far.
 */
export const inputOf = (call: Json): unknown => {
  const input = call["input"]
  const object = asObject(input)
  const wrapped =
    object !== null &&
    Object.keys(object).length === 2 &&
    "value" in object &&
    (object["type"] === "json" || object["type"] === "text")
  const value = wrapped ? object["value"] : input
  const isBlank =
    value === undefined ||
    value === null ||
    value === "" ||
    (asObject(value) !== null && Object.keys(value).length === 0)
  const raw = asText(call["raw_input"])
  if (isBlank && call["is_input_complete"] === false && raw !== null) return raw
  return value === "" ? null : (value ?? null)
}

const mentions: ReadonlySet<string> = new Set([
  "Diagnostics",
  "Directory",
  "Fetch",
  "File",
  "GitDiff",
  "MergeConflict",
  "PastedImage",
  "Rule",
  "Selection",
  "Skill",
  "Symbol",
  "TerminalSelection",
  "TextThread",
  "Thread"
])

const labels = ["name", "abs_path", "path", "url", "file_path", "base_ref"]

export interface Mention {
  /** What stands in the prompt where the editor shows a link: a name, path or address; may be empty. */
  readonly label: string
  /** What the tool put in for the model. */
  readonly content: string
  /** Null for what brings nothing along, or brings it as an image of its own. */
  readonly block: Block | null
}

/** Something that the user linked in a prompt: `{uri, content}`. */
export const mentionOf = (value: unknown): Mention => {
  const mention = asObject(value)
  const uri = taggedOf(mention?.["uri"], mentions)
  const details = asObject(uri?.inner)
  const content = asString(mention?.["content"]) ?? ""
  const label = labels.map((name) => asText(details?.[name])).find((text) => text !== null) ?? ""
  const block: Block | null =
    content === "" ? null : { type: "attachment", kind: "document", mediaType: null, bytes: null }
  return { label, content, block }
}

/** Counts something whose type no version wrote. */
export const unknownType = (skipped: SkipCounter | null, what: string, tagged: Tagged | null): void =>
  skipped?.add(tagged === null ? `${what} without a type` : `unknown ${what} type ${typeName(tagged.tag)}`)
