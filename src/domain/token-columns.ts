/**
 * Which units the token model takes for alike: each UTF-16 unit belongs to one column of its table. Columns stand in
 * blocks: white space and digits, ASCII and Latin letters in lower and upper case, ASCII signs, other scripts, other
 * symbols.
 */

/** Groups of letters, `~` for letters outside ASCII; of signs, `x` for the rest. */
export const LETTERS = "vtlhq~"
export const PUNCT = "qocs/\\._-=*#x"
export const SCRIPTS = [
  "greek",
  "cyrillic",
  "cyrillicExtra",
  "armenian",
  "hebrew",
  "arabic",
  "devanagari",
  "indic",
  "thai",
  "burmese",
  "georgian",
  "khmer",
  "han",
  "kana",
  "hangul",
  "rare",
  "unmerged"
] as const
export const SYMBOLS = [
  "control",
  "latin",
  "general",
  "box",
  "symbol",
  "cjk",
  "emoji",
  "astral",
  "trail",
  "joiner"
] as const

export const SPACE = 0
const TAB = 1
const WIDE_SPACE = 2
export const NEWLINE = 3
export const DIGIT = 4
export const LOWER = 5
export const UPPER = LOWER + LETTERS.length
export const SIGN = UPPER + LETTERS.length
export const SCRIPT = SIGN + PUNCT.length
export const SYMBOL = SCRIPT + SCRIPTS.length
export const COLUMNS = SYMBOL + SYMBOLS.length

type Script = (typeof SCRIPTS)[number]
type SymbolKind = (typeof SYMBOLS)[number]

const script = (name: Script): number => SCRIPT + SCRIPTS.indexOf(name)
const symbol = (name: SymbolKind): number => SYMBOL + SYMBOLS.indexOf(name)

/** First unit of each range, in ascending order; the ASCII part is filled in one by one. */
const RANGES: ReadonlyArray<readonly [from: number, column: number]> = [
  [0x00, symbol("control")],
  [0xa0, WIDE_SPACE],
  [0xa1, symbol("latin")],
  [0xc0, LOWER + 5],
  [0x250, script("rare")],
  [0x370, script("greek")],
  [0x400, script("cyrillicExtra")],
  [0x410, script("cyrillic")],
  [0x450, script("cyrillicExtra")],
  [0x530, script("armenian")],
  [0x590, script("hebrew")],
  [0x600, script("arabic")],
  [0x780, script("rare")],
  [0x900, script("devanagari")],
  [0x980, script("indic")],
  [0xe00, script("thai")],
  [0xe80, script("rare")],
  [0x1000, script("burmese")],
  [0x10a0, script("georgian")],
  [0x1100, script("rare")],
  [0x1780, script("khmer")],
  [0x1800, script("rare")],
  [0x1e00, LOWER + 5],
  [0x1f00, script("rare")],
  [0x2000, WIDE_SPACE],
  [0x200b, symbol("general")],
  [0x200d, symbol("joiner")],
  [0x200e, symbol("general")],
  [0x2028, WIDE_SPACE],
  [0x202a, symbol("general")],
  [0x202f, WIDE_SPACE],
  [0x2030, symbol("general")],
  [0x2070, symbol("symbol")],
  [0x2500, symbol("box")],
  [0x25a0, symbol("symbol")],
  [0x2800, script("unmerged")],
  [0x2900, symbol("symbol")],
  [0x3000, WIDE_SPACE],
  [0x3001, symbol("cjk")],
  [0x3040, script("kana")],
  [0x3100, script("unmerged")],
  [0x4e00, script("han")],
  [0xa000, script("rare")],
  [0xac00, script("hangul")],
  [0xd7a4, script("rare")],
  [0xd800, symbol("astral")],
  [0xd83c, symbol("emoji")],
  [0xd83f, symbol("astral")],
  [0xdc00, symbol("trail")],
  [0xe000, script("unmerged")],
  [0xf900, script("rare")],
  [0xfe00, symbol("joiner")],
  [0xfe10, script("rare")],
  [0xff00, symbol("cjk")],
  [0xff10, script("rare")],
  [0xff1a, symbol("cjk")],
  [0xff21, script("rare")],
  [0xff3b, symbol("cjk")],
  [0xff41, script("rare")],
  [0xff5b, symbol("cjk")],
  [0xff66, script("rare")],
  [0xfff0, symbol("symbol")],
  [0x10000, 0]
]

/** Letters that behave alike: vowels, then consonants by how often they stand inside frequent tokens. */
const LETTER_GROUPS = ["aeiou", "tnrs", "ldcmp", "hgbfyw", "kvxjqz"]
const PUNCT_GROUPS = ["\"'`", "([{", ")]}", ",;:", "/", "\\", ".", "_", "-", "=", "*", "#", "!$%&+<>?@^|~"]

/** Column of every UTF-16 unit. */
export const COLUMN_OF: Uint8Array = (() => {
  const columns = new Uint8Array(0x10000)
  RANGES.forEach(([from, column], i) => columns.fill(column, from, RANGES[i + 1]?.[0] ?? from))
  columns[0x20] = SPACE
  columns[0x09] = TAB
  columns[0x0a] = columns[0x0d] = NEWLINE
  columns[0xaa] = columns[0xb5] = columns[0xba] = LOWER + 5
  columns[0xd7] = columns[0xf7] = symbol("latin")
  columns[0x60c] = columns[0x61b] = columns[0x61f] = symbol("general")
  columns.fill(DIGIT, 0x30, 0x3a)
  LETTER_GROUPS.forEach((group, i) => {
    for (const letter of group) {
      columns[letter.charCodeAt(0)] = LOWER + i
      columns[letter.toUpperCase().charCodeAt(0)] = UPPER + i
    }
  })
  PUNCT_GROUPS.forEach((group, i) => {
    for (const sign of group) columns[sign.charCodeAt(0)] = SIGN + i
  })
  return columns
})()
