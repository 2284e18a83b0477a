import { assert, describe, it } from "@effect/vitest"
import { ByteColumn, FloatColumn, IntColumn, WordColumn } from "../../src/domain/columns.ts"

const columns = [
  { name: "IntColumn", make: () => new IntColumn(), most: 0x7fffffff, least: -0x80000000 },
  { name: "WordColumn", make: () => new WordColumn(), most: 0xffffffff, least: 0 },
  { name: "ByteColumn", make: () => new ByteColumn(), most: 0xff, least: 0 },
  { name: "FloatColumn", make: () => new FloatColumn(), most: Number.MAX_VALUE, least: -0.5 }
]

describe.each(columns)("$name", ({ least, make, most }) => {
  it("reads 0 where nothing was set, before, between and behind", () => {
    const column = make()
    assert.strictEqual(column.get(0), 0)
    column.set(100_000, 7)
    assert.deepStrictEqual([column.get(5), column.get(100_000), column.get(1_000_000)], [0, 7, 0])
  })

  it("holds the least and the greatest", () => {
    const column = make()
    column.set(0, least)
    column.set(1, most)
    assert.deepStrictEqual([column.get(0), column.get(1)], [least, most])
  })

  it("keeps what it holds while it grows, across the edges of its pages", () => {
    const column = make()
    const value = (at: number) => (at * 7) % 251
    for (let at = 0; at < 50_000; at++) column.set(at, value(at))
    for (let at = 0; at < 50_000; at++) assert.strictEqual(column.get(at), value(at))
  })

  it.each([0, 63, 64, 16_383, 16_384, 32_768])("takes its first value at %i", (at) => {
    const column = make()
    column.set(at, 9)
    column.set(3, 5)
    assert.deepStrictEqual([column.get(at), column.get(3), column.get(at + 1)], [9, 5, 0])
  })
})
