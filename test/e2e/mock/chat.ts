import { asArray, asObject, asString, asText, type Json } from "../../../src/adapters/support/json.ts"
import { type Dialect, type ModelRequest, objects, pieces, speak, textOf, tokens, type Turn } from "./dialect.ts"

const isSystem = (message: Json): boolean => message["role"] === "system" || message["role"] === "developer"

const turnOf = (message: Json): Turn => {
  const text = textOf(message["content"])
  const { role } = message
  if (role === "assistant") return { role, text, calls: asArray(message["tool_calls"]).length }
  return { role: role === "tool" ? "tool" : "user", text, calls: 0 }
}

const read = (path: string, body: Json): ModelRequest | null => {
  if (!path.endsWith("/chat/completions")) return null
  const messages = objects(body["messages"])
  const format = asObject(body["response_format"])
  return {
    model: asText(body["model"]) ?? "mock-model",
    isStream: body["stream"] === true,
    system: messages
      .filter(isSystem)
      .map(({ content }) => textOf(content))
      .join("\n"),
    turns: messages.filter((message) => !isSystem(message)).map(turnOf),
    tools: objects(body["tools"]).map((tool) => {
      const definition = asObject(tool["function"])
      return {
        name: asString(definition?.["name"]) ?? "",
        namespace: null,
        schema: asObject(definition?.["parameters"]) ?? {},
        isCustom: false
      }
    }),
    schema: asObject(asObject(format?.["json_schema"])?.["schema"]) ?? (format?.["type"] === "json_object" ? {} : null)
  }
}

const write: Dialect["write"] = async (wire, request, answer, id) => {
  const { call, text, thinking } = answer
  const prompt = tokens(request.turns)
  const completion = tokens(text)
  const usage = { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
  const head = { id: `chatcmpl-${id}`, created: Math.floor(Date.now() / 1000), model: request.model }
  const called =
    call === null
      ? null
      : { id: `call_${id}`, type: "function", function: { name: call.tool.name, arguments: JSON.stringify(call.args) } }
  const reason = called === null ? "stop" : "tool_calls"
  if (!request.isStream) {
    await speak(wire, answer, () => {})
    const message = {
      role: "assistant",
      content: text,
      ...(thinking === null ? {} : { reasoning_content: thinking }),
      ...(called === null ? {} : { tool_calls: [called] })
    }
    const choices = [{ index: 0, message, finish_reason: reason }]
    return wire.json({ ...head, object: "chat.completion", choices, usage })
  }
  const chunk = (delta: Json, finish: string | null = null): void =>
    wire.event({ ...head, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] })
  chunk({ role: "assistant", content: "" })
  if (thinking !== null) chunk({ reasoning_content: thinking })
  await speak(wire, answer, (piece) => chunk({ content: piece }))
  if (called !== null) {
    chunk({ tool_calls: [{ index: 0, ...called, function: { name: called.function.name, arguments: "" } }] })
    for (const piece of pieces(called.function.arguments)) {
      chunk({ tool_calls: [{ index: 0, function: { arguments: piece } }] })
    }
  }
  chunk({}, reason)
  wire.event({ ...head, object: "chat.completion.chunk", choices: [], usage })
  wire.event("[DONE]")
  wire.end()
}

/** Error body of both OpenAI protocols. */
export const openAiFailure: Dialect["failure"] = (status, message) => ({
  error: {
    message,
    type: status >= 500 ? "server_error" : status === 429 ? "rate_limit_error" : "invalid_request_error",
    param: null,
    code: status === 401 ? "invalid_api_key" : null
  }
})

/** OpenAI Chat Completions. */
export const chat: Dialect = { name: "chat", read, write, failure: openAiFailure }
