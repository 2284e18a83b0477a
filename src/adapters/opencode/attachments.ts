import type { Block } from "../../domain/message.ts"
import { asText, type Json } from "../support/json.ts"

type Attachment = Extract<Block, { type: "attachment" }>

const kindOf = (mediaType: string | null): string => {
  const family = mediaType?.split("/", 1)[0]
  return family === "image" || family === "audio" || family === "video" ? family : "document"
}

const dataUrl = /^data:([^;,]{0,100})(;[^,]{0,100})?,/

/** Where a file is: `url` in 1.x, `uri` in 2.x. */
const urlOf = (file: Json): string | null => asText(file["url"]) ?? asText(file["uri"])

/** A file of a prompt or of a result. Its size is told by a data URL alone. */
export const attachmentOf = (file: Json): Attachment => {
  const url = urlOf(file)
  const match = url === null ? null : dataUrl.exec(url.slice(0, 256))
  const mediaType = asText(file["mime"]) ?? (match?.[1] || null)
  if (url === null || match === null) return { type: "attachment", kind: kindOf(mediaType), mediaType, bytes: null }
  const data = url.length - match[0].length
  const padding = url.endsWith("==") ? 2 : url.endsWith("=") ? 1 : 0
  const bytes = match[2]?.endsWith(";base64") === true ? Math.max(0, Math.floor(((data - padding) * 3) / 4)) : data
  return { type: "attachment", kind: kindOf(mediaType), mediaType, bytes }
}

/** What can be said of a file where nothing else is said: its name, else its address unless that is the file itself. */
export const fileName = (file: Json): string => {
  const url = urlOf(file)
  return asText(file["filename"]) ?? asText(file["name"]) ?? (url === null || url.startsWith("data:") ? "" : url)
}
