import type { Role } from "../../domain/message.ts"
import { asArray, asObject, asString, type Json, type SkipCounter } from "../support/json.ts"
import { unknownType } from "./content.ts"
import { type Part, PartList, textField } from "./parts.ts"

const isRole = (value: unknown): value is "user" | "assistant" | "system" =>
  value === "user" || value === "assistant" || value === "system"

/** What a message says, in segments since 0.1.0, in one text before. Texts are pieces of one and stand together. */
const segments = (list: PartList, message: Json, role: Role, skipped: SkipCounter | null): void => {
  let text = asString(message["text"]) ?? ""
  for (const item of asArray(message["segments"])) {
    const segment = asObject(item)
    switch (segment?.["type"]) {
      case "text":
        text += textField(segment["text"], "text segment", skipped)
        break
      case "thinking":
        list.said(role, text)
        text = ""
        list.thinking(textField(segment["text"], "thinking segment", skipped))
        break
      case "RedactedThinking":
      case "redacted_thinking":
        break
      default:
        unknownType(skipped, "segment", typeOf(segment))
    }
  }
  list.said(role, text)
}

const typeOf = (segment: Json | null) => {
  const tag = asString(segment?.["type"])
  return tag === null ? null : { tag, inner: null }
}

/**
 * Parts of a message of 2025: versions 0.1.0 and 0.2.0, and the one without a number. Results are on the message of
 * their calls since 0.2.0, before on the message of the user that follows, which often has nothing else.
 */
export const legacyParts = (message: Json, skipped: SkipCounter | null): ReadonlyArray<Part> => {
  const role = message["role"]
  const list = new PartList(skipped)
  if (!isRole(role)) {
    skipped?.add("unknown message role")
    return list.parts
  }
  const calls = asArray(message["tool_uses"])
  const results = list.results(message["tool_results"])
  if (calls.length === 0) for (const result of results.splice(0)) list.result(result)
  // Contents of the files that the user attached.
  list.said("system", asString(message["context"]) ?? "")
  // A hidden message of the user was sent by the tool: to go on after a limit.
  segments(list, message, role === "user" && message["is_hidden"] === true ? "system" : role, skipped)
  for (const call of calls) list.call(call, results)
  for (const result of results) list.result(result)
  return list.parts
}
