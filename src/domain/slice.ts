import type { Message } from "./message.ts"
import { cutText, snapBack } from "./text.ts"
import type { Transcript } from "./transcript.ts"
import { type Leanness, type MessageView, type View, viewBare, viewMessage, viewPiece, visibleText } from "./view.ts"

/** Estimated tokens of one message as it will be printed inside the array, not rounded. */
export type Weigh = (message: MessageView) => number

/** What is sliced: some messages of a transcript, in order, under a view, within a budget. */
export interface Slicing {
  readonly transcript: Transcript
  readonly view: View
  /** Message indices that may be shown, ascending. */
  readonly indices: ArrayLike<number>
  readonly isExempt: (index: number) => boolean
  /** Tokens for the whole array as printed. */
  readonly budget: number
  readonly weigh: Weigh
  /** Tokens of the empty array. */
  readonly frame: number
}

/** A place in a slicing: the `at`-th of its indices, `char` UTF-16 units into that message's visible text. */
export interface Position {
  readonly at: number
  readonly char: number
}

/** Consecutive messages that fit; `next` is where the rest begins, inside the last one if that was cut. */
export interface Window {
  readonly messages: ReadonlyArray<MessageView>
  readonly start: Position
  readonly next: Position
}

const whole = (slicing: Slicing, index: number): { readonly message: Message; readonly shown: MessageView } => {
  const message = slicing.transcript.message(index)
  const shown = viewMessage(message, slicing.transcript.tokens(index), slicing.view, slicing.isExempt(index))
  return { message, shown }
}

/** The largest `n` in [low, high] for which `fits` holds, given that it holds for no larger one after failing once. */
const largest = (low: number, high: number, fits: (n: number) => boolean): number => {
  let reach = Math.max(1, Math.min(256, high - low))
  let good = low
  while (good < high) {
    const probe = Math.min(high, low + reach)
    if (!fits(probe)) {
      let bad = probe
      while (bad - good > 1) {
        const middle = good + Math.floor((bad - good) / 2)
        if (fits(middle)) good = middle
        else bad = middle
      }
      return good
    }
    good = probe
    reach *= 2
  }
  return good
}

/** What of a message's thinking can be shown beside a piece: its beginning, or where there is no room its length. */
const withThinking = (piece: MessageView, shown: MessageView, limit: number): MessageView => ({
  ...piece,
  blocks: shown.blocks.flatMap((block) => {
    if (block.type !== "thinking") return []
    const text = cutText(block.text, limit)
    return [
      { ...block, text, textChars: block.textChars ?? (text.length < block.text.length ? block.text.length : null) }
    ]
  })
})

/** A message without visible text that does not fit whole: its thinking cut, else without whatever has no room. */
const cutEmpty = ({ weigh }: Slicing, shown: MessageView, room: number): MessageView | null => {
  const longest = Math.max(0, ...shown.blocks.map((block) => (block.type === "thinking" ? block.text.length : 0)))
  const thinks = (n: number) => withThinking(shown, shown, n)
  const fits = (n: number) => weigh(thinks(n)) <= room
  if (longest > 0 && fits(0)) return thinks(largest(0, longest, fits))
  return [viewBare(shown, 1), viewBare(shown, 2)].find((bare) => weigh(bare) <= room) ?? null
}

/** Forms of a piece from the fullest to the leanest, and how many UTF-16 units each must hold to be worth its keys. */
const leanness: ReadonlyArray<readonly [lean: Leanness, least: number]> = [
  [0, 24],
  [1, 8],
  [2, 2],
  [3, 2]
]

/**
 * The longest piece of a message, from `char` on, that fits `room`; null where not one character does. Forms are tried
 * from the fullest to the leanest, so that even a tiny budget makes progress.
 */
const cutInside = (slicing: Slicing, index: number, char: number, room: number): MessageView | null => {
  const { message, shown } = whole(slicing, index)
  const visible = visibleText(message, slicing.view, slicing.isExempt(index))
  const start = snapBack(visible, char)
  if (start >= visible.length) return char > 0 ? null : cutEmpty(slicing, shown, room)
  const tokens = slicing.transcript.tokens(index)
  const piece = (lean: Leanness) => (end: number) => viewPiece(message, tokens, visible, start, end, lean)
  const thinks = start === 0 && shown.blocks.some((block) => block.type === "thinking")
  const forms: ReadonlyArray<readonly [form: (end: number) => MessageView, least: number]> = [
    ...(thinks ? [200, 0] : []).map(
      (limit) => [(end: number) => withThinking(piece(0)(end), shown, limit), 24] as const
    ),
    ...leanness.map(([lean, least]) => [piece(lean), least] as const)
  ]
  for (const [form, least] of forms) {
    const fits = (end: number) => slicing.weigh(form(snapBack(visible, end))) <= room
    if (!fits(Math.min(visible.length, start + least))) continue
    const end = snapBack(visible, largest(start, visible.length, fits))
    if (end > start) return form(end)
  }
  return null
}

/** As many messages as fit from `from` on, up to the `until`-th of the indices (exclusive). */
export const forward = (slicing: Slicing, from: Position, until: number): Window => {
  const messages: Array<MessageView> = []
  let room = slicing.budget - slicing.frame
  let { at, char } = from
  while (at < until) {
    const index = slicing.indices[at]!
    if (char === 0) {
      const { shown } = whole(slicing, index)
      const weight = slicing.weigh(shown)
      if (weight <= room) {
        messages.push(shown)
        room -= weight
        at++
        continue
      }
    }
    if (messages.length > 0) break
    const piece = cutInside(slicing, index, char, room)
    if (piece === null) {
      // A continuation that begins at the very end has nothing left to show.
      if (char > 0 && char >= visibleLength(slicing, index)) {
        at++
        char = 0
        continue
      }
      break
    }
    messages.push(piece)
    if (piece.nextChar !== null) return { messages, start: from, next: { at, char: piece.nextChar } }
    room -= slicing.weigh(piece)
    at++
    char = 0
  }
  return { messages, start: from, next: { at, char } }
}

const visibleLength = (slicing: Slicing, index: number): number =>
  visibleText(slicing.transcript.message(index), slicing.view, slicing.isExempt(index)).length

/** As many messages as fit, ending with the one before the `until`-th, not reaching below the `from`-th. */
export const backward = (slicing: Slicing, from: number, until: number): Window => {
  const messages: Array<MessageView> = []
  let room = slicing.budget - slicing.frame
  let at = until
  while (at > from) {
    const { shown } = whole(slicing, slicing.indices[at - 1]!)
    const weight = slicing.weigh(shown)
    if (weight > room) break
    messages.unshift(shown)
    room -= weight
    at--
  }
  if (messages.length === 0 && until > from) return forward(slicing, { at: until - 1, char: 0 }, until)
  return { messages, start: { at, char: 0 }, next: { at: until, char: 0 } }
}

/** The message at `centre` and its neighbours, widening evenly; `char` is where a centre that is too long is shown from. */
export const around = (slicing: Slicing, centre: number, char: number, from: number, until: number): Window => {
  const middle = whole(slicing, slicing.indices[centre]!).shown
  let room = slicing.budget - slicing.frame - slicing.weigh(middle)
  if (room < 0) {
    const within = char < visibleLength(slicing, slicing.indices[centre]!) ? char : 0
    return forward(slicing, { at: centre, char: within }, centre + 1)
  }
  const messages: Array<MessageView> = [middle]
  let low = centre
  let high = centre + 1
  let below = low > from
  let above = high < until
  const take = (at: number): MessageView | null => {
    const { shown } = whole(slicing, slicing.indices[at]!)
    const weight = slicing.weigh(shown)
    if (weight > room) return null
    room -= weight
    return shown
  }
  while (below || above) {
    if (above) {
      const shown = take(high)
      if (shown === null) above = false
      else {
        messages.push(shown)
        above = ++high < until
      }
    }
    if (below) {
      const shown = take(low - 1)
      if (shown === null) below = false
      else {
        messages.unshift(shown)
        below = --low > from
      }
    }
  }
  return { messages, start: { at: low, char: 0 }, next: { at: high, char: 0 } }
}

/** Where the greedy pages of the whole slicing begin; empty for a slicing without messages. */
export const pageStarts = (slicing: Slicing): ReadonlyArray<Position> => {
  const starts: Array<Position> = []
  const end = slicing.indices.length
  let position: Position = { at: 0, char: 0 }
  while (position.at < end) {
    starts.push(position)
    const { next } = forward(slicing, position, end)
    // A budget in which not one character fits has no further pages.
    if (next.at === position.at && next.char === position.char) break
    position = next
  }
  return starts
}
