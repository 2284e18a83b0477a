import { type Role, roles } from "../message.ts"
import type { Transcript } from "../transcript.ts"

/** The messages of two sessions as numbers: the same number, the same role and text. `a[i]` is message `i + 1`. */
export interface Numbered {
  readonly a: Int32Array
  readonly b: Int32Array
}

/** Numbers the messages of two sessions by role and text, without reading them. */
export const numberMessages = (a: Transcript, b: Transcript): Numbered => {
  const known = Object.fromEntries(roles.map((role) => [role, new Map<number, number>()])) as {
    readonly [K in Role]: Map<number, number>
  }
  let next = 1
  const column = (transcript: Transcript): Int32Array => {
    const numbers = new Int32Array(transcript.count)
    for (let index = 1; index <= transcript.count; index++) {
      const ofRole = known[transcript.role(index)]
      const fingerprint = transcript.fingerprint(index)
      const number = ofRole.get(fingerprint) ?? next++
      ofRole.set(fingerprint, number)
      numbers[index - 1] = number
    }
    return numbers
  }
  return { a: column(a), b: column(b) }
}

/** How many leading messages are the same. */
export const commonPrefix = ({ a, b }: Numbered): number => {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a[n] === b[n]) n++
  return n
}

const commonSuffix = ({ a, b }: Numbered, from: number): number => {
  const most = Math.min(a.length, b.length) - from
  let n = 0
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n]) n++
  return n
}

/** Pairs of equal messages that are looked at: 12 bytes each. */
export const pairLimit = 1_000_000

/** Messages that both sessions have in the same order, as places in `a` and `b`, both ascending. */
export interface Alignment {
  readonly a: Int32Array
  readonly b: Int32Array
  /** False where so much is repeated that only messages were aligned that occur once in each. */
  readonly isExact: boolean
}

/**
 * The longest common subsequence from place `from` on (Hunt and Szymanski, 1977: the longest ascending run through the
 * pairs of equal messages). Time and memory go with the number of such pairs, which is that of the messages unless the
 * same is said again and again; beyond `limit` pairs, messages that are repeated are left out of it.
 */
export const align = (numbered: Numbered, from: number, limit = pairLimit): Alignment => {
  const { a, b } = numbered
  const tail = commonSuffix(numbered, from)
  const endA = a.length - tail
  const endB = b.length - tail
  const places = new Map<number, Array<number>>()
  for (let j = from; j < endB; j++) {
    const here = places.get(b[j]!)
    if (here === undefined) places.set(b[j]!, [j])
    else here.push(j)
  }
  const times = new Map<number, number>()
  let pairs = 0
  for (let i = from; i < endA; i++) {
    pairs += places.get(a[i]!)?.length ?? 0
    times.set(a[i]!, (times.get(a[i]!) ?? 0) + 1)
  }
  const isExact = pairs <= limit
  const candidates = (number: number): ReadonlyArray<number> => {
    const here = places.get(number) ?? []
    return isExact || (here.length === 1 && times.get(number) === 1) ? here : []
  }
  const size = isExact ? pairs : Math.min(endA, endB) - from
  const [nodeA, nodeB, before] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)]
  // ends[k]: the node with which a run of k + 1 pairs ends at the smallest place of b.
  const ends: Array<number> = []
  let nodes = 0
  for (let i = from; i < endA; i++) {
    const here = candidates(a[i]!)
    for (let n = here.length - 1; n >= 0; n--) {
      const j = here[n]!
      let low = 0
      let high = ends.length
      while (low < high) {
        const middle = (low + high) >>> 1
        if (nodeB[ends[middle]!]! < j) low = middle + 1
        else high = middle
      }
      nodeA[nodes] = i
      nodeB[nodes] = j
      before[nodes] = low === 0 ? -1 : ends[low - 1]!
      ends[low] = nodes++
    }
  }
  const length = ends.length
  const result = { a: new Int32Array(length + tail), b: new Int32Array(length + tail), isExact }
  let node = ends.at(-1) ?? -1
  for (let k = length - 1; k >= 0; k--) {
    result.a[k] = nodeA[node]!
    result.b[k] = nodeB[node]!
    node = before[node]!
  }
  for (let n = 0; n < tail; n++) {
    result.a[length + n] = endA + n
    result.b[length + n] = endB + n
  }
  return result
}

/** A step from one session to the other, with message indices: a run both have, or one message of one of them. */
export type Step =
  | { readonly side: "same"; readonly a: number; readonly b: number; readonly count: number }
  | { readonly side: "a" | "b"; readonly index: number }

/** The steps behind the first `from` messages: between what both have, first what only `a` has, then what only `b` has. */
export const steps = function* (numbered: Numbered, from: number, alignment: Alignment): Generator<Step> {
  let i = from
  let j = from
  let at = 0
  const { a: matchedA, b: matchedB } = alignment
  while (i < numbered.a.length || j < numbered.b.length) {
    const nextA = at < matchedA.length ? matchedA[at]! : numbered.a.length
    const nextB = at < matchedB.length ? matchedB[at]! : numbered.b.length
    while (i < nextA) yield { side: "a", index: ++i }
    while (j < nextB) yield { side: "b", index: ++j }
    let count = 0
    while (at < matchedA.length && matchedA[at] === i + count && matchedB[at] === j + count) {
      at++
      count++
    }
    if (count > 0) yield { side: "same", a: i + 1, b: j + 1, count }
    i += count
    j += count
  }
}
