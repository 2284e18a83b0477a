/** The first `limit` UTF-16 units at most, never half of a surrogate pair. */
export const cutText = (text: string, limit: number): string =>
  text.slice(0, snapBack(text, Math.min(limit, text.length)))

/** The largest offset up to `offset` that does not split a surrogate pair. */
export const snapBack = (text: string, offset: number): number => {
  if (offset <= 0 || offset >= text.length) return Math.max(0, Math.min(offset, text.length))
  const before = text.charCodeAt(offset - 1)
  const after = text.charCodeAt(offset)
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000 ? offset - 1 : offset
}

/** One line of at most `limit` characters, white space collapsed, `…` at the end where something was cut. */
export const oneLine = (text: string, limit: number): string => {
  const looked = limit * 4 + 64
  const line = text.slice(0, looked).replace(/\s+/gu, " ").trim()
  const isWhole = line.length <= limit && !/\S/u.test(text.slice(looked))
  return isWhole ? line : `${cutText(line, limit - 1).trimEnd()}…`
}

/** Quotes an argument for a POSIX shell; words that need none stay as they are. */
export const shellQuote = (argument: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`

/** A command line ready to paste. */
export const shellLine = (words: ReadonlyArray<string>): string => words.map(shellQuote).join(" ")
