import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { inputOf, resultContent, textOf } from "./content.ts"

/** A draft with what facts need besides: the structured output of a tool, which is not part of its text. */
export interface Part {
  readonly draft: Draft
  readonly output: unknown
}

interface Result {
  readonly id: string | null
  readonly result: Json
}

/** Parts of one message, in its order. No message has a time. */
export class PartList {
  readonly parts: Array<Part> = []
  readonly #skipped: SkipCounter | null

  constructor(skipped: SkipCounter | null) {
    this.#skipped = skipped
  }

  said(role: Role, text: string, blocks: ReadonlyArray<Block> = []): void {
    if (text !== "" || blocks.length > 0) this.#push({ role, time: null, text, blocks })
  }

  thinking(text: string): void {
    if (text === "") return
    this.#push({ role: "assistant", time: null, text: "", blocks: [{ type: "thinking", text }], thinkingOnly: true })
  }

  /** A call `{id, name, input}`, followed by what answered it. */
  call(value: unknown, results: Array<Result>): void {
    const call = asObject(value)
    if (call === null) return this.#skipped?.add("tool call that is no object")
    const id = asText(call["id"])
    const name = asText(call["name"]) ?? "unknown"
    const input = inputOf(call)
    this.#push({
      role: "tool_use",
      time: null,
      text: toolUseText(name, input),
      blocks: [{ type: "tool_use", id, name, input }]
    })
    const at = id === null ? -1 : results.findIndex((result) => result.id === id)
    if (at >= 0) for (const result of results.splice(at, 1)) this.result(result)
  }

  result({ id, result }: Result): void {
    const { blocks, text } = resultContent(result["content"], this.#skipped)
    const output = result["output"]
    this.#push(
      {
        role: "tool_result",
        time: null,
        // Some tools give nothing but their structured output.
        text: text === "" && blocks.length === 0 ? textOf(output) : text,
        blocks: [{ type: "tool_result", toolUseId: id, isError: result["is_error"] === true }, ...blocks]
      },
      output
    )
  }

  /** Results of a message: by the id of their calls since 0.3.0, a list before. */
  results(value: unknown): Array<Result> {
    const found: Array<Result> = []
    const take = (id: string | null, item: unknown) => {
      const result = asObject(item)
      if (result === null) this.#skipped?.add("tool result that is no object")
      else found.push({ id: id ?? asText(result["tool_use_id"]), result })
    }
    if (Array.isArray(value)) for (const item of asArray(value)) take(null, item)
    else for (const [id, item] of Object.entries(asObject(value) ?? {})) take(id, item)
    return found
  }

  #push(draft: Draft, output: unknown = null): void {
    this.parts.push({ draft, output })
  }
}

/** Text of a field, counted where it has none. */
export const textField = (value: unknown, what: string, skipped: SkipCounter | null): string => {
  const text = asString(value)
  if (text === null) skipped?.add(`${what} without text`)
  return text ?? ""
}
