import type { Draft } from "../../domain/message.ts"
import { asArray, asObject, asString, asText, type Json, type SkipCounter } from "../support/json.ts"
import { DraftList, errorText, textOf, typeName } from "./draft-list.ts"
import { asMillis } from "./format.ts"
import { bookkeeping } from "./sessions.ts"

const timeOf = (holder: Json, ...keys: ReadonlyArray<string>): number | null => {
  const time = asObject(holder["time"])
  return keys.reduce<number | null>((found, key) => found ?? asMillis(time?.[key]), null)
}

/** The texts and files of a tool's result: `content`, in earlier previews `output`. */
const resultOf = (state: Json): { readonly texts: ReadonlyArray<string>; readonly files: ReadonlyArray<Json> } => {
  const content = asArray(state["content"])
  const items = content.map(asObject).filter((item) => item !== null)
  const texts = [
    ...content.filter((item) => typeof item === "string"),
    ...items.map(({ text }) => asString(text)).filter((text) => text !== null)
  ]
  const rest = content.length > 0 ? "" : textOf(state["output"] ?? state["structured"])
  return { texts: rest === "" ? texts : [rest], files: items.filter(({ type }) => type === "file") }
}

const toolDrafts = (list: DraftList, item: Json, time: number | null, skipped: SkipCounter | null): void => {
  const id = asText(item["id"])
  const state = asObject(item["state"])
  if (state === null) skipped?.add("tool content without a state")
  list.toolUse(timeOf(item, "ran", "created") ?? time, id, asText(item["name"]) ?? "unknown", state ?? {})
  const status = asText(state?.["status"])
  if (state === null || status === "streaming" || status === "pending" || status === "running") return
  const end = timeOf(item, "completed", "ran", "created") ?? time
  const { files, texts } = resultOf(state)
  if (status === "completed") list.toolResult(end, id, texts.join("\n"), false, files)
  else if (status === "error") {
    const error = errorText(state["error"])
    list.toolResult(end, id, [error, ...texts].filter((text) => text !== "").join("\n"), true, files)
  } else skipped?.add(`unknown tool status ${typeName(state["status"])}`)
}

const assistantDrafts = (info: Json, time: number | null, skipped: SkipCounter | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  for (const content of asArray(info["content"])) {
    const item = asObject(content)
    if (item === null) skipped?.add("content that is no object")
    else if (item["type"] === "text") list.text("assistant", time, textOf(item["text"]))
    else if (item["type"] === "reasoning") list.thinking(timeOf(item, "created") ?? time, textOf(item["text"]))
    else if (item["type"] === "tool") toolDrafts(list, item, time, skipped)
    else skipped?.add(`unknown content type ${typeName(item["type"])}`)
  }
  if (asObject(info["error"]) !== null) list.text("system", timeOf(info, "completed") ?? time, errorText(info["error"]))
  return list.drafts
}

const userDrafts = (info: Json, time: number | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  list.text("user", time, textOf(info["text"]))
  for (const file of asArray(info["files"])) {
    const attached = asObject(file)
    if (attached !== null) list.file(attached)
  }
  return list.finish("user", time)
}

/** A command that the user ran: `shell` is its type in the store. */
const shellDrafts = (info: Json, time: number | null): ReadonlyArray<Draft> => {
  const list = new DraftList()
  const id = asText(info["shellID"]) ?? asText(info["callID"])
  list.toolUse(time, id, "shell", { input: { command: info["command"] ?? null } })
  if (info["status"] !== "running") {
    const output = asObject(info["output"])
    const exit = info["exit"]
    list.toolResult(
      timeOf(info, "completed") ?? time,
      id,
      textOf(output === null ? info["output"] : output["output"]),
      typeof exit === "number" && exit !== 0,
      []
    )
  }
  return list.drafts
}

const system = (time: number | null, text: string): ReadonlyArray<Draft> =>
  text === "" ? [] : [{ role: "system", time, text, blocks: [] }]

/** The drafts of a row of `session_message`. Facts: `packages/schema/src/session-message.ts` of opencode. */
export const messageDrafts = (
  type: string,
  createdAt: number | null,
  info: Json,
  skipped: SkipCounter | null
): ReadonlyArray<Draft> => {
  const time = timeOf(info, "created") ?? createdAt
  switch (type) {
    case "user":
      return userDrafts(info, time)
    case "assistant":
      return assistantDrafts(info, time, skipped)
    case "skill":
    case "synthetic":
    case "system":
      return system(time, textOf(info["text"]))
    case "shell":
      return shellDrafts(info, time)
    case "compaction":
      return system(time, asText(info["summary"]) ?? errorText(info["error"]))
  }
  if (!bookkeeping.has(type)) skipped?.add(`unknown message type ${typeName(type)}`)
  return []
}
