import type { MarkdownTools } from "../../domain/markdown.ts"
import type { Message } from "../../domain/message.ts"
import type { Redaction } from "../../domain/redaction.ts"
import type { SessionRow } from "../../domain/results.ts"
import { oneLine } from "../../domain/text.ts"
import { formatDuration, isoTimeOrNull } from "../../domain/time.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { roleCounts, usage } from "../answers/common.ts"
import { redactionText } from "../answers/export.ts"

/** A session that is written as a document. Its messages are asked for one at a time: reading one may throw `FileError`. */
export interface ExportSource {
  readonly row: SessionRow
  readonly transcript: Transcript
  /** The tool's own name: `Claude Code`. */
  readonly tool: string
  /** Of this program. */
  readonly version: string
  /** Of the messages; counts. */
  readonly redaction: Redaction
  /** The same for what stands around them or is written a second time: titles, facts, the index. */
  readonly again: Redaction
  readonly markdown: MarkdownTools
}

/** A document in pieces of any length, each made when it is asked for. */
export type Document = Generator<string, void, void>

const titleChars = 120

/**
 * The session's title without secrets; null where it has none. Many tools take the beginning of the first prompt for one,
 * cut wherever it was long enough: then the prompt is redacted whole, and cut afterwards. Of any other title that was cut
 * the last word goes, which may be half a secret.
 */
export const cleanTitle = ({ again, row, transcript }: ExportSource): string | null => {
  if (row.title === null || !again.isOn) return row.title
  const title = oneLine(row.title, row.title.length)
  const bare = title.replace(/(?:…|\.\.\.)$/, "").trimEnd()
  const prompt = transcript.head.firstPrompt ?? ""
  if (oneLine(prompt, bare.length + 2).startsWith(bare))
    return oneLine(again.text(prompt), Math.max(title.length, titleChars))
  return bare === title ? again.text(title) : `${again.text(bare.replace(/\S*$/, "")).trimEnd()}…`
}

/** What the session is called, or how it begins. */
export const titleOf = (source: ExportSource): string => {
  const { again, row, transcript } = source
  const title = cleanTitle(source) ?? again.text(transcript.head.firstPrompt ?? "")
  return oneLine(title, titleChars) || `Session ${row.id}`
}

const minutes = (time: number | null): string | null =>
  isoTimeOrNull(time)?.slice(0, 16).replace("T", " ").concat(" UTC") ?? null

/** Date and time to the second, in UTC; null where the message has none. */
export const stampOf = (time: number | null): string | null =>
  isoTimeOrNull(time)?.slice(0, 19).replace("T", " ") ?? null

/** What is known of the session as a whole, in words. */
export const factsOf = ({ again, row, tool, transcript }: ExportSource): ReadonlyArray<readonly [string, string]> => {
  const { byRole, count, facts, totalTokens } = transcript
  const rows: ReadonlyArray<readonly [string, string | null]> = [
    ["Tool", tool],
    ["Model", row.model],
    ["Directory", row.cwd],
    ["Branch", row.gitBranch],
    ["Started", minutes(row.createdAt)],
    ["Last message", minutes(row.updatedAt)],
    ["Duration", facts.durationMs === null ? null : formatDuration(facts.durationMs)],
    ["Messages", `${count} (${roleCounts(byRole)})`],
    ["Size", `about ${totalTokens} tokens`],
    ["Tokens used", usage(facts.tokenUsage)],
    ["Forked from", facts.forkedFrom],
    ["Part of", row.parentId],
    ["Session", row.id]
  ]
  return rows
    .filter((fact): fact is readonly [string, string] => fact[1] !== null && fact[1] !== "")
    .map(([name, value]) => [name, again.text(value)])
}

/** What a reader of the document has to know about its secrets. */
export const redactionNotice = ({ redaction }: ExportSource): string =>
  redaction.isOn
    ? "Secrets were taken out by known patterns and names. Patterns miss things: look through this before you share it."
    : "Nothing was taken out: this holds whatever the session held, passwords and keys included."

/** How often what was taken out, once all has been written. */
export const redactionSummary = ({ redaction }: ExportSource): string => redactionText(redaction.isOn, redaction.counts)

/** A tool call with its result, where that follows soon, or any other message. */
export type Entry =
  | { readonly type: "step"; readonly call: Message; readonly result: Message | null }
  | { readonly type: "message"; readonly message: Message }

/** Messages within which the result of a call is looked for: further on it stands alone. */
const reach = 64

/** Every message, results with their calls. Of what is looked at ahead only the ids are kept. */
export function* entriesOf({ redaction, transcript }: ExportSource): Generator<Entry, void, void> {
  const taken = new Set<number>()
  let results = new Map<string, number>()
  let scanned = 0
  const scan = (from: number): void => {
    results = new Map()
    for (scanned = from; scanned < transcript.count && scanned < from + reach; scanned++) {
      const role = transcript.role(scanned + 1)
      if (role !== "tool_use" && role !== "tool_result") return
      if (role === "tool_use") continue
      const block = transcript.message(scanned + 1).blocks.find(({ type }) => type === "tool_result")
      if (block?.type === "tool_result" && block.toolUseId !== null) results.set(block.toolUseId, scanned + 1)
    }
  }
  for (let index = 1; index <= transcript.count; index++) {
    if (taken.delete(index)) continue
    const message = transcript.message(index)
    if (message.role !== "tool_use") {
      yield { type: "message", message: redaction.message(message) }
      continue
    }
    if (index >= scanned) scan(index)
    const call = message.blocks.find(({ type }) => type === "tool_use")
    const id = call?.type === "tool_use" ? call.id : null
    const at = id === null ? undefined : results.get(id)
    const result = at === undefined || at <= index || taken.has(at) ? null : at
    if (result !== null) taken.add(result)
    const answer = result === null ? null : redaction.message(transcript.message(result))
    yield { type: "step", call: redaction.message(message), result: answer }
  }
}

/** The prompts of people: index and beginning, as an index of the session. */
export function* promptsOf({ again, transcript }: ExportSource): Generator<readonly [number, string], void, void> {
  for (let index = 1; index <= transcript.count; index++) {
    if (transcript.role(index) !== "user") continue
    const line = oneLine(again.text(transcript.message(index).text), 90)
    yield [index, line === "" ? "(no text)" : line]
  }
}

/** Keys of a tool's input that say in a word what the call is about, the most telling first. */
const telling = ["command", "cmd", "pattern", "query", "file_path", "filePath", "path", "url", "description", "prompt"]

/** A call in a line: what it runs, reads, looks for. */
export const gistOf = (input: unknown): string => {
  if (typeof input === "string") return oneLine(input, 160)
  if (typeof input !== "object" || input === null) return ""
  const fields = input as Readonly<Record<string, unknown>>
  const named = telling.map((key) => fields[key]).find((value) => value !== undefined && value !== "")
  const value = named ?? Object.values(fields).find((field) => typeof field === "string" && field !== "") ?? ""
  const words = Array.isArray(value) ? value.filter((word) => typeof word === "string").join(" ") : value
  return typeof words === "string" ? oneLine(words, 160) : ""
}

/** A tool's input as named texts; one that has no names has one text without a name. */
export const fieldsOf = (input: unknown): ReadonlyArray<readonly [name: string | null, text: string]> => {
  if (input === undefined || input === null) return []
  if (typeof input === "string") return input === "" ? [] : [[null, input]]
  if (typeof input !== "object" || Array.isArray(input)) return [[null, JSON.stringify(input, null, 2)]]
  return Object.entries(input).map(([name, value]) => [
    name,
    typeof value === "string" ? value : typeof value === "object" ? JSON.stringify(value, null, 2) : String(value)
  ])
}

/** Bytes as people say them. */
const size = (bytes: number): string =>
  bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`

/** What a message carries besides text, a line each: pictures and files stay in the store. */
export const attachmentsOf = ({ blocks }: Message): ReadonlyArray<string> =>
  blocks.flatMap((block) => {
    if (block.type !== "attachment") return []
    const parts = [block.mediaType, block.bytes === null ? null : size(block.bytes)].filter((part) => part !== null)
    return [`${block.kind}${parts.length === 0 ? "" : ` (${parts.join(", ")})`}`]
  })

/** The thinking that rides on a message. */
export const thoughtsOf = ({ blocks }: Message): ReadonlyArray<string> =>
  blocks.flatMap((block) => (block.type === "thinking" && block.text.trim() !== "" ? [block.text] : []))

export const isFailed = ({ blocks }: Message): boolean =>
  blocks.some((block) => block.type === "tool_result" && block.isError)

/** Name and input of a call. */
export const callOf = ({ blocks, text }: Message): { readonly name: string; readonly input: unknown } => {
  const call = blocks.find((block) => block.type === "tool_use")
  return call?.type === "tool_use" ? call : { name: oneLine(text, 40), input: null }
}
