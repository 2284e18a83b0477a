import type { CommandRun, ContextBody, Decision, Todo } from "../domain/results/context.ts"
import { isoTimeOrNull } from "../domain/time.ts"
import type { MessageView } from "../domain/view.ts"
import { sanitize, sanitizeLine } from "./terminal.ts"

/** A text between fences that nothing within can close. */
const fenced = (text: string, language: string): string => {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`{3,}/g), ([run]) => run.length))
  const fence = "`".repeat(longest + 1)
  return `${fence}${language}\n${text}${text.endsWith("\n") ? "" : "\n"}${fence}\n`
}

/** A text as code within a line. */
const code = (text: string): string => {
  const line = sanitizeLine(text)
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length))
  const ticks = "`".repeat(longest + 1)
  return longest === 0 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`
}

const minute = (ms: number | null): string | null => isoTimeOrNull(ms)?.slice(0, 16).replace("T", " ") ?? null

const cutNote = ({ contentChars, nextChar }: MessageView): string =>
  nextChar === null && contentChars === null
    ? ""
    : `(${nextChar === null ? "cut" : `cut at character ${nextChar}`}${contentChars === null ? "" : ` of ${contentChars}`})\n`

/** What a message says: its text, or of a call its input. */
const bodyOf = (message: MessageView): string => {
  const call = message.blocks.find((block) => block.type === "tool_use")
  if (call === undefined) return message.content ?? ""
  if (call.input === null) return ""
  if ("preview" in call.input) return `${call.input.preview} … of ${call.input.chars} characters`
  return typeof call.input.whole === "string" ? call.input.whole : JSON.stringify(call.input.whole ?? null)
}

const attachments = (message: MessageView): string =>
  message.blocks
    .flatMap((block) =>
      block.type === "attachment" ? [`(${block.kind}${block.mediaType === null ? "" : ` ${block.mediaType}`})\n`] : []
    )
    .join("")

/** A message as a section of the document. */
export const markdownMessage = (message: MessageView): string => {
  const call = message.blocks.find((block) => block.type === "tool_use")
  const failed = message.blocks.some((block) => block.type === "tool_result" && block.isError)
  const head = [
    `[${message.index}] ${message.role}`,
    call === undefined ? null : sanitizeLine(call.name),
    failed ? "(failed)" : null,
    minute(message.time)
  ]
  const body = sanitize(bodyOf(message))
  return `### ${head.filter((part) => part !== null).join(" ")}\n\n${body === "" ? "" : fenced(body, "text")}${cutNote(message)}${sanitize(attachments(message))}\n`
}

export const markdownTodo = ({ status, text }: Todo): string =>
  `- [ ] ${sanitizeLine(text)}${status === "in_progress" ? " (in progress)" : ""}\n`

const decisionNotes: { readonly [K in Decision["kind"]]: string } = {
  decided: "",
  over: "",
  proposed: " (proposed)"
}

export const markdownDecision = ({ index, kind, text }: Decision): string =>
  `- [${index}] ${sanitizeLine(text)}${decisionNotes[kind]}\n`

export const markdownFile = (path: string): string => `- ${code(path)}\n`

export const markdownCommand = (run: CommandRun): string => {
  const failure = run.exitCode === null || run.exitCode === 0 ? "failed" : `failed with exit code ${run.exitCode}`
  const outcome = run.failed === null ? ": no result" : run.failed ? `: ${failure}` : ""
  const end = run.outputEnd === null ? "" : `, its output ended in ${code(run.outputEnd)}`
  const cut = run.commandChars === null ? "" : ` … of ${run.commandChars} characters`
  return `- [${run.index}] ${code(run.command)}${cut}${outcome}${end}\n`
}

const section = (title: string, content: string): string => (content === "" ? "" : `## ${title}\n\n${content}\n`)

const header = ({ session, target }: ContextBody): string => {
  const [from, to] = [minute(session.createdAt), minute(session.updatedAt)]
  const facts: ReadonlyArray<readonly [string, string | null]> = [
    ["session", `${session.id} (${session.sourceName})`],
    ["directory", session.cwd],
    ["branch", session.gitBranch],
    ["model", session.model],
    ["time", from === null ? to : `${from} to ${to} UTC`],
    ["messages", String(session.totalMessages)]
  ]
  const title = session.title === null ? "" : `: ${sanitizeLine(session.title)}`
  return (
    `# Context of a session${title}\n\n` +
    `Another coding agent worked on this until here${target === null ? "" : `; ${target} is to carry on`}. Numbers in brackets are its messages.\n\n` +
    facts.flatMap(([name, value]) => (value === null ? [] : [`- ${name}: ${sanitizeLine(value)}\n`])).join("") +
    "\n"
  )
}

const omittedLine = ({ omitted }: ContextBody): string => {
  const parts = Object.entries(omitted).flatMap(([name, n]) =>
    n > 0 ? [`${n} ${n === 1 ? name.slice(0, -1) : name}`] : []
  )
  return parts.length === 0 ? "" : `Left out for want of room: ${parts.join(", ")}.\n`
}

const commandsTitle = ({ commandCount: { failed, total }, omitted }: ContextBody): string => {
  const last = omitted.commands > 0 ? `, the last ${total - omitted.commands}` : ""
  return `Commands run (${total}${failed > 0 ? `, ${failed} failed` : ""}${last})`
}

/** A context as one Markdown text that nothing in the session can break out of; sanitized. Ends in a line end. */
export const contextMarkdown = (body: ContextBody): string => {
  const { messages, summary } = body
  if (summary === null) return ""
  const list = <A>(items: ReadonlyArray<A>, line: (item: A) => string) => items.map(line).join("")
  return `${(
    header(body) +
    section("Task", summary.task === null ? "" : markdownMessage(summary.task).trimEnd() + "\n") +
    section("Open", list(summary.todos, markdownTodo)) +
    section("Decisions, found by their wording", list(summary.decisions, markdownDecision)) +
    section("Files modified", list(summary.files, markdownFile)) +
    section(commandsTitle(body), list(summary.commands, markdownCommand)) +
    section(
      "Conversation before the latest exchange",
      list(messages, markdownMessage).trimEnd() + (messages.length > 0 ? "\n" : "")
    ) +
    section(
      "Latest exchange",
      list(summary.latestExchange.messages, markdownMessage).trimEnd() +
        (summary.latestExchange.messages.length > 0 ? "\n" : "")
    ) +
    omittedLine(body)
  ).trimEnd()}\n`
}
