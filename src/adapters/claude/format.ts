import { asciiUntilQuote, findAscii, findLastAscii, hasAscii } from "../support/bytes.ts"

/**
 * The record types of Claude Code transcripts (versions 1.0 to 2.1), and what can be told of a line from its first
 * bytes: some metadata lines repeat 100 KB of system prompt and are never worth a JSON.parse.
 */

/** Session metadata and debug logs, re-appended many times in one file: never messages. */
const metadataTypes: ReadonlySet<string> = new Set([
  "agent-color",
  "agent-name",
  "agent-setting",
  "atis-latch",
  "attribution-snapshot",
  "bridge-session",
  "content-replacement",
  "cost-state",
  "derived-from",
  "dev-mods",
  "ended-by-model",
  "file-history-delta",
  "file-history-snapshot",
  "fork-context-ref",
  "frame-link",
  "history-suppression",
  "hybrid-organization",
  "isolation-latch",
  "memory-mode",
  "mode",
  "observer-ref",
  "permission-mode",
  "pr-link",
  "queue-operation",
  "repl-mode",
  "resume-head-vouch",
  "session-owner",
  "tag",
  "tools-used",
  "worktree-state"
])

const metadataFamilies = ["api-request", "artifact-", "data-flow-"]

/** Metadata that the head of a session is made of. */
const headTypes: ReadonlySet<string> = new Set([
  "ai-title",
  "continued-in",
  "custom-title",
  "last-prompt",
  "relocated",
  "summary"
])

export type RecordClass = "chain" | "head" | "metadata" | "unknown"

export const classOfType = (type: string): RecordClass => {
  switch (type) {
    case "user":
    case "assistant":
    case "system":
    case "attachment":
    case "progress":
      return "chain"
  }
  if (headTypes.has(type)) return "head"
  if (metadataTypes.has(type) || metadataFamilies.some((family) => type.startsWith(family))) return "metadata"
  return "unknown"
}

const typePrefix = '{"type":"'

/** The class of the line `from`–`to` by its first bytes; null where only a parse can tell. */
export const classOfLine = (bytes: Uint8Array, from: number, to: number): RecordClass | null => {
  if (!hasAscii(bytes, from, typePrefix)) return null
  const type = asciiUntilQuote(bytes, from + typePrefix.length, 40)
  if (type === null || bytes[to - 1] !== 0x7d) return null
  const found = classOfType(type)
  return found === "unknown" ? null : found
}

/** The time of a metadata line, of the only type that may come before the first prompt and has one. */
export const metadataTime = (bytes: Uint8Array, from: number, to: number): string | null => {
  if (!hasAscii(bytes, from, '{"type":"queue-operation"')) return null
  const at = findAscii(bytes, '"timestamp":"', from, Math.min(to, from + 200))
  return at < 0 ? null : asciiUntilQuote(bytes, at + 13, 40)
}

/** What the tree needs of an attachment that is no message. */
export interface PlainAttachment {
  readonly uuid: string
  readonly parentUuid: string | null
  readonly isSidechain: boolean
  readonly timestamp: string
}

const attachmentKey = '"attachment":{"type":"'
const attachmentTail = '"type":"attachment","uuid":"'
const shownAttachments: ReadonlySet<string> = new Set(["queued_command", "fork_briefing"])

/** Bytes from the end of a line in which the fields after an attachment's payload are looked for. */
const tailReach = 16 * 1024

/** An attachment line without a message in it, read without parsing; null where that cannot be done safely. */
export const plainAttachment = (bytes: Uint8Array, from: number, to: number): PlainAttachment | null => {
  const parentKey = '{"parentUuid":'
  if (!hasAscii(bytes, from, parentKey) || bytes[to - 1] !== 0x7d) return null
  let at = from + parentKey.length
  let parentUuid: string | null = null
  if (hasAscii(bytes, at, "null")) at += 4
  else {
    if (bytes[at] !== 0x22) return null
    parentUuid = asciiUntilQuote(bytes, at + 1, 64)
    if (parentUuid === null) return null
    at += parentUuid.length + 2
  }
  const sidechainKey = ',"isSidechain":'
  if (!hasAscii(bytes, at, sidechainKey)) return null
  at += sidechainKey.length
  const isSidechain = hasAscii(bytes, at, "true,")
  if (!isSidechain && !hasAscii(bytes, at, "false,")) return null
  at += isSidechain ? 5 : 6
  if (hasAscii(bytes, at, '"agentId":"')) {
    const agent = asciiUntilQuote(bytes, at + 11, 64)
    if (agent === null) return null
    at += 11 + agent.length + 2
  }
  if (!hasAscii(bytes, at, attachmentKey)) return null
  const type = asciiUntilQuote(bytes, at + attachmentKey.length, 60)
  if (type === null || shownAttachments.has(type)) return null
  const tail = findLastAscii(bytes, attachmentTail, Math.max(at, to - tailReach), to)
  if (tail < 0) return null
  const uuid = asciiUntilQuote(bytes, tail + attachmentTail.length, 64)
  if (uuid === null) return null
  const timeKey = '","timestamp":"'
  const timeAt = tail + attachmentTail.length + uuid.length
  if (!hasAscii(bytes, timeAt, timeKey)) return null
  const timestamp = asciiUntilQuote(bytes, timeAt + timeKey.length, 40)
  return timestamp === null ? null : { uuid, parentUuid, isSidechain, timestamp }
}

/** Wrappers that the tool injects under the role of the user; `<bash-input>` is what a human typed after `!`. */
const injected = [
  "<command-name>",
  "<command-message>",
  "<command-args>",
  "<local-command-stdout>",
  "<local-command-stderr>",
  "<local-command-caveat>",
  "<bash-stdout>",
  "<bash-stderr>",
  "<system-reminder>",
  "<task-notification>",
  "[Request interrupted by user"
]

/** Whether a text under the role of the user was put there by the tool. */
export const isInjected = (text: string): boolean => {
  const start = text.length - text.trimStart().length
  const first = text.charCodeAt(start)
  return (first === 0x3c || first === 0x5b) && injected.some((wrapper) => text.startsWith(wrapper, start))
}

const inTag = (text: string, tag: string): string | null => {
  const start = text.indexOf(`<${tag}>`)
  const end = text.indexOf(`</${tag}>`, start)
  return start < 0 || end < 0 ? null : text.slice(start + tag.length + 2, end).trim()
}

/**
 * What a text of the user says as a session's first prompt: the prompt, or a stand-in that counts only where no prompt
 * follows (a slash command, a text that begins like a tag); null for what is neither.
 */
export const promptOf = (
  text: string,
  isUser: boolean
): { readonly text: string; readonly standIn: boolean } | null => {
  if (isUser) {
    const shell = /^\s*<bash-input>/.test(text) ? inTag(text, "bash-input") : null
    if (shell !== null) return { text: `! ${shell}`, standIn: false }
    if (text.trim() === "") return null
    return { text, standIn: /^\s*<[a-z][\w-]*[\s>]/.test(text) }
  }
  if (!/^\s*<command-(name|message)>/.test(text)) return null
  const name = inTag(text, "command-name")
  if (name === null || name === "") return null
  const args = inTag(text, "command-args")
  return { text: args === null || args === "" ? name : `${name} ${args}`, standIn: true }
}
