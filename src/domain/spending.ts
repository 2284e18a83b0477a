import type { TokenUsage } from "./session.ts"

const dayMs = 86_400_000

/** The UTC day of a time in milliseconds since the epoch, as `2026-11-01`; null for a time that no date can hold. */
export const dayOf = (ms: number): string | null => {
  const date = new Date(Math.floor(ms / dayMs) * dayMs)
  return Number.isNaN(date.getTime()) ? null : date.toISOString().slice(0, 10)
}

/** What the answers of one model cost on one UTC day; null where the tool does not say. */
export interface Spent {
  readonly day: string | null
  readonly model: string | null
  readonly tokens: TokenUsage
}

export const usageFields = ["input", "output", "cacheRead", "cacheCreation", "thinking"] as const

/** Sums, field by field. */
export const addUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => combineUsage(a, b, (x, y) => x + y)

export const subtractUsage = (a: TokenUsage, b: TokenUsage): TokenUsage => combineUsage(a, b, (x, y) => x - y)

const combineUsage = (a: TokenUsage, b: TokenUsage, by: (a: number, b: number) => number): TokenUsage => ({
  input: by(a.input, b.input),
  output: by(a.output, b.output),
  cacheRead: by(a.cacheRead, b.cacheRead),
  cacheCreation: by(a.cacheCreation, b.cacheCreation),
  thinking: by(a.thinking, b.thinking)
})

/** One answer of a tool that copies answers from file to file. */
export interface Answer {
  /** The same for every copy of it; empty where nothing tells copies apart. */
  readonly key: string
  /** Which of the session's `Spent` it is part of. */
  readonly row: number
  /** The tool says that the line was copied from another session. */
  readonly copied: boolean
  readonly tokens: TokenUsage
}

const radix = 36

const answersPerPiece = 1000

/**
 * Answers as one line of text, to be kept in a cache: numbers in base 36, an answer's fields joined by commas, answers by
 * spaces. A store of 600 MB has 70,000 of them, and a list of objects takes a schema ten times as long as all the rest.
 */
export const encodeAnswers = (answers: Iterable<Answer>): string => {
  const pieces: Array<string> = []
  let lines: Array<string> = []
  for (const { copied, key, row, tokens } of answers) {
    const counts = usageFields.map((field) => tokens[field].toString(radix)).join(",")
    lines.push(`${key},${row.toString(radix)}${copied ? "+" : ""},${counts}`)
    // A joined piece is one flat string: until then a line takes six times the memory of its text.
    if (lines.length === answersPerPiece) {
      pieces.push(lines.join(" "))
      lines = []
    }
  }
  if (lines.length > 0) pieces.push(lines.join(" "))
  return pieces.join(" ")
}

/** The answers of such a text; what is not well-formed is left out. */
export const decodeAnswers = (text: string): ReadonlyArray<Answer> => {
  if (text === "") return []
  const answers: Array<Answer> = []
  for (const line of text.split(" ")) {
    const [key, row, input, output, cacheRead, cacheCreation, thinking] = line.split(",")
    if (key === undefined || row === undefined) continue
    const count = (field: string | undefined) => Number.parseInt(field ?? "", radix)
    const tokens: TokenUsage = {
      input: count(input),
      output: count(output),
      cacheRead: count(cacheRead),
      cacheCreation: count(cacheCreation),
      thinking: count(thinking)
    }
    const at = Number.parseInt(row, radix)
    if (Number.isNaN(at) || usageFields.some((field) => !(tokens[field] >= 0))) continue
    answers.push({ key, row: at, copied: row.endsWith("+"), tokens })
  }
  return answers
}

/**
 * What a session spent, split as far as its answers say: the rows sum up to `usage`. What they leave open is a row that
 * has neither day nor model; where they say more than the tool's own sum, only that sum counts.
 */
export const splitUsage = (usage: TokenUsage, spent: ReadonlyArray<Spent>): ReadonlyArray<Spent> => {
  const rest = spent.reduce((left, { tokens }) => subtractUsage(left, tokens), usage)
  if (usageFields.some((field) => rest[field] < 0)) return [{ day: null, model: null, tokens: usage }]
  const isWhole = usageFields.every((field) => rest[field] === 0)
  return isWhole && spent.length > 0 ? spent : [...spent, { day: null, model: null, tokens: rest }]
}
