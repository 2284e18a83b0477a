import MarkdownIt, { type Token } from "markdown-it"
import { redactionMark } from "../../domain/redaction.ts"

/** Not part of the program that starts, but loaded when a document is written: see `late-module.ts`. */

const isSafeLink = (url: string): boolean => /^(?:https?:\/\/|mailto:)/i.test(url.trim())

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")

/** Text as HTML; what was redacted stands out. */
const marked = (text: string): string => escapeHtml(text).replace(redactionMark, (mark) => `<mark>${mark}</mark>`)

/** An empty address is checked by nobody before: it is none. */
const anchor = (address: string | number | null): string => {
  const href = String(address ?? "")
  return isSafeLink(href) ? `<a href="${escapeHtml(href)}" rel="noopener noreferrer">` : "<a>"
}

/**
 * `html: false` makes every `<` of the text an entity, and the renderer escapes what it writes: no tag or attribute comes
 * out of it but those that Markdown means.
 */
const makeRenderer = () => {
  const markdown = new MarkdownIt({ html: false, linkify: true })
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
  markdown.validateLink = isSafeLink
  const { rules } = markdown.renderer
  rules["text"] = (tokens, at) => marked(tokens[at]!.content)
  rules["code_inline"] = (tokens, at) => `<code>${marked(tokens[at]!.content)}</code>`
  rules["code_block"] = (tokens, at) => `<pre><code>${marked(tokens[at]!.content)}</code></pre>\n`
  rules["fence"] = (tokens, at) => {
    const { content, info } = tokens[at]!
    const language = /^[\w+#.-]{1,24}/.exec(info.trim())?.[0]
    const label = language === undefined ? "" : ` data-language="${escapeHtml(language)}"`
    return `<pre${label}><code>${marked(content)}</code></pre>\n`
  }
  rules["link_open"] = (tokens, at) => anchor(tokens[at]!.attrGet("href"))
  // A picture would be fetched from where it lies, and tell that place who reads: its address is a link instead.
  rules["image"] = (tokens, at) => {
    const { children, content } = tokens[at]!
    const name = (children ?? []).map((child) => child.content).join("") || content || "picture"
    return `${anchor(tokens[at]!.attrGet("src"))}${marked(name)}</a>`
  }
  rules["table_open"] = () => `<div class="table"><table>\n`
  rules["table_close"] = () => `</table></div>\n`
  // Alignment is an inline style, which the policy of the document forbids.
  for (const cell of ["th", "td"]) {
    rules[`${cell}_open`] = (tokens, at) => {
      const align = /(left|center|right)/.exec(String(tokens[at]!.attrGet("style") ?? ""))?.[1]
      return align === undefined ? `<${cell}>` : `<${cell} class="${align}">`
    }
  }
  return markdown
}

const renderer = makeRenderer()

export const toHtml = (text: string): string => renderer.render(text)

/** Knows HTML, so that it finds it. */
const parser = new MarkdownIt({ html: true })

const isTag = ({ type }: Token): boolean => type === "html_block" || type === "html_inline"

/** `<` as an entity outside of code spans, which begin and end with as many backticks; one behind a backslash is text. */
const escapeTags = (text: string): string => {
  const runs = /\\[\s\S]|(`+)|</g
  const parts: Array<string> = []
  let at = 0
  for (let match = runs.exec(text); match !== null; match = runs.exec(text)) {
    if (match[0] === "<") {
      parts.push(text.slice(at, match.index), "&lt;")
      at = runs.lastIndex
    } else if (match[1] !== undefined) {
      const end = codeSpanEnd(text, runs.lastIndex, match[1].length)
      if (end >= 0) runs.lastIndex = end
    }
  }
  return parts.join("") + text.slice(at)
}

const codeSpanEnd = (text: string, from: number, length: number): number => {
  const runs = /`+/g
  runs.lastIndex = from
  for (let match = runs.exec(text); match !== null; match = runs.exec(text)) {
    if (match[0].length === length) return runs.lastIndex
  }
  return -1
}

/** The text with the tags of these lines escaped: within a block of tags everywhere, else outside of code spans. */
const escapeLines = (text: string, tokens: ReadonlyArray<Token>): string => {
  const lines = text.split("\n")
  for (const token of tokens) {
    if (token.map === null) continue
    const [from, to] = token.map
    const slice = lines.slice(from, to).join("\n")
    const clean = token.type === "html_block" ? slice.replaceAll("<", "&lt;") : escapeTags(slice)
    clean.split("\n").forEach((line, at) => (lines[from + at] = line))
  }
  return lines.join("\n")
}

/** Rounds after which every `<` goes: what was a block of tags is other Markdown then, in which there may be more. */
const rounds = 4

const withoutTags = (text: string): string => {
  let clean = text
  for (let round = 0; round < rounds; round++) {
    const tagged = parser.parse(clean, {}).filter((token) => isTag(token) || (token.children ?? []).some(isTag))
    if (tagged.length === 0) return clean
    clean = escapeLines(clean, tagged)
  }
  return clean.replaceAll("<", "&lt;")
}

export const contain = (text: string): string => {
  const clean = withoutTags(text.replaceAll("\r\n", "\n").replaceAll("\r", "\n"))
  const last = parser.parse(`${clean}\n\nend`, {}).findLast(({ level }) => level === 0)
  // A paragraph that is appended is one: nothing is left open. Else it fell into a fence.
  return last?.type === "fence" ? `${clean}\n${last.markup}` : clean
}
