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
    const operation = payload["operationType"]
    if (operation === "Reasoning") list.thinking(time, text)
    // What a compaction leaves.
    else list.say(operation === "Summary" ? "system" : "assistant", time, text)
  } else if (type === "tool_call") {
    const input = firstOf(payload, "args", "input", "arguments", "toolInput")
    list.toolUse(time, asText(payload["toolCallId"]), asText(payload["toolName"]) ?? "unknown", input)
  } else if (type === "tool_result") {
    const text = resultText(firstOf(payload, "content", "result", "output", "error"))
    list.toolResult(time, asText(payload["toolCallId"]), payload["success"] === false, text)
  } else if (type === "error") list.say("system", time, errorText(payload))
  else if (!silentTypes.has(type)) skipped?.add(`unknown event type ${typeName(type)}`)
}

/**
 * The drafts of one line of `messages.jsonl`: `{id, timestamp, payload: {type, ...}}`. An execution may say several things
 * one after the other; each record is a whole one, as programs that read this store have it.
 */
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
