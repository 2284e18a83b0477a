import { asObject, asText, type Json } from "../support/json.ts"

/** The kinds of lines in a session file of Gemini CLI, which the tool itself tells by their shape, in this order. */
export type Shape = "rewind" | "message" | "update" | "metadata"

export const shapeOf = (record: Json): Shape | null => {
  if (typeof record["$rewindTo"] === "string") return "rewind"
  if (typeof record["id"] === "string") return "message"
  if (asObject(record["$set"]) !== null) return "update"
  return typeof record["sessionId"] === "string" ? "metadata" : null
}

/** A content is a string, a part, or an array of both. */
export const partsOf = (content: unknown): ReadonlyArray<unknown> =>
  Array.isArray(content) ? content : content === undefined || content === null ? [] : [content]

/** The text of a string or of a part. */
export const textOf = (part: unknown): string | null => {
  if (typeof part === "string") return part
  const text = asObject(part)?.["text"]
  return typeof text === "string" ? text : null
}

/** The texts of a content as the tool joins them. */
export const joinedText = (content: unknown): string =>
  partsOf(content)
    .map((part) => textOf(part) ?? "")
    .join("")

const contextTag = "<session_context>"

/** What the tool puts under the role of the user: context, hooks, a compressed history, output of background jobs. */
const injected = [
  contextTag,
  "<hook_context>",
  "<state_snapshot>",
  "<background_output>",
  "Background execution update:\n<background_output>",
  "This is the Gemini CLI. We are setting up the context for our chat."
]

export const isInjected = (text: string): boolean => {
  const start = text.length - text.trimStart().length
  return injected.some((wrapper) => text.startsWith(wrapper, start))
}

/** Whether a message of the user only sets up the context: every start of the tool writes it, resumed sessions again. */
export const isContext = (message: Json): boolean => {
  if (message["type"] !== "user") return false
  const first = partsOf(message["content"])[0]
  return textOf(first)?.trimStart().startsWith(contextTag) === true
}

/** Prompts that the tool takes for commands of its own: no title is made of them, and a resume leaves them out. */
export const isCommand = (text: string): boolean => /^\s*[/?]/.test(text)

/** Whether a message does nothing but hand results of tools to the model. */
export const isEcho = (message: Json): boolean => {
  if (message["type"] !== "user") return false
  const parts = partsOf(message["content"])
  return parts.length > 0 && parts.every((part) => asObject(part)?.["functionResponse"] !== undefined)
}

/** Messages that are no part of the history that the model gets: a resume rebuilds the list without them. */
export const isAside = (message: Json): boolean => {
  switch (message["type"]) {
    case "info":
    case "warning":
    case "error":
      return true
    case "user":
      return isCommand(joinedText(message["content"]))
  }
  return false
}

/** Thoughts of an answer; `subject` is a heading of a few words. */
export const thoughtText = (thought: unknown): string | null => {
  const fields = asObject(thought)
  const subject = asText(fields?.["subject"])
  const description = asText(fields?.["description"])
  return subject === null || description === null ? (subject ?? description) : `${subject}: ${description}`
}

const maskTag = "<tool_output_masked>"

/** Whether the result of a call was cut down when the model's context ran full. */
const isMasked = (result: unknown): boolean =>
  partsOf(result).some((part) => {
    const output = asObject(asObject(asObject(part)?.["functionResponse"])?.["response"])?.["output"]
    return typeof output === "string" && output.includes(maskTag)
  })

/**
 * How much a copy of a message tells. A message is stored again whenever it changes; a resume stores it as the model
 * got it, without calls, thoughts and tokens. The copy that tells most is read, of equals the one with a line of its own.
 */
export const richness = (message: Json, isOwnLine: boolean): number => {
  let score = isOwnLine ? 1 : 0
  const { thoughts, tokens, toolCalls } = message
  if (asObject(tokens) !== null) score += 2
  if (Array.isArray(thoughts) && thoughts.some((thought) => thoughtText(thought) !== null)) score += 4
  if (!Array.isArray(toolCalls)) return score
  let calls = 0
  for (const item of toolCalls.slice(0, 10_000)) {
    const call = asObject(item)
    if (call === null) continue
    const { result } = call
    calls += result === undefined || result === null ? 1 : isMasked(result) ? 2 : 3
  }
  return score + calls * 8
}
