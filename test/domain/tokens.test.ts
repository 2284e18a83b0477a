import { assert, describe, it } from "@effect/vitest"
import { brokenBounds, compare, halves, readCorpus } from "../../bench/corpus/corpus.ts"
import { estimateTokens, TextMeter, weighText } from "../../src/domain/tokens.ts"

const corpus = readCorpus()
const everything = [...corpus.values()].join("\n")

/** A generator of whole numbers below a limit, the same on every run. */
const numbers = (seed: number) => (limit: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return Math.floor((seed / 2 ** 32) * limit)
}

/** Pieces of the corpus glued together at random: neighbours that no text of one kind has, halves of pairs included. */
const mixtures = (count: number, seed: number): string[] => {
  const next = numbers(seed)
  const fragment = () => {
    const at = next(everything.length)
    return everything.slice(at, at + next(40))
  }
  return Array.from({ length: count }, () => Array.from({ length: 12 }, fragment).join("\n".repeat(next(2))))
}

describe("accuracy against the o200k tokenizer", () => {
  it("keeps the bounds on every kind of text", () => {
    const rows = [...corpus].map(([kind, text]) => compare(kind, [text], weighText))
    assert.isAbove(rows.length, 30)
    assert.deepStrictEqual(brokenBounds(rows), [])
  })

  it("keeps them on the halves that the weights were not fitted on", () => {
    const rows = [...corpus].map(([kind, text]) => compare(kind, halves(text).heldOut, weighText))
    assert.deepStrictEqual(brokenBounds(rows.filter(({ real }) => real > 200)), [])
  })

  it("notices a poor estimate", () => {
    const rows = [...corpus].map(([kind, text]) => compare(kind, [text], (piece) => piece.length / 4))
    assert.isAbove(brokenBounds(rows).length, 5)
  })

  it("charges long runs of one character something", () => {
    for (const unit of [" ", "\n", "\t", "-", "=", "─", "a", "A", "0", ".", "é", "世", "ж", "😀"]) {
      assert.isAbove(weighText(unit.repeat(100_000)), 500, JSON.stringify(unit))
    }
  })

  it("is nothing for the empty text and whole for others", () => {
    assert.strictEqual(estimateTokens(""), 0)
    assert.strictEqual(estimateTokens("a"), 1)
    for (const text of mixtures(50, 1)) assert.strictEqual(estimateTokens(text), Math.ceil(weighText(text)))
  })
})

describe("monotone", () => {
  it("a longer prefix never weighs less", () => {
    for (const text of [...corpus.values(), ...mixtures(50, 2)]) {
      const meter = new TextMeter()
      let before = 0
      for (let i = 0; i < text.length; i++) {
        const after = meter.feed(text.charAt(i)).tokens
        assert.isAtLeast(after, before)
        before = after
      }
      assert.strictEqual(before, weighText(text))
    }
  })
})

describe("additive", () => {
  it("one meter gives the same wherever the text is cut", () => {
    const next = numbers(3)
    for (const text of mixtures(300, 4)) {
      const whole = new TextMeter().feed(text)
      const cut = next(text.length + 1)
      const parts = new TextMeter().feed(text.slice(0, cut)).feed("").feed(text.slice(cut))
      assert.deepStrictEqual([parts.tokens, parts.low, parts.high], [whole.tokens, whole.low, whole.high])
    }
  })

  it.each([
    ["behind", /(?<=\n)/],
    ["before", /(?=\n)/]
  ])("pieces cut %s line ends sum up to the whole or a little more", (_, cut) => {
    for (const text of [...corpus.values(), ...mixtures(300, 5)]) {
      const pieces = text.split(cut)
      const surplus = pieces.reduce((sum, piece) => sum + weighText(piece), 0) - weighText(text)
      assert.isAtLeast(surplus, 0)
      assert.isAtMost(surplus, pieces.length - 1)
    }
  })

  it("pieces cut anywhere are off by a few tokens at most", () => {
    const next = numbers(6)
    for (const text of mixtures(1000, 7)) {
      const cut = next(text.length + 1)
      const sum = weighText(text.slice(0, cut)) + weighText(text.slice(cut))
      assert.approximately(sum, weighText(text), 4)
    }
  })
})

describe("fingerprint", () => {
  const hashes = (text: string) => {
    const { low, high } = new TextMeter().feed(text)
    return [low, high]
  }

  it("is the same for the same text, also after a reset", () => {
    const meter = new TextMeter()
    for (const text of mixtures(50, 8)) {
      const { low, high, tokens } = meter.reset().feed(text)
      assert.deepStrictEqual([low, high], hashes(text))
      assert.strictEqual(tokens, weighText(text))
    }
  })

  it("changes with every single unit, added, removed or replaced", () => {
    const text = everything.slice(0, 600)
    const whole = hashes(text)
    for (let i = 0; i < text.length; i++) {
      const replaced = String.fromCharCode(text.charCodeAt(i) ^ (1 << (i % 16)))
      for (const other of ["", replaced, `${text.charAt(i)}.`]) {
        const [low, high] = hashes(text.slice(0, i) + other + text.slice(i + 1))
        assert.notStrictEqual(low, whole[0])
        assert.notStrictEqual(high, whole[1])
      }
    }
  })
})
