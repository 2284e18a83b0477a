import { assert } from "@effect/vitest"
import type { Transcript } from "../../src/domain/transcript.ts"

/** A small seeded generator of numbers in [0, 1): the same seed gives the same run on every machine. */
export const seeded = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Random = () => number

const pick = <A>(random: Random, from: ReadonlyArray<A>): A => from[Math.floor(random() * from.length)]!

/** One value of every JSON type, with the odd ones that break careless code. */
export const oddValues: ReadonlyArray<unknown> = [
  null,
  true,
  false,
  0,
  -1,
  1e308,
  0.5,
  "",
  " ",
  "\ud800",
  "\u0000\u001b[31m",
  "__proto__",
  "9999-99-99T99:99:99Z",
  "../../../../etc/passwd",
  [],
  [null],
  [[[]]],
  {},
  { type: 7 },
  { content: { content: [] } }
]

interface Spot {
  readonly holder: Record<string, unknown> | Array<unknown>
  readonly key: string
}

const spotsOf = (value: unknown, spots: Array<Spot> = []): ReadonlyArray<Spot> => {
  if (typeof value !== "object" || value === null) return spots
  for (const key of Object.keys(value)) {
    spots.push({ holder: value as Spot["holder"], key })
    spotsOf((value as Record<string, unknown>)[key], spots)
  }
  return spots
}

const setAt = ({ holder, key }: Spot, value: unknown): void => {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true })
}

const change = (random: Random, record: unknown): void => {
  const spots = spotsOf(record)
  if (spots.length === 0) return
  const spot = pick(random, spots)
  const other = pick(random, spots)
  const holder = spot.holder as Record<string, unknown>
  const kind = random()
  if (kind < 0.5) setAt(spot, structuredClone(pick(random, oddValues)))
  else if (kind < 0.65) delete holder[spot.key]
  else if (kind < 0.75) setAt(spot, [holder[spot.key], holder[spot.key]])
  else if (kind < 0.85) setAt(spot, structuredClone((other.holder as Record<string, unknown>)[other.key]))
  else if (kind < 0.95) setAt({ holder: spot.holder, key: pick(random, ["type", "content", "id", "x"]) }, "odd")
  else setAt(spot, "long ".repeat(2000))
}

/** A copy of a record with one to three of its fields, at any depth, replaced, removed, doubled or moved. */
export const mutateRecord = (random: Random, record: unknown): unknown => {
  const copy = structuredClone(record)
  for (let rounds = 1 + Math.floor(random() * 3); rounds > 0; rounds--) change(random, copy)
  return copy
}

/** The line of a record as a crash, a wrong encoding or a bad merge would leave it; often left as it is. */
export const mutateLine = (random: Random, line: string): string => {
  const kind = random()
  const at = Math.floor(random() * line.length)
  if (kind < 0.85) return line
  if (kind < 0.9) return line.slice(0, at)
  if (kind < 0.95) return line.slice(0, at) + pick(random, ["\u0000", "}", '"', "\\", "\ufeff", "{"]) + line.slice(at)
  return line + line
}

/** Copies of a record, each with one field at any depth replaced by one of the odd values: every field, every value. */
export const withWrongTypes = (record: unknown): ReadonlyArray<unknown> => {
  const count = spotsOf(record).length
  const out: Array<unknown> = []
  for (let at = 0; at < count; at++) {
    for (const odd of oddValues) {
      const copy = structuredClone(record)
      setAt(spotsOf(copy)[at]!, structuredClone(odd))
      out.push(copy)
    }
  }
  return out
}

/** What came of reading mutated sessions. */
export class Harvest {
  messages = 0
  /** Records that were skipped, and why. */
  skipped = 0
  readonly reasons = new Set<string>()

  /** Makes every message of a transcript, and compares it with what its columns say of it. */
  take(transcript: Transcript): void {
    for (let index = 1; index <= transcript.count; index++) {
      assert.strictEqual(transcript.message(index).text.length, transcript.chars(index))
      this.messages++
    }
    for (const { count, reason } of transcript.skipped) {
      this.skipped += count
      this.reasons.add(reason)
    }
  }
}
