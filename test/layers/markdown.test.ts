import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import MarkdownIt from "markdown-it"
import { contain, toHtml } from "../../src/layers/late/markdown.ts"
import { hostileTexts } from "../support/hostile.ts"
import { checkPage } from "../support/html.ts"
import { assertLinear } from "../support/linear.ts"

const page = (html: string): string => `<!doctype html>\n<main>${html}</main>`

describe("Markdown as HTML", () => {
  it("is what was meant", () => {
    assert.strictEqual(
      toHtml("# A *b*\n\n- c `d < e`\n"),
      "<h1>A <em>b</em></h1>\n<ul>\n<li>c <code>d &lt; e</code></li>\n</ul>\n"
    )
    assert.strictEqual(toHtml("```ts\na < b\n```"), '<pre data-language="ts"><code>a &lt; b\n</code></pre>\n')
    assert.include(toHtml("|a|b|\n|-:|:-:|\n|1|2|"), '<th class="right">a</th>\n<th class="center">b</th>')
  })

  it("links only where a reader can go, and tells nobody", () => {
    const link = (href: string, text: string) => `<p><a href="${href}" rel="noopener noreferrer">${text}</a></p>\n`
    assert.strictEqual(toHtml("[a](https://b.c/?d=1&e=%22)"), link("https://b.c/?d=1&amp;e=%22", "a"))
    assert.strictEqual(toHtml("<mailto:a@b.c>"), link("mailto:a@b.c", "mailto:a@b.c"))
    assert.strictEqual(toHtml("https://b.c/d"), link("https://b.c/d", "https://b.c/d"))
    assert.strictEqual(toHtml("![pixel](https://b.c/d.png)"), link("https://b.c/d.png", "pixel"))
    const dead = [
      "javascript:x",
      "JaVaScRiPt:x",
      " javascript:x",
      "&#106;avascript:x",
      "data:text/html,x",
      "vbscript:x"
    ]
    for (const url of [...dead, "file:///etc/passwd", "//evil.example", "relative", "\\u006aavascript:x"]) {
      assert.notInclude(toHtml(`[a](${url}) <${url}> ![b](${url})`), "<a ", url)
    }
    assert.notInclude(toHtml("read README.md or ask a@b.c"), "<a ")
  })

  it("shows what was redacted", () => {
    const html = toHtml('a [REDACTED:jwt] `b [REDACTED:jwt]` [c](https://d.e "[REDACTED:jwt]")')
    assert.strictEqual(html.match(/<mark>\[REDACTED:jwt\]<\/mark>/g)?.length, 2)
    checkPage(page(html))
  })

  for (const text of hostileTexts) {
    it(`keeps within its place: ${JSON.stringify(text).slice(0, 60)}`, () => checkPage(page(toHtml(text))))
  }

  it.prop("keeps whatever it is within its place", { text: Schema.String, mark: Schema.String }, ({ mark, text }) => {
    checkPage(page(toHtml(`[${text}](https://a.b/${mark} "${text}") <${mark}> \`${text}\` ![${mark}](${text})`)))
  })
})

/** How a reader's program may understand it: with tags. */
const reader = new MarkdownIt({ html: true })

const checkContained = (text: string): void => {
  const clean = contain(text)
  const tokens = reader.parse(clean, {})
  const isTag = ({ type }: { readonly type: string }) => type === "html_block" || type === "html_inline"
  assert.isFalse(
    tokens.some((token) => isTag(token) || (token.children ?? []).some(isTag)),
    clean
  )
  const [before, last] = reader.parse(`${clean}\n\nWhat follows.`, {}).slice(-3)
  assert.strictEqual(before?.level, 0, clean)
  assert.strictEqual(last?.content, "What follows.", clean)
}

/** What Markdown is decided by. */
const fragments = [
  "<b>",
  "<!--",
  "-->",
  "</details>",
  "<script>",
  "`",
  "``",
  "```",
  "~~~",
  "\n",
  "\n\n",
  "    ",
  "> ",
  "- ",
  "1. ",
  "|",
  "|-|\n",
  "# ",
  "\\",
  "<a href='`'>",
  "<?",
  "<![CDATA[",
  "]]>",
  "text",
  "[x]",
  "(y)",
  "&lt;",
  "\t"
] as const

describe("Markdown within Markdown", () => {
  it("loses its tags, but not in code", () => {
    assert.strictEqual(contain("a <T> b `<T>` c"), "a &lt;T> b `<T>` c")
    assert.strictEqual(contain("<details>\n\n`<x>`\n</details>"), "&lt;details>\n\n`<x>`\n&lt;/details>")
    assert.strictEqual(contain("```js\n<b>\n```"), "```js\n<b>\n```")
    assert.strictEqual(contain("\\<b> 1 < 2 <https://a.b>"), "\\<b> 1 < 2 <https://a.b>")
  })

  it("has its fences closed", () => {
    assert.strictEqual(contain("```js\n<b>"), "```js\n<b>\n```")
    assert.strictEqual(contain("~~~~\n```\n"), "~~~~\n```\n\n~~~~")
    assert.strictEqual(contain("> ```\n> a"), "> ```\n> a")
  })

  for (const text of hostileTexts) {
    it(`leaves nothing open: ${JSON.stringify(text).slice(0, 60)}`, () => checkContained(text))
  }

  it.prop(
    "leaves nothing open, whatever it is",
    {
      parts: Schema.Array(Schema.Literals(fragments))
    },
    ({ parts }) => checkContained(parts.join(""))
  )

  it("takes time linear in the text", { timeout: 120_000 }, () => {
    const seeds = ["[", "![](", "<", "`", "`a``b", "*", "**a", "_a", "> ", "- ", "|a", "|a|b\n|-|-|\n", "[a]: b\n"]
    const more = [
      "https://a.",
      "a@a.",
      "&#",
      "\\",
      "((",
      "<!--",
      "<b>",
      "<b>\n",
      "a\n",
      "```\n",
      "~~~\n<b>\n",
      "[a](",
      "http://("
    ]
    assertLinear(toHtml, [...seeds, ...more], 6_000)
    assertLinear(contain, [...seeds, ...more], 6_000)
  })
})
