import type { Block } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json } from "../support/json.ts"

type Attachment = Extract<Block, { type: "attachment" }>

/** A text from a field that should be one; other values as the JSON that they are. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

const sizeOf = (data: unknown): number | null => {
  if (typeof data !== "string") return null
  const padding = data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0
  return Math.max(0, Math.floor(((data.length - padding) * 3) / 4))
}

/** An image, a document, a piece of sound or a resource: base64 in `data` or `blob`, `mimeType`. */
export const attachmentOf = (part: Json): Attachment => {
  const mediaType = asText(part["mimeType"])
  const family = mediaType?.split("/", 1)[0] ?? asString(part["type"])
  const kind = family === "image" || family === "audio" || family === "video" ? family : "document"
  return { type: "attachment", kind, mediaType, bytes: sizeOf(part["data"] ?? part["blob"]) }
}

const audienceOf = (part: Json): ReadonlyArray<unknown> | null => {
  const audience = asObject(part["annotations"])?.["audience"]
  return Array.isArray(audience) && audience.length > 0 ? audience : null
}

/** Whether a part is meant for `reader`, which it is where nothing else is said. */
export const isFor = (part: Json, reader: "user" | "assistant"): boolean => audienceOf(part)?.includes(reader) ?? true

/** What a tool gave back. */
export interface Result {
  readonly text: string
  readonly isError: boolean
  readonly attachments: ReadonlyArray<Attachment>
}

const errorText = (error: unknown): string => asText(asObject(error)?.["message"]) ?? textOf(error)

/**
 * `{status, value: {content, isError?, structuredContent?}}`, where `value` was the content itself before, or
 * `{status: "error", error}`. Tools write the same output once for the model and once for the user: the model's counts.
 */
export const resultOf = (value: unknown): Result => {
  const result = asObject(value)
  if (result === null) return { text: textOf(value), isError: false, attachments: [] }
  const failed = result["status"] === "error"
  const inner = result["value"]
  const body = asObject(inner)
  const isError = failed || body?.["isError"] === true || body?.["is_error"] === true
  if (failed && inner === undefined) return { text: errorText(result["error"]), isError, attachments: [] }
  const parts = asArray(Array.isArray(inner) ? inner : body?.["content"])
    .map(asObject)
    .filter((part) => part !== null)
  const forModel = parts.filter((part) => isFor(part, "assistant"))
  const texts: Array<string> = []
  const attachments: Array<Attachment> = []
  for (const part of forModel.length > 0 ? forModel : parts) {
    const resource = asObject(part["resource"])
    const text = asString(part["text"]) ?? asString(resource?.["text"])
    if (text !== null) texts.push(text)
    else if (part["type"] === "resource_link") texts.push(asText(part["uri"]) ?? asText(part["name"]) ?? "")
    else if (resource !== null || "data" in part) attachments.push(attachmentOf(resource ?? part))
  }
  const rest = parts.length > 0 || Array.isArray(inner) ? "" : textOf(body === null ? inner : body["structuredContent"])
  return { text: rest === "" ? texts.join("\n") : rest, isError, attachments }
}

/** What a call was, or why it could not be read. */
export type Call = { readonly name: string; readonly input: unknown } | { readonly name: null; readonly error: string }

/** `{status: "success", value: {name, arguments}}` or `{status: "error", error}`. */
export const callOf = (value: unknown): Call => {
  const call = asObject(value)
  const inner = asObject(call?.["value"])
  const name = asText(inner?.["name"])
  return name === null
    ? { name, error: errorText(call?.["error"] ?? "") }
    : { name, input: inner?.["arguments"] ?? null }
}
