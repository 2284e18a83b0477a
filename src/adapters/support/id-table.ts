/** A 32-bit hash of the UTF-16 units `from`–`to` of a text. */
export const hashRange = (text: string, from: number, to: number, seed: number): number => {
  let hash = seed | 0
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash ^ (hash >>> 15)
}

/** A 32-bit hash of a text's length, first and last 64 units: tells apart what one answer can hold twice. */
export const hashSample = (text: string, seed: number): number => {
  const length = text.length
  const head = hashRange(text, 0, Math.min(length, 64), seed ^ Math.imul(length, 0x9e3779b1))
  return length <= 64 ? head : hashRange(text, Math.max(64, length - 64), length, head)
}

/**
 * Numbers strings in the order of their first appearance, 0, 1, 2 …, without keeping them: an open-addressing table of
 * two 32-bit hashes each, about 20 bytes per string. Two strings that agree in all 64 bits count as one.
 */
export class IdTable {
  #low = new Int32Array(64)
  #high = new Int32Array(64)
  /** Number + 1 of the string whose probe sequence leads here, 0 for a free slot. */
  #slots = new Int32Array(256)
  #size = 0
  #lowOf = 0
  #highOf = 0

  get size(): number {
    return this.#size
  }

  /** The number of `id`, a new one if it was never seen. */
  intern(id: string): number {
    if (this.#size * 2 >= this.#slots.length) this.#growSlots()
    this.#hash(id)
    const slot = this.#probe()
    const known = this.#slots[slot]!
    if (known !== 0) return known - 1
    const number = this.reserve()
    this.#low[number] = this.#lowOf
    this.#high[number] = this.#highOf
    this.#slots[slot] = number + 1
    return number
  }

  /** The number of `id`, -1 if it was never seen. */
  find(id: string): number {
    this.#hash(id)
    return this.#slots[this.#probe()]! - 1
  }

  /** A text that stands for the string of a number, in this table and any other; empty for a reserved number. */
  keyOf(number: number): string {
    const [high, low] = [this.#high[number]!, this.#low[number]!]
    const half = (hash: number) => (hash >>> 0).toString(36).padStart(7, "0")
    return high === 0 && low === 0 ? "" : half(high) + half(low)
  }

  /** A number that no string has. */
  reserve(): number {
    const number = this.#size++
    if (number === this.#low.length) this.#growKeys()
    return number
  }

  #hash(id: string): void {
    let low = 0x811c9dc5 | 0
    let high = 0x9e3779b9 | 0
    for (let i = 0; i < id.length; i++) {
      const unit = id.charCodeAt(i)
      low = Math.imul(low ^ unit, 0x01000193)
      high = Math.imul(high + unit, 0x85ebca6b) ^ (high >>> 13)
    }
    this.#lowOf = low ^ (low >>> 16)
    this.#highOf = high
  }

  #probe(): number {
    const mask = this.#slots.length - 1
    let slot = this.#lowOf & mask
    for (;;) {
      const known = this.#slots[slot]!
      if (known === 0) return slot
      if (this.#low[known - 1] === this.#lowOf && this.#high[known - 1] === this.#highOf) return slot
      slot = (slot + 1) & mask
    }
  }

  #growKeys(): void {
    const low = new Int32Array(this.#low.length * 2)
    const high = new Int32Array(this.#high.length * 2)
    low.set(this.#low)
    high.set(this.#high)
    this.#low = low
    this.#high = high
  }

  #growSlots(): void {
    const old = this.#slots
    this.#slots = new Int32Array(old.length * 4)
    for (const known of old) {
      if (known === 0) continue
      this.#lowOf = this.#low[known - 1]!
      this.#highOf = this.#high[known - 1]!
      this.#slots[this.#probe()] = known
    }
  }
}
