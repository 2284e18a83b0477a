import type { Draft } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachAll, DraftList, resultText } from "./draft-list.ts"
import { timeOf } from "./format.ts"

const resultDrafts = (list: DraftList, time: number | null, holder: Json): void => {
  for (const value of asArray(holder["tool_use_results"])) {
    const result = asObject(value)
    if (result === null) continue
    const isError = asString(result["status"])?.toLowerCase() === "error"
    list.toolResult(time, asText(result["tool_use_id"]), isError, resultText(result["content"]))
  }
}

/** What the user, or the tools for them, said. True where there was something of a known shape. */
const userDrafts = (list: DraftList, user: Json): boolean => {
  const time = timeOf(user["timestamp"])
  const content = asObject(user["content"])
  const prompt = asObject(content?.["Prompt"])
  const results = asObject(content?.["ToolUseResults"])
  const cancelled = asObject(content?.["CancelledToolUses"])
  if (results !== null) resultDrafts(list, time, results)
  if (cancelled !== null) resultDrafts(list, time, cancelled)
  const text = asString(prompt?.["prompt"]) ?? asString(cancelled?.["prompt"]) ?? asString(user["content"])
  if (text !== null) list.say("user", time, text)
  attachAll(list, time, "image", user["images"])
  return prompt !== null || results !== null || cancelled !== null || text !== null
}

const assistantDrafts = (list: DraftList, assistant: Json, time: number | null): boolean => {
  const answer = asObject(assistant["ToolUse"]) ?? asObject(assistant["Response"])
  if (answer === null) return false
  list.say("assistant", time, asString(answer["content"]) ?? "")
  for (const value of asArray(answer["tool_uses"])) {
    const call = asObject(value)
    if (call === null) continue
    const name = asText(call["name"]) ?? asText(call["orig_name"]) ?? "unknown"
    list.toolUse(time, asText(call["id"]), name, call["args"] ?? call["orig_args"])
  }
  return true
}

const anyItemDrafts = (item: unknown, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  const pair = asArray(item)
  const record = asObject(item)
  const user = asObject(record?.["user"]) ?? asObject(pair[0])
  const assistant = asObject(record?.["assistant"]) ?? asObject(pair[1])
  if (user === null && assistant === null) {
    skipped?.add("history item without user and assistant")
    return []
  }
  if (user === null || !userDrafts(list, user)) skipped?.add("user message of an unknown shape")
  const times = asObject(record?.["request_metadata"])
  const time = timeOf(times?.["stream_end_timestamp_ms"]) ?? timeOf(times?.["request_start_timestamp_ms"])
  if (assistant === null || !assistantDrafts(list, assistant, time)) skipped?.add("answer of an unknown shape")
  return list.drafts
}

/** The drafts of one item of `history`: `{user, assistant, request_metadata?}`, before `[user, assistant]`. */
export const itemDrafts = (item: unknown, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  try {
    return anyItemDrafts(item, skipped)
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("record nested too deeply")
    return []
  }
}

/** `[text, ...]`, or the text alone: what a compaction put in the place of the history before. */
const summaryOf = (value: unknown): string => asString(value) ?? asString(asArray(value)[0]) ?? ""

/** The drafts of a conversation: the summary of what is gone, the history, and a prompt that has no answer yet. */
export const conversationDrafts = (value: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  list.say("system", null, summaryOf(value["latest_summary"]))
  const drafts: Array<Draft> = [...list.drafts]
  for (const item of asArray(value["history"])) for (const draft of itemDrafts(item, skipped)) drafts.push(draft)
  const next = asObject(value["next_message"])
  if (next !== null) {
    const waiting = new DraftList()
    userDrafts(waiting, next)
    drafts.push(...waiting.drafts)
  }
  return drafts
}
