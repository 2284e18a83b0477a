import { assert, describe, it } from "@effect/vitest"
import {
  formatAge,
  formatDuration,
  isoTime,
  isoTimeOrNull,
  parseDuration,
  parseInstant
} from "../../src/domain/time.ts"

const now = Date.parse("2026-11-20T12:00:00.000Z")
const instant = (text: string): string | null => isoTimeOrNull(parseInstant(text, now))

describe("durations", () => {
  it("are a whole number of one unit", () => {
    assert.strictEqual(parseDuration("45s"), 45_000)
    assert.strictEqual(parseDuration("30m"), 1_800_000)
    assert.strictEqual(parseDuration("12h"), 43_200_000)
    assert.strictEqual(parseDuration(" 7d "), 604_800_000)
    assert.strictEqual(parseDuration("2w"), 1_209_600_000)
    for (const text of ["0d", "-1d", "1.5h", "1y", "d", "7", "", "1d2h", "9999999999d", "7 d"]) {
      assert.isNull(parseDuration(text), text)
    }
  })

  it("are shown by their two largest units", () => {
    assert.deepStrictEqual([0, 400, 999, 62_000, 3_600_000, 11_040_000, 90_061_000, -5].map(formatDuration), [
      "0s",
      "0s",
      "1s",
      "1m 2s",
      "1h",
      "3h 4m",
      "1d 1h",
      "0s"
    ])
  })

  it("as an age are one number", () => {
    const ages = [0, 59_000, 60_000, 3_599_000, 3_600_000, 172_799_000, 172_800_000, -1000].map((ms) =>
      formatAge(now - ms, now)
    )
    assert.deepStrictEqual(ages, ["0s", "59s", "1m", "59m", "1h", "47h", "2d", "0s"])
  })
})

describe("instants", () => {
  it("are a duration ago or a date, in UTC where no zone is given", () => {
    assert.strictEqual(instant("2d"), "2026-11-18T12:00:00.000Z")
    assert.strictEqual(instant("2026-05-15"), "2026-05-15T00:00:00.000Z")
    assert.strictEqual(instant("2026-05"), "2026-05-01T00:00:00.000Z")
    assert.strictEqual(instant("2026-05-15T12:30"), "2026-05-15T12:30:00.000Z")
    assert.strictEqual(instant("2026-05-15 12:30:01.5"), "2026-05-15T12:30:01.500Z")
    assert.strictEqual(instant("2026-05-15T12:30:00+02:00"), "2026-05-15T10:30:00.000Z")
    assert.strictEqual(instant("2024-02-29"), "2024-02-29T00:00:00.000Z")
  })

  it("that are not in the calendar, or not a date, are none", () => {
    for (const text of ["2026-02-29", "2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-05-15T25:00"]) {
      assert.isNull(instant(text), text)
    }
    for (const text of ["yesterday", "15.05.2026", "05/15/2026", "1747300000", "2026", "2026-5-1", ""]) {
      assert.isNull(instant(text), text)
    }
  })
})

describe("ISO times", () => {
  it("have milliseconds, and what no date can hold does not throw", () => {
    assert.strictEqual(isoTime(0), "1970-01-01T00:00:00.000Z")
    assert.strictEqual(isoTimeOrNull(null), null)
    for (const ms of [Number.NaN, Infinity, 9e15]) {
      assert.isNull(isoTimeOrNull(ms))
      assert.strictEqual(isoTime(ms), "1970-01-01T00:00:00.000Z")
    }
  })
})
