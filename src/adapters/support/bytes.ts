/** Plain code over windows of JSON Lines bytes, for surveys that must not parse what they do not need. */

const lineFeed = 10

let decoder: TextDecoder | undefined

/** UTF-8 text of a range, invalid sequences replaced. */
export const decodeRange = (bytes: Uint8Array, from: number, to: number): string =>
  (decoder ??= new TextDecoder()).decode(bytes.subarray(from, to))

/** Whether the ASCII text `expected` stands at `at`. */
export const hasAscii = (bytes: Uint8Array, at: number, expected: string): boolean => {
  if (at < 0 || at + expected.length > bytes.length) return false
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected.charCodeAt(i)) return false
  return true
}

/** Where the ASCII text `wanted` first begins between `from` and `to`, -1 where it does not. */
export const findAscii = (bytes: Uint8Array, wanted: string, from: number, to: number): number => {
  const first = wanted.charCodeAt(0)
  const last = Math.min(to, bytes.length) - wanted.length
  for (let at = Math.max(0, from); at <= last; at++) {
    if (bytes[at] === first && hasAscii(bytes, at, wanted)) return at
  }
  return -1
}

/** Where the ASCII text `wanted` last begins between `from` and `to`, -1 where it does not. */
export const findLastAscii = (bytes: Uint8Array, wanted: string, from: number, to: number): number => {
  const first = wanted.charCodeAt(0)
  const start = Math.max(0, from)
  for (let at = Math.min(to, bytes.length) - wanted.length; at >= start; at--) {
    if (bytes[at] === first && hasAscii(bytes, at, wanted)) return at
  }
  return -1
}

/** ASCII text from `at` up to the next double quote, at most `limit` characters; null where there is none so near. */
export const asciiUntilQuote = (bytes: Uint8Array, at: number, limit: number): string | null => {
  const end = Math.min(bytes.length, at + limit)
  let text = ""
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!
    if (byte === 0x22) return text
    if (byte === 0x5c || byte >= 0x80) return null
    text += String.fromCharCode(byte)
  }
  return null
}

/** Gets the bytes `from`–`to` of a window, trimmed of CR, BOM and NUL; false stops. Never called for an empty line. */
export type OnRange = (from: number, to: number) => boolean | void

const give = (bytes: Uint8Array, from: number, to: number, onLine: OnRange): boolean => {
  let start = from
  let end = to
  if (end > start && bytes[end - 1] === 13) end--
  if (end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3
  while (start < end && bytes[start] === 0) start++
  return start >= end || onLine(start, end) !== false
}

/**
 * The lines of a window from `from` on, oldest first. `atEnd` says that the window ends where the file does, so that
 * what follows the last line feed is a line too. Gives back where the first line begins that was not handed out.
 */
export const eachLine = (bytes: Uint8Array, from: number, atEnd: boolean, onLine: OnRange): number => {
  let start = from
  while (start < bytes.length) {
    const found = bytes.indexOf(lineFeed, start)
    if (found < 0 && !atEnd) break
    const end = found < 0 ? bytes.length : found
    const more = give(bytes, start, end, onLine)
    start = Math.min(end + 1, bytes.length)
    if (!more) break
  }
  return start
}

/**
 * The lines of a window that begin before `to`, newest first. `to` is the end of the window or the start of a line.
 * `atStart` says that the window begins with a line. Gives back where the last line handed out begins, or `to`.
 */
export const eachLineBackward = (bytes: Uint8Array, to: number, atStart: boolean, onLine: OnRange): number => {
  let end = to
  while (end > 0) {
    const last = bytes[end - 1] === lineFeed ? end - 1 : end
    const found = last === 0 ? -1 : bytes.lastIndexOf(lineFeed, last - 1)
    if (found < 0 && !atStart) break
    const more = give(bytes, found + 1, last, onLine)
    end = found + 1
    if (!more) break
  }
  return end
}
