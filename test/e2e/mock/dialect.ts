import { asArray, asObject, asString, type Json } from "../../../src/adapters/support/json.ts"

/** One side's words in a conversation, the same for every protocol. */
export interface Turn {
  readonly role: "user" | "assistant" | "tool"
  readonly text: string
  /** Tools that the assistant called in it. */
  readonly calls: number
}

export interface Tool {
  readonly name: string
  /** The Responses API groups some tools; null elsewhere. */
  readonly namespace: string | null
  /** JSON Schema of its arguments. */
  readonly schema: Json
  /** Takes one text instead of arguments: custom tools of the Responses API. */
  readonly isCustom: boolean
}

/** What a request asks for. */
export interface ModelRequest {
  readonly model: string
  readonly isStream: boolean
  readonly system: string
  readonly turns: ReadonlyArray<Turn>
  readonly tools: ReadonlyArray<Tool>
  /** JSON Schema that the answer has to follow; null where it is free. */
  readonly schema: Json | null
}

/** What the mock answers. */
export interface Answer {
  readonly text: string
  readonly thinking: string | null
  readonly call: { readonly tool: Tool; readonly args: Json } | null
  /** Pause in the middle of the text, in milliseconds. */
  readonly pauseMs: number
  /** HTTP status to fail with instead. */
  readonly failure: number | null
}

/** Where an answer is written. `event` is one server-sent event. */
export interface Wire {
  readonly event: (data: unknown, name?: string) => void
  readonly json: (body: unknown) => void
  readonly end: () => void
  readonly isOpen: () => boolean
}

/** One provider's protocol. */
export interface Dialect {
  readonly name: string
  /** The request, or null where path and body are not of this protocol. */
  readonly read: (path: string, body: Json) => ModelRequest | null
  /** Writes an answer. `id` is unique among all answers. */
  readonly write: (wire: Wire, request: ModelRequest, answer: Answer, id: string) => Promise<void>
  /** Body of a failed answer. */
  readonly failure: (status: number, message: string) => Json
}

/** Text of whatever a protocol calls content: a string, a part, or a list of parts. */
export const textOf = (content: unknown): string => {
  if (typeof content === "string") return content
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join("\n")
  const part = asObject(content)
  if (part === null) return ""
  return asString(part["text"]) ?? textOf(part["content"] ?? "")
}

/** Objects of a list; whatever else is in it is left out. */
export const objects = (list: unknown): ReadonlyArray<Json> =>
  asArray(list)
    .map(asObject)
    .filter((one) => one !== null)

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** A text in at least two pieces, where it is long enough, and at most 60, without breaking characters. */
export const pieces = (text: string): ReadonlyArray<string> => {
  const characters = Array.from(text)
  const length = Math.max(Math.ceil(characters.length / 60), Math.min(24, Math.ceil(characters.length / 2)))
  const found: Array<string> = []
  for (let at = 0; at < characters.length; at += length) found.push(characters.slice(at, at + length).join(""))
  return found
}

/** Gives the text to `emit` in pieces, with the answer's pause after the first half. A client that leaves ends it. */
export const speak = async (wire: Wire, { pauseMs, text }: Answer, emit: (piece: string) => void): Promise<void> => {
  const all = pieces(text)
  const half = Math.ceil(all.length / 2)
  all.slice(0, half).forEach(emit)
  const until = performance.now() + pauseMs
  while (wire.isOpen() && performance.now() < until) await sleep(50)
  if (wire.isOpen()) all.slice(half).forEach(emit)
}

/** Four bytes a token: nobody checks. */
export const tokens = (value: unknown): number =>
  Math.ceil(Buffer.byteLength(typeof value === "string" ? value : JSON.stringify(value ?? "")) / 4)
