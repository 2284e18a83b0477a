import { align, type Numbered, type Step, steps } from "../../domain/diff/align.ts"
import type { Difference, Differences, ReadCursor } from "../../domain/results.ts"
import { forward, type Slicing } from "../../domain/slice.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { type MessageView, viewMessage } from "../../domain/view.ts"
import type { DifferencesRequest } from "../../services/Sessions.ts"

interface Sides {
  readonly a: Transcript
  readonly b: Transcript
}

const whole = (sides: Sides, step: Step, number: number, request: DifferencesRequest): Difference => {
  if (step.side === "same") {
    const { count } = step
    return {
      number,
      side: "same",
      a: { from: step.a, to: step.a + count - 1 },
      b: { from: step.b, to: step.b + count - 1 }
    }
  }
  const transcript = sides[step.side]
  const message = viewMessage(transcript.message(step.index), transcript.tokens(step.index), request.view, false)
  return { number, side: step.side, message }
}

/** As much of a message as fits; null where not one character does. */
const piece = (
  sides: Sides,
  step: Step,
  number: number,
  request: DifferencesRequest,
  room: number
): Difference | null => {
  if (step.side === "same") return null
  const { side } = step
  const slicing: Slicing = {
    transcript: sides[side],
    view: request.view,
    indices: [step.index],
    isExempt: () => false,
    budget: room,
    weigh: (message: MessageView) => request.printing.weigh({ number, side, message }),
    frame: 0
  }
  const [message] = forward(slicing, { at: 0, char: 0 }, 1).messages
  return message === undefined ? null : { number, side, message }
}

/** The steps from `after` on that fit the budget; only the messages of those are read. */
export const differencesOf = (
  sides: Sides,
  numbered: Numbered,
  from: number,
  request: DifferencesRequest,
  command: (words: ReadonlyArray<string>) => string
): Differences => {
  const alignment = align(numbered, from)
  const shown: Array<Difference> = []
  let room = request.tokens - request.printing.frame
  let total = 0
  let isFull = false
  for (const step of steps(numbered, from, alignment)) {
    total++
    if (isFull || total <= request.after) continue
    const difference = whole(sides, step, total, request)
    const weight = request.printing.weigh(difference)
    if (weight <= room) {
      shown.push(difference)
      room -= weight
      continue
    }
    isFull = true
    const part = shown.length === 0 ? piece(sides, step, total, request, room) : null
    if (part !== null) shown.push(part)
  }
  const last = shown.at(-1)?.number ?? Math.min(request.after, isFull ? total - 1 : total)
  const cursor = (after: number): ReadCursor => ({
    command: command(after === 0 ? [] : ["--after", String(after)]),
    after,
    tokens: request.tokens
  })
  return {
    total,
    shown,
    tokenBudget: request.tokens,
    isPartial: last < total || shown.some((one) => one.side !== "same" && one.message.nextChar !== null),
    returnedTokens: request.printing.total(shown),
    isExact: alignment.isExact,
    cursor: {
      // A budget in which not one character fits goes nowhere.
      next: last < total && shown.length > 0 ? cursor(last) : null,
      prev: null,
      first: request.after > 0 ? cursor(0) : null
    }
  }
}
