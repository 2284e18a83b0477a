import { assert } from "@effect/vitest"
import MarkdownIt from "markdown-it"

const reader = new MarkdownIt({ html: true })

/** Every tag of ours in Markdown; between them there may be text. */
const ours = /^(?:<\/?(?:details|summary|b|code|sub)>|[^<])*$/

/** Reads a Markdown document of ours with a reader who takes tags for tags: all are ours, all are closed, to the end. */
export const checkMarkdown = (text: string): void => {
  const tokens = reader.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])])
  const tags = tokens
    .filter(({ type }) => type === "html_block" || type === "html_inline")
    .map(({ content }) => content)
  for (const tag of tags) assert.match(tag, ours)
  const all = tags.join("")
  assert.strictEqual(all.split("<details>").length, all.split("</details>").length)
  assert.strictEqual(all.split("<summary>").length, all.split("</summary>").length)
  assert.strictEqual(tokens.findLast(({ type }) => type === "inline")?.content.startsWith("Exported by sessionr"), true)
}
