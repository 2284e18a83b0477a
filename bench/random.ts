import { readCorpus } from "./corpus/corpus.ts"

/** A generator of numbers in [0, 1) that gives the same ones for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** What a session generator draws from. */
export interface Dice {
  readonly chance: (probability: number) => boolean
  /** An integer, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly pick: <A>(choices: ReadonlyArray<A>) => A
  readonly uuid: () => string
  /** What people and models write. */
  readonly prose: (chars: number) => string
  /** What tools print: code, logs, diffs, listings. */
  readonly output: (chars: number) => string
}

const proseKinds = ["english", "english", "english", "english", "english", "markdown", "latin-west", "chinese"]
const outputKinds = ["typescript", "python", "logs", "diff", "stacktrace", "paths", "json-pretty", "tables", "terminal"]

let corpus: ReadonlyMap<string, string> | undefined

/** A text of the corpus. */
const textOf = (kind: string): string => {
  const text = (corpus ??= readCorpus()).get(kind)
  if (text === undefined) throw new Error(`bench/corpus has no ${kind}.txt`)
  return text
}

/** Dice with the given seed. */
export const dice = (seed: number): Dice => {
  const random = seeded(seed)
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  // A text is of one kind: most are plain ASCII, as in real sessions, and cheaper to decode for that.
  const cut = (kinds: ReadonlyArray<string>, chars: number): string => {
    const pool = textOf(kinds[between(0, kinds.length - 1)]!)
    const pieces: Array<string> = []
    for (let left = chars; left > 0;) {
      const at = between(0, Math.max(0, pool.length - 200))
      const piece = pool.slice(at, at + Math.min(left, between(200, 4000)))
      pieces.push(piece)
      left -= piece.length
    }
    return pieces.join("").toWellFormed()
  }
  const hex = (length: number): string => Array.from({ length }, () => between(0, 15).toString(16)).join("")
  return {
    chance: (probability) => random() < probability,
    between,
    pick: (choices) => choices[between(0, choices.length - 1)]!,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    prose: (chars) => cut(proseKinds, chars),
    output: (chars) => cut(outputKinds, chars)
  }
}
