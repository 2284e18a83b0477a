import { allTerms, matchText, type Query } from "../../domain/query.ts"
import type { ReadResult } from "../../domain/results.ts"
import { around, forward, type Slicing, type Window } from "../../domain/slice.ts"

const shownIndices = 50
/** Characters shown before the hit in a message that is too long to be shown whole. */
const leadIn = 120

export interface SearchReport extends NonNullable<ReadResult["search"]> {
  /** The next matching message; undefined when this is the last. */
  readonly following: number | undefined
  /** Whether this is the first match. */
  readonly first: boolean
}

/** The first match at or after the `from`-th of the indices, with as much around it as fits. */
export const searchWindow = (
  slicing: Slicing,
  query: Query,
  from: number
): { readonly report: SearchReport; readonly window: Window } => {
  const { indices, transcript } = slicing
  const hits: Array<{ at: number; index: number; char: number }> = []
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at]!
    const found = matchText(query, transcript.message(index).text, 1)
    const hit = found.hits[0]
    if (hit !== undefined && found.terms === allTerms(query)) hits.push({ at, index, char: hit.start })
  }
  const which = hits.findIndex(({ at }) => at >= from)
  const hit = hits[which]
  const report: SearchReport = {
    query: query.text,
    matches: hits.length,
    matchIndex: hit?.index ?? null,
    matchIndices: hits.slice(0, shownIndices).map(({ index }) => index),
    following: hits[which + 1]?.index,
    first: which <= 0
  }
  if (hit === undefined) {
    const end = { at: indices.length, char: 0 }
    return { report, window: { messages: [], start: end, next: end } }
  }
  if (!slicing.view.content) return { report, window: forward(slicing, { at: hit.at, char: 0 }, indices.length) }
  return { report, window: around(slicing, hit.at, Math.max(0, hit.char - leadIn), 0, indices.length) }
}
