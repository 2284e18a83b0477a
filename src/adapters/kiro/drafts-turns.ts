import type { Draft } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachmentOf, DraftList, firstOf, resultText } from "./draft-list.ts"
import { textOf, timeOfSeconds, typeName } from "./format.ts"

const isError = (status: unknown): boolean => asString(status)?.toLowerCase() === "error"

const partDrafts = (
  list: DraftList,
  role: "user" | "assistant",
  time: number | null,
  value: unknown,
  skipped: SkipCounter | null
): void => {
  const part = asObject(value)
  const kind = part?.["kind"]
  const data = asObject(part?.["data"])
  if (kind === "text") {
    const text = asString(part?.["data"]) ?? asString(data?.["text"])
    if (text === null) skipped?.add("text part without text")
    else list.say(role, time, text)
  } else if (kind === "image" || kind === "document") list.attach(role, time, attachmentOf(kind, part?.["data"]))
  else if (kind === "thinking") list.thinking(time, asString(data?.["text"]) ?? asString(part?.["data"]) ?? "")
  else if (kind === "toolUse" && data !== null) {
    list.toolUse(time, asText(data["toolUseId"]), asText(data["name"]) ?? "unknown", data["input"])
  } else if (kind === "toolResult" && data !== null) {
    list.toolResult(time, asText(data["toolUseId"]), isError(data["status"]), resultText(data["content"]))
  } else skipped?.add(part === null ? "part that is no object" : `unknown part kind ${typeName(kind)}`)
}

const outcomeText = (outcome: unknown): string => {
  const rich = asObject(outcome)
  const content = rich === null ? outcome : firstOf(rich, "content", "output", "result", "error", "message")
  return rich !== null && Object.keys(rich).length === 0 ? "" : resultText(content ?? outcome)
}

/**
 * Results. Some versions kept only plain texts as content; whose they are is then told by the map `results`: a text for
 * each call in its order, or one for all.
 */
const resultDrafts = (list: DraftList, time: number | null, data: Json, skipped: SkipCounter | null): void => {
  const content = asArray(data["content"])
  const texts: Array<string> = []
  let answers = 0
  for (const value of content) {
    const part = asObject(value)
    const text = part?.["kind"] === "text" ? asString(part["data"]) : null
    if (text !== null) texts.push(text)
    else {
      if (part?.["kind"] === "toolResult") answers++
      partDrafts(list, "user", time, value, skipped)
    }
  }
  if (answers > 0) {
    for (const text of texts) list.say("user", time, text)
    return
  }
  const outcomes = Object.entries(asObject(data["results"]) ?? {})
  if (outcomes.length === 0 && texts.length > 0) list.toolResult(time, null, false, texts.join("\n"))
  const isPaired = texts.length === outcomes.length
  for (const [at, [id, outcome]] of outcomes.entries()) {
    const text = isPaired ? texts[at]! : at === 0 ? texts.join("\n") : ""
    const rich = asObject(outcome)
    const failed = isError(rich?.["status"]) || rich?.["Error"] !== undefined || rich?.["success"] === false
    list.toolResult(time, id, failed, text === "" ? outcomeText(outcome) : text)
  }
}

/** The drafts of one line of `<uuid>.jsonl`: `{version, kind, data}`. Times are seconds, and only prompts have one. */
export const turnDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  const kind = asText(record["kind"])
  const data = asObject(record["data"])
  const time = timeOfSeconds(asObject(data?.["meta"])?.["timestamp"])
  if (kind === "Prompt" || kind === "AssistantMessage") {
    const role = kind === "Prompt" ? "user" : "assistant"
    const content = data?.["content"]
    if (typeof content === "string") list.say(role, time, content)
    else if (Array.isArray(content)) for (const part of content) partDrafts(list, role, time, part, skipped)
    else skipped?.add(`${kind} without content`)
  } else if (kind === "ToolResults") {
    if (data === null) skipped?.add("ToolResults without data")
    else resultDrafts(list, time, data, skipped)
  } else if (kind?.startsWith("Compact") === true) {
    const summary = firstOf(data ?? {}, "summary", "content", "text")
    list.say("system", time, Array.isArray(summary) ? resultText(summary) : textOf(summary))
  } else if (kind !== "Clear" && kind?.startsWith("ResetTo") !== true) {
    skipped?.add(`unknown record kind ${typeName(kind)}`)
  }
  return list.drafts
}
