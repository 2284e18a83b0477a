import type { ApiVersion, OutputFormat } from "../domain/output.ts"
import type { Difference } from "../domain/results/diff.ts"
import type { Difference as DifferenceSchema } from "../schemas/diff.ts"
import type { Shape } from "./answers/common.ts"
import { type ItemsPrinting, itemsPrinting } from "./printing.ts"
import { makePaint, type Paint } from "./terminal.ts"
import { textMessage } from "./text-message.ts"
import { wireMessage } from "./wire-message.ts"

/** A step between two sessions as it is printed in version 1. */
export const wireDifference = (difference: Difference): Shape<typeof DifferenceSchema> =>
  difference.side === "same"
    ? { number: difference.number, side: "same", a: difference.a, b: difference.b }
    : { number: difference.number, side: difference.side, message: wireMessage(difference.message) }

const range = ({ from, to }: { from: number; to: number }): string => (from === to ? `[${from}]` : `[${from}-${to}]`)

/** A step as people read it: `-` for what only a has, `+` for what only b has. */
export const textDifference = (difference: Difference, paint: Paint = makePaint(false)): string => {
  if (difference.side === "same") {
    const count = difference.a.to - difference.a.from + 1
    return paint.dim(`= a ${range(difference.a)}, b ${range(difference.b)}: ${count} the same`) + "\n\n"
  }
  return `${difference.side === "a" ? "-" : "+"} ${difference.side} ${textMessage(difference.message, paint)}`
}

/** What steps weigh as printed, for the budget. */
export const differencePrinting = (format: OutputFormat, apiVersion: ApiVersion): ItemsPrinting<Difference> =>
  itemsPrinting(format, apiVersion, "difference", wireDifference, (difference: Difference) =>
    textDifference(difference)
  )
