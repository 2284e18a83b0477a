import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { cutText, oneLine, shellLine, shellQuote, snapBack } from "../../src/domain/text.ts"
import { shellWords } from "../support/run-cli.ts"

describe("cutting", () => {
  it("never leaves half of a surrogate pair", () => {
    assert.strictEqual(cutText("a😀b", 2), "a")
    assert.strictEqual(cutText("a😀b", 3), "a😀")
    assert.strictEqual(cutText("abc", 10), "abc")
    assert.strictEqual(cutText("abc", 0), "")
    assert.deepStrictEqual(
      [-1, 0, 1, 2, 3, 9].map((at) => snapBack("a😀", at)),
      [0, 0, 1, 1, 3, 3]
    )
    // Lone halves are nobody's half.
    assert.strictEqual(snapBack("\ud83d\ud83d", 1), 1)
    assert.strictEqual(snapBack("\ude00\ude00", 1), 1)
  })

  it.prop(
    "is a prefix as long as asked, or one less",
    { text: Schema.String, limit: Schema.Int },
    ({ limit, text }) => {
      const cut = cutText(text, limit)
      assert.isTrue(text.startsWith(cut))
      const asked = Math.max(0, Math.min(limit, text.length))
      assert.isTrue(cut.length === asked || cut.length === asked - 1)
    }
  )
})

describe("oneLine", () => {
  it("collapses white space and marks what was cut", () => {
    assert.strictEqual(oneLine("  a\n\tb  c ", 20), "a b c")
    assert.strictEqual(oneLine("abcdef", 6), "abcdef")
    assert.strictEqual(oneLine("abcdefg", 6), "abcde…")
    assert.strictEqual(oneLine("abcd efg", 6), "abcd…")
    assert.strictEqual(oneLine("abcd😀efg", 6), "abcd…")
    assert.strictEqual(oneLine("", 6), "")
    assert.isAtMost(oneLine("word ".repeat(100_000), 100).length, 100)
  })

  it("marks what follows more white space than is looked at, but not white space alone", () => {
    assert.strictEqual(oneLine(`a${" ".repeat(1000)}b`, 6), "a…")
    assert.strictEqual(oneLine(`a${" ".repeat(1000)}`, 6), "a")
  })
})

describe("shell words", () => {
  it("are quoted only where a shell would change them", () => {
    assert.strictEqual(shellQuote("--limit=3"), "--limit=3")
    assert.strictEqual(shellQuote("/srv/a b"), "'/srv/a b'")
    assert.strictEqual(shellQuote("it's"), `'it'\\''s'`)
    assert.strictEqual(shellQuote(""), "''")
    assert.strictEqual(shellLine(["sessionr", "search", "$HOME `x`"]), "sessionr search '$HOME `x`'")
  })

  it.prop("come back as they were", { words: Schema.Array(Schema.String) }, ({ words }) => {
    assert.deepStrictEqual(shellWords(shellLine(["sessionr", ...words])), words)
  })
})
