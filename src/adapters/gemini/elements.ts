/** Byte ranges inside JSON text, so that a message in a long array can be read again without the rest of it. */

export interface Range {
  readonly from: number
  readonly to: number
}

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** Blanks, and the bytes of a byte order mark. */
const isSpace = (byte: number): boolean =>
  byte === 0x20 || (byte >= 9 && byte <= 13) || byte === 0 || byte === 0xef || byte === 0xbb || byte === 0xbf

const skipSpace = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from
  while (at < to && isSpace(bytes[at]!)) at++
  return at
}

/** Behind the string that begins at `from`; -1 where it does not end. */
const skipString = (bytes: Uint8Array, from: number, to: number): number => {
  let at = from + 1
  for (;;) {
    const found = bytes.indexOf(quote, at)
    if (found < 0 || found >= to) return -1
    let escapes = 0
    while (bytes[found - 1 - escapes] === backslash) escapes++
    if (escapes % 2 === 0) return found + 1
    at = found + 1
  }
}

/** Behind the value that begins at `from`; -1 where it does not end. */
const skipValue = (bytes: Uint8Array, from: number, to: number): number => {
  let depth = 0
  let at = from
  while (at < to) {
    const byte = bytes[at]!
    if (byte === quote) {
      at = skipString(bytes, at, to)
      if (at < 0 || depth === 0) return at
    } else if (byte === openBrace || byte === openBracket) {
      depth++
      at++
    } else if (byte === closeBrace || byte === closeBracket) {
      if (depth === 0) return at
      depth--
      at++
      if (depth === 0) return at
    } else if (depth === 0 && (byte === comma || isSpace(byte))) return at
    else at++
  }
  return depth === 0 ? to : -1
}

const isKey = (bytes: Uint8Array, from: number, to: number, key: string): boolean => {
  if (to - from !== key.length + 2) return false
  for (let i = 0; i < key.length; i++) if (bytes[from + 1 + i] !== key.charCodeAt(i)) return false
  return true
}

/** Where the value of the last member `key` of the object at `from` begins; -1 where there is none. */
const memberOf = (bytes: Uint8Array, from: number, to: number, key: string): number => {
  let found = -1
  let at = skipSpace(bytes, from, to)
  if (bytes[at] !== openBrace) return -1
  at = skipSpace(bytes, at + 1, to)
  while (at < to && bytes[at] === quote) {
    const end = skipString(bytes, at, to)
    if (end < 0) break
    const value = skipSpace(bytes, skipSpace(bytes, end, to) + 1, to)
    if (bytes[skipSpace(bytes, end, to)] !== colon) break
    if (isKey(bytes, at, end, key)) found = value
    const next = skipValue(bytes, value, to)
    if (next < 0) break
    at = skipSpace(bytes, next, to)
    if (bytes[at] !== comma) break
    at = skipSpace(bytes, at + 1, to)
  }
  return found
}

/**
 * The elements of the array that the ASCII `keys` lead to, from the object that begins at `from`. Text that ends too
 * early gives the elements that are complete. Null where there is no such array.
 */
export const elementsAt = (
  bytes: Uint8Array,
  from: number,
  to: number,
  keys: ReadonlyArray<string>
): ReadonlyArray<Range> | null => {
  let at = from
  for (const key of keys) {
    at = memberOf(bytes, at, to, key)
    if (at < 0) return null
  }
  if (bytes[at] !== openBracket) return null
  const ranges: Array<Range> = []
  at = skipSpace(bytes, at + 1, to)
  while (at < to && bytes[at] !== closeBracket) {
    const end = skipValue(bytes, at, to)
    if (end < 0 || end === at) break
    ranges.push({ from: at, to: end })
    at = skipSpace(bytes, end, to)
    if (bytes[at] !== comma) break
    at = skipSpace(bytes, at + 1, to)
  }
  return ranges
}
