import { decodeRange, findAscii, hasAscii } from "../support/bytes.ts"
import { asCount, asObject, asString, asText, asTime, type Json } from "../support/json.ts"

/**
 * Codex CLI rollouts: file names and record types, from the bare items of 2025 (0.20) over the envelope of 0.42 to the
 * paginated files of 0.149 and later (seen up to 0.169).
 */

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

const rolloutName = new RegExp(`^(rollout-.+?-(${uuid})(?:_(${uuid}))?)\\.jsonl(\\.zst)?$`, "i")

export interface RolloutName {
  /** The name without its endings: the same for a plain file and its compressed twin. */
  readonly stem: string
  readonly threadId: string
  /** What `history_base.thread_id` calls the file: the id of a later segment, else the thread's. */
  readonly segmentId: string
  readonly compressed: boolean
}

/** Reads `rollout-<local time>-<threadId>[_<segmentId>].jsonl[.zst]`; null for any other file. */
export const parseRolloutName = (name: string): RolloutName | null => {
  const match = rolloutName.exec(name)
  if (match === null) return null
  const threadId = match[2]!.toLowerCase()
  return {
    stem: match[1]!,
    threadId,
    segmentId: match[3]?.toLowerCase() ?? threadId,
    compressed: match[4] !== undefined
  }
}

/** The last part of a path, with either kind of slash. */
export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1)

/** Response items that are messages, calls or results. */
export const spokenItems: ReadonlySet<string> = new Set([
  "message",
  "reasoning",
  "function_call",
  "function_call_output",
  "custom_tool_call",
  "custom_tool_call_output",
  "local_shell_call",
  "web_search_call",
  "tool_search_call",
  "tool_search_output",
  "image_generation_call",
  "agent_message"
])

/** Response items that say nothing in a conversation: prompt bookkeeping and what only the API can decrypt. */
export const silentItems: ReadonlySet<string> = new Set([
  "additional_tools",
  "compaction",
  "compaction_summary",
  "compaction_trigger",
  "configuration_update",
  "context_compaction",
  "ghost_snapshot",
  "other"
])

/** Top-level types that carry no message, no token count and no change of a file. */
export const silentTypes: ReadonlySet<string> = new Set([
  "agent_response_observation",
  "dynamic_tools_updated",
  "inter_agent_communication",
  "inter_agent_communication_metadata",
  "realtime_item",
  "retained_context",
  "security_risk_score",
  "session_meta",
  "state",
  "turn_context",
  "world_state"
])

/** Events that repeat a response item; the only source of messages in a file that has no response items. */
export const chatEvents: ReadonlySet<string> = new Set(["agent_message", "agent_reasoning", "user_message"])

/** Events that a reader of the conversation can do without. */
export const silentEvents: ReadonlySet<string> = new Set([
  "agent_reasoning_raw_content",
  "context_compacted",
  "entered_review_mode",
  "exited_review_mode",
  "image_generation_end",
  "thread_goal_updated",
  "thread_name_updated",
  "thread_settings_applied",
  "web_search_end"
])

/** Items of `item_completed` that repeat a response item. */
export const chatThreadItems: ReadonlySet<string> = new Set(["AgentMessage", "Reasoning", "UserMessage"])

export const silentThreadItems: ReadonlySet<string> = new Set([
  "ContextCompaction",
  "EnteredReviewMode",
  "ExitedReviewMode",
  "FunctionCallOutput",
  "HookPrompt",
  "ImageGeneration",
  "ImageView",
  "Plan",
  "Sleep",
  "WebSearch"
])

/** A record in one shape for every generation. */
export interface Rollout {
  /** Milliseconds since the epoch. */
  readonly time: number | null
  /** Position in a paginated history. */
  readonly ordinal: number | null
  readonly type: string
  readonly payload: Json
  /** Stands beside `payload` on response items since 0.149. */
  readonly metadata: Json | null
}

/** Brings a parsed line into one shape; a string is the reason why it cannot be used. */
export const toRollout = (value: unknown): Rollout | string => {
  const line = asObject(value)
  if (line === null) return "not a record"
  const time = asTime(line["timestamp"])
  const ordinal = asCount(line["ordinal"])
  const metadata = asObject(line["metadata"])
  const type = asText(line["type"])
  if (type !== null && "payload" in line) {
    const payload = asObject(line["payload"])
    return payload === null ? "record without payload" : { time, ordinal, type, payload, metadata }
  }
  if (type !== null && (spokenItems.has(type) || silentItems.has(type))) {
    return { time, ordinal: null, type: "response_item", payload: line, metadata: null }
  }
  if (type !== null) return `unknown record type ${type.slice(0, 60)}`
  if (asString(line["record_type"]) !== null) return { time, ordinal, type: "state", payload: line, metadata: null }
  // The first line of 2025: {id, timestamp, instructions, git}.
  if (asString(line["id"]) !== null && time !== null) {
    return { time, ordinal: null, type: "session_meta", payload: line, metadata: null }
  }
  return "record without a type"
}

/** What the first bytes of a line tell, where it is written as Codex writes it. */
export interface Peek {
  /** Where the ISO time begins. */
  readonly timeAt: number
  readonly ordinal: number | null
  readonly type: string
  /** Type of the payload, where that is its first key. */
  readonly payloadType: string | null
  /** Where the payload goes on. */
  readonly payloadAt: number
}

/** Names by the hash of their bytes: there are few, on millions of lines, and none has to be made twice. */
const names = new Map<number, string>()
const maxNames = 500

/** ASCII text from `at` to the next double quote; null where it is longer than a type is, or escaped. */
const readName = (bytes: Uint8Array, at: number): string | null => {
  const limit = Math.min(bytes.length, at + 60)
  let hash = 0x811c9dc5 | 0
  let end = at
  for (; end < limit; end++) {
    const byte = bytes[end]!
    if (byte === 0x22) break
    if (byte === 0x5c || byte >= 0x80) return null
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  if (end === limit) return null
  const known = names.get(hash)
  if (known !== undefined && known.length === end - at && hasAscii(bytes, at, known)) return known
  const name = decodeRange(bytes, at, end)
  if (names.size < maxNames) names.set(hash, name)
  return name
}

const stampStart = '{"timestamp":"'

/**
 * Reads the envelope from the bytes at `from`: `{"timestamp":"…"[,"ordinal":n],"type":"…","payload":{["type":"…"`. Null
 * for a line in any other order, which has to be parsed.
 */
export const peekLine = (bytes: Uint8Array, from: number): Peek | null => {
  if (!hasAscii(bytes, from, stampStart)) return null
  const timeAt = from + stampStart.length
  let at = timeAt
  const stampEnd = at + 40
  while (at < stampEnd && bytes[at] !== 0x22) at++
  if (bytes[at] !== 0x22) return null
  at++
  let ordinal: number | null = null
  if (hasAscii(bytes, at, ',"ordinal":')) {
    at += 11
    ordinal = 0
    for (let digits = 0; digits < 15; digits++) {
      const digit = (bytes[at] ?? 0) - 0x30
      if (digit < 0 || digit > 9) break
      ordinal = ordinal * 10 + digit
      at++
    }
  }
  if (!hasAscii(bytes, at, ',"type":"')) return null
  const type = readName(bytes, at + 9)
  if (type === null) return null
  at += 10 + type.length
  if (!hasAscii(bytes, at, ',"payload":{')) return null
  const payloadType = hasAscii(bytes, at + 12, '"type":"') ? readName(bytes, at + 20) : null
  const payloadAt = at + 12 + (payloadType === null ? 0 : 9 + payloadType.length)
  return { timeAt, ordinal, type, payloadType, payloadAt }
}

const uuidChars = 36
const threadStart = ',"thread_id":"'
const turnStart = '","turn_id":"'
const itemStart = '"item":{"type":"'

/** Type of the item of an `item_completed`, from the first bytes of its line; null where it is not found there. */
export const peekItem = (bytes: Uint8Array, { payloadAt }: Peek): string | null => {
  const usual = payloadAt + threadStart.length + turnStart.length + 2 * uuidChars + 2
  const at = hasAscii(bytes, usual, itemStart)
    ? usual
    : findAscii(bytes, itemStart, payloadAt, Math.min(bytes.length, payloadAt + 400))
  return at < 0 ? null : readName(bytes, at + itemStart.length)
}
