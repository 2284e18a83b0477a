import { joining } from "./fold.ts"
import type { Query } from "./query.ts"
import {
  anyOf,
  backslashRun,
  type Base,
  baseKey,
  charactersByBase,
  hangul,
  layoutSpace,
  marks,
  phraseGap,
  phraseGapAfter,
  punctuation
} from "./raw-spelling.ts"

/** No hit of a raw pattern takes more bytes than this: how far the chunks of a file must overlap. */
export const maxRawLength = 64 * 1024

/** A condition on the raw bytes of a file without which a term cannot occur in it. */
export interface RawPattern {
  /** Over a string with one unit per byte (`latin1`). Without flags; begins with the core where there is one. */
  readonly source: string
  /** ASCII with which every hit begins, lower case unless case counts; "" when there is nothing selective. */
  readonly core: string
  /** The core is the whole pattern. */
  readonly exact: boolean
  /** Whether the letters of the core may be capitals. */
  readonly ignoreCase: boolean
}

/** The condition that these ASCII characters stand there as they are. */
export const exactPattern = (text: string): RawPattern => ({
  source: text.replace(/[^A-Za-z0-9_]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`),
  core: text,
  exact: true,
  ignoreCase: false
})

/** A piece of a term: what kind of spelling it has in raw bytes. */
type Piece =
  /** One character that every encoder leaves as it is. */
  | { readonly kind: "plain"; readonly char: string }
  | { readonly kind: "punctuation"; readonly char: string }
  | { readonly kind: "backslashes"; readonly count: number }
  | { readonly kind: "gap" }
  | { readonly kind: "hangul"; readonly char: string }
  | { readonly kind: "oneOf"; readonly chars: ReadonlyArray<string> }
  | { readonly kind: "base"; readonly base: Base; readonly marks: number }
  /** Something rare that is not spelled out: the pattern ends before it. */
  | { readonly kind: "unknown" }

const clusterPattern = new RegExp(`\\s+|\\\\+(?![${joining}])|[^${joining}][${joining}]*|[${joining}]+`, "gu")

const joiningOnly = new RegExp(`^[${joining}]`, "u")

const mostBackslashes = 8

const marksOnly = /^\p{M}*$/u

const clusterPiece = (cluster: string, last: boolean, caseSensitive: boolean): Piece => {
  if (/^\s/.test(cluster)) return { kind: "gap" }
  if (/^\\+$/.test(cluster)) {
    return cluster.length > mostBackslashes ? { kind: "unknown" } : { kind: "backslashes", count: cluster.length }
  }
  // The dotted capital I folds to an i and a dot, so the end of a term may be its first half.
  if (cluster === "i" && last && !caseSensitive) return { kind: "oneOf", chars: ["i", "I", "İ"] }
  if (/^[\w.-]$/.test(cluster)) return { kind: "plain", char: cluster }
  if (/^[\0-\x7f]$/.test(cluster)) return { kind: "punctuation", char: cluster }
  // The second: characters that JSON escapes, with an accent.
  if (joiningOnly.test(cluster) || /^["\\/]/.test(cluster)) return { kind: "unknown" }
  const [base, ...rest] = Array.from(cluster.normalize("NFD"))
  if (/^[\uac00-\ud7a3]$/.test(cluster)) return { kind: "hangul", char: cluster }
  if (!marksOnly.test(rest.join(""))) return { kind: "unknown" }
  return { kind: "base", base: { base: base!, decomposed: rest.length > 0 }, marks: rest.length }
}

const piecesOf = (folded: string, caseSensitive: boolean): ReadonlyArray<Piece> => {
  const clusters = folded.match(clusterPattern) ?? []
  return clusters.map((cluster, i) => clusterPiece(cluster, i === clusters.length - 1, caseSensitive))
}

/** Letters and digits of JSON lines from common to rare; what is not here is about as common as the middle. */
const commonFirst = "eationsrlcdmpu0123456789-hgfbywvkxjqz"

/** How much an occurrence of a character tells: from 1 for the commonest. */
export const rarity = (char: string): number => {
  const at = commonFirst.indexOf(char.toLowerCase())
  return 1 + (at < 0 ? commonFirst.length / 2 : at) / 6
}

const shortestCore = 3
const longestCore = 128

/** The run of plain pieces that tells most, as a range; an empty one when none is long enough. */
const coreRange = (pieces: ReadonlyArray<Piece>): { readonly start: number; readonly end: number } => {
  let best = { start: 0, end: 0 }
  let bestScore = 0
  for (let start = 0; start < pieces.length; start++) {
    let end = start
    let score = 0
    for (let piece = pieces[end]; piece?.kind === "plain" && end < start + longestCore; piece = pieces[++end])
      score += rarity(piece.char)
    if (end - start >= shortestCore && score > bestScore) {
      best = { start, end }
      bestScore = score
    }
    if (end > start) start = end
  }
  return best
}

const plain = (char: string, caseSensitive: boolean): string => {
  if (/[a-z]/i.test(char) && !caseSensitive) return `[${char.toLowerCase()}${char.toUpperCase()}]`
  return char === "." ? "\\." : char
}

const jsonPunctuation = (char: string, lead: boolean): string => {
  const source = punctuation(char, lead)
  // Compact JSON is what is searched; the store may have it with white space between the tokens.
  if ("{[,:".includes(char)) return source + layoutSpace
  return "]}".includes(char) && !lead ? layoutSpace + source : source
}

type Characters = ReadonlyMap<string, ReadonlyArray<string>>

/** A piece that is neither a gap nor unknown. `lead`: nothing comes before it that it has to join. */
const spelled = (piece: Piece, lead: boolean, caseSensitive: boolean, chars: Characters): string => {
  if (piece.kind === "plain") return plain(piece.char, caseSensitive)
  if (piece.kind === "punctuation") return jsonPunctuation(piece.char, lead)
  if (piece.kind === "backslashes") return backslashRun(piece.count, lead)
  if (piece.kind === "oneOf") return anyOf(piece.chars, lead)
  if (piece.kind === "hangul") return hangul(piece.char, lead)
  return piece.kind === "base" ? anyOf(chars.get(baseKey(piece.base))!, lead) + marks(piece.marks) : ""
}

const sources = (pieces: ReadonlyArray<Piece>, leads: boolean, caseSensitive: boolean, chars: Characters) =>
  pieces.map((piece, i) => ({
    isGap: piece.kind === "gap",
    source: spelled(piece, i === 0 ? leads : pieces[i - 1]!.kind === "backslashes", caseSensitive, chars)
  }))

/** The pieces after a core, or all: what follows a gap is inside of it. */
const forward = (pieces: ReadonlyArray<Piece>, leads: boolean, caseSensitive: boolean, chars: Characters): string => {
  let word = ""
  let rest = ""
  for (const { isGap, source } of sources(pieces, leads, caseSensitive, chars).reverse()) {
    rest = isGap ? phraseGap(rest, word) : source + rest
    word = isGap ? "" : source + word
  }
  return rest
}

/** The pieces before a core: what precedes a gap is inside of it. */
const backward = (pieces: ReadonlyArray<Piece>, caseSensitive: boolean, chars: Characters): string => {
  let word = ""
  let front = ""
  for (const { isGap, source } of sources(pieces, true, caseSensitive, chars)) {
    front = isGap ? phraseGapAfter(front, word) : front + source
    word = isGap ? "" : word + source
  }
  return front
}

/** Where a pattern without a core begins: with something that can be looked for. */
const firstKnown = (pieces: ReadonlyArray<Piece>): number => {
  const at = pieces.findIndex((piece) => piece.kind !== "unknown" && piece.kind !== "gap")
  return at < 0 ? pieces.length : at
}

/**
 * Pieces on one side of a pattern, all and those with many spellings. The longest spelling is that of punctuation with
 * 64 escaped spaces of 36 bytes, so that twice 12 of them keep a hit below `maxRawLength`.
 */
const mostPieces = 128
const mostSpelled = 12

/** The first pieces that may be used: what is left off makes the pattern weaker, not wrong. */
const usable = (pieces: ReadonlyArray<Piece>): ReadonlyArray<Piece> => {
  let count = 0
  let end = 0
  for (; end < Math.min(pieces.length, mostPieces); end++) {
    const piece = pieces[end]!
    if (piece.kind === "unknown" || (piece.kind === "base" && piece.marks > 8)) break
    if (piece.kind !== "plain" && ++count > mostSpelled) break
  }
  // White space alone at the far end asks for next to nothing.
  while (end > 0 && pieces[end - 1]!.kind === "gap") end--
  return pieces.slice(0, end)
}

interface Plan {
  readonly front: ReadonlyArray<Piece>
  readonly core: ReadonlyArray<Piece>
  readonly rest: ReadonlyArray<Piece>
}

const planFor = (pieces: ReadonlyArray<Piece>): Plan => {
  const { start, end } = coreRange(pieces)
  if (end === start) return { front: [], core: [], rest: usable(pieces.slice(firstKnown(pieces))) }
  return {
    front: usable(pieces.slice(0, start).reverse()).toReversed(),
    core: pieces.slice(start, end),
    rest: usable(pieces.slice(end))
  }
}

const patternFor = ({ core, front, rest }: Plan, caseSensitive: boolean, chars: Characters): RawPattern => {
  const text = core.map((piece) => (piece.kind === "plain" ? piece.char : "")).join("")
  const middle = forward(core, false, caseSensitive, chars)
  const before = front.length === 0 ? "" : `(?<=${backward(front, caseSensitive, chars)}${middle})`
  return {
    source: middle + before + forward(rest, core.length === 0, caseSensitive, chars),
    core: text,
    exact: text !== "" && front.length === 0 && rest.length === 0,
    ignoreCase: !caseSensitive
  }
}

/**
 * One pattern per term, in the order of the terms, such that a file in which a term occurs has a hit of its pattern;
 * null for a regular expression, which every file may match.
 *
 * The term may stand in a string of JSON, of JSON inside a string of JSON (to five levels), in compact JSON whose source
 * has white space, or in plain text; escaped in any way that JSON has, in either case, in any canonically equivalent
 * form. What is taken for granted, and where a hit is therefore missed:
 * - ASCII letters, digits, `_`, `-` and `.` are never escaped (no encoder does);
 * - no letter k is the Kelvin sign U+212A;
 * - numbers in the input of a tool are searched for as the store wrote them, and its keys have the store's order;
 * - a word is not put together from two strings; a phrase may be, when less than 256 bytes are between them.
 */
export const rawPatterns = (query: Query): ReadonlyArray<RawPattern> | null => {
  if (query.regex) return null
  const plans = query.terms.map((term) => planFor(piecesOf(term.folded, query.caseSensitive)))
  const pieces = plans.flatMap(({ front, rest }) => [...front, ...rest])
  const bases = pieces.flatMap((piece) => (piece.kind === "base" ? [piece.base] : []))
  const chars: Characters = bases.length === 0 ? new Map() : charactersByBase(bases, query.caseSensitive)
  return plans.map((plan) => patternFor(plan, query.caseSensitive, chars))
}
