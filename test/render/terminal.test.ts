import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { jsonText } from "../../src/render/json.ts"
import { cellWidth, fit, makePaint, renderTable, sanitize, sanitizeLine } from "../../src/render/terminal.ts"

/** Every character that a terminal or a bidi algorithm obeys. */
const steering = [
  ..."\u0000\u0007\u0008\u000b\u000c\r\u001b\u001f\u007f\u0080\u0085\u009b\u009d\u009f",
  ..."\u061c\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\ufeff\ufff9",
  "\u{e0041}",
  "\ud800",
  "\udfff"
]

const raw = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]/

describe("sanitize", () => {
  it("makes visible what could steer a terminal", () => {
    assert.strictEqual(sanitize("\u001b]0;owned\u0007\u001b[31mred"), "␛]0;owned␇␛[31mred")
    assert.strictEqual(sanitize("\u009b31m\u202egnp.exe"), "<U+009B>31m<U+202E>gnp.exe")
    assert.strictEqual(sanitize("50%\r100%"), "50%␍100%")
    for (const character of steering) {
      const shown = sanitize(`a${character}b`)
      assert.notInclude(shown, character)
      assert.isAbove(shown.length, 2, JSON.stringify(character))
    }
  })

  it("leaves text alone: line feeds, tabs, any script, joined emoji", () => {
    const text = "a\n\tb é 日本語 العربية 👩‍👩‍👧 ❤️"
    assert.strictEqual(sanitize(text), text)
    assert.strictEqual(sanitize("a\r\nb"), "a\nb")
  })

  it("in one line has no line ends either", () => {
    assert.strictEqual(sanitizeLine(" a\n\n b\t\u001bc "), "a b ␛c")
  })
})

describe("jsonText", () => {
  it.prop("is the same value, without anything that steers", { text: Schema.String }, ({ text }) => {
    const value = { text: steering.join(text), [`${text}\u202e`]: [text] }
    for (const indent of [undefined, 2]) {
      const printed = jsonText(value, indent)
      assert.deepStrictEqual(JSON.parse(printed), value)
      assert.notMatch(printed, /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/)
    }
  })
})

describe("width", () => {
  it("counts cells: two for wide characters and emoji, none for marks", () => {
    assert.deepStrictEqual(["abc", "日本", "é", "e\u0301", "😀", "ü", ""].map(cellWidth), [3, 4, 1, 1, 2, 1, 0])
  })

  it.prop("fit gives exactly the width, whatever the text", { text: Schema.String }, ({ text }) => {
    for (const width of [1, 2, 7, 20]) assert.strictEqual(cellWidth(fit(text, width)), width)
  })

  it("marks what was cut", () => {
    assert.strictEqual(fit("abcdef", 4), "abc…")
    assert.strictEqual(fit("日本語", 4), "日… ")
    assert.strictEqual(fit("ab", 4), "ab  ")
  })
})

describe("tables", () => {
  const columns = [{ title: "ID", max: 4 }, { title: "TITLE" }]

  it("fit the terminal, and clean every cell", () => {
    const text = renderTable(
      columns,
      [
        ["abcdefgh", "\u001b[2Jwiped\nout"],
        ["b", "x".repeat(99)]
      ],
      30,
      makePaint(false)
    )
    const lines = text.trimEnd().split("\n")
    assert.deepStrictEqual(lines.slice(0, 2), ["ID    TITLE", "abc…  ␛[2Jwiped out"])
    assert.strictEqual(lines[2], `b     ${"x".repeat(23)}…`)
    assert.notMatch(text, raw)
  })

  it("colour the head alone, where colour is wanted", () => {
    const text = renderTable(columns, [["a", "b"]], 30, makePaint(true))
    assert.strictEqual(text, "\u001b[1mID  TITLE\u001b[0m\na   b\n")
    assert.strictEqual(makePaint(true).dim(""), "")
  })
})
