import type { Block } from "../../domain/message.ts"
import { asArray, asCount, asObject, asString, asText, type Json, parseJson } from "../support/json.ts"

type Attachment = Extract<Block, { type: "attachment" }>

/** Decoded size of base64 text of this length. */
const decodedBytes = (data: string): number =>
  Math.max(0, Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0))

const kindOf = (mediaType: string | null, fallback: string): string => {
  const kind = mediaType?.split("/")[0]
  if (kind === "image" || kind === "audio") return kind
  return kind === undefined || kind === "" ? fallback : "document"
}

/** Bytes may lie in the record itself, or in a `session.binary_asset` that the record names by `assetId`. */
const attachment = (part: Json, fallback: string): Attachment => {
  const mediaType = asText(part["mimeType"])
  const data = asString(part["data"]) ?? asString(part["blob"])
  return {
    type: "attachment",
    kind: kindOf(mediaType, fallback),
    mediaType,
    bytes: data === null ? asCount(part["byteLength"]) : decodedBytes(data)
  }
}

/** What a user attached: files, directories, selections, pasted images, and things of GitHub by reference. */
export const userAttachments = (value: unknown): ReadonlyArray<Attachment> =>
  asArray(value).flatMap((item) => {
    const part = asObject(item)
    const type = asText(part?.["type"])
    return part === null || type === null ? [] : [attachment(part, type === "blob" ? "document" : type.slice(0, 60))]
  })

/** What a tool gave back besides its text. */
export interface ToolContent {
  /** Texts of the content blocks, for results without a text of their own. */
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
  readonly exitCode: number | null
}

const isBinary = (part: Json): boolean => {
  const type = part["type"]
  return type === "image" || type === "audio" || typeof part["data"] === "string" || typeof part["blob"] === "string"
}

export const toolContent = (result: Json): ToolContent => {
  const texts: Array<string> = []
  const attachments: Array<Attachment> = []
  let exitCode: number | null = null
  for (const item of asArray(result["contents"])) {
    const part = asObject(item)
    if (part === null) continue
    const inner = part["type"] === "resource" ? (asObject(part["resource"]) ?? part) : part
    if (typeof part["exitCode"] === "number") exitCode = part["exitCode"]
    if (isBinary(inner)) attachments.push(attachment(inner, "document"))
    else {
      const text = asText(inner["text"]) ?? asText(inner["outputPreview"]) ?? asText(inner["uri"])
      if (text !== null) texts.push(text)
    }
  }
  if (attachments.length === 0) {
    for (const item of asArray(result["binaryResultsForLlm"])) {
      const part = asObject(item)
      if (part !== null) attachments.push(attachment(part, "document"))
    }
  }
  return { text: texts.join("\n"), attachments, exitCode }
}

/** Arguments are an object, the text of a `custom` tool, or, in older files, JSON in a string. */
export const inputOf = (value: unknown): unknown => {
  if (typeof value !== "string") return value ?? null
  if (value.trim() === "") return null
  const parsed = /^\s*\{/.test(value) ? parseJson(value) : undefined
  return parsed === undefined ? value : parsed
}

/** The text of a chat message: a string, or parts of which some are text. */
export const chatContent = (value: unknown): { text: string; attachments: ReadonlyArray<Attachment> } => {
  if (!Array.isArray(value)) return { text: asString(value) ?? "", attachments: [] }
  const texts: Array<string> = []
  const attachments: Array<Attachment> = []
  for (const item of value) {
    const part = asObject(item)
    const text = asString(item) ?? asString(part?.["text"])
    if (text !== null) texts.push(text)
    else if (part?.["type"] === "image_url") {
      const url = asString(asObject(part["image_url"])?.["url"]) ?? asString(part["image_url"]) ?? ""
      const match = /^data:([^;,]{0,100});base64,/.exec(url.slice(0, 200))
      const bytes = match === null ? null : decodedBytes(url.slice(match[0].length))
      attachments.push({ type: "attachment", kind: "image", mediaType: match?.[1] ?? null, bytes })
    }
  }
  return { text: texts.filter((text) => text !== "").join("\n"), attachments }
}
