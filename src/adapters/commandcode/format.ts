import { asObject, asString, asText, asTime, type Json } from "../support/json.ts"

/**
 * The lines of Command Code transcripts. Since 1.0 (format 3) a header and typed entries that name their parents;
 * before that (formats 1 and 2) one message per line, in order: their parents were never read, and name lines of
 * earlier rewrites of the file.
 */

/** Entries of format 3 besides `message`, after the tool's own list (1.64). */
const entryTypes: ReadonlySet<string> = new Set([
  "branch_summary",
  "compaction",
  "custom",
  "custom_message",
  "effort_change",
  "label",
  "message",
  "model_change",
  "session_info"
])

export type LineClass = "header" | "entry" | "flat" | "unknown" | "untyped"

/** What a line is, whatever version the header claims. */
export const classOf = (record: Json): LineClass => {
  const type = record["type"]
  if (typeof type === "string") return type === "session" ? "header" : entryTypes.has(type) ? "entry" : "unknown"
  return typeof record["role"] === "string" ? "flat" : "untyped"
}

/** A message of any format. */
export interface Spoken {
  readonly role: string
  readonly content: unknown
  /** Of format 3, which says where every message comes from that was said. */
  readonly isEntry: boolean
  /** `message.meta` of format 3, `metadata` of the older ones. */
  readonly meta: Json | null
}

/** The message of a line; null for a line that is none. */
export const spokenOf = (record: Json): Spoken | null => {
  if (typeof record["type"] !== "string") {
    const role = asString(record["role"])
    return role === null
      ? null
      : { role, content: record["content"], isEntry: false, meta: asObject(record["metadata"]) }
  }
  if (record["type"] !== "message") return null
  const message = asObject(record["message"])
  const role = asString(message?.["role"])
  return message === null || role === null
    ? null
    : { role, content: message["content"], isEntry: true, meta: asObject(message["meta"]) }
}

/** Milliseconds since the epoch. Lines have ISO times; the message's own is in milliseconds. */
export const timeOf = (record: Json): number | null => {
  const time = asTime(record["timestamp"])
  if (time !== null) return time
  const created = spokenOf(record)?.meta?.["createdAt"]
  return typeof created === "number" && Number.isFinite(created) && created > 0 ? created : null
}

/**
 * Where prompts of a human come from: typed, typed while the agent worked (drained before its next request or at its
 * end), and `cli`, which until 1.0 every message had and keeps when its file is brought to format 3.
 */
const humanSources: ReadonlySet<unknown> = new Set([undefined, null, "user", "steering", "followup", "cli"])

/** Whether the tool made this message of the user's role itself: hooks, wake-ups, nudges, slash commands' prompts. */
export const isMachineMade = (meta: Json | null): boolean =>
  meta !== null &&
  (meta["isMeta"] === true ||
    meta["isAutomated"] === true ||
    meta["isSummary"] === true ||
    // An object is something else: context that rides on a human's prompt.
    meta["injected"] === true ||
    (typeof meta["source"] === "string" && !humanSources.has(meta["source"])))

/**
 * Whether a text of the user's role says how a run ended. The tool writes these without a source, for the model to see
 * when it is told to go on, and shows them as what they are by their first word.
 */
export const tellsFailure = (text: string, { isEntry, meta }: Spoken): boolean =>
  isEntry &&
  meta !== null &&
  typeof meta["source"] !== "string" &&
  (text.startsWith("Error:") || text === "Interrupted by user" || text === "Insufficient credits")

const injected = ["<command-message>", "<command-name>", "<hook_context", "<skill_content", "<system-reminder>"]

/** Whether a text under the role of the user was put there by the tool. */
export const isInjected = (text: string): boolean => {
  const start = text.length - text.trimStart().length
  return text.charCodeAt(start) === 0x3c && injected.some((wrapper) => text.startsWith(wrapper, start))
}

const inTag = (text: string, tag: string): string | null => {
  const start = text.indexOf(`<${tag}>`)
  const end = start < 0 ? -1 : text.indexOf(`</${tag}>`, start)
  return end < 0 ? null : (asText(text.slice(start + tag.length + 2, end))?.trim() ?? null)
}

/** A prompt without what the editor told about the open file, which the tool does not show either. */
const withoutEditor = (text: string): string => {
  const open = "<ide-context>"
  const close = "</ide-context>"
  if (!text.startsWith(open)) return text
  const end = text.indexOf(close)
  return end < 0 ? text : text.slice(end + close.length).trimStart()
}

/**
 * What a text of the user says as a session's first prompt. A stand-in counts only where no prompt follows: a slash
 * command, whose prompt the tool wrote. Null for what is neither.
 */
export const promptOf = (
  text: string,
  isUser: boolean
): { readonly text: string; readonly standIn: boolean } | null => {
  if (isUser) {
    const prompt = withoutEditor(text)
    return prompt.trim() === "" ? null : { text: prompt, standIn: false }
  }
  if (!/^\s*<command-(message|name)>/.test(text)) return null
  const name = inTag(text, "command-message") ?? inTag(text, "command-name")
  if (name === null) return null
  const args = inTag(text, "command-args")
  const command = name.startsWith("/") ? name : `/${name}`
  return { text: args === null ? command : `${command} ${args}`, standIn: true }
}

/** The id in the path of a transcript. */
export const idOfPath = (path: string): string | null =>
  asText(path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1).replace(/\.jsonl$/, ""))
