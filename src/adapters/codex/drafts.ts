import type { Block, Draft } from "../../domain/message.ts"
import { toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, parseJson } from "../support/json.ts"
import { type Content, contentOf, isInjected, rawAttachment, userParts } from "./content.ts"
import { type Rollout, silentEvents, silentItems, silentThreadItems, silentTypes } from "./format.ts"
import { resultOf } from "./outcome.ts"

/** What messages depend on besides their record; the same for all records of a session. */
export interface Mode {
  /** In an agent's own file, mail with a new task is its prompt. */
  readonly subagent: boolean
  /** The file has no response items: events are all there is. */
  readonly events: boolean
}

const none: ReadonlyArray<Draft> = []

const spoken = (role: "user" | "assistant" | "system", time: number | null, content: Content): ReadonlyArray<Draft> =>
  content.text === "" && content.attachments.length === 0
    ? none
    : [{ role, time, text: content.text, blocks: content.attachments }]

const system = (time: number | null, text: string): ReadonlyArray<Draft> => [{ role: "system", time, text, blocks: [] }]

const toolUse = (
  time: number | null,
  id: string | null,
  name: string,
  input: unknown,
  more: ReadonlyArray<Block> = []
): ReadonlyArray<Draft> => [
  { role: "tool_use", time, text: toolUseText(name, input), blocks: [{ type: "tool_use", id, name, input }, ...more] }
]

/** The id that a call shares with its result; calls that the API runs itself have only their own. */
export const callIdOf = (payload: Json): string | null => asText(payload["call_id"]) ?? asText(payload["id"])

export const nameOf = (payload: Json, fallback: string): string => {
  const name = asText(payload["name"]) ?? fallback
  const namespace = asText(payload["namespace"])
  return namespace === null ? name : `${namespace}.${name}`
}

/** Arguments are JSON in a string; what is no JSON stays as it is, what is empty is no input. */
export const inputOf = (value: unknown): unknown => {
  if (typeof value !== "string") return value ?? null
  if (value.trim() === "") return null
  const parsed = parseJson(value)
  return parsed === undefined ? value : parsed
}

const thinking = (time: number | null, text: string): ReadonlyArray<Draft> => [
  { role: "assistant", time, text: "", blocks: [{ type: "thinking", text }], thinkingOnly: true }
]

const paragraphs = (value: unknown): string =>
  asArray(value)
    .map((part) => asString(part) ?? asString(asObject(part)?.["text"]) ?? "")
    .filter((text) => text !== "")
    .join("\n\n")

const messageDrafts = ({ metadata, payload, time }: Rollout): ReadonlyArray<Draft> => {
  switch (payload["role"]) {
    case "user":
      return userParts(payload).flatMap((part) => spoken(part.human ? "user" : "system", time, part))
    case "assistant":
      // The answer to a request for a summary; `compacted`, the next record, has it again.
      if (metadata?.["compaction_output"] === true) return none
      return spoken("assistant", time, contentOf(payload["content"]))
  }
  return spoken("system", time, contentOf(payload["content"]))
}

const itemDrafts = (record: Rollout, mode: Mode): ReadonlyArray<Draft> | string => {
  const { payload, time } = record
  const type = asText(payload["type"])
  switch (type) {
    case "message":
      return messageDrafts(record)
    case "reasoning":
      return thinking(time, paragraphs(payload["summary"]) || paragraphs(payload["content"]))
    case "function_call":
      return toolUse(time, callIdOf(payload), nameOf(payload, "function"), inputOf(payload["arguments"]))
    case "custom_tool_call":
      return toolUse(time, callIdOf(payload), nameOf(payload, "custom_tool"), payload["input"] ?? null)
    case "local_shell_call":
      return toolUse(time, callIdOf(payload), "local_shell", payload["action"] ?? null)
    case "web_search_call":
      return toolUse(time, callIdOf(payload), "web_search", payload["action"] ?? null)
    case "tool_search_call":
      return toolUse(time, callIdOf(payload), "tool_search", inputOf(payload["arguments"]))
    case "image_generation_call": {
      const prompt = asText(payload["revised_prompt"])
      const image = asString(payload["result"])
      const input = prompt === null ? null : { revised_prompt: prompt }
      const blocks = image === null ? [] : [rawAttachment("image", null, image)]
      return toolUse(time, callIdOf(payload), "image_generation", input, blocks)
    }
    case "function_call_output":
    case "custom_tool_call_output":
    case "tool_search_output": {
      const { attachments, isError, text } = resultOf(payload)
      const toolUseId = asText(payload["call_id"])
      return [
        { role: "tool_result", time, text, blocks: [{ type: "tool_result", toolUseId, isError }, ...attachments] }
      ]
    }
    case "agent_message": {
      const content = contentOf(payload["content"])
      const task = mode.subagent && /^Message Type: NEW_TASK$/m.test(content.text.slice(0, 2000))
      return spoken(task ? "user" : "system", time, content)
    }
  }
  if (type === null) return "response_item without a type"
  return silentItems.has(type) ? none : `unknown response_item type ${type.slice(0, 60)}`
}

const known = (type: string | null, silent: ReadonlySet<string>, what: string): ReadonlyArray<Draft> | string =>
  type === null ? `${what} without a type` : silent.has(type) ? none : `unknown ${what} type ${type.slice(0, 60)}`

const threadItemDrafts = (payload: Json, time: number | null, mode: Mode): ReadonlyArray<Draft> | string => {
  const item = asObject(payload["item"])
  const type = asText(item?.["type"])
  switch (type) {
    case "CollabAgentToolCall":
    case "CommandExecution":
    case "DynamicToolCall":
    case "FileChange":
    case "McpToolCall":
    case "SubAgentActivity":
      return none
    case "UserMessage":
      return mode.events ? userParts({ content: item!["content"] }).flatMap((part) => spokenBy(part, time)) : none
    case "AgentMessage":
      return mode.events ? spoken("assistant", time, contentOf(item!["content"])) : none
    case "Reasoning":
      if (!mode.events) return none
      return thinking(time, paragraphs(item!["summary_text"]) || paragraphs(item!["raw_content"]))
  }
  return known(type, silentThreadItems, "item_completed")
}

const spokenBy = (part: Content & { readonly human: boolean }, time: number | null): ReadonlyArray<Draft> =>
  spoken(part.human ? "user" : "system", time, part)

const eventDrafts = ({ payload, time }: Rollout, mode: Mode): ReadonlyArray<Draft> | string => {
  const type = asText(payload["type"])
  switch (type) {
    case "collab_agent_spawn_end":
    case "dynamic_tool_call_response":
    case "exec_command_end":
    case "mcp_tool_call_end":
    case "patch_apply_end":
    case "sub_agent_activity":
    case "task_started":
    case "token_count":
    case "turn_started":
      return none
    case "task_complete":
    case "turn_complete": {
      const error = payload["error"]
      const message = asText(error) ?? asText(asObject(error)?.["message"])
      return message === null ? none : system(time, message)
    }
    case "turn_aborted": {
      const reason = asText(payload["reason"])
      return system(time, reason === null ? type : `${type} ${reason}`)
    }
    case "thread_rolled_back": {
      const turns = payload["num_turns"]
      return system(time, typeof turns === "number" ? `${type} ${turns}` : type)
    }
    case "item_completed":
      return threadItemDrafts(payload, time, mode)
    case "user_message": {
      if (!mode.events) return none
      const images = [...asArray(payload["images"]), ...asArray(payload["local_images"])]
      const { attachments } = contentOf(images.map((image_url) => ({ type: "input_image", image_url })))
      const text = asString(payload["message"]) ?? ""
      return spokenBy({ text, attachments, human: !isInjected(text) }, time)
    }
    case "agent_message":
      return mode.events ? spoken("assistant", time, contentOf(payload["message"])) : none
    case "agent_reasoning":
      return mode.events ? thinking(time, asString(payload["text"]) ?? "") : none
  }
  return known(type, silentEvents, "event_msg")
}

/**
 * The messages of one record, the same every time for the same record and mode. A string is the reason why a record of
 * a kind that nobody knows is passed over.
 *
 * Texts that stand for an event (an abort, a rollback) are made of words that are in the record, so that a search over
 * the raw bytes of a file finds whatever a reader sees.
 */
export const draftsOf = (record: Rollout, mode: Mode): ReadonlyArray<Draft> | string => {
  switch (record.type) {
    case "response_item":
      return itemDrafts(record, mode)
    case "event_msg":
      return eventDrafts(record, mode)
    case "compacted":
      return system(record.time, asText(record.payload["message"]) ?? record.type)
    case "token_usage_record":
      return none
  }
  return known(record.type, silentTypes, "record")
}
