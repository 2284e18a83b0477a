import { fold } from "./fold.ts"

// Sources of regular expressions over the raw bytes of a file, as a string with one unit per byte.

/**
 * Most backslashes before an escape: one for JSON, 3 for JSON in a string of JSON, 31 for five levels. A bound keeps
 * the length of a hit bounded.
 */
const backslashes = 31

const hexDigit = (digit: string): string => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)

const hexDigits = (digits: string): string => Array.from(digits, hexDigit).join("")

const byte = (value: number): string => `\\x${value.toString(16).padStart(2, "0")}`

const utf8 = (char: string): ReadonlyArray<number> => {
  const cp = char.codePointAt(0)!
  if (cp < 0x80) return [cp]
  if (cp < 0x800) return [0xc0 | (cp >> 6), 0x80 | (cp & 63)]
  if (cp < 0x10000) return [0xe0 | (cp >> 12), 0x80 | ((cp >> 6) & 63), 0x80 | (cp & 63)]
  return [0xf0 | (cp >> 18), 0x80 | ((cp >> 12) & 63), 0x80 | ((cp >> 6) & 63), 0x80 | (cp & 63)]
}

const grouped = (entries: Iterable<readonly [prefix: string, last: string]>): ReadonlyArray<string> => {
  const groups = new Map<string, Set<string>>()
  for (const [prefix, last] of entries) {
    const group = groups.get(prefix)
    if (group) group.add(last)
    else groups.set(prefix, new Set([last]))
  }
  return Array.from(groups, ([prefix, last]) => `${prefix}[${Array.from(last).join("")}]`)
}

/** `\uXXXX` after its backslashes, the last digit apart. */
const unicodeEscape = (char: string): readonly [string, string] => {
  const units = Array.from({ length: char.length }, (_, i) => char.charCodeAt(i).toString(16).padStart(4, "0"))
  const last = units.at(-1)!
  const pair = units.length === 2 ? `u${hexDigits(units[0]!)}\\\\{1,${backslashes}}` : ""
  const final = last.slice(3)
  return [`${pair}u${hexDigits(last.slice(0, 3))}`, /[a-f]/.test(final) ? final + final.toUpperCase() : final]
}

/**
 * Any of these characters, as UTF-8 or escaped. `lead` is for the first piece of a pattern: what is before the last
 * backslash is then of no interest, and a pattern that does not begin with a repetition is found much quicker.
 */
export const anyOf = (chars: ReadonlyArray<string>, lead: boolean): string => {
  const plain = grouped(
    chars.map((char) => {
      const bytes = utf8(char).map(byte)
      return [bytes.slice(0, -1).join(""), bytes.at(-1)!] as const
    })
  )
  const escaped = grouped(chars.map(unicodeEscape))
  const escape = lead ? "\\\\" : `\\\\{1,${backslashes}}`
  return `(?:${plain.join("|")}|${escape}(?:${escaped.join("|")}))`
}

/** Punctuation that has further spellings besides itself: what NFC makes it of. */
const singletons: Readonly<Record<string, string>> = { ";": "\u037e", "`": "\u1fef" }

/** An ASCII character but the backslash that some encoder may escape: with backslashes before it, or as `\u003c`. */
export const punctuation = (char: string, lead: boolean): string => {
  const other = singletons[char]
  const escaped = anyOf(other ? [char, other] : [char], lead)
  return lead ? escaped : `(?:\\\\{0,${backslashes}}${byte(char.charCodeAt(0))}|${escaped})`
}

/**
 * A run of so many backslashes, and those before whatever follows. One piece, because pieces that may all take the same
 * bytes are tried in every way; of a run that `lead`s the last one is enough.
 */
export const backslashRun = (count: number, lead: boolean): string =>
  lead ? "(?:\\\\|u005[cC])" : `(?:\\\\|u005[cC]){1,${(backslashes + 1) * (count + 1)}}`

/** White space as `\s` sees it, plain or escaped: one piece of a run. */
const space =
  "(?:[\\0- ]|\\xc2\\xa0|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80" +
  `|\\xef\\xbb\\xbf|\\\\{1,${backslashes}}(?:[nrtfv]|u(?:00(?:09|0[aAbBcCdD]|20|[aA]0)|1680|20(?:0[0-9aA]` +
  "|2[89fF]|5[fF])|3000|[fF][eE][fF][fF])))"

/** White space that JSON may have between its tokens and that compact JSON has not. */
export const layoutSpace = `${space}{0,64}`

const spaceRun = 32

/** A string that ends, and up to so many bytes until the next one has begun. */
const stringBorder = `\\\\{0,${backslashes}}"[^]{0,256}?`

/**
 * White space in a phrase, then `rest`, which begins with `word`. A run too long to be counted stands for a hit, and so
 * does white space that is in no string because a text was put together from two: the first ends, the second begins
 * shortly after. Only the next word is asked for there, or every such place would be tried with every other.
 */
export const phraseGap = (rest: string, word: string): string =>
  `(?:${space}{1,${spaceRun - 1}}${rest}|${space}{${spaceRun}}|${space}{0,${spaceRun - 1}}${stringBorder}${word})`

/** The same with what comes before the white space and ends with `word`. */
export const phraseGapAfter = (front: string, word: string): string =>
  `(?:${front}${space}{1,${spaceRun - 1}}|${space}{${spaceRun}}|${word}${space}{0,${spaceRun - 1}}${stringBorder})`

/** Up to `count` combining marks in any order. */
export const marks = (count: number): string =>
  count === 0 ? "" : `(?:[\\x80-\\xff]|\\\\{1,${backslashes}}u[0-9a-fA-F]{4}){0,${4 * count}}`

/** A Hangul syllable whole, as its first two parts and the last, or as all its parts. */
export const hangul = (syllable: string, lead: boolean): string => {
  const parts = Array.from(syllable.normalize("NFD"))
  const forms = [[syllable], parts]
  if (parts.length === 3) forms.push([(parts[0]! + parts[1]!).normalize("NFC"), parts[2]!])
  const sequences = forms.map((form) => form.map((char, i) => anyOf([char], lead && i === 0)).join(""))
  return `(?:${sequences.join("|")})`
}

/** What is looked for among all characters: those that fold to a text that begins with the base. */
export interface Base {
  readonly base: string
  /** True: the base once everything is decomposed; false: the base as NFC leaves it. */
  readonly decomposed: boolean
}

const first = (text: string): string => String.fromCodePoint(text.codePointAt(0)!)

export const baseKey = (base: Base): string => (base.decomposed ? "d" : "c") + base.base

/**
 * Characters by base, from the whole of Unicode but the ideographs and syllables that fold to themselves (15 ms). This
 * is what knows that `Ω` may be the Ohm sign, `Σ` a final sigma, and `é` an `E` with any of its accents composed.
 */
export const charactersByBase = (
  bases: ReadonlyArray<Base>,
  caseSensitive: boolean
): ReadonlyMap<string, ReadonlyArray<string>> => {
  const found = new Map<string, Array<string>>(bases.map((base) => [baseKey(base), []]))
  const ranges = [
    [0x21, 0x3400],
    [0xa000, 0xac00],
    [0xf900, 0x20000],
    [0x2f800, 0x2fa20]
  ] as const
  for (const [from, to] of ranges) {
    for (let cp = from; cp < to; cp++) {
      const char = String.fromCodePoint(cp)
      // Most characters fold to themselves; each base is added to its own list below.
      if (char !== "ς" && char.toLowerCase() === char && char.normalize("NFD") === char) continue
      const folded = fold(char, caseSensitive)
      found.get("c" + first(folded))?.push(char)
      found.get("d" + first(folded.normalize("NFD")))?.push(char)
    }
  }
  for (const base of bases) {
    const list = found.get(baseKey(base))!
    if (!list.includes(base.base)) list.push(base.base)
  }
  return found
}
