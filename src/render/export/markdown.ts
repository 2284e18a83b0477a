import { markdownLimit } from "../../domain/markdown.ts"
import type { Message } from "../../domain/message.ts"
import { oneLine } from "../../domain/text.ts"
import { sanitize, sanitizeLine } from "../terminal.ts"
import {
  attachmentsOf,
  callOf,
  type Document,
  entriesOf,
  type Entry,
  type ExportSource,
  factsOf,
  fieldsOf,
  gistOf,
  isFailed,
  redactionNotice,
  redactionSummary,
  stampOf,
  thoughtsOf,
  titleOf
} from "./source.ts"

/** The longest run of a character in a text. */
const longestRun = (text: string, character: string): number => {
  let longest = 0
  let run = 0
  for (let at = 0; at < text.length; at++) {
    run = text[at] === character ? run + 1 : 0
    if (run > longest) longest = run
  }
  return longest
}

/** A text as a block of code, between fences longer than any in it. */
export const fenced = (text: string, language = ""): string => {
  const fence = "`".repeat(Math.max(3, longestRun(text, "`") + 1))
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}\n`
}

/** A line as HTML: what stands in a `<summary>` is not Markdown everywhere. */
const inHtml = (text: string): string =>
  sanitizeLine(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

/** A line of ours in Markdown, nothing of it a mark. */
const plain = (text: string): string => sanitizeLine(text).replace(/[\\`*_{}[\]<>#|!~&]/g, (mark) => `\\${mark}`)

/** Folded away; blank lines inside let Markdown be Markdown again. */
const details = (summary: string, body: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${body}\n</details>\n\n`

const quoted = (text: string): string =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n")

/** A text that somebody wrote in Markdown. */
const prose = (text: string, { markdown }: ExportSource): string => {
  const clean = sanitize(text)
  return clean.length > markdownLimit ? fenced(clean, "text") : markdown.contain(clean).trimEnd()
}

const thoughts = (message: Message, source: ExportSource): string =>
  thoughtsOf(message)
    .map((text) => details("Thinking", `${prose(text, source)}\n`))
    .join("")

const attachments = (message: Message): string =>
  attachmentsOf(message)
    .map((name) => `*Attached: ${plain(name)}*\n\n`)
    .join("")

const heading = (name: string, { index, time }: Message): string => {
  const stamp = stampOf(time)
  return `## ${name} <sub>#${index}${stamp === null ? "" : ` · ${stamp}`}</sub>\n\n`
}

const inputBlocks = (input: unknown): string =>
  fieldsOf(input)
    .map(([name, text]) => {
      const clean = sanitize(text)
      const isShort = name !== null && clean.length <= 80 && !/[\n`]/.test(clean) && clean.trim() !== ""
      if (isShort) return `**${plain(name)}** \`${clean}\`\n`
      return `${name === null ? "" : `**${plain(name)}**\n\n`}${fenced(clean)}`
    })
    .join("\n")

const step = ({ call, result }: Entry & { type: "step" }, source: ExportSource): string => {
  const { input, name } = callOf(call)
  const gist = gistOf(input)
  const failed = result !== null && isFailed(result)
  const summary = `<b>${inHtml(name)}</b>${gist === "" ? "" : ` <code>${inHtml(gist)}</code>`} <sub>#${call.index}</sub>${failed ? " — failed" : ""}`
  const output =
    result === null
      ? ""
      : `${failed ? "Failed" : "Result"} <sub>#${result.index}</sub>\n\n` +
        (result.text === "" ? "*(empty)*\n" : fenced(sanitize(result.text), "text")) +
        attachments(result)
  return (
    thoughts(call, source) + details(summary, [inputBlocks(input), output].filter((part) => part !== "").join("\n"))
  )
}

const alone = (message: Message, source: ExportSource): string => {
  const { index, role, text } = message
  if (role === "user") {
    const prompt = text.trim() === "" ? "" : `${quoted(prose(text, source))}\n\n`
    return heading("User", message) + prompt + attachments(message)
  }
  if (role === "assistant") {
    const answer = text.trim() === "" ? "" : `${prose(text, source)}\n\n`
    return heading("Assistant", message) + thoughts(message, source) + answer + attachments(message)
  }
  const name = role === "system" ? "System" : isFailed(message) ? "Failed" : "Result"
  const gist = inHtml(oneLine(text, 100))
  const summary = `<b>${name}</b>${gist === "" ? "" : ` ${gist}`} <sub>#${index}</sub>`
  return details(summary, (text === "" ? "*(empty)*\n" : fenced(sanitize(text), "text")) + attachments(message))
}

/** Prompts quoted, answers as they are, and everything that a machine said to a machine folded away in fences. */
export function* markdownDocument(source: ExportSource): Document {
  yield `# ${plain(titleOf(source))}\n\n`
  const rows = factsOf(source).map(([name, value]) => `| ${name} | ${plain(value)} |\n`)
  yield `| | |\n|---|---|\n${rows.join("")}\n> ${redactionNotice(source)}\n\n`
  for (const entry of entriesOf(source)) {
    yield entry.type === "step" ? step(entry, source) : alone(entry.message, source)
  }
  yield `---\n\nExported by sessionr ${source.version}; ${redactionSummary(source)}.\n`
}
