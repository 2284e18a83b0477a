import { assert, describe, it } from "@effect/vitest"
import {
  asciiUntilQuote,
  decodeRange,
  eachLine,
  eachLineBackward,
  findAscii,
  findLastAscii
} from "../../../src/adapters/support/bytes.ts"

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

describe("lines of a window", () => {
  const bytes = bytesOf("\ufeffone\r\n\n\0\0two é\nthree")

  it("come oldest first, trimmed, the last one only at the end of the file", () => {
    const read = (atEnd: boolean) => {
      const lines: Array<string> = []
      const next = eachLine(bytes, 0, atEnd, (from, to) => void lines.push(decodeRange(bytes, from, to)))
      return { lines, rest: decodeRange(bytes, next, bytes.length) }
    }
    assert.deepStrictEqual(read(true), { lines: ["one", "two é", "three"], rest: "" })
    assert.deepStrictEqual(read(false), { lines: ["one", "two é"], rest: "three" })
  })

  it("come newest first, the first one only where the window begins with it", () => {
    const read = (atStart: boolean) => {
      const lines: Array<string> = []
      const reached = eachLineBackward(bytes, bytes.length, atStart, (from, to) => {
        lines.push(decodeRange(bytes, from, to))
      })
      return { lines, rest: decodeRange(bytes, 0, reached) }
    }
    assert.deepStrictEqual(read(true), { lines: ["three", "two é", "one"], rest: "" })
    assert.deepStrictEqual(read(false), { lines: ["three", "two é"], rest: "one\r\n" })
  })

  it("stop when asked, and go on from there", () => {
    const lines: Array<string> = []
    const take = (from: number, to: number) => {
      lines.push(decodeRange(bytes, from, to))
      return false
    }
    let at = 0
    while (at < bytes.length) at = eachLine(bytes, at, true, take)
    assert.deepStrictEqual(lines, ["one", "two é", "three"])
    lines.length = 0
    at = bytes.length
    while (at > 0) at = eachLineBackward(bytes, at, true, take)
    assert.deepStrictEqual(lines, ["three", "two é", "one"])
  })
})

describe("ASCII in bytes", () => {
  const bytes = bytesOf('{"a":"1","a":"22"}')

  it("is found from either side, within the range", () => {
    assert.deepStrictEqual([findAscii(bytes, '"a":"', 0, 99), findLastAscii(bytes, '"a":"', 0, 99)], [1, 9])
    assert.deepStrictEqual([findAscii(bytes, '"a":"', 2, 13), findLastAscii(bytes, '"a":"', 2, 13)], [-1, -1])
  })

  it("is read up to the quote, unless it is escaped, foreign or far", () => {
    assert.strictEqual(asciiUntilQuote(bytes, 14, 10), "22")
    assert.strictEqual(asciiUntilQuote(bytes, 14, 2), null)
    assert.strictEqual(asciiUntilQuote(bytesOf('a\\"b"'), 0, 10), null)
    assert.strictEqual(asciiUntilQuote(bytesOf('é"'), 0, 10), null)
  })
})
