import { markdownLimit } from "../../domain/markdown.ts"
import type { Message } from "../../domain/message.ts"
import { redactionMark } from "../../domain/redaction.ts"
import { oneLine } from "../../domain/text.ts"
import { isoTimeOrNull } from "../../domain/time.ts"
import { sanitize, sanitizeLine } from "../terminal.ts"
import { style } from "./html-style.ts"
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
  promptsOf,
  redactionNotice,
  redactionSummary,
  stampOf,
  thoughtsOf,
  titleOf
} from "./source.ts"

/** No script, no request, no frame, no form: what is in the file is all there is. Pictures only from within it. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

const escapeHtml = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;")

/** Text of a session between tags: nothing of it is a tag, what would steer is visible, what was redacted stands out. */
const shown = (text: string): string =>
  escapeHtml(sanitize(text)).replace(redactionMark, (mark) => `<mark>${mark}</mark>`)

const shownLine = (text: string): string => shown(sanitizeLine(text))

const pre = (text: string): string => `<pre dir="auto">${shown(text)}</pre>\n`

const number = (index: number): string => `<span class="n">#${index}</span>`

/** What a model wrote: Markdown, as long as it is not somebody's data. */
const prose = (text: string, { markdown }: ExportSource): string =>
  text.length > markdownLimit ? pre(text) : `<div class="prose" dir="auto">\n${markdown.toHtml(sanitize(text))}</div>\n`

const fold = (kind: string, id: string, summary: string, body: string): string =>
  `<details class="${kind}"${id}>\n<summary>${summary}</summary>\n<div class="body">\n${body}</div>\n</details>\n`

const thoughts = (message: Message, source: ExportSource): string =>
  thoughtsOf(message)
    .map((text) =>
      fold(
        "fold thought",
        "",
        `<b>Thinking</b><span class="gist">${shownLine(oneLine(text, 160))}</span>`,
        prose(text, source)
      )
    )
    .join("")

const attachments = (message: Message): string =>
  attachmentsOf(message)
    .map((name) => `<p class="attached">Attached: ${shownLine(name)}</p>\n`)
    .join("")

const timeOf = (time: number | null): string => {
  const stamp = stampOf(time)
  return stamp === null ? "" : `<time datetime="${isoTimeOrNull(time)}">${stamp}</time>`
}

const article = (kind: string, name: string, { index, time }: Message, body: string): string =>
  `<article class="${kind}" id="m${index}">\n<header><b>${name}</b>${timeOf(time)}<a href="#m${index}">#${index}</a></header>\n` +
  `${body}</article>\n`

/** A value that reads well beside its name. */
const isShort = (text: string): boolean => text.length <= 100 && text.trim() !== "" && !/[\r\n]/.test(text)

const inputBody = (input: unknown): string =>
  fieldsOf(input)
    .map(([name, text]) => {
      if (name === null) return pre(text)
      if (isShort(text))
        return `<div class="field"><span>${shownLine(name)}</span><code dir="auto">${shown(text)}</code></div>\n`
      return `<div class="label">${shownLine(name)}</div>\n${pre(text)}`
    })
    .join("")

const outputBody = (result: Message, failed: boolean): string =>
  `<div class="label${failed ? " bad" : ""}">${failed ? "failed" : "result"} #${result.index}</div>\n` +
  (result.text === "" ? "" : pre(result.text)) +
  attachments(result)

const step = ({ call, result }: Entry & { type: "step" }, source: ExportSource): string => {
  const { input, name } = callOf(call)
  const failed = result !== null && isFailed(result)
  const summary =
    `<b>${shownLine(name)}</b><span class="gist">${shownLine(gistOf(input))}</span>` +
    `${failed ? `<span class="state">failed</span>` : ""}${number(call.index)}`
  const body = inputBody(input) + (result === null ? "" : outputBody(result, failed))
  return thoughts(call, source) + fold(failed ? "step failed" : "step", ` id="m${call.index}"`, summary, body)
}

const alone = (message: Message, source: ExportSource): string => {
  const { index, role, text } = message
  if (role === "user") {
    const said = text.trim() === "" ? "" : `<div class="said" dir="auto">${shown(text.trim())}</div>\n`
    return article("user", "User", message, said + attachments(message))
  }
  if (role === "assistant") {
    const said = text.trim() === "" ? "" : prose(text, source)
    return article("assistant", "Assistant", message, thoughts(message, source) + said + attachments(message))
  }
  const failed = isFailed(message)
  const name = role === "system" ? "System" : failed ? "Failed" : "Result"
  const summary = `<b>${name}</b><span class="gist">${shownLine(oneLine(text, 160))}</span>${number(index)}`
  const body = (text === "" ? "" : pre(text)) + attachments(message)
  return fold(failed ? "step failed" : "step", ` id="m${index}"`, summary, body)
}

function* index(source: ExportSource): Document {
  yield `<nav aria-label="Prompts">\n<h2>Prompts</h2>\n<ol>\n`
  for (const [at, line] of promptsOf(source)) {
    yield `<li><a href="#m${at}" dir="auto"><span class="n">${at}</span>${shownLine(line)}</a></li>\n`
  }
  yield "</ol>\n</nav>\n"
}

/** One page that needs nothing else: prompts and answers to read, what the machine did folded away. */
export function* htmlDocument(source: ExportSource): Document {
  const title = shownLine(titleOf(source))
  const isIndexed = source.transcript.byRole.user > 1
  yield (
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n` +
      `<meta http-equiv="Content-Security-Policy" content="${policy}">\n` +
      `<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="referrer" content="no-referrer">\n` +
      `<meta name="generator" content="sessionr ${escapeHtml(source.version)}">\n` +
      `<title>${title.replace(/<\/?mark>/g, "")}</title>\n<style>${style}</style>\n</head>\n` +
      `<body${isIndexed ? ` class="indexed"` : ""}>\n<main>\n<h1 dir="auto">${title}</h1>\n`
  )
  const facts = factsOf(source)
  const byline = ["Tool", "Model", "Branch", "Started", "Duration"].flatMap((name) =>
    facts.filter(([fact]) => fact === name)
  )
  yield (
    `<p class="byline">${byline.map(([, value]) => `<span>${shownLine(value)}</span>`).join("")}</p>\n` +
      fold(
        "fold about",
        "",
        "<b>About this session</b>",
        `<dl class="facts">\n${facts.map(([name, value]) => `<dt>${name}</dt><dd>${shownLine(value)}</dd>\n`).join("")}</dl>\n`
      ) +
      `<p class="notice${source.redaction.isOn ? "" : " open"}">${redactionNotice(source)}</p>\n`
  )
  if (isIndexed) yield* index(source)
  yield `<div id="session">\n`
  for (const entry of entriesOf(source)) {
    yield entry.type === "step" ? step(entry, source) : alone(entry.message, source)
  }
  yield (
    `</div>\n<footer>Exported by sessionr ${escapeHtml(source.version)} · ${escapeHtml(redactionSummary(source))} · ` +
      `<a href="#">to the top</a></footer>\n</main>\n</body>\n</html>\n`
  )
}
