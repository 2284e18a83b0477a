import { COLUMN_OF } from "./token-columns.ts"
import { ROW_BITS, TABLE, UNITS_PER_TOKEN } from "./token-model.ts"

const ROW_MASK = (1 << ROW_BITS) - 1
const LOW_SEED = 0x811c9dc5 | 0
const HIGH_SEED = 0x9e3779b9 | 0

/**
 * Token estimate and fingerprint of a text in one linear pass, without a dictionary.
 *
 * `tokens` estimates the count of the o200k tokenizer: within a few per cent over mixed text, see `bench/tokens.ts`. It
 * is a multiple of 1/256; round up once, at the end of a sum. `low` and `high` are two independent 32-bit hashes of the
 * UTF-16 units: enough to notice a change, not to withstand somebody who wants a collision.
 *
 * What callers may rely on:
 * - monotone: feeding more never lowers `tokens`, so the prefix that still fits can be found by bisection;
 * - one meter, several feeds: `feed(a)` then `feed(b)` is `feed(a + b)` exactly, wherever the cut is;
 * - a meter for each piece: pieces cut right before or right behind a line end never sum up to less than the whole, and
 *   to less than one token more per cut; at other cuts the sum may be off by a few tokens, either way.
 */
export class TextMeter {
  tokens = 0
  low = LOW_SEED
  high = HIGH_SEED
  #row = 0

  reset(): this {
    this.tokens = 0
    this.low = LOW_SEED
    this.high = HIGH_SEED
    this.#row = 0
    return this
  }

  feed(text: string): this {
    let charged = 0
    let row = this.#row
    let low = this.low
    let high = this.high
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x01000193)
      high = Math.imul(high + unit, 0x85ebca6b) ^ (high >>> 13)
      const entry = TABLE[row + COLUMN_OF[unit]!]!
      row = entry & ROW_MASK
      charged += entry >>> ROW_BITS
    }
    this.tokens += charged / UNITS_PER_TOKEN
    this.low = low
    this.high = high
    this.#row = row
    return this
  }
}

const shared = new TextMeter()

/** Estimated o200k tokens of a text, a whole number. */
export const estimateTokens = (text: string): number => Math.ceil(shared.reset().feed(text).tokens)

/** Estimated o200k tokens of a text, not rounded: for sums. */
export const weighText = (text: string): number => shared.reset().feed(text).tokens
