import type { ReadCursor, ReadResult } from "../../domain/results.ts"
import type { Position, Slicing, Window } from "../../domain/slice.ts"
import type { ReadRequest } from "../../services/Sessions.ts"
import type { SearchReport } from "./read-search.ts"

export type Cursors = Pick<ReadResult, "hasMoreBefore" | "hasMoreAfter" | "cursorBefore" | "cursorAfter" | "cursor">

interface Place {
  readonly window: Window
  readonly until: number
  readonly page: { current: number; total: number } | null
  readonly search: SearchReport | null
}

/**
 * Where to go on from a window. `command` makes a `read` of the same session and view from the words that differ.
 * Following `next` from the first page shows every character of every message once.
 */
export const readCursors = (
  slicing: Slicing,
  { page, search, until, window }: Place,
  request: ReadRequest,
  command: (words: ReadonlyArray<string>) => string
): Cursors => {
  const { indices } = slicing
  const total = indices.length
  const { next, start } = window
  const cursor = (words: ReadonlyArray<string>, after: number | null): ReadCursor => ({
    command: command(words),
    after,
    tokens: request.tokens
  })
  const charWords = (char: number) => (char > 0 ? ["--char-offset", String(char)] : [])
  const onFrom = ({ at, char }: Position): ReadCursor => {
    const index = indices[at]!
    const to = request.anchor.kind === "range" ? request.anchor.to : null
    if (to !== null) return cursor([String(index), String(to), ...charWords(char)], index - 1)
    return cursor(["--after", String(index - 1), ...charWords(char)], index - 1)
  }
  const hasMoreAfter = next.at < total
  const hasMoreBefore = total > 0 && (start.at > 0 || start.char > 0)
  const numbers = {
    hasMoreBefore,
    hasMoreAfter,
    cursorBefore: hasMoreBefore ? indices[start.char > 0 ? start.at : start.at - 1]! : null,
    cursorAfter: hasMoreAfter ? indices[next.at]! : null
  }
  const first = hasMoreBefore ? cursor([], null) : null
  if (search !== null) {
    const following = search.matchIndex === null ? undefined : search.following
    return {
      ...numbers,
      cursor: {
        next:
          following === undefined || search.matchIndex === null
            ? null
            : cursor(["--search", search.query, "--after", String(search.matchIndex)], search.matchIndex),
        prev: null,
        first: search.first ? null : cursor(["--search", search.query], null)
      }
    }
  }
  if (page !== null) {
    const pageCursor = (n: number) => cursor(["--page", String(n)], null)
    return {
      ...numbers,
      cursor: {
        next: page.current < page.total ? pageCursor(page.current + 1) : null,
        prev: page.current > 1 ? pageCursor(page.current - 1) : null,
        first: page.current > 1 ? pageCursor(1) : null
      }
    }
  }
  const previous = (): ReadCursor =>
    start.char > 0
      ? cursor(["--after", String(indices[start.at]! - 1)], indices[start.at]! - 1)
      : cursor(["--before", String(indices[start.at] ?? indices[total - 1]! + 1)], null)
  return {
    ...numbers,
    cursor: { next: next.at < until ? onFrom(next) : null, prev: hasMoreBefore ? previous() : null, first }
  }
}
