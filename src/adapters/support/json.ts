/** Lenient access to foreign JSON: what has the wrong type is absent, nothing throws. */
export type Json = Readonly<Record<string, unknown>>

export const asObject = (value: unknown): Json | null =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null

export const asArray = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

export const asString = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** A string with something other than white space in it. */
export const asText = (value: unknown): string | null =>
  typeof value === "string" && value.trim() !== "" ? value : null

/** A finite number, 0 or more; anything else is null. */
export const asCount = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null

/** Decimal digits `from`–`to` of a text; NaN where there is something else. */
const digits = (text: string, from: number, to: number): number => {
  let number = 0
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return Number.NaN
    number = number * 10 + digit
  }
  return number
}

/** `2026-11-01T10:00:00.000Z`, which every tool writes, in a tenth of the time of Date.parse; else NaN. */
const timeOfUsualForm = (text: string): number => {
  if (text.length !== 24 || text[23] !== "Z" || text[19] !== "." || text[10] !== "T") return Number.NaN
  if (text[4] !== "-" || text[7] !== "-" || text[13] !== ":" || text[16] !== ":") return Number.NaN
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  const hour = digits(text, 11, 13)
  const minute = digits(text, 14, 16)
  const second = digits(text, 17, 19)
  const year = digits(text, 0, 4)
  // What is out of range, and the years that Date.UTC reads as of the 20th century, are left to Date.parse.
  if (!(year > 99 && month >= 1 && month <= 12 && day >= 1 && day <= 28)) return Number.NaN
  if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN
  return Date.UTC(year, month - 1, day, hour, minute, second, digits(text, 20, 23))
}

/** Milliseconds since the epoch from an ISO 8601 string; null for anything that is no date. */
export const asTime = (value: unknown): number | null => {
  if (typeof value !== "string") return null
  const usual = timeOfUsualForm(value)
  const time = Number.isNaN(usual) ? Date.parse(value) : usual
  return Number.isNaN(time) ? null : time
}

/** Parses one JSON value; undefined where it is none. */
export const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** Counts of skipped records by reason, for `Transcript.skipped`. */
export class SkipCounter {
  readonly #counts = new Map<string, number>()

  add(reason: string, count = 1): void {
    // Reasons quote the store, which may make up a new one on every line.
    const key = this.#counts.size < 200 || this.#counts.has(reason) ? reason : "other reasons"
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count)
  }

  get list(): ReadonlyArray<{ reason: string; count: number }> {
    return Array.from(this.#counts, ([reason, count]) => ({ reason, count }))
  }
}
