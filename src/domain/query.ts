import { fold, foldWithOffsets } from "./fold.ts"
import { snapBack } from "./text.ts"

/** One thing to look for. `folded` is what is compared; for a regular expression it is the pattern in NFC. */
export interface Term {
  readonly kind: "word" | "phrase" | "regex"
  readonly folded: string
  /** For all kinds but a term without white space, which is looked for as it is. Has the flag `g`. */
  readonly pattern: RegExp | null
}

/** A parsed query: every term must occur in a session, not necessarily in one message. */
export interface Query {
  /** As it was typed. */
  readonly text: string
  readonly regex: boolean
  readonly caseSensitive: boolean
  /** 1 to 30 different terms; the bit `1 << i` stands for term `i`. */
  readonly terms: ReadonlyArray<Term>
}

export interface QueryError {
  readonly error: string
}

export interface QueryOptions {
  /** The whole text is one regular expression. */
  readonly regex?: boolean
  readonly caseSensitive?: boolean
  /** A text of the form `/…/` (with flags `i` or `u`, which change nothing) is a regular expression, anything else words (`read --search`). */
  readonly slashes?: boolean
}

/** Offsets and lengths are UTF-16 units of the text as it was given. */
export interface Hit {
  readonly start: number
  readonly length: number
  /** Number of the term. */
  readonly term: number
}

export interface TextMatch {
  /** Bits of the terms that occur. */
  readonly terms: number
  /** Whether these are all terms of the query. */
  readonly complete: boolean
  /** All hits, also those beyond the limit. */
  readonly count: number
  /** By start, then term. Hits of one term do not overlap. */
  readonly hits: ReadonlyArray<Hit>
}

const maxTerms = 30

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")

const textTerm = (kind: "word" | "phrase", text: string, caseSensitive: boolean): Term => {
  const folded = fold(text.trim(), caseSensitive)
  const words = folded.split(/\s+/)
  return { kind, folded, pattern: words.length > 1 ? new RegExp(words.map(escapePattern).join("\\s+"), "g") : null }
}

const compile = (source: string, caseSensitive: boolean): RegExp | QueryError => {
  const flags = caseSensitive ? "gm" : "gim"
  try {
    return new RegExp(source, `${flags}u`)
  } catch (cause) {
    // Without `u` needless escapes such as `\-` are allowed, as people write them.
    try {
      return new RegExp(source, flags)
    } catch {
      const message = cause instanceof Error ? cause.message : String(cause)
      return { error: message.replace("Invalid regular expression: ", "").replace(`/${source}/${flags}u: `, "") }
    }
  }
}

const regexQuery = (text: string, pattern: string, caseSensitive: boolean): Query | QueryError => {
  const folded = pattern.normalize("NFC")
  const compiled = compile(folded, caseSensitive)
  if ("error" in compiled) return compiled
  return { text, regex: true, caseSensitive, terms: [{ kind: "regex", folded, pattern: compiled }] }
}

/** A quote opens a phrase at the start of a word and closes it at the end of one; elsewhere it is text. */
const termPattern = /"(.*?)"(?=\s|$)|(\S+)/gs

/**
 * Parses what was typed. Words are separated by white space, `"…"` is a phrase in which white space stands for any run
 * of it. A regular expression may match across lines; `^` and `$` are the ends of lines.
 */
export const parseQuery = (text: string, options: QueryOptions = {}): Query | QueryError => {
  const caseSensitive = options.caseSensitive ?? false
  if (text.trim() === "") return { error: "the query is empty" }
  if (options.regex) return regexQuery(text, text, caseSensitive)
  const slashes = options.slashes ? /^\/(.+)\/[iu]*$/s.exec(text.trim()) : null
  if (slashes) return regexQuery(text, slashes[1]!, caseSensitive)
  const terms = new Map<string, Term>()
  for (const [, phrase, word] of text.matchAll(termPattern)) {
    const term =
      phrase === undefined ? textTerm("word", word!, caseSensitive) : textTerm("phrase", phrase, caseSensitive)
    if (term.folded !== "" && !terms.has(term.folded)) terms.set(term.folded, term)
  }
  if (terms.size === 0) return { error: "the query is empty" }
  if (terms.size > maxTerms) {
    return { error: `the query has ${terms.size} words, more than ${maxTerms}; put quotes around a phrase` }
  }
  return { text, regex: false, caseSensitive, terms: Array.from(terms.values()) }
}

/** The bits of all terms of a query: what a session must have found, over all its texts. */
export const allTerms = (query: Query): number => (1 << query.terms.length) - 1

const nothing: TextMatch = { terms: 0, complete: false, count: 0, hits: [] }

/**
 * Finds every term in a text. `limit` bounds the hits that are returned per term, not the count; an empty match of a
 * regular expression is no hit.
 */
export const matchText = (query: Query, text: string, limit = Infinity): TextMatch => {
  // A regular expression brings its own case rule.
  const folded = foldWithOffsets(text, query.caseSensitive || query.regex)
  let terms = 0
  let count = 0
  let hits: Array<Hit> | undefined
  query.terms.forEach((term, number) => {
    let kept = 0
    const hit = (from: number, to: number): void => {
      terms |= 1 << number
      count++
      if (kept++ >= limit) return
      const { start, end } = folded.original(from, to)
      hits ??= []
      hits.push({ start, length: end - start, term: number })
    }
    if (term.pattern === null) {
      const length = term.folded.length
      for (let at = folded.text.indexOf(term.folded); at >= 0; at = folded.text.indexOf(term.folded, at + length)) {
        hit(at, at + length)
      }
    } else {
      for (const match of folded.text.matchAll(term.pattern)) {
        if (match[0] !== "") hit(match.index, match.index + match[0].length)
      }
    }
  })
  if (count === 0) return nothing
  if (query.terms.length > 1) hits?.sort((a, b) => a.start - b.start || a.term - b.term)
  return { terms, complete: terms === allTerms(query), count, hits: hits ?? [] }
}

/** UTF-16 units of a hit that a snippet shows at most: a regular expression may match megabytes. */
const snippetHitLimit = 400

/**
 * A hit on one line with up to `context` UTF-16 units on each side: runs of white space become one space, "…" marks
 * where text was left off.
 */
export const snippet = (text: string, start: number, length: number, context: number): string => {
  const end = start + Math.min(length, snippetHitLimit)
  const from = snapBack(text, Math.max(0, start - context))
  const to = snapBack(text, Math.min(text.length, length > snippetHitLimit ? end : end + context))
  const shown = text.slice(from, to).replace(/\s+/g, " ").trim()
  return `${from > 0 ? "…" : ""}${shown}${to < text.length ? "…" : ""}`
}
