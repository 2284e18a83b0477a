import type { Block } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json } from "../support/json.ts"

type Attachment = Extract<Block, { type: "attachment" }>

/** What the content of an item says: its texts, one line apart, and what is attached. */
export interface Content {
  readonly text: string
  readonly attachments: ReadonlyArray<Attachment>
}

/** A part of a user item that a human wrote, or that Codex put there. */
export interface UserPart extends Content {
  readonly human: boolean
}

/**
 * How texts begin that Codex injects with the role `user`. Versions before 0.155 or so do not say otherwise which part
 * of a message is whose. `<user_shell_command>` is not here: a human ran it.
 */
const injectedPrefixes = [
  "<environment_context>",
  "<user_instructions>",
  "# AGENTS.md instructions",
  "<INSTRUCTIONS>",
  "<permissions instructions>",
  "<skills_instructions>",
  "<skill>",
  "<plugins_instructions>",
  "<apps_instructions>",
  "<recommended_plugins>",
  "<collaboration_mode>",
  "<multi_agent_mode>",
  "<personality_spec>",
  "<model_switch>",
  "<tools>",
  "<turn_aborted>",
  "<subagent_notification>",
  "<codex_internal_context",
  "<context_window",
  "<token_budget>",
  "<heartbeat>",
  "<realtime_conversation>",
  "<hook_prompt"
] as const

export const isInjected = (text: string): boolean => {
  const start = text.slice(0, 4096).trimStart()
  return injectedPrefixes.some((prefix) => start.startsWith(prefix))
}

const dataUrl = /^data:([^;,]{0,100})(;[^,]{0,100})?,/

/** Media type and decoded size of a data URL; any other address tells neither. */
const attachment = (kind: string, url: string | null): Attachment => {
  const match = url === null ? null : dataUrl.exec(url.slice(0, 256))
  if (url === null || match === null) return { type: "attachment", kind, mediaType: null, bytes: null }
  const data = url.length - match[0].length
  const padding = url.endsWith("==") ? 2 : url.endsWith("=") ? 1 : 0
  const bytes = match[2]?.endsWith(";base64") === true ? Math.max(0, Math.floor(((data - padding) * 3) / 4)) : data
  return { type: "attachment", kind, mediaType: match[1] || null, bytes }
}

/** Base64 without an address around it, as generated images and audio are kept. */
export const rawAttachment = (kind: string, mediaType: string | null, base64: string | null): Attachment => ({
  ...attachment(kind, base64 === null ? null : `data:;base64,${base64}`),
  mediaType
})

const urlOf = (value: unknown): string | null => asString(value) ?? asString(asObject(value)?.["url"])

const attachmentOf = (part: Json): Attachment | null => {
  switch (part["type"]) {
    case "input_image":
    case "image":
    case "local_image":
      return attachment("image", urlOf(part["image_url"] ?? part["url"]))
    case "input_audio":
    case "audio": {
      const inline = asObject(part["input_audio"])
      if (inline === null) return attachment("audio", urlOf(part["audio_url"]))
      const format = asText(inline["format"])
      return rawAttachment("audio", format === null ? null : `audio/${format}`, asString(inline["data"]))
    }
    case "input_file":
      return attachment("document", urlOf(part["file_data"] ?? part["file_url"]))
  }
  return null
}

interface Part {
  readonly text: string | null
  readonly attachment: Attachment | null
}

const partOf = (value: unknown): Part => {
  const part = asObject(value)
  if (part === null) return { text: asString(value), attachment: null }
  const attached = attachmentOf(part)
  return {
    text: attached === null ? (asString(part["text"]) ?? asString(part["refusal"])) : null,
    attachment: attached
  }
}

/** The parts of a content, which is an array, and in odd files a single string or part. */
const partsOf = (content: unknown): ReadonlyArray<Part> =>
  Array.isArray(content) ? content.map(partOf) : content === undefined || content === null ? [] : [partOf(content)]

const none: ReadonlyArray<Attachment> = []

const join = (parts: ReadonlyArray<Part>): Content =>
  parts.length === 1 && parts[0]!.attachment === null
    ? { text: parts[0]!.text ?? "", attachments: none }
    : joinAll(parts)

const joinAll = (parts: ReadonlyArray<Part>): Content => ({
  text: parts
    .map(({ text }) => text ?? "")
    .filter((text) => text !== "")
    .join("\n"),
  attachments: parts.map((part) => part.attachment).filter((found) => found !== null)
})

export const contentOf = (content: unknown): Content => join(partsOf(content))

const opensImage = /^\s*<image\b[^>]{0,4096}>\s*$/

/** Codex wraps every image in two text parts, `<image name=… path=…>` and `</image>`. */
const wrapsImage = (parts: ReadonlyArray<Part>, at: number): boolean => {
  const text = parts[at]!.text
  if (text === null || text.length > 5000) return false
  if (parts[at + 1]?.attachment != null && opensImage.test(text)) return true
  return parts[at - 1]?.attachment != null && text.trim() === "</image>"
}

/** `content_item_kinds` where a version writes them (about 0.155 on): `user.text` is what a human said. */
const isHuman = (part: Part, kind: string | null): boolean => {
  if (kind !== null && kind !== "unknown") return kind.startsWith("user.")
  return part.text === null || !isInjected(part.text)
}

/** The parts of a user item, neighbours of the same origin put together, in their order. */
export const userParts = (payload: Json): ReadonlyArray<UserPart> => {
  const parts = partsOf(payload["content"])
  const kinds = asArray(asObject(payload["internal_chat_message_metadata_passthrough"])?.["content_item_kinds"])
  const runs: Array<{ human: boolean; parts: Array<Part> }> = []
  for (const [at, part] of parts.entries()) {
    if ((part.text === null || part.text === "") && part.attachment === null) continue
    if (wrapsImage(parts, at)) continue
    const human = isHuman(part, asText(kinds[at]))
    const last = runs.at(-1)
    if (last?.human === human) last.parts.push(part)
    else runs.push({ human, parts: [part] })
  }
  return runs.map((run) => ({ human: run.human, ...join(run.parts) }))
}
