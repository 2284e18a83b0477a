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

/** The run of plain pieces that tells most, as a range; an empty one when none is long enough. */
const coreRange = (pieces: ReadonlyArray<Piece>): { readonly start: number; readonly end: number } => {
  let best = { start: 0, end: 0 }
  let bestScore = 0
  for (let start = 0; start < pieces.length; start++) {
    let end = start
    let score = 0
    for (let piece = pieces[end]; piece?.kind === "plain"; piece = pieces[++end]) score += rarity(piece.char)
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

/** The source of the pattern, from its end to its beginning because a gap may stand for all that follows it. */
const build = (
  pieces: ReadonlyArray<Piece>,
  caseSensitive: boolean,
  chars: ReadonlyMap<string, ReadonlyArray<string>>
): string => {
  let rest = ""
  for (let i = pieces.length - 1; i >= 0; i--) {
    const piece = pieces[i]!
    const lead = i === 0
    if (piece.kind === "unknown") rest = ""
    else if (piece.kind === "gap") rest = phraseGap(rest)
    else if (piece.kind === "backslashes") rest = backslashRun(piece.count) + rest
    else if (piece.kind === "plain") rest = plain(piece.char, caseSensitive) + rest
    else if (piece.kind === "punctuation") rest = jsonPunctuation(piece.char, lead) + rest
    else if (piece.kind === "oneOf") rest = anyOf(piece.chars, lead) + rest
    else if (piece.kind === "hangul") rest = hangul(piece.char, lead) + rest
    else rest = anyOf(chars.get(baseKey(piece.base))!, lead) + marks(piece.marks) + rest
  }
  return rest
}

/** Where a pattern without a core begins: with something that can be looked for. */
const firstKnown = (pieces: ReadonlyArray<Piece>): number => {
  const at = pieces.findIndex((piece) => piece.kind !== "unknown" && piece.kind !== "gap")
  return at < 0 ? pieces.length : at
}

/**
 * Pieces of a pattern, all and those with many spellings. The longest spelling is that of punctuation with 64 escaped
 * spaces of 36 bytes, so that 16 of them keep a hit below `maxRawLength`.
 */
const mostPieces = 256
const mostSpelled = 16

/** Cuts the tail that would make hits too long; what is left is still necessary. */
const bounded = (pieces: ReadonlyArray<Piece>): ReadonlyArray<Piece> => {
  let spelled = 0
  let end = 0
  while (end < pieces.length && end < mostPieces) {
    const piece = pieces[end]!
    if (piece.kind !== "plain" && ++spelled > mostSpelled) break
    if (piece.kind === "base" && piece.marks > 8) break
    end++
  }
  // A gap at the end would only ask for white space.
  while (end > 0 && pieces[end - 1]!.kind === "gap") end--
  return pieces.slice(0, end)
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
  const plans = query.terms.map((term) => {
    const pieces = piecesOf(term.folded, query.caseSensitive)
    const { start, end } = coreRange(pieces)
    const from = end > start ? start : firstKnown(pieces)
    return { core: pieces.slice(start, end), pieces: bounded(pieces.slice(from)) }
  })
  const bases = plans.flatMap((plan) => plan.pieces.flatMap((piece) => (piece.kind === "base" ? [piece.base] : [])))
  const chars = bases.length === 0 ? new Map<string, Array<string>>() : charactersByBase(bases, query.caseSensitive)
  return plans.map(({ core, pieces }) => ({
    source: build(pieces, query.caseSensitive, chars),
    core: core
      .slice(0, mostPieces)
      .map((piece) => (piece.kind === "plain" ? piece.char : ""))
      .join(""),
    exact: core.length > 0 && core.length === pieces.length,
    ignoreCase: !query.caseSensitive
  }))
}
