import type { Draft } from "../../domain/message.ts"
import { draft, promptDrafts, thinking, toolResult, toolUse } from "./content.ts"

/** Transcripts of 2025 as text: paragraphs below `user:` and `assistant:`. */
export const isPlain = (path: string): boolean => path.endsWith(".txt")

const header = /^(user|assistant):[ \t]*$/

export const isHeader = (line: string): boolean => header.test(line)

const marker = /^\[(Thinking|Tool call|Tool result)\][ \t]*(.*)$/

const inputOf = (lines: ReadonlyArray<string>): Record<string, string> => {
  const input: Record<string, string> = Object.create(null) as Record<string, string>
  let last: string | null = null
  for (const line of lines) {
    const match = /^\s+([\w.-]+): (.*)$/.exec(line)
    if (match !== null) input[(last = match[1]!)] = match[2]!
    else if (last !== null) input[last] += `\n${line}`
  }
  return { ...input }
}

const sectionDrafts = (kind: string, rest: string, lines: ReadonlyArray<string>): ReadonlyArray<Draft> => {
  const body = lines.join("\n").trim()
  if (kind === "Thinking") {
    // A paragraph: what follows a blank line was said.
    const blank = lines.findIndex((line) => line.trim() === "")
    const end = blank < 0 ? lines.length : blank
    const said = lines.slice(end).join("\n").trim()
    const thought = [rest, ...lines.slice(0, end)].filter((part) => part !== "").join("\n")
    return [...thinking(thought), ...(said === "" ? [] : [draft("assistant", said)])]
  }
  if (kind === "Tool call") return [toolUse(null, rest.trim() === "" ? "unknown" : rest.trim(), inputOf(lines))]
  return kind === "Tool result" ? [toolResult(null, body, false)] : body === "" ? [] : [draft("assistant", body)]
}

/** The drafts of what one header leads, header included. */
export const plainDrafts = (text: string): ReadonlyArray<Draft> => {
  const [first = "", ...lines] = text.split(/\r?\n/)
  const role = header.exec(first)?.[1]
  if (role === undefined) return []
  if (role === "user") return promptDrafts(lines.join("\n").trim())
  const drafts: Array<Draft> = []
  let open: { kind: string; rest: string; lines: Array<string> } = { kind: "", rest: "", lines: [] }
  for (const line of lines) {
    const match = marker.exec(line)
    if (match === null) {
      open.lines.push(line)
      continue
    }
    drafts.push(...sectionDrafts(open.kind, open.rest, open.lines))
    open = { kind: match[1]!, rest: match[2]!, lines: [] }
  }
  return [...drafts, ...sectionDrafts(open.kind, open.rest, open.lines)]
}
