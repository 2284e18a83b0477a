import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { fold } from "../../src/domain/fold.ts"
import { matchText, parseQuery, type Query, type QueryOptions } from "../../src/domain/query.ts"
import { maxRawLength, type RawPattern, rawPatterns } from "../../src/domain/raw-pattern.ts"
import { seeded } from "../support/fuzz.ts"

const query = (text: string, options: QueryOptions = {}): Query => {
  const parsed = parseQuery(text, options)
  if ("error" in parsed) throw new Error(parsed.error)
  return parsed
}

const latin1 = (text: string): string => Buffer.from(text).toString("latin1")

/** Whether every pattern has a hit in the bytes of a file. */
const allHit = (patterns: ReadonlyArray<RawPattern>, raw: string): boolean => {
  const bytes = latin1(raw)
  return patterns.every(({ core, ignoreCase, source }) => {
    const hit = new RegExp(source).exec(bytes)
    const head = hit?.[0].slice(0, core.length) ?? ""
    if (hit) assert.strictEqual(ignoreCase ? head.toLowerCase() : head, core)
    return hit !== null && hit[0].length <= maxRawLength
  })
}

const candidate = (asked: Query, raw: string): boolean => allHit(rawPatterns(asked)!, raw)

const hex = (char: string, upper: boolean): string => {
  const digits = char.charCodeAt(0).toString(16).padStart(4, "0")
  return `\\u${upper ? digits.toUpperCase() : digits}`
}

const ascii = (json: string, upper: boolean): string => json.replace(/[^\x20-\x7e]/g, (char) => hex(char, upper))

const web = (json: string): string => json.replace(/[<>&'+`=]/g, (char) => hex(char, true)).replaceAll("/", "\\/")

/** A text as stores have it: in JSON by various writers, in JSON in JSON, and plain. */
const encodings: { readonly [name: string]: (text: string) => string } = {
  plain: (text) => text,
  json: (text) => JSON.stringify({ text }),
  ascii: (text) => ascii(JSON.stringify({ text }), false),
  asciiUpper: (text) => ascii(JSON.stringify({ text }), true),
  web: (text) => web(JSON.stringify({ text })),
  nested: (text) => JSON.stringify({ arguments: JSON.stringify({ text }) }),
  nestedAscii: (text) => ascii(JSON.stringify({ arguments: ascii(JSON.stringify({ text }), true) }), false),
  nestedWeb: (text) => JSON.stringify({ arguments: web(JSON.stringify({ text })) }),
  thrice: (text) => JSON.stringify([JSON.stringify([ascii(JSON.stringify([text]), false)])])
}

const missedBy = (asked: Query, text: string): ReadonlyArray<string> => {
  const patterns = rawPatterns(asked)!
  return Object.keys(encodings).filter((name) => !allHit(patterns, encodings[name]!(text)))
}

describe("rawPatterns", () => {
  it("leaves every file to a regular expression", () => {
    assert.isNull(rawPatterns(query("a+", { regex: true })))
  })

  const found: ReadonlyArray<readonly [typed: string, text: string]> = [
    ["error", "An ERROR"],
    [`"say "hi""`, `say "hi"`],
    [`"line one"`, "line\n\t one"],
    [`"line one"`, `line${" \n".repeat(300)}one`],
    ["c:\\temp\\new", "in C:\\Temp\\new"],
    ["a/b<c>&d'e", "A/b<c>&d'e"],
    ["café", "CAFE\u0301"],
    ["ệ", "E\u0302\u0323"],
    ["ệ", "\u00ca\u0323"],
    ["ḁ", "á\u0325"],
    ["привет", "ПРИВЕТ"],
    ["йод", "И\u0306ОД"],
    ["οδοσ", "ΟΔΟΣ ΟΔΟς"],
    ["ω", "\u2126"],
    ["å", "\u212b"],
    ["ß", "\u1e9e"],
    ["ǆ", "\u01c5"],
    ["xi", "xİ"],
    ["İ", "İ"],
    ["ǰ", "J\u030c"],
    ["क", "\u0958"],
    ["日本語", "日本語"],
    ["豈", "\uf900"],
    ["한국", "한국".normalize("NFD")],
    ["각", "가\u11a8"],
    ["😀", "x😀"],
    ["𐐨", "𐐀"],
    [";", "\u037e"],
    ["`", "\u1fef"],
    ["≠", "=\u0338"],
    ["!!", "!!"],
    ["\\\\server", "\\\\server\\share"],
    ["\u001b[1m", "\u001b[1m"]
  ]
  for (const [typed, text] of found) {
    it(`finds ${typed} in every encoding of ${JSON.stringify(text.slice(0, 20))}`, () => {
      const asked = query(typed)
      assert.isTrue(matchText(asked, text).complete, "the text does not match at all")
      assert.deepStrictEqual(missedBy(asked, text), [])
    })
  }

  it("finds the JSON of a tool's input however the store lays it out", () => {
    const input = { command: ["bash", "-lc", `echo "a\tb"`], timeout: 5 }
    for (const typed of [`{"command":["bash","-lc"`, `"timeout":5}`, `\\"a\\tb\\"`]) {
      const one = query(typed)
      assert.isTrue(matchText(one, `Bash ${JSON.stringify(input)}`).complete, typed)
      for (const indent of [0, 2, 8]) {
        assert.isTrue(candidate(one, JSON.stringify({ name: "Bash", input }, null, indent)), `${typed} ${indent}`)
        assert.isTrue(candidate(one, JSON.stringify({ arguments: JSON.stringify(input, null, indent) })), typed)
      }
    }
  })

  it("finds a phrase that was put together from two strings", () => {
    const content = [
      { type: "text", text: "first part\n" },
      { type: "text", text: "second part" }
    ]
    assert.isTrue(candidate(query(`"part second"`), JSON.stringify(content)))
    assert.isTrue(candidate(query(`"Bash ls"`), JSON.stringify({ name: "Bash", input: "ls -l" })))
    assert.isTrue(candidate(query(`"first part second part"`), JSON.stringify(content)))
    for (const typed of [`"second first"`, `"first second"`, `"part first part"`]) {
      assert.isFalse(candidate(query(typed), JSON.stringify(content)), typed)
    }
  })

  it("does not take other text for a hit", () => {
    const raw = JSON.stringify({ text: "the quick brown fox, ein kühler Tag" })
    for (const typed of ["quack", `"quick fox"`, "brown.fox", "fox;", "привет", "日本", "kühne", "한국"]) {
      assert.isFalse(candidate(query(typed), raw), typed)
    }
    assert.isFalse(candidate(query("Quick", { caseSensitive: true }), raw))
    assert.isTrue(candidate(query("quick", { caseSensitive: true }), raw))
  })

  it("chooses as core what is selective", () => {
    const core = (typed: string) => rawPatterns(query(typed))![0]!.core
    assert.strictEqual(core("Tokenizer"), "tokenizer")
    assert.strictEqual(core(`"is in TextScan.ts"`), "textscan.ts")
    assert.strictEqual(core("é-café"), "-caf")
    assert.strictEqual(core("日本"), "")
  })

  it("stays quick on text made to be slow", () => {
    const raw = [
      "\\".repeat(100_000),
      "\u0301".repeat(20_000),
      `e${"\u0301".repeat(60)}`.repeat(500),
      " ".repeat(50_000),
      "a \\n".repeat(20_000),
      `xyz" foo" `.repeat(10_000),
      "[ ".repeat(20_000),
      "日\\".repeat(20_000)
    ].join("x")
    const started = performance.now()
    for (const typed of ["\\\\\\\\!", "\\\\a!", "ệ́̂̃x", "[[[[[[!", "}}]]}}!", "日\\\\\\é", `"a a a a a a ab"`]) {
      assert.isFalse(candidate(query(typed), raw), typed)
    }
    for (const typed of [`"xyz foo foo foo foo foo foo fo"`, `"yz foo foo foo foo foo fxyz"`]) {
      candidate(query(typed), raw)
    }
    assert.isBelow(performance.now() - started, 5000)
  })
})

const alphabet = [
  ..."aeiostxyzAEIX019_-. \n\t\"\\/<>&'{}[]:,;=",
  ..."éÉàçñßẞİıſÅŉ",
  ..."ïÿǰǅσςΣΩωάΐйЙёіїאָ",
  ..."日本豈한글각कक़ạệǖ",
  ..."😀𐐀𐐨𝅗𝅥",
  "e\u0301",
  "a\u0323\u0302",
  "E\u0302\u0323",
  "x\u030c",
  "J\u030c",
  "\u0301",
  "\u00a0",
  "\u2003",
  "\u2126",
  "\u212b",
  "\u1100\u1161\u11a8",
  "error",
  "the"
]

const Text = Schema.Array(Schema.Literals(alphabet))

const flip = (text: string, random: () => number): string =>
  Array.from(text, (char) => {
    const other = random() < 0.5 ? char.toUpperCase() : char.toLowerCase()
    return fold(other, false) === fold(char, false) ? other : char
  }).join("")

const reform = (text: string, random: () => number): string =>
  random() < 0.4 ? text.normalize("NFD") : random() < 0.5 ? text.normalize("NFC") : text

const spaced = (text: string): string => text.replace(/\s+/g, " ")

describe("matchText and rawPatterns", () => {
  it.effect.prop(
    "find any part of a text, whatever its case, form and encoding",
    { parts: Text, seed: Schema.Int, caseSensitive: Schema.Boolean },
    ({ caseSensitive, parts, seed }) =>
      Effect.sync(() => {
        const random = seeded(seed)
        const points = Array.from(parts.join(""))
        const from = Math.floor(random() * points.length)
        const part = points.slice(from, from + 1 + Math.floor(random() * 8)).join("")
        const change = (text: string) => reform(caseSensitive ? text : flip(text, random), random)
        const parsed = parseQuery(`"${change(part)}"`, { caseSensitive })
        if ("error" in parsed) return
        const text = change(points.join(""))
        const match = matchText(parsed, text)
        for (const [number, term] of parsed.terms.entries()) {
          const expected = spaced(fold(text, caseSensitive)).includes(spaced(term.folded))
          assert.strictEqual((match.terms & (1 << number)) !== 0, expected, term.folded)
        }
        for (const { length, start, term } of match.hits) {
          const hit = spaced(fold(text.slice(start, start + length), caseSensitive))
          assert.include(hit, spaced(parsed.terms[term]!.folded))
        }
        if (match.complete) assert.deepStrictEqual(missedBy(parsed, text), [], JSON.stringify([parsed.terms, text]))
      }),
    { arbitrary: { runs: 400, size: 30 } }
  )
})
