import { assert, describe, it } from "@effect/vitest"
import { didYouMean } from "../../src/domain/choice.ts"

describe("didYouMean", () => {
  const names = ["list", "search", "read", "info", "stats", "doctor"]

  it("finds a slip of the finger: missing, doubled, wrong and swapped letters", () => {
    assert.deepStrictEqual(didYouMean("lst", names), ["list"])
    assert.deepStrictEqual(didYouMean("serach", names), ["search"])
    assert.deepStrictEqual(didYouMean("readd", names), ["read"])
    assert.deepStrictEqual(didYouMean("DOKTOR", names), ["doctor"])
  })

  it("finds what was begun", () => {
    assert.deepStrictEqual(didYouMean("sea", names), ["search"])
    assert.deepStrictEqual(didYouMean("s", names), ["search", "stats"])
  })

  it("knows other names for the same", () => {
    assert.deepStrictEqual(didYouMean("LS", names, { ls: "list" }), ["list"])
  })

  it("gives up on what is like nothing, and takes long nonsense quickly", () => {
    assert.deepStrictEqual(didYouMean("frobnicate", names), [])
    assert.deepStrictEqual(didYouMean("", names), [])
    assert.deepStrictEqual(didYouMean("x".repeat(1_000_000), names), [])
  })

  it("names at most three, nearest first", () => {
    assert.deepStrictEqual(didYouMean("aaa", ["aab", "aaa", "abb", "aac", "aad"]), ["aaa", "aab", "aac"])
  })
})
