import { type Block, type Draft, type Role, toolUseText } from "../../domain/message.ts"
import { asObject, asString, asText, type Json } from "../support/json.ts"
import { attachmentOf, fileName } from "./attachments.ts"

type Mutable = { -readonly [K in keyof Draft]: Draft[K] } & { blocks: Array<Block> }

/** A text from a field that should be one; other values as the JSON that they are. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value)

/** What an error says: `{name, data: {message}}` in 1.x, `{type, message}` in 2.x, a string in a tool's state. */
export const errorText = (value: unknown): string => {
  const error = asObject(value)
  return (
    asText(value) ??
    asText(asObject(error?.["data"])?.["message"]) ??
    asText(error?.["message"]) ??
    asText(error?.["name"]) ??
    asText(error?.["type"]) ??
    ""
  )
}

/** Input as an object; while it is still streamed in, the text that has come so far. */
const inputOf = (state: Json): unknown => {
  const input = state["input"]
  const raw = asText(state["raw"])
  const isBlank = input === undefined || input === null || (asObject(input) !== null && Object.keys(input).length === 0)
  return isBlank && raw !== null ? raw : input === "" ? null : (input ?? null)
}

/** Drafts of one message, in the order of its parts. Files of a prompt ride on what was said with them. */
export class DraftList {
  readonly drafts: Array<Mutable> = []
  #files: Array<Json> = []

  text(role: Role, time: number | null, text: string): void {
    if (text !== "") this.#push({ role, time, text, blocks: [] })
  }

  thinking(time: number | null, text: string): void {
    if (text !== "") {
      this.#push({ role: "assistant", time, text: "", blocks: [{ type: "thinking", text }], thinkingOnly: true })
    }
  }

  file(file: Json): void {
    this.#files.push(file)
  }

  toolUse(time: number | null, id: string | null, name: string, state: Json): void {
    const input = inputOf(state)
    this.#push({
      role: "tool_use",
      time,
      text: toolUseText(name, input),
      blocks: [{ type: "tool_use", id, name, input }]
    })
  }

  toolResult(
    time: number | null,
    toolUseId: string | null,
    text: string,
    isError: boolean,
    files: ReadonlyArray<Json>
  ): void {
    this.#push({
      role: "tool_result",
      time,
      text,
      blocks: [{ type: "tool_result", toolUseId, isError }, ...files.map(attachmentOf)]
    })
  }

  /** Hangs the files onto the last text of `role`; where there is none, they are a message of their own. */
  finish(role: Role, time: number | null): ReadonlyArray<Draft> {
    if (this.#files.length > 0) {
      const blocks = this.#files.map(attachmentOf)
      const said = this.drafts.findLast((draft) => draft.role === role && draft.thinkingOnly !== true)
      if (said === undefined) this.#push({ role, time, text: this.#files.map(fileName).join("\n"), blocks })
      else said.blocks.push(...blocks)
    }
    return this.drafts
  }

  #push(draft: Mutable): void {
    this.drafts.push(draft)
  }
}

/** The name of an unknown type, short enough for a reason. */
export const typeName = (value: unknown): string => (asString(value) ?? "without a type").slice(0, 60)
