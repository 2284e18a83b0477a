import { assert, describe, it } from "@effect/vitest"
import { hashSample, IdTable } from "../../../src/adapters/support/id-table.ts"

describe("IdTable", () => {
  it("numbers strings in the order of their first appearance, however many there are", () => {
    const table = new IdTable()
    const ids = Array.from({ length: 20_000 }, (_, at) => `0a0a0a0a-1111-4222-8333-${at}`)
    ids.forEach((id, at) => assert.strictEqual(table.intern(id), at))
    ids.forEach((id, at) => assert.strictEqual(table.intern(id), at))
    ids.forEach((id, at) => assert.strictEqual(table.find(id), at))
    assert.strictEqual(table.find("never"), -1)
    assert.strictEqual(table.size, ids.length)
  })

  it("reserves numbers that no string has", () => {
    const table = new IdTable()
    const reserved = Array.from({ length: 300 }, () => table.reserve())
    assert.strictEqual(table.intern("a"), 300)
    assert.strictEqual(table.find(""), -1)
    assert.strictEqual(table.intern(""), 301)
    assert.strictEqual(new Set(reserved).size, 300)
  })
})

describe("hashSample", () => {
  it("tells texts apart by length, beginning and end", () => {
    const long = "x".repeat(500)
    const texts = ["", "a", "b", long, `${long}x`, `y${long.slice(1)}`, `${long.slice(1)}y`]
    assert.strictEqual(new Set(texts.map((text) => hashSample(text, 1))).size, texts.length)
    assert.strictEqual(hashSample(long, 1), hashSample("x".repeat(500), 1))
  })
})
