import type { Block, Draft } from "../../domain/message.ts"
import { toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json } from "../support/json.ts"
import { inputOf, toolContent, userAttachments } from "./content.ts"
import { type CopilotEvent, isSilent } from "./format.ts"

const none: ReadonlyArray<Draft> = []

const spoken = (
  role: "user" | "assistant" | "system",
  time: number | null,
  text: string | null,
  blocks: ReadonlyArray<Block> = []
): ReadonlyArray<Draft> => {
  const isEmpty = text === null || text.trim() === ""
  return isEmpty && blocks.length === 0 ? none : [{ role, time, text: text ?? "", blocks }]
}

const thinking = (time: number | null, text: string): Draft => ({
  role: "assistant",
  time,
  text: "",
  blocks: [{ type: "thinking", text }],
  thinkingOnly: true
})

const toolUse = (time: number | null, id: string | null, name: string, args: unknown): Draft => {
  const input = inputOf(args)
  return { role: "tool_use", time, text: toolUseText(name, input), blocks: [{ type: "tool_use", id, name, input }] }
}

/** What a person typed has no source. An agent's prompt comes from its parent: `agent-<id>`. */
const isPrompt = ({ agentId, data }: CopilotEvent): boolean => {
  if (data["isAutopilotContinuation"] === true) return false
  const source = asText(data["source"])
  return source === null || source === "user" || (agentId !== null && source.startsWith("agent-"))
}

const userDrafts = (event: CopilotEvent): ReadonlyArray<Draft> | string => {
  const content = asString(event.data["content"])
  const attachments = userAttachments(event.data["attachments"])
  if (content === null && attachments.length === 0) return "user.message without content"
  return spoken(isPrompt(event) ? "user" : "system", event.time, content, attachments)
}

const assistantDrafts = ({ data, time }: CopilotEvent): ReadonlyArray<Draft> | string => {
  const drafts: Array<Draft> = []
  const reasoning = asText(data["reasoningText"])
  if (reasoning !== null) drafts.push(thinking(time, reasoning))
  drafts.push(...spoken("assistant", time, asString(data["content"])))
  const requests = data["toolRequests"]
  if (drafts.length === 0 && requests === undefined && typeof data["content"] !== "string") {
    return "assistant.message without content"
  }
  for (const item of asArray(requests)) {
    const request = asObject(item)
    if (request === null) continue
    const name = asText(request["name"]) ?? "unknown"
    drafts.push(toolUse(time, asText(request["toolCallId"]), name, request["arguments"]))
  }
  return drafts
}

const exitLine = /<(?:exited|shellId: [^<>\n]{0,40} completed) with exit code (-?\d{1,10})>\s*$/

/** The exit code of a shell: recorded since about 1.0.9x, before that only in the last line of the output. */
const exitCodeOf = (data: Json, text: string, content: number | null): number => {
  const recorded = asObject(data["shellExecution"])?.["exitCode"]
  if (typeof recorded === "number") return recorded
  return content ?? Number(exitLine.exec(text.slice(-200))?.[1] ?? 0)
}

const resultDrafts = ({ data, time }: CopilotEvent): ReadonlyArray<Draft> => {
  const result = asObject(data["result"]) ?? {}
  const { attachments, exitCode, text: parts } = toolContent(result)
  const error = asObject(data["error"])
  const text =
    asText(result["content"]) ??
    asText(data["result"]) ??
    asText(error?.["message"]) ??
    asText(data["error"]) ??
    asText(result["detailedContent"]) ??
    parts
  const success = data["success"]
  const failed = typeof success === "boolean" ? !success : error !== null || asText(data["error"]) !== null
  const isError = failed || exitCodeOf(data, text, exitCode) !== 0
  const toolUseId = asText(data["toolCallId"])
  return [{ role: "tool_result", time, text, blocks: [{ type: "tool_result", toolUseId, isError }, ...attachments] }]
}

/** A summary is in the event; where it is not, the checkpoint that the event names has it. */
const compactionDrafts = ({ data, time, type }: CopilotEvent): ReadonlyArray<Draft> => {
  const text = asText(data["summaryContent"]) ?? asText(data["error"])
  const external = asText(data["checkpointPath"])
  if (text !== null || external === null) return spoken("system", time, text ?? type)
  return [{ role: "system", time, text: type, blocks: [], external }]
}

/**
 * The messages of one event, the same every time for the same event. A string is the reason why an event of a kind that
 * nobody knows is passed over.
 *
 * Some are told twice by different events: a thought (`reasoningText`, `assistant.reasoning`), a call (`toolRequests`,
 * `tool.user_requested`, `tool.execution_start`), a skill. Who reads a whole session shows the first of them.
 */
export const draftsOf = (event: CopilotEvent): ReadonlyArray<Draft> | string => {
  try {
    return messagesOf(event)
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    return "record nested too deeply"
  }
}

const messagesOf = (event: CopilotEvent): ReadonlyArray<Draft> | string => {
  const { data, time, type } = event
  switch (type) {
    case "user.message":
      return userDrafts(event)
    case "assistant.message":
      return assistantDrafts(event)
    case "assistant.reasoning": {
      const text = asText(data["content"])
      return text === null ? none : [thinking(time, text)]
    }
    case "tool.execution_start":
    case "tool.user_requested":
      return [toolUse(time, asText(data["toolCallId"]), asText(data["toolName"]) ?? "unknown", data["arguments"])]
    case "tool.execution_complete":
      return resultDrafts(event)
    case "system.message":
    case "system.notification":
    case "skill.invoked":
      return spoken("system", time, asString(data["content"]))
    case "session.info":
    case "session.warning":
    case "session.error":
      return spoken("system", time, asString(data["message"]))
    case "session.handoff":
      return spoken("system", time, asText(data["summary"]) ?? asText(data["context"]))
    case "session.context_cleared":
      return spoken("system", time, asText(data["initialMessage"]) ?? type)
    case "session.compaction_complete":
      return compactionDrafts(event)
    case "abort": {
      // Made of words that are in the record, so that a search over raw bytes finds what a reader sees.
      const reason = asText(data["reason"])
      return spoken("system", time, reason === null ? type : `${type} ${reason}`)
    }
    case "assistant.turn_start":
    case "session.context_changed":
    case "session.model_change":
    case "session.resume":
    case "session.shutdown":
    case "session.start":
    case "session.usage_record":
    case "subagent.started":
      return none
  }
  return isSilent(type) ? none : `unknown event type ${type.slice(0, 60)}`
}
