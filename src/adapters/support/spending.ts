import { dayOf, type Spent } from "../../domain/spending.ts"

/** Models that are told apart in one session: a hostile file could name a new one on every line. */
const maxModels = 200

const dayMs = 86_400_000

interface Bucket {
  readonly day: number | null
  readonly model: string | null
  readonly counts: [input: number, output: number, cacheRead: number, cacheCreation: number, thinking: number]
}

/** Token counts in the order in which `SpendingTable` takes them. */
export type Counts = readonly [
  input: number,
  output: number,
  cacheRead: number,
  cacheCreation: number,
  thinking: number
]

/** Sums what the answers of a session cost by UTC day and model. */
export class SpendingTable {
  readonly #buckets: Array<Bucket> = []
  readonly #numbers = new Map<string, number>()
  readonly #models = new Set<string>()
  readonly #inputHasCache: boolean

  /** `inputHasCache`: the tool counts tokens that were read from or written to a cache into the input. */
  constructor(inputHasCache = false) {
    this.#inputHasCache = inputHasCache
  }

  /** The number of the row for an answer of this time (milliseconds since the epoch) and model. */
  row(time: number | null, model: string | null): number {
    const known = model !== null && (this.#models.has(model) || this.#models.size < maxModels) ? model : null
    if (known !== null) this.#models.add(known)
    const day = time === null ? null : Math.floor(time / dayMs)
    const key = `${day} ${known}`
    const number = this.#numbers.get(key)
    if (number !== undefined) return number
    this.#numbers.set(key, this.#buckets.length)
    return this.#buckets.push({ day, model: known, counts: [0, 0, 0, 0, 0] }) - 1
  }

  /** Counts may be negative: an answer that is told again takes back what it said before. */
  add(row: number, counts: Counts): void {
    const sums = this.#buckets[row]!.counts
    for (let at = 0; at < sums.length; at++) sums[at]! += counts[at]!
  }

  /** In the order of the first answer of each. */
  get rows(): ReadonlyArray<Spent> {
    return this.#buckets.map(({ counts: [input, output, cacheRead, cacheCreation, thinking], day, model }) => ({
      day: day === null ? null : dayOf(day * dayMs),
      model,
      tokens: {
        input: this.#inputHasCache ? Math.max(0, input - cacheRead - cacheCreation) : input,
        output,
        cacheRead,
        cacheCreation,
        thinking
      }
    }))
  }
}
