import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import { type Draft, toolUseText } from "../../domain/message.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { type Transcript, TranscriptBuilder } from "../../domain/transcript.ts"
import type { LoadOptions } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { IdTable } from "../support/id-table.ts"
import { asArray, asObject, asString, asText, asTime, type Json, parseJson, SkipCounter } from "../support/json.ts"
import { chatContent, inputOf } from "./content.ts"
import { ModifiedFiles } from "./files.ts"
import { titleOf, type Workspace } from "./workspace.ts"

/**
 * Documents of `history-session-state`, which versions before 0.0.342 (October 2025) wrote: one JSON object with the
 * messages as they went to the model (`chatMessages`) and, with times, as they were shown (`timeline`). No version that
 * can be had today writes them; the shapes are those that readers of that time relied on.
 */

/** Bytes that are parsed at once; a larger document is refused. */
const documentLimit = 256 * 1024 * 1024

const readDocument = Effect.fnUntraced(function* (entry: SessionEntry) {
  const files = yield* StoreFiles
  const { path, size } = entry.file
  if (size > documentLimit) return yield* new FileError({ path, reason: "larger than 256 MB" })
  const bytes = yield* files.head(path, documentLimit)
  return parseJson(new TextDecoder().decode(bytes))
})

/** Times of what the timeline shows: prompts in their order, tools by the id of their call. */
class Timeline {
  readonly prompts: Array<number | null> = []
  readonly calls = new Map<string, { time: number | null; failed: boolean | null }>()
  newest: number | null = null

  constructor(entries: ReadonlyArray<unknown>) {
    for (const item of entries) {
      const entry = asObject(item)
      const type = asText(entry?.["type"])
      if (entry === null || type === null) continue
      const time = asTime(entry["timestamp"])
      if (time !== null) this.newest = Math.max(this.newest ?? time, time)
      if (type === "user") this.prompts.push(time)
      const callId = asText(entry["callId"])
      if (callId === null) continue
      const verdict = asText(asObject(entry["result"])?.["type"])
      const failed = verdict === null ? null : verdict === "failure" || verdict === "rejected" || verdict === "denied"
      this.calls.set(callId, { time, failed })
    }
  }
}

/** The messages of one chat message; a string is the reason why it is passed over. */
const chatDrafts = (value: unknown, timeline: Timeline, prompt: number): ReadonlyArray<Draft> | string => {
  const message = asObject(value)
  if (message === null) return "not a record"
  const role = asText(message["role"])
  const { attachments, text } = chatContent(message["content"])
  switch (role) {
    case "user":
    case "system":
    case "developer": {
      if (text.trim() === "" && attachments.length === 0) return []
      const time = role === "user" ? (timeline.prompts[prompt] ?? null) : null
      return [{ role: role === "user" ? "user" : "system", time, text, blocks: attachments }]
    }
    case "assistant": {
      const calls = asArray(message["tool_calls"]).flatMap((call) => callDrafts(call, timeline))
      const spoken: ReadonlyArray<Draft> =
        text.trim() === "" ? [] : [{ role: "assistant", time: calls[0]?.time ?? null, text, blocks: [] }]
      return [...spoken, ...calls]
    }
    case "tool": {
      const toolUseId = asText(message["tool_call_id"])
      const shown = toolUseId === null ? undefined : timeline.calls.get(toolUseId)
      const isError = shown?.failed === true
      return [
        {
          role: "tool_result",
          time: shown?.time ?? null,
          text,
          blocks: [{ type: "tool_result", toolUseId, isError }, ...attachments]
        }
      ]
    }
  }
  return role === null ? "message without a role" : `unknown message role ${role.slice(0, 60)}`
}

const callDrafts = (value: unknown, timeline: Timeline): ReadonlyArray<Draft> => {
  const call = asObject(value)
  if (call === null) return []
  const called = asObject(call["function"]) ?? asObject(call["custom"]) ?? {}
  const name = asText(called["name"]) ?? "unknown"
  const input = inputOf(called["arguments"] ?? called["input"])
  const id = asText(call["id"])
  const time = id === null ? null : (timeline.calls.get(id)?.time ?? null)
  return [{ role: "tool_use", time, text: toolUseText(name, input), blocks: [{ type: "tool_use", id, name, input }] }]
}

/** What an entry of the timeline says, for documents that have nothing else. */
const shownDrafts = (value: unknown): ReadonlyArray<Draft> | string => {
  const entry = asObject(value)
  if (entry === null) return "not a record"
  const type = asText(entry["type"])
  const time = asTime(entry["timestamp"])
  const text = asText(entry["text"])
  const id = asText(entry["callId"])
  switch (type) {
    case "user":
      return text === null ? [] : [{ role: "user", time, text, blocks: [] }]
    case "assistant":
    case "copilot":
      return text === null ? [] : [{ role: "assistant", time, text, blocks: [] }]
    case "error":
    case "info":
    case "warning":
      return text === null ? [] : [{ role: "system", time, text, blocks: [] }]
    case "tool_call_requested":
    case "tool_call_started":
      return []
    case "tool_call_completed": {
      const name = asText(entry["name"]) ?? asText(entry["toolTitle"]) ?? "unknown"
      const input = inputOf(entry["arguments"])
      const result = asObject(entry["result"])
      const output = asString(result?.["log"]) ?? asString(entry["result"]) ?? ""
      const verdict = asText(result?.["type"])
      const isError = verdict === "failure" || verdict === "rejected" || verdict === "denied"
      return [
        { role: "tool_use", time, text: toolUseText(name, input), blocks: [{ type: "tool_use", id, name, input }] },
        { role: "tool_result", time, text: output, blocks: [{ type: "tool_result", toolUseId: id, isError }] }
      ]
    }
  }
  return type === null ? "timeline entry without a type" : `unknown timeline type ${type.slice(0, 60)}`
}

/** A document's messages, each made anew when asked for. */
class Chat {
  readonly timeline: Timeline
  readonly document: Json
  readonly items: ReadonlyArray<unknown>
  readonly #isShown: boolean
  readonly #prompts: ReadonlyArray<number>

  constructor(document: Json) {
    this.document = document
    const shown = asArray(document["timeline"])
    const said = asArray(document["chatMessages"])
    this.timeline = new Timeline(shown)
    this.#isShown = said.length === 0
    this.items = this.#isShown ? shown : said
    let prompts = 0
    this.#prompts = this.items.map((item) => (asObject(item)?.["role"] === "user" ? prompts++ : prompts))
  }

  drafts(at: number): ReadonlyArray<Draft> | string {
    try {
      return this.#isShown
        ? shownDrafts(this.items[at])
        : chatDrafts(this.items[at], this.timeline, this.#prompts[at] ?? 0)
    } catch {
      return "record nested too deeply"
    }
  }
}

const emptyChat = (): Chat => new Chat({})

const headOf = (entry: SessionEntry, chat: Chat, workspace: Workspace) => {
  const { document, items, timeline } = chat
  let firstPrompt: string | null = null
  let isEmpty = true
  for (let at = 0; at < items.length && firstPrompt === null; at++) {
    const drafts = chat.drafts(at)
    if (typeof drafts === "string") continue
    for (const { role, text } of drafts) {
      if (role !== "system") isEmpty = false
      if (role === "user") firstPrompt ??= asText(text)
    }
  }
  return {
    cwd: workspace.cwd,
    createdAt: asTime(document["startTime"]) ?? workspace.createdAt,
    updatedAt: asTime(document["endTime"]) ?? timeline.newest ?? Math.floor(entry.file.mtimeMs),
    isEmpty,
    kind: "session",
    parentId: null,
    gitBranch: workspace.branch,
    model: null,
    title: titleOf(workspace, firstPrompt),
    firstPrompt
  } satisfies SessionHead
}

export const surveyHistory = Effect.fnUntraced(function* (entry: SessionEntry, workspace: Workspace) {
  const document = asObject(yield* readDocument(entry))
  const chat = document === null ? emptyChat() : new Chat(document)
  return headOf(entry, chat, workspace)
})

/** A whole document. It stays in memory as long as the transcript: a message cannot be read from its middle. */
export const loadHistory = Effect.fnUntraced(function* (
  entry: SessionEntry,
  head: SessionHead,
  options: LoadOptions
): Effect.fn.Return<Transcript, FileError, StoreFiles> {
  const value = yield* readDocument(entry)
  const document = asObject(value)
  const skips = new SkipCounter()
  if (document === null && entry.file.size > 0) skips.add(value === undefined ? "invalid JSON" : "not a record")
  const chat = document === null ? emptyChat() : new Chat(document)
  const builder = new TranscriptBuilder((draft) => draft, options.retainedChars, options.measures)
  const files = new ModifiedFiles(head.cwd)
  const calls = new IdTable()
  for (let at = 0; at < chat.items.length; at++) {
    const drafts = chat.drafts(at)
    if (typeof drafts === "string") {
      skips.add(drafts)
      continue
    }
    for (const [part, draft] of drafts.entries()) {
      builder.add(draft, { file: 0, offset: at, length: 0 }, part)
      const block = draft.blocks[0]
      if (block?.type === "tool_use") {
        files.call(block.id, block.name, block.input)
        if (block.id !== null) calls.intern(block.id)
      } else if (block?.type === "tool_result" && block.toolUseId !== null && calls.find(block.toolUseId) >= 0) {
        files.result({ toolCallId: block.toolUseId, success: !block.isError })
      }
    }
  }
  return builder.build({
    entry,
    head,
    order: Uint32Array.from({ length: builder.size }, (_, at) => at),
    reparse: ({ offset }) => {
      const drafts = chat.drafts(offset)
      return typeof drafts === "string" ? [] : drafts
    },
    facts: { tokenUsage: null, filesModified: files.list, subagents: [], forkedFrom: null },
    skipped: skips.list
  })
})
