import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { markdownLimit } from "../../src/domain/markdown.ts"
import type { Draft } from "../../src/domain/message.ts"
import { htmlDocument } from "../../src/render/export/html.ts"
import { jsonDocument, jsonlDocument } from "../../src/render/export/json.ts"
import { fenced, markdownDocument } from "../../src/render/export/markdown.ts"
import { sanitize } from "../../src/render/terminal.ts"
import { ExportDocument, ExportDocumentLine } from "../../src/schemas/export.ts"
import { assistant, call, exportSource, result, system, user, whole } from "../support/export.ts"
import { hostileTexts } from "../support/hostile.ts"
import { checkPage } from "../support/html.ts"
import { checkMarkdown } from "../support/markdown.ts"
import { draftArbitrary } from "../support/transcripts.ts"

const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/
const documents = { markdown: markdownDocument, html: htmlDocument, json: jsonDocument, jsonl: jsonlDocument }

const hostile: ReadonlyArray<Draft> = hostileTexts.flatMap((text, at) => [
  user(text),
  assistant(text, text),
  system(text),
  call(`id-${at}`, text, { command: text, [text]: [{ deep: text }] }),
  result(`id-${at}`, text, at % 2 === 0),
  result(null, text)
])

const decodeDocument = Schema.decodeUnknownSync(ExportDocument, { onExcessProperty: "error" })
const decodeLine = Schema.decodeUnknownSync(ExportDocumentLine, { onExcessProperty: "error" })

/** What a reader of a page reads. */
const textOf = (page: string): string =>
  page
    .replace(/<style>[^<]*<\/style>/, "")
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")

describe("a hostile session", () => {
  it("stays text in a page", () => {
    const page = whole(htmlDocument(exportSource(hostile, { title: hostileTexts.join(" ") })))
    checkPage(page)
    assert.notMatch(page, steering)
    const read = textOf(page)
    for (const text of hostileTexts) assert.include(read, sanitize(text).trim())
  })

  it("stays in its place in Markdown", () => {
    const text = whole(markdownDocument(exportSource(hostile, { title: hostileTexts.join(" ") })))
    checkMarkdown(text)
    assert.notMatch(text, steering)
  })

  for (const text of hostileTexts) {
    it(`does so message by message: ${JSON.stringify(text).slice(0, 50)}`, () => {
      for (const draft of [
        user(text),
        assistant(text),
        assistant("", text),
        result(null, text),
        call(null, "Bash", text)
      ]) {
        checkMarkdown(whole(markdownDocument(exportSource([draft]))))
        checkPage(whole(htmlDocument(exportSource([draft]))))
      }
    })
  }

  it("is in JSON what it was, and nothing there steers a terminal", () => {
    const text = whole(jsonDocument(exportSource(hostile, { redacts: false })))
    assert.notMatch(text, steering)
    const { messages, redacted } = decodeDocument(JSON.parse(text))
    assert.isFalse(redacted)
    assert.lengthOf(messages, hostile.length)
    messages.forEach((message, at) => {
      const draft = hostile[at]!
      assert.strictEqual(message.role, draft.role)
      const tool = message.blocks?.find(({ type }) => type === "tool_use")
      if (draft.role !== "tool_use") assert.strictEqual(message.content, draft.text)
      else assert.deepStrictEqual<unknown>(tool, draft.blocks[0])
    })
  })
})

describe("any session", () => {
  const drafts = { drafts: Schema.Array(Schema.String) }
  it.prop("gives well-formed documents of whatever texts", drafts, ({ drafts: texts }) => {
    const source = () => exportSource(texts.flatMap((text) => [user(text), assistant(text, text), result(null, text)]))
    checkPage(whole(htmlDocument(source())))
    checkMarkdown(whole(markdownDocument(source())))
    decodeDocument(JSON.parse(whole(jsonDocument(source()))))
  })

  it.prop(
    "gives well-formed documents of whatever messages",
    [draftArbitrary, draftArbitrary, draftArbitrary],
    (three) => {
      const source = () => exportSource(three)
      const { count } = source().transcript
      checkPage(whole(htmlDocument(source())))
      checkMarkdown(whole(markdownDocument(source())))
      assert.lengthOf(decodeDocument(JSON.parse(whole(jsonDocument(source())))).messages, count)
      const lines = whole(jsonlDocument(source())).trimEnd().split("\n")
      const types = lines.map((line) => decodeLine(JSON.parse(line)).type)
      assert.deepStrictEqual(types, ["session", ...Array.from({ length: count }, () => "message" as const), "end"])
    }
  )

  it("without a message is a document all the same", () => {
    checkPage(whole(htmlDocument(exportSource([]))))
    checkMarkdown(whole(markdownDocument(exportSource([]))))
    assert.deepStrictEqual(decodeDocument(JSON.parse(whole(jsonDocument(exportSource([]))))).messages, [])
  })
})

describe("a page", () => {
  it("forbids what could run or be fetched, whoever wrote it", () => {
    const page = whole(htmlDocument(exportSource([user("hello")])))
    assert.include(
      page,
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"`
    )
    assert.notMatch(page, /<script|<link|<img|<iframe|@import|url\(|javascript:/i)
    assert.include(page, '<meta name="referrer" content="no-referrer">')
  })

  it("has an index of prompts that leads to them, once there are two", () => {
    const page = whole(htmlDocument(exportSource([user("First\nthing"), assistant("ok"), user("Second <thing>")])))
    assert.include(page, '<a href="#m1" dir="auto"><span class="n">1</span>First thing</a>')
    assert.include(page, '<a href="#m3" dir="auto"><span class="n">3</span>Second &lt;thing&gt;</a>')
    assert.include(page, 'id="m1"')
    assert.include(page, 'id="m3"')
    assert.notInclude(whole(htmlDocument(exportSource([user("only")]))), "<nav")
  })

  it("shows a call in a line, with its result, and says when it failed", () => {
    const page = whole(
      htmlDocument(exportSource([call("a", "Bash", { command: "npm test" }), result("a", "1 failed", true)]))
    )
    assert.match(
      page,
      /<details class="step failed" id="m1">\n<summary><b>Bash<\/b><span class="gist">npm test<\/span><span class="state">failed/
    )
    assert.strictEqual(page.match(/<details class="step/g)?.length, 1)
    assert.include(page, '<div class="label bad">failed #2</div>\n<pre dir="auto">1 failed</pre>')
  })

  it("renders answers as Markdown, and shows what is too long for it as it is", () => {
    const page = whole(
      htmlDocument(exportSource([assistant("a **b**"), assistant(`**${"x".repeat(markdownLimit)}**`)]))
    )
    assert.include(page, "<p>a <strong>b</strong></p>")
    assert.include(page, `<pre dir="auto">**xx`)
  })
})

describe("calls and results", () => {
  const ids = (drafts: ReadonlyArray<Draft>): ReadonlyArray<string> =>
    Array.from(
      whole(htmlDocument(exportSource(drafts))).matchAll(/id="m(\d+)"|(?:result|failed) #(\d+)/g),
      ([, a, b]) => (a === undefined ? `→${b}` : a)
    )

  it("belong together by their id, out of order and in parallel", () => {
    const calls = [call("a", "A", {}), call("b", "B", {}), call("c", "C", {})]
    assert.deepStrictEqual(
      ids([...calls, result("c", "3"), result("a", "1"), result("b", "2")]),
      "1 →5 2 →6 3 →4".split(" ")
    )
  })

  it("stand alone where the other is missing, or comes after something was said", () => {
    assert.deepStrictEqual(ids([call("a", "A", {}), assistant("wait"), result("a", "1")]), ["1", "2", "3"])
    assert.deepStrictEqual(ids([result("a", "1"), call(null, "A", {}), result(null, "2")]), ["1", "2", "3"])
    assert.deepStrictEqual(ids([call("a", "A", {}), call("a", "A", {}), result("a", "1")]), ["1", "→3", "2"])
  })

  it("are all there in a run of any length, each once", () => {
    const run = Array.from({ length: 300 }, (_, at) => [call(`i${at}`, "A", {}), result(`i${at}`, `r${at}`)]).flat()
    const seen = ids(run).map((id) => Number(id.replace("→", "")))
    assert.deepStrictEqual(
      seen.toSorted((a, b) => a - b),
      Array.from(run.keys(), (at) => at + 1)
    )
    assert.isTrue(ids(run).filter((id) => id.startsWith("→")).length === 300)
  })
})

describe("Markdown", () => {
  it("has fences longer than any within", () => {
    assert.strictEqual(fenced("a"), "```\na\n```\n")
    assert.strictEqual(fenced("```\n````x\n", "text"), "`````text\n```\n````x\n`````\n")
  })

  it("quotes prompts and leaves answers as they were written", () => {
    const text = whole(markdownDocument(exportSource([user("One\n\n- two"), assistant("# Three\n\n*four*")])))
    assert.include(text, "## User <sub>#1 · 2026-11-01 10:20:30</sub>\n\n> One\n>\n> - two\n\n")
    assert.include(text, "\n\n# Three\n\n*four*\n\n")
  })

  it("begins with what is known of the session", () => {
    const text = whole(markdownDocument(exportSource([user("Hello")], { title: "A | *title*" })))
    assert.isTrue(
      text.startsWith("# A \\| \\*title\\*\n\n| | |\n|---|---|\n| Tool | Claude Code |\n| Model | a \\& b |\n")
    )
  })
})

describe("redaction", () => {
  const secret = "hunter2hunter2"
  const line = `PASSWORD=${secret}`
  /** Without its end nothing tells that there is a secret in it. */
  const address = `redis://ada:${secret}@host/0`

  it("comes before everything that cuts: no piece of a secret is in a title, an index or a summary", () => {
    for (let before = 0; before < 170; before++) {
      const text = `${"x".repeat(before)} ${address} and more`
      const drafts = [
        user(text),
        user(text),
        assistant("", text),
        call("a", "Bash", { command: text }),
        result(null, text),
        system(text)
      ]
      for (const document of Object.values(documents)) {
        assert.notInclude(whole(document(exportSource(drafts))), "hunt", `after ${before}`)
      }
    }
  })

  it("does so for titles that a tool has cut, at whatever place", () => {
    for (let at = 60; at < 130; at++) {
      const text = `${"some words ".repeat(7)}${address} and more words`
      for (const title of [`${text.slice(0, at)}…`, `${text.slice(0, at)}...`, text.slice(0, at).trim()]) {
        for (const document of Object.values(documents)) {
          assert.notInclude(whole(document(exportSource([user(text)], { title }))), "hunt", title)
        }
        const other = title.endsWith(".") || title.endsWith("…") ? [user("other")] : [user(text)]
        assert.notInclude(whole(jsonDocument(exportSource(other, { title }))), "hunt", title)
      }
    }
    const title = (text: string) =>
      JSON.parse(whole(jsonDocument(exportSource([user("Other")], { title: text })))).session.title
    assert.strictEqual(title("Fix the build"), "Fix the build")
    assert.strictEqual(title("Fix the build of…"), "Fix the build…")
  })

  it("is counted once for each place, says so in the document, and says that it may miss", () => {
    const drafts = [
      user(line),
      user("b"),
      assistant(line, line),
      call("a", "Bash", { command: line }),
      result("a", line)
    ]
    for (const [format, document] of Object.entries(documents)) {
      const source = exportSource(drafts)
      const text = whole(document(source))
      assert.deepStrictEqual(source.redaction.counts, { assignment: 5 }, format)
      assert.include(text, format.startsWith("json") ? '"assignment"' : "redacted 5: assignment 5")
      if (!format.startsWith("json")) assert.include(text, "Patterns miss things")
    }
  })

  it("can be left out, which the document says as well", () => {
    for (const document of [markdownDocument, htmlDocument]) {
      const text = whole(document(exportSource([user(line)], { redacts: false })))
      assert.include(text, secret)
      assert.include(text, "Nothing was taken out")
    }
  })

  it("stands out in a page", () => {
    assert.include(whole(htmlDocument(exportSource([user(line)]))), "PASSWORD=<mark>[REDACTED:assignment]</mark>")
  })
})

describe("documents are made while they are written", () => {
  for (const [format, document] of Object.entries(documents)) {
    it(format, () => {
      const asked: Array<number> = []
      const drafts = Array.from({ length: 500 }, (_, at) => assistant(`message ${at}`))
      const pieces = document(exportSource(drafts, { asked: (index) => asked.push(index) }))
      for (let piece = pieces.next(); !piece.done && !piece.value.includes("message 9"); piece = pieces.next());
      assert.isAtMost(Math.max(...asked), 10)
      for (const piece of pieces) assert.isBelow(piece.length, 500)
      assert.strictEqual(Math.max(...asked), 500)
    })
  }
})
