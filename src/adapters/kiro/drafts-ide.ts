import type { Draft, Role } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { attachmentOf, DraftList, firstOf, resultText } from "./draft-list.ts"
import { textOf, timeOf, typeName } from "./format.ts"

/** How texts begin that the IDE puts in front of a conversation, and what it lets the model answer to them. */
const injected = /^\s*(?:<identity>|# System Prompt|## Included Rules|<kiro-ide-message>)/
const acknowledgement = "I will follow these instructions."

const roleOf = (value: unknown, text: string): Role | null => {
  switch (value) {
    case "human":
    case "user":
      return injected.test(text) ? "system" : "user"
    case "bot":
    case "assistant":
      return text.trim() === acknowledgement ? "system" : "assistant"
    case "tool":
      return "tool_result"
    case "system":
      return "system"
  }
  return null
}

/** Text of a message: a string, or parts with a text each. */
const contentOf = (value: unknown): string =>
  typeof value === "string"
    ? value
    : asArray(value)
        .map((item) => asString(item) ?? asString(asObject(item)?.["text"]) ?? "")
        .filter((text) => text !== "")
        .join("\n")

const messageDrafts = (list: DraftList, message: Json, time: number | null, skipped: SkipCounter | null): void => {
  const content = firstOf(message, "content", "entries", "text")
  const text = contentOf(content)
  const role = roleOf(message["role"], text)
  if (role === null) skipped?.add(`message of an unknown role ${typeName(message["role"])}`)
  else if (role === "tool_result") {
    const id = asText(message["toolCallId"]) ?? asText(message["tool_use_id"])
    list.toolResult(time, id, false, text)
  } else {
    list.close()
    list.say(role, time, text)
    for (const item of asArray(content)) {
      const part = asObject(item)
      const kind = asText(part?.["type"])
      if (kind === "image" || kind === "imageUrl") list.attach(role, time, attachmentOf("image", part))
      else if (kind === "document") list.attach(role, time, attachmentOf(kind, part))
    }
  }
}

/** The drafts of a `.chat` file: `{chat: [{role, content}], metadata}`. Only the whole has a time. */
export const chatDrafts = (document: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  for (const item of asArray(document["chat"])) {
    const message = asObject(item)
    if (message === null) skipped?.add("message that is no object")
    else messageDrafts(list, message, null, skipped)
  }
  return list.drafts
}

const talks: ReadonlySet<string> = new Set(["assistant", "message", "model", "respond", "say"])

/** One thing that an execution did: something said, or a call with its result. */
const actionDrafts = (list: DraftList, action: Json, time: number | null): void => {
  const type = asText(action["actionType"]) ?? "unknown"
  const id = asText(action["actionId"])
  const at = timeOf(action["startTime"]) ?? timeOf(action["emittedAt"]) ?? time
  const output = action["output"]
  const message = asString(asObject(output)?.["message"]) ?? asString(output)
  if (talks.has(type.toLowerCase())) {
    list.close()
    list.say("assistant", at, message ?? "")
    return
  }
  list.toolUse(at, id, type, action["input"])
  const state = asText(action["actionState"])?.toLowerCase() ?? ""
  const isError = /error|fail|reject/.test(state)
  if (output === undefined || output === null) {
    if (isError) list.toolResult(timeOf(action["endTime"]) ?? at, id, true, "")
  } else list.toolResult(timeOf(action["endTime"]) ?? at, id, isError, message ?? textOf(output))
}

/** Messages of an execution, under any of the names that versions gave them. */
const messagesOf = (execution: Json): ReadonlyArray<Json> => {
  const holder = asObject(execution["context"]) ?? execution
  for (const key of ["messages", "conversation", "chat", "transcript", "entries", "events"]) {
    const found = asArray(holder[key] ?? execution[key])
      .map(asObject)
      .filter((message) => message !== null)
    if (found.length > 0) return found
  }
  const said = [
    { role: "human", content: execution["prompt"] },
    { role: "bot", content: execution["response"] }
  ]
  return said.filter(({ content }) => asText(content) !== null)
}

const isHuman = (message: Json): boolean => message["role"] === "human" || message["role"] === "user"

/**
 * What an execution did and said. Its messages repeat the conversation up to the prompt, so only what follows the last
 * prompt is its own; `withPrompt` adds that prompt, for an execution that the session's document does not mention.
 */
export const executionDrafts = (
  execution: Json,
  withPrompt: boolean,
  skipped: SkipCounter | null
): ReadonlyArray<Draft> => {
  const list = new DraftList()
  const time = timeOf(execution["startTime"])
  const end = timeOf(execution["endTime"]) ?? time
  const messages = messagesOf(execution)
  const last = messages.findLastIndex(isHuman)
  if (withPrompt && last >= 0) messageDrafts(list, messages[last]!, time, skipped)
  for (const value of asArray(execution["actions"])) {
    const action = asObject(value)
    if (action === null) skipped?.add("action that is no object")
    else {
      try {
        actionDrafts(list, action, time)
      } catch {
        // The input of a call may be nested deeper than JSON.stringify can go.
        skipped?.add("record nested too deeply")
      }
    }
  }
  const said = new Set(list.drafts.map(({ text }) => text))
  for (const message of messages.slice(last + 1)) {
    const text = contentOf(firstOf(message, "content", "entries", "text"))
    if (!said.has(text)) messageDrafts(list, message, end, skipped)
  }
  return list.drafts
}

/** An item of a session's history and the execution that it names. */
export interface HistoryItem {
  readonly executionId: string | null
  readonly drafts: ReadonlyArray<Draft>
}

/** The history of a session's document: `[{message: {role, content}, executionId?, promptLogs?}]`. */
export const historyItems = (document: Json, skipped: SkipCounter | null): ReadonlyArray<HistoryItem> =>
  asArray(document["history"]).flatMap((value): ReadonlyArray<HistoryItem> => {
    const item = asObject(value)
    const message = asObject(item?.["message"])
    if (item === null || message === null) {
      skipped?.add("history item without a message")
      return []
    }
    const list = new DraftList()
    messageDrafts(list, message, null, skipped)
    const log = resultText(asObject(asArray(item["promptLogs"])[0])?.["completion"])
    // The answer of a version without execution files is only in its log.
    if (list.drafts.length === 0 && message["role"] === "assistant") list.say("assistant", null, log)
    return [{ executionId: asText(item["executionId"]), drafts: list.drafts }]
  })
