import type { Draft } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachAll, attachmentOf, DraftList, firstOf, resultText } from "./draft-list.ts"
import { textOf, timeOf, typeName } from "./format.ts"

/** Events that keep books and say nothing a reader would miss. Credits are no tokens. */
const silentTypes: ReadonlySet<unknown> = new Set([
  "pending_interaction",
  "session_metadata",
  "session_start",
  "turn_end",
  "turn_start",
  "usage_summary"
])

/** Whether an event only keeps books: it does not end an answer. */
export const isSilentEvent = (record: Json): boolean => silentTypes.has(asObject(record["payload"])?.["type"])

/** What the pieces of one answer share; null for an event that is no such piece, or does not say whose it is. */
export const runOf = (record: Json): string | null => {
  const payload = asObject(record["payload"])
  const execution = asText(payload?.["executionId"])
  if (payload?.["type"] !== "assistant" || execution === null || asString(payload["content"]) === null) return null
  return `${payload["operationType"] === "Reasoning" ? "Reasoning" : "Say"} ${execution}`
}

const userDrafts = (list: DraftList, time: number | null, payload: Json): void => {
  const { content } = payload
  if (!Array.isArray(content)) list.say("user", time, textOf(content))
  for (const item of asArray(content)) {
    const part = asObject(item)
    const text = asString(item) ?? asString(part?.["text"]) ?? asString(part?.["data"])
    const kind = asText(part?.["type"]) ?? asText(part?.["kind"])
    if (kind === "image" || kind === "document") list.attach("user", time, attachmentOf(kind, part))
    else if (text !== null) list.say("user", time, text)
  }
  attachAll(list, time, "image", payload["images"])
  attachAll(list, time, "document", payload["documents"])
}

const errorText = (payload: Json): string => {
  const value = firstOf(payload, "message", "content", "error")
  return asText(value) ?? asText(asObject(value)?.["message"]) ?? textOf(value)
}

const payloadDrafts = (list: DraftList, time: number | null, payload: Json, skipped: SkipCounter | null): void => {
  const { type } = payload
  if (type === "user") userDrafts(list, time, payload)
  else if (type === "assistant") {
    const text = resultText(payload["content"])
    if (payload["operationType"] === "Reasoning") list.thinking(time, text)
    else list.say("assistant", time, text)
  } else if (type === "tool_call") {
    const input = firstOf(payload, "args", "input", "arguments", "toolInput")
    list.toolUse(time, asText(payload["toolCallId"]), asText(payload["toolName"]) ?? "unknown", input)
  } else if (type === "tool_result") {
    const text = resultText(firstOf(payload, "content", "result", "output", "error"))
    list.toolResult(time, asText(payload["toolCallId"]), payload["success"] === false, text)
  } else if (type === "error") list.say("system", time, errorText(payload))
  else if (!silentTypes.has(type)) skipped?.add(`unknown event type ${typeName(type)}`)
}

/** The drafts of one line of `messages.jsonl`: `{id, timestamp, payload: {type, ...}}`. */
export const eventDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const payload = asObject(record["payload"])
  if (payload === null) {
    skipped?.add("event without a payload")
    return []
  }
  const list = new DraftList()
  payloadDrafts(list, timeOf(record["timestamp"]), payload, skipped)
  return list.drafts
}

/** The one draft of several pieces of an answer: the tool writes them as they come, without anything between them. */
export const runDrafts = (records: ReadonlyArray<Json>): ReadonlyArray<Draft> => {
  const list = new DraftList()
  const pieces = records.filter((record) => runOf(record) !== null)
  const text = pieces.map((record) => asString(asObject(record["payload"])?.["content"]) ?? "").join("")
  const [first] = pieces
  if (first === undefined) return []
  const time = timeOf(first["timestamp"])
  if (runOf(first)!.startsWith("Reasoning")) list.thinking(time, text)
  else list.say("assistant", time, text)
  return list.drafts
}
