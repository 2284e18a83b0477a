import { assert, describe, it } from "@effect/vitest"
import { asTime, SkipCounter } from "../../../src/adapters/support/json.ts"

describe("asTime", () => {
  it("is what Date.parse says, whatever the form", () => {
    for (const text of [
      "2026-11-01T10:00:00.123Z",
      "2026-11-28T23:59:59.999Z",
      "2026-02-29T10:00:00.000Z",
      "2024-02-29T10:00:00.000Z",
      "2026-13-01T10:00:00.123Z",
      "2026-11-01T24:00:00.000Z",
      "2026-11-01T10:60:00.000Z",
      "2026-11-01T10:00:00.12xZ",
      "2026x11-01T10:00:00.123Z",
      "0026-11-01T10:00:00.123Z",
      "2026-11-01T10:00:00Z",
      "2026-11-01T10:00:00.123+02:00",
      "2026-11-01",
      "yesterday",
      ""
    ]) {
      const expected = Date.parse(text)
      assert.strictEqual(asTime(text), Number.isNaN(expected) ? null : expected, text)
    }
    assert.strictEqual(asTime(1_700_000_000_000), null)
  })
})

describe("SkipCounter", () => {
  it("does not grow with what a store makes up", () => {
    const counter = new SkipCounter()
    for (let at = 0; at < 5000; at++) counter.add(`unknown record type ${at}`)
    assert.strictEqual(counter.list.length, 201)
    assert.strictEqual(
      counter.list.reduce((sum, { count }) => sum + count, 0),
      5000
    )
  })
})
