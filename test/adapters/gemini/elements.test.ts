import { assert, describe, it } from "@effect/vitest"
import { elementsAt } from "../../../src/adapters/gemini/elements.ts"
import { seeded } from "../../support/fuzz.ts"

const texts = (json: string, keys: ReadonlyArray<string>, length = Infinity): ReadonlyArray<string> | null => {
  const bytes = new TextEncoder().encode(json)
  const ranges = elementsAt(bytes, 0, Math.min(bytes.length, length), keys)
  return ranges?.map(({ from, to }) => new TextDecoder().decode(bytes.subarray(from, to))) ?? null
}

describe("elementsAt", () => {
  it("finds the elements of an array under its keys", () => {
    assert.deepStrictEqual(texts('{"a":[1,"x]",{"b":[2]},null]}', ["a"]), ["1", '"x]"', '{"b":[2]}', "null"])
    assert.deepStrictEqual(texts('\ufeff { "z" : "\\\\" , "s" : { "a" : [ true , [ ] ] } } ', ["s", "a"]), [
      "true",
      "[ ]"
    ])
    assert.deepStrictEqual(texts('{"a":[]}', ["a"]), [])
    assert.deepStrictEqual(texts('{"a":[1],"a":[2]}', ["a"]), ["2"])
    assert.isNull(texts('{"b":[1]}', ["a"]))
    assert.isNull(texts('{"a":{"b":1}}', ["a"]))
    assert.isNull(texts("[1]", ["a"]))
    assert.isNull(texts("", ["a"]))
  })

  it("gives what is complete in text that ends too early", () => {
    const json = '{"x":{"y":1},"a":[{"n":"one"},{"n":"two"},{"n":"three"}],"b":2}'
    for (let length = 0; length < json.length; length++) {
      const found = texts(json, ["a"], length) ?? []
      for (const [at, text] of found.entries()) assert.deepStrictEqual(JSON.parse(text), JSON.parse(json).a[at])
      assert.strictEqual(found.length, [29, 41, 55].filter((end) => length >= end).length)
    }
  })

  it("agrees with JSON.parse on arrays of anything", () => {
    const random = seeded(7)
    const value = (depth: number): unknown => {
      const kind = Math.floor(random() * (depth > 0 ? 6 : 4))
      if (kind === 0) return Math.round(random() * 1000) / 10
      if (kind === 1) return random() < 0.5
      if (kind === 2) return null
      if (kind === 3) return '"\\]}é,[{:'.repeat(Math.floor(random() * 3))
      const items = Array.from({ length: Math.floor(random() * 4) }, () => value(depth - 1))
      return kind === 4 ? items : Object.fromEntries(items.map((item, at) => [`"k\\${at}`, item]))
    }
    for (let run = 0; run < 500; run++) {
      const list = Array.from({ length: Math.floor(random() * 5) }, () => value(3))
      const json = JSON.stringify({ first: value(2), list, last: value(2) }, null, run % 2 === 0 ? 2 : undefined)
      assert.deepStrictEqual(
        texts(json, ["list"])?.map((text) => JSON.parse(text)),
        list
      )
    }
  })
})
