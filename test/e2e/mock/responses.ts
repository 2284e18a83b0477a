import { asObject, asString, asText, type Json } from "../../../src/adapters/support/json.ts"
import { openAiFailure } from "./chat.ts"
import {
  type Answer,
  type Dialect,
  type ModelRequest,
  objects,
  pieces,
  speak,
  textOf,
  tokens,
  type Tool,
  type Turn
} from "./dialect.ts"

const turnsOf = (item: Json): ReadonlyArray<Turn> => {
  const type = asString(item["type"]) ?? "message"
  if (type.endsWith("_output")) return [{ role: "tool", text: textOf(item["output"]), calls: 0 }]
  if (type.endsWith("_call")) return [{ role: "assistant", text: "", calls: 1 }]
  if (type !== "message") return []
  const { content, role } = item
  if (role === "assistant") return [{ role, text: textOf(content), calls: 0 }]
  if (role !== "user") return []
  // Notes of the tool are parts beside the prompt: each is a turn.
  const parts = typeof content === "string" ? [content] : objects(content)
  return parts.map((part) => ({ role, text: textOf(part), calls: 0 }))
}

const toolsOf = (tool: Json, namespace: string | null = null): ReadonlyArray<Tool> => {
  const name = asString(tool["name"]) ?? asString(tool["type"]) ?? ""
  if (tool["type"] === "namespace") return objects(tool["tools"]).flatMap((one) => toolsOf(one, name))
  return [{ name, namespace, schema: asObject(tool["parameters"]) ?? {}, isCustom: tool["type"] === "custom" }]
}

const read = (path: string, body: Json): ModelRequest | null => {
  if (!path.endsWith("/responses")) return null
  const { input } = body
  const items = typeof input === "string" ? [{ role: "user", content: input }] : objects(input)
  return {
    model: asText(body["model"]) ?? "mock-model",
    isStream: body["stream"] === true,
    system: asString(body["instructions"]) ?? "",
    turns: items.flatMap(turnsOf),
    tools: objects(body["tools"]).flatMap((tool) => toolsOf(tool)),
    schema: asObject(asObject(asObject(body["text"])?.["format"])?.["schema"])
  }
}

const callItem = ({ args, tool }: NonNullable<Answer["call"]>, id: string): Json => {
  const common = { status: "completed", call_id: `call_${id}`, name: tool.name }
  const namespace = tool.namespace === null ? {} : { namespace: tool.namespace }
  if (!tool.isCustom) {
    return { id: `fc_${id}`, type: "function_call", ...common, ...namespace, arguments: JSON.stringify(args) }
  }
  return { id: `ctc_${id}`, type: "custom_tool_call", ...common, input: asString(args["input"]) ?? "" }
}

const write: Dialect["write"] = async (wire, request, answer, id) => {
  const { call, thinking } = answer
  const input = tokens(request.turns)
  const output = tokens(answer.text)
  const usage = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output
  }
  const response = {
    id: `resp_${id}`,
    object: "response",
    created_at: Math.floor(Date.now() / 1000),
    model: request.model
  }
  const items: Array<Json> = []
  let sequence = 0
  const send = (type: string, data: Json): void => {
    if (request.isStream) wire.event({ type, sequence_number: sequence++, ...data }, type)
  }
  /** An item is announced empty, filled, and repeated as a whole. */
  const add = async (item: Json, empty: Json, fill: (where: Json) => void | Promise<void>): Promise<void> => {
    const where = { item_id: item["id"], output_index: items.length }
    send("response.output_item.added", { output_index: items.length, item: { ...item, ...empty } })
    await fill(where)
    send("response.output_item.done", { output_index: items.length, item })
    items.push(item)
  }
  send("response.created", { response: { ...response, status: "in_progress", output: [], usage: null } })
  if (thinking !== null) {
    const part = { type: "summary_text", text: thinking }
    await add({ id: `rs_${id}`, type: "reasoning", summary: [part] }, { summary: [] }, (where) => {
      const at = { ...where, summary_index: 0 }
      send("response.reasoning_summary_part.added", { ...at, part: { ...part, text: "" } })
      send("response.reasoning_summary_text.delta", { ...at, delta: thinking })
      send("response.reasoning_summary_text.done", { ...at, text: thinking })
      send("response.reasoning_summary_part.done", { ...at, part })
    })
  }
  const text = { type: "output_text", text: answer.text, annotations: [] }
  const message = { id: `msg_${id}`, type: "message", role: "assistant", status: "completed", content: [text] }
  await add(message, { status: "in_progress", content: [] }, async (where) => {
    const at = { ...where, content_index: 0 }
    send("response.content_part.added", { ...at, part: { ...text, text: "" } })
    await speak(wire, answer, (delta) => send("response.output_text.delta", { ...at, delta }))
    send("response.output_text.done", { ...at, text: answer.text })
    send("response.content_part.done", { ...at, part: text })
  })
  if (call !== null) {
    const item = callItem(call, id)
    const [key, name] = call.tool.isCustom
      ? ["input", "custom_tool_call_input"]
      : ["arguments", "function_call_arguments"]
    await add(item, { status: "in_progress", [key!]: "" }, (where) => {
      const whole = asString(item[key!]) ?? ""
      for (const delta of pieces(whole)) send(`response.${name}.delta`, { ...where, delta })
      send(`response.${name}.done`, { ...where, [key!]: whole })
    })
  }
  const final = { ...response, status: "completed", output: items, usage }
  if (!request.isStream) return wire.json(final)
  send("response.completed", { response: final })
  wire.end()
}

/** OpenAI Responses. */
export const responses: Dialect = { name: "responses", read, write, failure: openAiFailure }
