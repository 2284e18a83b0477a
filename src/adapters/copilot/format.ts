import { asciiUntilQuote, decodeRange, findLastAscii, hasAscii } from "../support/bytes.ts"
import { asObject, asText, asTime, type Json, parseJson } from "../support/json.ts"

/**
 * Copilot CLI events: one JSON object per line, `{type, data, [agentId,] id, timestamp, parentId}`. Types are those of
 * the event schema that `@github/copilot-sdk` 1.0.14 ships, and of files that 1.0.102 wrote.
 */

/** An event in the shape that the rest relies on. */
export interface CopilotEvent {
  readonly type: string
  readonly data: Json
  readonly id: string | null
  /** Milliseconds since the epoch. */
  readonly time: number | null
  /** The subagent that it belongs to; null for the session itself. */
  readonly agentId: string | null
}

/** Types that carry no message, no token count, no change of a file and no name of an agent. */
export const silentTypes: ReadonlySet<string> = new Set([
  "assistant.fusion_phase_activity",
  "assistant.fusion_phase_completed",
  "assistant.fusion_phase_failed",
  "assistant.fusion_phase_started",
  "assistant.idle",
  "assistant.intent",
  "assistant.message_delta",
  "assistant.message_start",
  "assistant.reasoning_delta",
  "assistant.server_tool_progress",
  "assistant.streaming_delta",
  "assistant.tool_call_delta",
  "assistant.turn_end",
  "assistant.usage",
  "external_tool.completed",
  "external_tool.requested",
  "human_response.recorded",
  "pending_messages.modified",
  "session.auto_mode_resolved",
  "session.auto_tier_recommendation",
  "session.auto_tier_switch_failed",
  "session.autopilot_objective_changed",
  "session.background_tasks_changed",
  "session.binary_asset",
  "session.compaction_start",
  "session.completion_receipt",
  "session.custom_agents_updated",
  "session.custom_notification",
  "session.extensions.attachments_pushed",
  "session.extensions_loaded",
  "session.idle",
  "session.managed_settings_enforced",
  "session.managed_settings_resolved",
  "session.mode_changed",
  "session.mode_notice_delivered",
  "session.model_deselected",
  "session.permission_recovery",
  "session.permissions_changed",
  "session.plan_changed",
  "session.remote_steerable_changed",
  "session.request_body_compression_disabled",
  "session.session_limits_changed",
  "session.skills_loaded",
  "session.snapshot_rewind",
  "session.task_complete",
  "session.title_changed",
  "session.todos_changed",
  "session.tools_updated",
  "session.truncation",
  "session.usage_checkpoint",
  "session.usage_info",
  "session.workspace_file_changed",
  "skill.context_delivered",
  "skill.context_delivered_ref",
  "skill.invoked_ref",
  "subagent.completed",
  "subagent.configured",
  "subagent.deselected",
  "subagent.failed",
  "subagent.selected",
  "tool.execution_partial_result",
  "tool.execution_progress",
  "tool_search.activated"
])

/** Families of which no member says anything. `model.*` is in no schema: a compaction leaves its own traffic behind. */
const silentFamily =
  /^(?:auto_mode_switch|capabilities|commands?|elicitation|exit_plan_mode|factory|hook|mcp|mcp_app|model|permission|sampling|session\.canvas|session\.fusion|session\.mcp|session\.schedule|session_limits_exhausted|ui|user_input)[._]/

export const isSilent = (type: string): boolean => silentTypes.has(type) || silentFamily.test(type)

const typeStart = '{"type":"'
const dataStart = '","data":{'
const maxTypeChars = 80

/** The type of an event from the first bytes of its line; null for a line in any other order, which has to be parsed. */
export const peekType = (bytes: Uint8Array, from: number): string | null => {
  if (!hasAscii(bytes, from, typeStart)) return null
  const type = asciiUntilQuote(bytes, from + typeStart.length, maxTypeChars)
  return type !== null && hasAscii(bytes, from + typeStart.length + type.length, dataStart) ? type : null
}

const timeStart = '","timestamp":"'
const parentStart = '","parentId":'
/** What follows the id at the end of a line: the time, and the id of the event before. */
const endBytes = 200

/** The time of an event from the last bytes of its line; null where they are not as the tool writes them. */
export const peekTime = (bytes: Uint8Array, from: number, to: number): number | null => {
  const at = findLastAscii(bytes, timeStart, Math.max(from, to - endBytes), to)
  if (at < 0) return null
  const stamp = asciiUntilQuote(bytes, at + timeStart.length, 40)
  const parentAt = stamp === null ? -1 : at + timeStart.length + stamp.length
  if (!hasAscii(bytes, parentAt, parentStart)) return null
  const rest = decodeRange(bytes, parentAt + parentStart.length, to)
  return /^(?:null|"[^"\\]*")\}$/.test(rest) ? asTime(stamp) : null
}

/** The event in a parsed line; a string is the reason why it is none. */
export const toEvent = (value: unknown): CopilotEvent | string => {
  const record = asObject(value)
  if (record === null) return "not a record"
  const type = asText(record["type"])
  if (type === null) return "record without a type"
  const data = asObject(record["data"])
  if (data === null) return isSilent(type) ? { ...silent, type } : "record without data"
  return {
    type,
    data,
    id: asText(record["id"]),
    time: asTime(record["timestamp"]),
    agentId: asText(record["agentId"])
  }
}

const silent = { data: {}, id: null, time: null, agentId: null }

/** A JSON value of a line and the bytes that it takes there. */
export interface Piece {
  readonly value: unknown
  readonly from: number
  readonly to: number
}

const maxTries = 8

/** Where the last thing that looks like the start of an event lies behind `from`; -1 where nothing does. */
const lastStart = (bytes: Uint8Array, from: number, to: number): number => {
  for (let end = to; ;) {
    const at = findLastAscii(bytes, typeStart, from + 1, end)
    if (at < 0 || peekType(bytes, at) !== null) return at
    end = at
  }
}

/**
 * The values of a line. It should be one, but a session that was resumed after a crash may have an event cut off in the
 * middle and the next one written behind it without a line end, often the same event once more. `broken` counts the
 * parts that are no JSON.
 */
export const piecesOf = (bytes: Uint8Array, from: number, to: number): { pieces: Array<Piece>; broken: number } => {
  const pieces: Array<Piece> = []
  let end = to
  let tries = 0
  let at = from
  for (;;) {
    const value = parseJson(decodeRange(bytes, at, end))
    if (value !== undefined) {
      pieces.unshift({ value, from: at, to: end })
      if (at === from) return { pieces, broken: 0 }
      end = at
      at = from
      continue
    }
    if (tries++ >= maxTries) return { pieces, broken: 1 }
    const start = lastStart(bytes, from, at === from ? end : at)
    if (start < 0) return { pieces, broken: 1 }
    at = start
  }
}
