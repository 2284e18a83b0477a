import type { Block } from "../../domain/message.ts"
import { asArray, asObject, type Json, type SkipCounter } from "../support/json.ts"
import { imageOf, mentionOf, taggedOf, unknownType } from "./content.ts"
import { legacyParts } from "./legacy.ts"
import { type Part, PartList, textField } from "./parts.ts"

const messageTypes: ReadonlySet<string> = new Set(["Agent", "Compaction", "Resume", "User"])
const userTypes: ReadonlySet<string> = new Set(["Image", "Mention", "Text"])
const agentTypes: ReadonlySet<string> = new Set(["RedactedThinking", "Text", "Thinking", "ToolUse"])

/** A prompt is one message: what stands between its links are pieces of one text. What they bring along follows it. */
const userParts = (list: PartList, message: Json, skipped: SkipCounter | null): void => {
  const blocks: Array<Block> = []
  const attached: Array<string> = []
  let text = ""
  let afterText = false
  for (const item of asArray(message["content"])) {
    const tagged = taggedOf(item, userTypes)
    const wasText = afterText
    afterText = false
    switch (tagged?.tag) {
      case "Text": {
        const more = textField(tagged.inner, "text", skipped)
        text += wasText && more !== "" && text !== "" ? `\n${more}` : more
        afterText = true
        break
      }
      case "Mention": {
        const { block, content, label } = mentionOf(tagged.inner)
        text += label
        if (block !== null) blocks.push(block)
        attached.push(content)
        break
      }
      case "Image":
        blocks.push(imageOf(tagged.inner))
        break
      default:
        unknownType(skipped, "content", tagged)
    }
  }
  list.said("user", text, blocks)
  for (const content of attached) list.said("system", content)
}

const agentParts = (list: PartList, message: Json, skipped: SkipCounter | null): void => {
  const results = list.results(message["tool_results"])
  for (const item of asArray(message["content"])) {
    const tagged = taggedOf(item, agentTypes)
    switch (tagged?.tag) {
      case "Text":
        list.said("assistant", textField(tagged.inner, "text", skipped))
        break
      case "Thinking":
        list.thinking(textField(asObject(tagged.inner)?.["text"] ?? tagged.inner, "thinking", skipped))
        break
      case "RedactedThinking":
        break
      case "ToolUse":
        list.call(tagged.inner, results)
        break
      default:
        unknownType(skipped, "content", tagged)
    }
  }
  for (const result of results) list.result(result)
}

const compactionTypes: ReadonlySet<string> = new Set(["ProviderNative", "Summary"])

const messageParts = (value: unknown, skipped: SkipCounter | null): ReadonlyArray<Part> => {
  const tagged = taggedOf(value, messageTypes)
  const object = asObject(value)
  if (object !== null && "role" in object && !messageTypes.has(tagged?.tag ?? "")) return legacyParts(object, skipped)
  const list = new PartList(skipped)
  const message = asObject(tagged?.inner)
  switch (tagged?.tag) {
    case "User":
    case "Agent":
      if (message === null) skipped?.add("message that is no object")
      else (tagged.tag === "User" ? userParts : agentParts)(list, message, skipped)
      break
    case "Resume":
      // The user let the agent go on by a button.
      list.said("system", tagged.tag)
      break
    case "Compaction": {
      const compaction = taggedOf(tagged.inner, compactionTypes)
      if (compaction?.tag === "Summary") list.said("system", textField(compaction.inner, "compaction", skipped))
      else if (compaction?.tag !== "ProviderNative") unknownType(skipped, "compaction", compaction)
      break
    }
    default:
      unknownType(skipped, "message", tagged)
  }
  return list.parts
}

/** The parts of one message of any version, the same every time for the same message. Counts what it cannot use. */
export const partsOf = (message: unknown, skipped: SkipCounter | null): ReadonlyArray<Part> => {
  try {
    return messageParts(message, skipped)
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("message nested too deeply")
    return []
  }
}
