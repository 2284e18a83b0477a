import { assert, describe, it } from "@effect/vitest"
import { allTerms, matchText, parseQuery, type Query, type QueryOptions, snippet } from "../../src/domain/query.ts"

const query = (text: string, options: QueryOptions = {}): Query => {
  const parsed = parseQuery(text, options)
  if ("error" in parsed) throw new Error(parsed.error)
  return parsed
}

/** What the hits of a query look like in the text. */
const hitsIn = (text: string, typed: string, options: QueryOptions = {}): ReadonlyArray<string> =>
  matchText(query(typed, options), text).hits.map(({ length, start }) => text.slice(start, start + length))

const errorOf = (text: string, options: QueryOptions = {}): string => {
  const parsed = parseQuery(text, options)
  return "error" in parsed ? parsed.error : ""
}

describe("parseQuery", () => {
  it("takes words apart and keeps phrases together", () => {
    const { terms } = query(`  Fix "the  Build" now fix`)
    assert.deepStrictEqual(
      terms.map(({ folded, kind }) => [kind, folded]),
      [
        ["word", "fix"],
        ["phrase", "the  build"],
        ["word", "now"]
      ]
    )
  })

  it("takes a quote inside or without a partner for text", () => {
    const folded = (text: string) => query(text).terms.map((term) => term.folded)
    assert.deepStrictEqual(folded(`say "hello`), ["say", `"hello`])
    assert.deepStrictEqual(folded(`"name":"x y"`), [`name":"x y`])
    assert.deepStrictEqual(folded(`key="a b"`), [`key="a`, `b"`])
  })

  it("refuses a query without text", () => {
    for (const text of ["", "  \n", `""`, `" "`]) assert.strictEqual(errorOf(text), "the query is empty")
    assert.strictEqual(errorOf("", { regex: true }), "the query is empty")
  })

  it("refuses more words than there are bits", () => {
    const words = Array.from({ length: 31 }, (_, i) => `w${i}`)
    assert.include(errorOf(words.join(" ")), "31 words")
    assert.strictEqual(allTerms(query(words.slice(1).join(" "))), 2 ** 30 - 1)
  })

  it("says what is wrong with a regular expression", () => {
    assert.strictEqual(errorOf("(", { regex: true }), "Unterminated group")
    assert.strictEqual(errorOf("/(/", { slashes: true }), "Unterminated group")
  })

  it("reads /…/ as a regular expression only where that is asked for", () => {
    assert.isTrue(query("/a.c/", { slashes: true }).regex)
    assert.isTrue(query("/a.c/i", { slashes: true }).regex)
    assert.isFalse(query("/usr/bin", { slashes: true }).regex)
    assert.isFalse(query("/a.c/").regex)
  })
})

describe("matchText", () => {
  it("finds text whatever its case and Unicode form", () => {
    assert.deepStrictEqual(hitsIn("A CAFE\u0301 and a caf\u00e9", "Cafe\u0301"), ["CAFE\u0301", "caf\u00e9"])
    assert.deepStrictEqual(hitsIn("ΟΔΟΣ οδος ΟΔΟΣΑ", "οδοσ"), ["ΟΔΟΣ", "οδος", "ΟΔΟΣ"])
    assert.deepStrictEqual(hitsIn("J\u030c", "\u01f0"), ["J\u030c"])
    assert.deepStrictEqual(hitsIn("an e\u0301", "e"), [])
  })

  it("gives offsets into the original when folding changes lengths", () => {
    const text = "İİ \u0958 e\u0301\u0323 한글 x\u030c key"
    const [hit] = matchText(query("KEY"), text).hits
    assert.deepStrictEqual(hit, { start: text.indexOf("key"), length: 3, term: 0 })
    assert.deepStrictEqual(hitsIn(`${text} ${"한글".normalize("NFD")}!`, "한글"), ["한글", "한글".normalize("NFD")])
    assert.deepStrictEqual(hitsIn("a İ b", "i"), ["İ"])
    assert.deepStrictEqual(hitsIn("İJ\u030c xy", "xy"), ["xy"])
  })

  it("lets white space in a phrase be any white space", () => {
    assert.deepStrictEqual(hitsIn("the\n\t Build.the\u00a0build thebuild", `"the build"`), [
      "the\n\t Build",
      "the\u00a0build"
    ])
    assert.deepStrictEqual(hitsIn("a+b (c)", `"a+b (c)"`), ["a+b (c)"])
  })

  it("distinguishes case when asked, not Unicode forms", () => {
    assert.deepStrictEqual(hitsIn("Key key KEY", "key", { caseSensitive: true }), ["key"])
    assert.deepStrictEqual(hitsIn("E\u0301 \u00e9", "\u00c9", { caseSensitive: true }), ["E\u0301"])
    assert.deepStrictEqual(hitsIn("Key key", "k\\w+", { caseSensitive: true, regex: true }), ["key"])
  })

  it("matches regular expressions line by line, without empty hits", () => {
    assert.deepStrictEqual(hitsIn("one\nTwo 2\nthree", "^t\\w+", { regex: true }), ["Two", "three"])
    assert.deepStrictEqual(hitsIn("aXbb", "x*", { regex: true }), ["X"])
    assert.deepStrictEqual(hitsIn("a-b", "[a\\-]+", { regex: true }), ["a-"])
    assert.deepStrictEqual(hitsIn("caf\u0065\u0301 😀", "é 😀$", { regex: true }), ["e\u0301 😀"])
    assert.deepStrictEqual(hitsIn("x 😀 y", "x . y", { regex: true }), ["x 😀 y"])
  })

  it("reports which terms occur, counts all hits and orders them", () => {
    const match = matchText(query("beta alpha gamma"), "alpha beta alpha")
    assert.deepStrictEqual(match, {
      terms: 0b011,
      complete: false,
      count: 3,
      hits: [
        { start: 0, length: 5, term: 1 },
        { start: 6, length: 4, term: 0 },
        { start: 11, length: 5, term: 1 }
      ]
    })
    assert.isTrue(matchText(query("beta alpha"), "alpha beta").complete)
    assert.strictEqual(matchText(query("delta"), "alpha").count, 0)
  })

  it("bounds the hits it returns but not the count", () => {
    const match = matchText(query("a b"), "a".repeat(50) + "b", 3)
    assert.strictEqual(match.count, 51)
    assert.deepStrictEqual(
      match.hits.map(({ start, term }) => [start, term]),
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [50, 1]
      ]
    )
  })
})

describe("snippet", () => {
  const text = "The quick\n\n  brown fox jumps"

  it("shows the hit on one line with its surroundings", () => {
    const start = text.indexOf("brown")
    assert.strictEqual(snippet(text, start, 5, 6), "…ck brown fox j…")
    assert.strictEqual(snippet(text, start, 5, 100), "The quick brown fox jumps")
    assert.strictEqual(snippet(text, start, 5, 0), "…brown…")
    assert.strictEqual(snippet("  key  ", 2, 3, 10), "key")
  })

  it("does not cut a code point", () => {
    assert.strictEqual(snippet("😀😀key😀😀", 4, 3, 1), "…😀key…")
    assert.strictEqual(snippet("a😀b", 1, 2, 0), "…😀…")
  })

  it("bounds what it shows of a very long hit", () => {
    const long = snippet("x".repeat(1_000_000), 10, 900_000, 60)
    assert.isBelow(long.length, 500)
    assert.isTrue(long.endsWith("…"))
  })
})
