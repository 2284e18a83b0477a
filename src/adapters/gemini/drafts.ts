import { toolUseText, type Block, type Draft, type Role } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, asTime, type Json, type SkipCounter } from "../support/json.ts"
import { isInjected, joinedText, partsOf, textOf, thoughtText } from "./format.ts"

type MutableDraft = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

const referenceStart = "--- Content from referenced files ---"
const referenceEnd = "--- End of content ---"

/** The tool saves an output that is too long, and gives the model both ends of it under this line. */
const movedOutput = /^Output too large\. Showing first [^\n]{0,200}For full output see: ([^\n]+)\n/

/** Decoded size of base64 text of this length. */
const decodedBytes = (data: string): number =>
  Math.floor((data.length * 3) / 4) - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0)

/** An image, a recording or a document; null for a part that is none. */
const attachmentOf = (part: Json): Block | null => {
  const inline = asObject(part["inlineData"])
  const file = inline ?? asObject(part["fileData"])
  if (file === null) return null
  const mediaType = asText(file["mimeType"])
  const family = /^(image|audio|video)\//.exec(mediaType ?? "")?.[1]
  const data = asString(inline?.["data"])
  return { type: "attachment", kind: family ?? "document", mediaType, bytes: data === null ? null : decodedBytes(data) }
}

const asOutput = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))

interface Outcome {
  readonly text: string
  readonly isError: boolean
  readonly attachments: ReadonlyArray<Block>
}

/** What a function gave back: `{output}`, `{error}`, or whatever a server of its own makes up. */
const outcomeOf = (response: Json): Outcome => {
  const value = response["response"]
  const fields = asObject(value)
  const attachments = asArray(response["parts"]).flatMap((part) => attachmentOf(asObject(part) ?? {}) ?? [])
  const error = fields?.["error"]
  if (error !== undefined && error !== null && error !== "" && error !== false) {
    return { text: asOutput(error), isError: true, attachments }
  }
  const output = fields?.["output"]
  const text = output !== undefined && output !== null ? asOutput(output) : emptied(value, fields)
  return { text, isError: false, attachments }
}

const emptied = (value: unknown, fields: Json | null): string => {
  if (value === undefined || value === null) return ""
  return fields !== null && Object.keys(fields).every((key) => key === "output" || key === "error")
    ? ""
    : asOutput(value)
}

/** Drafts of one message: adjacent texts of a role are one text, attachments ride on the text beside them. */
class DraftList {
  readonly drafts: Array<MutableDraft> = []
  readonly #time: number | null
  #waiting: Array<Block> = []
  #lastText: MutableDraft | null = null

  constructor(time: number | null) {
    this.#time = time
  }

  text(role: Role, text: string, joint: string): void {
    if (text === "" && this.#waiting.length === 0) return
    const last = this.#lastText
    if (last !== null && last.role === role && last === this.drafts.at(-1) && this.#waiting.length === 0) {
      last.text += joint + text
      return
    }
    this.#lastText = this.#push(role, text, this.#waiting)
    this.#waiting = []
  }

  attach(block: Block): void {
    if (this.#lastText === null) this.#waiting.push(block)
    else this.#lastText.blocks.push(block)
  }

  thinking(text: string): void {
    if (text.trim() !== "") this.#push("assistant", "", [{ type: "thinking", text }]).thinkingOnly = true
  }

  call(id: string | null, name: string, input: unknown): void {
    this.#push("tool_use", toolUseText(name, input), [{ type: "tool_use", id, name, input }])
  }

  result(toolUseId: string | null, { attachments, isError, text }: Outcome): void {
    const draft = this.#push("tool_result", text, [{ type: "tool_result", toolUseId, isError }, ...attachments])
    const moved = movedOutput.exec(text)?.[1]
    if (moved !== undefined) draft.external = moved.trim()
  }

  finish(role: Role): ReadonlyArray<MutableDraft> {
    if (this.#waiting.length > 0) this.text(role, "", "")
    return this.drafts
  }

  #push(role: Role, text: string, blocks: Array<Block>): MutableDraft {
    const draft: MutableDraft = { role, time: this.#time, text, blocks }
    this.drafts.push(draft)
    return draft
  }
}

/** Parts that say nothing: signatures of thoughts, and what is only there for the API. */
const silentParts: ReadonlySet<string> = new Set(["thoughtSignature", "thought", "videoMetadata", "text"])

const countPart = (part: unknown, skipped: SkipCounter | null): void => {
  const keys = Object.keys(asObject(part) ?? {})
  const odd = keys.find((key) => !silentParts.has(key))
  if (odd !== undefined) skipped?.add(`unknown part ${odd.slice(0, 60)}`)
  else if (keys.length === 0) skipped?.add("part that is no object")
}

const addResult = (list: DraftList, response: Json): void => list.result(asText(response["id"]), outcomeOf(response))

/**
 * A prompt. Files that it refers to with `@` follow it as parts between two marks; hooks add parts too. `displayContent`
 * is what the user typed where the tool made something else of it for the model.
 */
const userDrafts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList(asTime(message["timestamp"]))
  let isReference = false
  for (const part of partsOf(message["content"])) {
    const fields = asObject(part) ?? {}
    const text = textOf(part)
    const response = asObject(fields["functionResponse"])
    const attachment = attachmentOf(fields)
    if (text !== null) {
      if (text.trim().startsWith(referenceStart)) isReference = true
      if (isReference) list.text("system", text, "")
      else list.text(isInjected(text) ? "system" : "user", text, "\n")
      if (isReference && text.trim() === referenceEnd) isReference = false
    }
    if (response !== null) addResult(list, response)
    if (attachment !== null) list.attach(attachment)
    if (text === null && response === null && attachment === null) countPart(part, skipped)
  }
  const drafts = list.finish("user")
  const typed = joinedText(message["displayContent"])
  const prompts = drafts.filter(({ role, text }) => role === "user" && text !== "")
  if (typed.trim() === "" || prompts.length === 0) return drafts
  if (prompts.length === 1 && prompts[0]!.text.trim() === typed.trim()) return drafts
  for (const prompt of prompts) prompt.role = "system"
  return [{ role: "user", time: drafts[0]!.time, text: typed, blocks: [] }, ...drafts]
}

const objectsOf = (items: ReadonlyArray<unknown>): ReadonlyArray<Json> =>
  items.map(asObject).filter((item) => item !== null)

/** The responses among the result's parts that answer this call: a rebuilt history gives each call those of its turn. */
const responsesTo = (id: string | null, parts: ReadonlyArray<unknown>): ReadonlyArray<Json> => {
  const responses = objectsOf(parts.map((part) => asObject(part)?.["functionResponse"]))
  const named = responses.filter((response) => id !== null && response["id"] === id)
  return named.length > 0 ? named : responses.filter((response) => asText(response["id"]) === null)
}

const displayed = (display: unknown): string => {
  if (typeof display === "string") return display
  return asString(asObject(display)?.["fileDiff"]) ?? ""
}

const isUnfinished = (status: unknown): boolean => status !== "success" && status !== "error" && status !== "cancelled"

/** The result of a call in `toolCalls`; nothing for a call that is still running. */
const addCallResult = (list: DraftList, call: Json): void => {
  const id = asText(call["id"])
  const { resultDisplay, status } = call
  const parts = partsOf(call["result"])
  const outcomes = responsesTo(id, parts).map(outcomeOf)
  const attachments = parts.flatMap((part) => attachmentOf(asObject(part) ?? {}) ?? [])
  const said = outcomes.map(({ text }) => text).filter((text) => text !== "")
  const text = (said.length > 0 ? said.join("\n") : joinedText(call["result"])) || displayed(resultDisplay)
  if (text === "" && parts.length === 0 && isUnfinished(status)) return
  list.result(id, {
    text,
    isError: status === "error" || status === "cancelled" || outcomes.some(({ isError }) => isError),
    attachments: [...outcomes.flatMap((outcome) => outcome.attachments), ...(outcomes.length > 1 ? [] : attachments)]
  })
}

const answerDrafts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList(asTime(message["timestamp"]))
  const thoughts = asArray(message["thoughts"]).flatMap((thought) => thoughtText(thought) ?? [])
  for (const thought of thoughts) list.thinking(thought)
  const listed = asArray(message["toolCalls"])
  const calls = objectsOf(listed)
  if (calls.length < listed.length) skipped?.add("tool call that is no object", listed.length - calls.length)
  const known = new Set(calls.map((call) => asText(call["id"])))
  for (const part of partsOf(message["content"])) {
    const fields = asObject(part) ?? {}
    const text = textOf(part)
    const call = asObject(fields["functionCall"])
    const response = asObject(fields["functionResponse"])
    const attachment = attachmentOf(fields)
    if (text !== null && fields["thought"] === true) {
      if (thoughts.length === 0) list.thinking(text)
    } else if (text !== null) list.text("assistant", text, "")
    if (call !== null) {
      const id = asText(call["id"])
      if (id === null || !known.has(id)) list.call(id, asText(call["name"]) ?? "unknown", call["args"])
    }
    if (response !== null) addResult(list, response)
    if (attachment !== null) list.attach(attachment)
    if (text === null && call === null && response === null && attachment === null) countPart(part, skipped)
  }
  list.finish("assistant")
  for (const call of calls) list.call(asText(call["id"]), asText(call["name"]) ?? "unknown", call["args"])
  for (const call of calls) addCallResult(list, call)
  return list.drafts
}

/** What the tool tells the user beside the conversation. */
const noticeDrafts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList(asTime(message["timestamp"]))
  for (const part of partsOf(message["content"])) {
    const text = textOf(part)
    const attachment = attachmentOf(asObject(part) ?? {})
    if (text !== null) list.text("system", text, "")
    if (attachment !== null) list.attach(attachment)
    if (text === null && attachment === null) countPart(part, skipped)
  }
  return list.finish("system")
}

/**
 * The messages of one message record: thoughts, texts, calls, then the results of the calls. Pure: the same record always
 * gives the same drafts. Counts what it cannot use.
 */
export const messageDrafts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const type = message["type"]
  try {
    switch (type) {
      case "user":
        return userDrafts(message, skipped)
      case "gemini":
        return answerDrafts(message, skipped)
      case "info":
      case "warning":
      case "error":
        return noticeDrafts(message, skipped)
    }
  } catch {
    // The arguments of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("message nested too deeply")
    return []
  }
  skipped?.add(typeof type === "string" ? `unknown message type ${type.slice(0, 60)}` : "message without a type")
  return []
}
