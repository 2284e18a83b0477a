import { asObject, asString, asText, type Json } from "../../../src/adapters/support/json.ts"
import {
  type Answer,
  type Dialect,
  type ModelRequest,
  objects,
  pieces,
  speak,
  textOf,
  tokens,
  type Turn
} from "./dialect.ts"

/** Prompts that follow one another come as blocks of one message, as do notes of the tool: each is a turn. */
const turnsOf = (message: Json): ReadonlyArray<Turn> => {
  const { content } = message
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : objects(content)
  const ofType = (type: string) => blocks.filter((block) => block["type"] === type)
  if (message["role"] === "assistant") {
    return [{ role: "assistant", text: textOf(ofType("text")), calls: ofType("tool_use").length }]
  }
  if (message["role"] !== "user") return []
  const results = ofType("tool_result")
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", text: textOf(results), calls: 0 } as const]),
    ...ofType("text").map((block) => ({ role: "user", text: textOf(block), calls: 0 }) as const)
  ]
}

const read = (path: string, body: Json): ModelRequest | null => {
  if (!path.endsWith("/messages")) return null
  const format = asObject(asObject(body["output_config"])?.["format"]) ?? asObject(body["output_format"])
  return {
    model: asText(body["model"]) ?? "mock-model",
    isStream: body["stream"] === true,
    system: textOf(body["system"]),
    turns: objects(body["messages"]).flatMap(turnsOf),
    tools: objects(body["tools"]).map((tool) => ({
      name: asString(tool["name"]) ?? "",
      namespace: null,
      schema: asObject(tool["input_schema"]) ?? {},
      isCustom: false
    })),
    schema: asObject(format?.["schema"])
  }
}

const usageOf = (request: ModelRequest, answer: Answer): Json => ({
  input_tokens: tokens(request.turns),
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: tokens(answer.text)
})

const write: Dialect["write"] = async (wire, request, answer, id) => {
  const { call, text, thinking } = answer
  const usage = usageOf(request, answer)
  const message = { id: `msg_${id}`, type: "message", role: "assistant", model: request.model, stop_sequence: null }
  const signature = Buffer.from(id).toString("base64")
  const reason = call === null ? "end_turn" : "tool_use"
  if (!request.isStream) {
    await speak(wire, answer, () => {})
    const content = [
      ...(thinking === null ? [] : [{ type: "thinking", thinking, signature }]),
      { type: "text", text },
      ...(call === null ? [] : [{ type: "tool_use", id: `toolu_${id}`, name: call.tool.name, input: call.args }])
    ]
    return wire.json({ ...message, content, stop_reason: reason, usage })
  }
  const send = (data: { readonly type: string } & Json): void => wire.event(data, data.type)
  let index = 0
  const block = async (start: Json, deltas: (emit: (delta: Json) => void) => void | Promise<void>): Promise<void> => {
    send({ type: "content_block_start", index, content_block: start })
    await deltas((delta) => send({ type: "content_block_delta", index, delta }))
    send({ type: "content_block_stop", index })
    index++
  }
  send({ type: "message_start", message: { ...message, content: [], stop_reason: null, usage } })
  if (thinking !== null) {
    await block({ type: "thinking", thinking: "", signature: "" }, (emit) => {
      emit({ type: "thinking_delta", thinking })
      emit({ type: "signature_delta", signature })
    })
  }
  await block({ type: "text", text: "" }, (emit) =>
    speak(wire, answer, (piece) => emit({ type: "text_delta", text: piece }))
  )
  if (call !== null) {
    await block({ type: "tool_use", id: `toolu_${id}`, name: call.tool.name, input: {} }, (emit) => {
      for (const piece of pieces(JSON.stringify(call.args))) emit({ type: "input_json_delta", partial_json: piece })
    })
  }
  send({ type: "message_delta", delta: { stop_reason: reason, stop_sequence: null }, usage })
  send({ type: "message_stop" })
  wire.end()
}

const errorTypes: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  429: "rate_limit_error"
}

/** Anthropic Messages. */
export const anthropic: Dialect = {
  name: "anthropic",
  read,
  write,
  failure: (status, message) => ({ type: "error", error: { type: errorTypes[status] ?? "api_error", message } })
}
