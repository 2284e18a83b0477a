import { asObject, asString, asText, type Json, parseJson } from "../support/json.ts"
import { type Content, contentOf } from "./content.ts"

/** What a call came to. `isError` may still be corrected by a record that knows better. */
export interface Result extends Content {
  readonly isError: boolean
}

const exitLine = /^(?:Process exited with code|Exit code:) (-?\d{1,12})\s*$/m

/** The lines that the shell tools put above `Output:`. */
const shellHeader = (text: string): string => {
  const start = text.slice(0, 500)
  const end = start.search(/^Output:/m)
  return end < 0 ? start : start.slice(0, end)
}

const failedByText = (text: string): boolean => {
  const exit = exitLine.exec(shellHeader(text))
  return exit !== null && Number(exit[1]) !== 0
}

/** Up to 0.58 a shell's result is JSON in a string: `{"output":"…","metadata":{"exit_code":0,…}}`. */
const wrapped = (text: string): Result | null => {
  if (!text.startsWith('{"output":')) return null
  const json = asObject(parseJson(text))
  const output = asString(json?.["output"])
  const code = asObject(json?.["metadata"])?.["exit_code"]
  return output === null || typeof code !== "number" ? null : { text: output, attachments: [], isError: code !== 0 }
}

/** The result in an output item: a string, a list of parts, or `{content, success}`. */
export const resultOf = (payload: Json): Result => {
  const tools = payload["tools"]
  if (payload["type"] === "tool_search_output" && tools !== undefined) {
    return { text: JSON.stringify(tools) ?? "", attachments: [], isError: payload["status"] === "failed" }
  }
  const output = payload["output"]
  if (typeof output === "string")
    return wrapped(output) ?? { text: output, attachments: [], isError: failedByText(output) }
  const boxed = asObject(output)
  const content = boxed === null ? contentOf(output) : contentOf(boxed["content_items"] ?? boxed["content"])
  const success = boxed?.["success"]
  return { ...content, isError: typeof success === "boolean" ? !success : failedByText(content.text) }
}

const failedStatus = (status: unknown): boolean | null => {
  switch (asText(status)) {
    case "completed":
    case "success":
      return false
    case "declined":
    case "error":
    case "failed":
      return true
  }
  return null
}

const failedMcp = (record: Json): boolean | null => {
  const result = asObject(record["result"])
  if (asObject(record["error"]) !== null || asText(record["error"]) !== null) return true
  const ok = asObject(result?.["Ok"]) ?? result
  if (result !== null && "Err" in result) return true
  const flagged = ok?.["is_error"] ?? ok?.["isError"]
  return typeof flagged === "boolean" ? flagged : failedStatus(record["status"])
}

const not = (success: unknown): boolean | null => (typeof success === "boolean" ? !success : null)

/** What a record besides the result says of a call: whether it failed, null where it does not say. */
export interface Outcome {
  readonly callId: string
  readonly failed: boolean
}

const failedOf = (type: string | null, record: Json): boolean | null => {
  switch (type) {
    case "CommandExecution":
    case "exec_command_end": {
      const code = record["exit_code"]
      return typeof code === "number" ? code !== 0 : failedStatus(record["status"])
    }
    case "FileChange":
    case "CollabAgentToolCall":
      return failedStatus(record["status"])
    case "patch_apply_end":
      return not(record["success"]) ?? failedStatus(record["status"])
    case "DynamicToolCall":
    case "dynamic_tool_call_response":
      return not(record["success"]) ?? failedStatus(record["status"])
    case "McpToolCall":
    case "mcp_tool_call_end":
      return failedMcp(record)
  }
  return null
}

/** `event_msg` payloads: legacy events name their call, items of `item_completed` have the id of their call. */
export const outcomeOf = (payload: Json): Outcome | null => {
  const item = payload["type"] === "item_completed" ? asObject(payload["item"]) : null
  const record = item ?? payload
  const callId = asText(item === null ? payload["call_id"] : item["id"])
  const failed = failedOf(asText(record["type"]), record)
  return callId === null || failed === null ? null : { callId, failed }
}
