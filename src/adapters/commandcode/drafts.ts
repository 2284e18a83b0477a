import type { Draft, Role } from "../../domain/message.ts"
import { asArray, asObject, asString, type Json, type SkipCounter } from "../support/json.ts"
import { attachmentBlock, blocksOf, DraftList, isAttachment } from "./content.ts"
import { classOf, isInjected, isMachineMade, type Spoken, spokenOf, tellsFailure, timeOf } from "./format.ts"

const none: ReadonlyArray<Draft> = []

const nameOf = (value: unknown): string => (asString(value) ?? "of no type").slice(0, 60)

interface Speaker {
  /** Of what is attached without a text. */
  readonly role: Role
  readonly roleOf: (text: string) => Role
}

const always = (role: Role): Speaker => ({ role, roleOf: () => role })

const speakerOf = (spoken: Spoken): Speaker | null => {
  const { meta, role } = spoken
  if (role === "assistant") return always("assistant")
  if (role === "tool" || role === "system") return always("system")
  if (role !== "user") return null
  if (isMachineMade(meta)) return always("system")
  return { role: "user", roleOf: (text) => (isInjected(text) || tellsFailure(text, spoken) ? "system" : "user") }
}

/** What hooks told the model about a call, kept beside the message that has its result. */
const hookContext = (list: DraftList, meta: Json | null, callId: string | null): void => {
  const contexts = asObject(meta?.["hookContexts"])
  if (contexts === null || callId === null || !Object.hasOwn(contexts, callId)) return
  const context = asObject(contexts[callId])
  list.context(asString(context?.["postToolUse"]))
  list.context(asString(context?.["preToolUse"]))
}

const isThinking = (type: unknown): boolean =>
  type === "thinking" || type === "reasoning" || type === "redacted_thinking"

const isCall = (type: unknown): boolean => type === "tool_use" || type === "tool-call" || type === "server_tool_use"

const isResult = (type: unknown): boolean =>
  type === "tool-result" || (typeof type === "string" && type.endsWith("tool_result"))

const addBlock = (
  list: DraftList,
  item: unknown,
  { roleOf }: Speaker,
  meta: Json | null,
  skipped: SkipCounter | null
): void => {
  if (typeof item === "string") return list.text(roleOf(item), item)
  const block = asObject(item)
  if (block === null) {
    skipped?.add("content block that is no object")
    return
  }
  const type = block["type"]
  if (type === "text") {
    if (typeof block["text"] === "string") list.text(roleOf(block["text"]), block["text"])
    else skipped?.add("text block without text")
  } else if (isThinking(type)) list.thinking(asString(block["thinking"]) ?? asString(block["text"]) ?? "")
  else if (isCall(type)) list.toolUse(block)
  else if (isResult(type)) hookContext(list, meta, list.toolResult(block))
  else if (isAttachment(type)) list.attach(attachmentBlock(type, block))
  else skipped?.add(`unknown block type ${nameOf(type)}`)
}

const messageDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const spoken = spokenOf(record)
  if (spoken === null) {
    skipped?.add("message without role")
    return none
  }
  const speaker = speakerOf(spoken)
  if (speaker === null) {
    skipped?.add(`unknown role ${nameOf(spoken.role)}`)
    return none
  }
  const blocks = blocksOf(spoken.content)
  if (blocks === null) {
    skipped?.add("message without content")
    return none
  }
  const list = new DraftList(timeOf(record))
  // Context that the model saw before and after the prompt; the tool does not show it.
  const context = asObject(spoken.meta?.["injected"])
  list.context(asString(context?.["sessionStartHookContext"]))
  for (const item of blocks) addBlock(list, item, speaker, spoken.meta, skipped)
  const drafts = list.finish(speaker.role)
  for (const companion of asArray(context?.["companions"])) list.context(asString(asObject(companion)?.["text"]))
  return drafts
}

/** Text that the tool or an extension put into the conversation. */
const systemDrafts = (record: Json, content: unknown, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const blocks = blocksOf(content)
  if (blocks === null) {
    skipped?.add(`${nameOf(record["type"])} without text`)
    return none
  }
  const list = new DraftList(timeOf(record))
  const speaker = always("system")
  for (const item of blocks) addBlock(list, item, speaker, null, skipped)
  return list.finish("system")
}

/**
 * The messages of one line of any format: one draft per text, thought, call and result. Pure: the same record always
 * gives the same drafts. Counts what it cannot use.
 */
export const recordDrafts = (record: Json, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  try {
    if (classOf(record) === "flat") return messageDrafts(record, skipped)
    switch (record["type"]) {
      case "message":
        return messageDrafts(record, skipped)
      case "compaction":
      case "branch_summary":
        return systemDrafts(record, record["summary"], skipped)
      case "custom_message":
        return record["display"] === true ? systemDrafts(record, record["content"], skipped) : none
    }
    return none
  } catch {
    // The input of a call may be nested deeper than JSON.stringify can go.
    skipped?.add("record nested too deeply")
    return none
  }
}
