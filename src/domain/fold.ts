/**
 * The form in which texts are compared: NFC and, unless case counts, lower case with the final sigma as a plain one.
 * NFC is applied again afterwards because a lower-case letter may have a composed form that its capital lacks.
 */
export const fold = (text: string, caseSensitive: boolean): string => {
  const composed = text.normalize("NFC")
  return caseSensitive ? composed : foldCase(composed)
}

const foldCase = (composed: string): string => {
  const lower = composed.toLowerCase().normalize("NFC")
  return lower.includes("ς") ? lower.replaceAll("ς", "σ") : lower
}

/** Code points that may join the one before them when a text is composed, as the inside of a `u` class. */
export const joining = "\\p{M}\\u1160-\\u11ff\\u{16d63}-\\u{16d6a}"

/** A folded text that knows where its parts come from. Offsets are UTF-16 units; `end` is exclusive. */
export interface Folded {
  readonly text: string
  /**
   * Where a range of the folded text lies in the original. A range that begins or ends inside a cluster that
   * folding has changed is widened to the whole cluster.
   */
  readonly original: (start: number, end: number) => { readonly start: number; readonly end: number }
}

const same = (start: number, end: number) => ({ start, end })

/** Folds a text; the table for going back is only made when lengths have changed and somebody asks. */
export const foldWithOffsets = (text: string, caseSensitive: boolean): Folded => {
  const composed = text.normalize("NFC")
  if (caseSensitive) {
    return composed === text ? { text, original: same } : { text: composed, original: lazyMap(text, true) }
  }
  const folded = foldCase(composed)
  // Lower case never shortens and composing never lengthens a composed text, so equal lengths of all three mean that
  // nothing moved; only a text with both could cancel out, and that is asked for by name.
  const still = composed === text && folded.length === text.length && !text.includes("İ")
  return { text: folded, original: still ? same : lazyMap(text, false) }
}

const lazyMap = (text: string, caseSensitive: boolean): Folded["original"] => {
  let map: Folded["original"] | undefined
  return (start, end) => {
    map ??= offsetMap(text, caseSensitive)
    return map(start, end)
  }
}

/** Clusters that folding could change inside: not ASCII, or ASCII with something that joins it. */
const clusters = new RegExp(`[^\\x00-\\x7f][${joining}]*|[\\x00-\\x7f][${joining}]+`, "gu")

const unmoved = -1

const offsetMap = (text: string, caseSensitive: boolean): Folded["original"] => {
  // One row per cluster whose inside moved: where it is in the folded text and in the original.
  const foldedStarts: Array<number> = []
  const foldedEnds: Array<number> = []
  const starts: Array<number> = []
  const ends: Array<number> = []
  const lengths = new Map<string, number>()
  let shift = 0
  for (const match of text.matchAll(clusters)) {
    const cluster = match[0]
    let length = lengths.get(cluster)
    if (length === undefined) {
      const folded = fold(cluster, caseSensitive)
      // Marks in another order may take the same room and yet have their borders elsewhere.
      const still = folded.length === cluster.length && cluster.normalize("NFC") === cluster
      length = still ? unmoved : folded.length
      lengths.set(cluster, length)
    }
    if (length === unmoved) continue
    foldedStarts.push(match.index + shift)
    foldedEnds.push(match.index + shift + length)
    starts.push(match.index)
    ends.push(match.index + cluster.length)
    shift += length - cluster.length
  }
  /** The last row that begins before `at`, or -1. */
  const rowBefore = (at: number): number => {
    let low = 0
    let high = foldedStarts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (foldedStarts[middle]! < at) low = middle + 1
      else high = middle
    }
    return low - 1
  }
  return (start, end) => {
    const first = rowBefore(start + 1)
    const last = rowBefore(end)
    return {
      start:
        first < 0 ? start : start < foldedEnds[first]! ? starts[first]! : start - foldedEnds[first]! + ends[first]!,
      end: last < 0 ? end : end <= foldedEnds[last]! ? ends[last]! : end - foldedEnds[last]! + ends[last]!
    }
  }
}
