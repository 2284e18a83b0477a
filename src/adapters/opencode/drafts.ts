import type { Draft, Role } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { DraftList, errorText, textOf, typeName } from "./draft-list.ts"
import { messageDrafts } from "./drafts-v2.ts"
import { asMillis } from "./format.ts"
import type { StoredMessage } from "./reader.ts"

/** Parts that say nothing themselves; usage and files are taken from them elsewhere. */
const silentParts: ReadonlySet<string> = new Set([
  "agent",
  "compaction",
  "patch",
  "retry",
  "snapshot",
  "step-finish",
  "step-start"
])

const timeIn = (holder: Json, key: "start" | "end"): number | null => asMillis(asObject(holder["time"])?.[key])

const toolDrafts = (list: DraftList, part: Json, time: number | null, skipped: SkipCounter | null): void => {
  const id = asText(part["callID"])
  const state = asObject(part["state"])
  const status = asText(state?.["status"])
  if (state === null) skipped?.add("tool part without a state")
  list.toolUse(
    state === null ? time : (timeIn(state, "start") ?? time),
    id,
    asText(part["tool"]) ?? "unknown",
    state ?? {}
  )
  if (state === null || status === "pending" || status === "running") return
  const end = timeIn(state, "end") ?? timeIn(state, "start") ?? time
  const files = asArray(state["attachments"])
    .map(asObject)
    .filter((file) => file !== null)
  if (status === "completed") list.toolResult(end, id, textOf(state["output"]), false, files)
  else if (status === "error") list.toolResult(end, id, errorText(state["error"]), true, files)
  else skipped?.add(`unknown tool status ${typeName(state["status"])}`)
}

/** `speaker`: who says the texts that are not the tool's own. */
const partDrafts = (
  list: DraftList,
  part: Json,
  speaker: Role,
  time: number | null,
  skipped: SkipCounter | null
): void => {
  const type = asString(part["type"])
  switch (type) {
    case "text": {
      const text = asString(part["text"])
      if (text === null) return skipped?.add("text part without text")
      // Contents of attached files, reminders, and what a plugin only shows: no human typed it.
      const injected = speaker === "user" && (part["synthetic"] === true || part["ignored"] === true)
      return list.text(injected ? "system" : speaker, timeIn(part, "start") ?? time, text)
    }
    case "reasoning":
      return list.thinking(timeIn(part, "start") ?? time, asString(part["text"]) ?? "")
    case "tool":
      return toolDrafts(list, part, time, skipped)
    case "file":
      return list.file(part)
    case "subtask":
      return list.text(speaker, time, textOf(part["prompt"]))
  }
  if (type === null || !silentParts.has(type)) skipped?.add(`unknown part type ${typeName(part["type"])}`)
}

const partsDrafts = (message: StoredMessage, info: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const role = info["role"]
  if (role !== "user" && role !== "assistant") {
    skipped?.add(`unknown message role ${typeName(role)}`)
    return []
  }
  const time = asMillis(asObject(info["time"])?.["created"]) ?? message.createdAt
  // The answer to a request for a summary is what the conversation goes on from, said by nobody.
  const speaker = role === "assistant" && info["summary"] === true ? "system" : role
  const list = new DraftList()
  for (const { data } of message.parts) {
    if (data === null) skipped?.add("part that is no JSON object")
    else partDrafts(list, data, speaker, time, skipped)
  }
  if (role === "assistant" && asObject(info["error"]) !== null) {
    const end = asMillis(asObject(info["time"])?.["completed"]) ?? time
    list.text("system", end, errorText(info["error"]))
  }
  return list.finish(speaker, time)
}

/**
 * The drafts of one message of any generation, the same every time for the same message. Counts what it cannot use.
 * Every text is made of texts that are in the store, so that a search over raw bytes finds whatever a reader sees.
 */
export const draftsOf = (message: StoredMessage, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  if (message.info === null) {
    skipped?.add("message that is no JSON object")
    return []
  }
  try {
    return message.type === null
      ? partsDrafts(message, message.info, skipped)
      : messageDrafts(message.type, message.createdAt, message.info, skipped)
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("message nested too deeply")
    return []
  }
}
