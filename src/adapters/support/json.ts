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

/** Milliseconds since the epoch from an ISO 8601 string; null for anything that is no date. */
export const asTime = (value: unknown): number | null => {
  if (typeof value !== "string") return null
  const time = Date.parse(value)
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
