import { asObject, asString, type Json } from "../../../src/adapters/support/json.ts"
import { type Dialect, type ModelRequest, objects, speak, textOf, tokens, type Turn } from "./dialect.ts"

/** Prompts that follow one another come as parts of one content: each is a turn. */
const turnsOf = (content: Json): ReadonlyArray<Turn> => {
  const parts = objects(content["parts"])
  const having = (key: string) => parts.filter((part) => asObject(part[key]) !== null)
  const words = parts.filter((part) => typeof part["text"] === "string" && part["thought"] !== true)
  if (content["role"] === "model") {
    return [{ role: "assistant", text: textOf(words), calls: having("functionCall").length }]
  }
  const results = having("functionResponse").map((part) => asObject(part["functionResponse"])?.["response"])
  return [
    ...(results.length === 0 ? [] : [{ role: "tool", text: JSON.stringify(results), calls: 0 } as const]),
    ...words.map((part) => ({ role: "user", text: textOf(part), calls: 0 }) as const)
  ]
}

const read = (path: string, body: Json): ModelRequest | null => {
  const [, model, method] = /\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(path) ?? []
  if (model === undefined) return null
  const settings = asObject(body["generationConfig"])
  const isJson = settings?.["responseMimeType"] === "application/json"
  return {
    model,
    isStream: method === "streamGenerateContent",
    system: textOf(asObject(body["systemInstruction"])?.["parts"]),
    turns: objects(body["contents"]).flatMap(turnsOf),
    tools: objects(body["tools"]).flatMap((group) =>
      objects(group["functionDeclarations"]).map((tool) => ({
        name: asString(tool["name"]) ?? "",
        namespace: null,
        schema: asObject(tool["parametersJsonSchema"]) ?? asObject(tool["parameters"]) ?? {},
        isCustom: false
      }))
    ),
    schema: isJson ? (asObject(settings["responseJsonSchema"]) ?? asObject(settings["responseSchema"]) ?? {}) : null
  }
}

const write: Dialect["write"] = async (wire, request, answer, id) => {
  const { call, text, thinking } = answer
  const prompt = tokens(request.turns)
  const candidates = tokens(text)
  const usageMetadata = {
    promptTokenCount: prompt,
    candidatesTokenCount: candidates,
    totalTokenCount: prompt + candidates
  }
  const chunk = (parts: ReadonlyArray<Json>, finishReason?: string): Json => ({
    candidates: [
      { content: { role: "model", parts }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) }
    ],
    usageMetadata,
    modelVersion: request.model,
    responseId: id
  })
  const thought = thinking === null ? [] : [{ thought: true, text: `**Thinking**\n\n${thinking}` }]
  const called = call === null ? [] : [{ functionCall: { name: call.tool.name, args: call.args, id: `call_${id}` } }]
  if (!request.isStream) {
    await speak(wire, answer, () => {})
    return wire.json(chunk([...thought, { text }, ...called], "STOP"))
  }
  if (thought.length > 0) wire.event(chunk(thought))
  await speak(wire, answer, (piece) => wire.event(chunk([{ text: piece }])))
  if (called.length > 0) wire.event(chunk(called))
  wire.event(chunk([{ text: "" }], "STOP"))
  wire.end()
}

const statusNames: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL"
}

/** Gemini generateContent. */
export const gemini: Dialect = {
  name: "gemini",
  read,
  write,
  failure: (code, message) => ({ error: { code, message, status: statusNames[code] ?? "UNKNOWN" } })
}
