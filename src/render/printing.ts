import { jsonText } from "./json.ts"
import { weighText } from "../domain/tokens.ts"
import type { MessageView } from "../domain/view.ts"
import type { OutputFormat } from "../domain/output.ts"
import { textMessage } from "./text-message.ts"
import { snakeKeys } from "./version-2.ts"
import { wireMessage } from "./wire-message.ts"

/** How the items of an answer will look in it, for the budget. */
export interface ItemsPrinting<A> {
  /** Estimated tokens of one item in the array, not rounded. */
  readonly weigh: (item: A) => number
  /** Estimated tokens of the array without an item. */
  readonly frame: number
  /** Estimated tokens of the array as printed. */
  readonly total: (items: ReadonlyArray<A>) => number
}

/** How `messages` will look in the answer, for the budget: see `Printing` of the Sessions service. */
export interface MessagePrinting extends ItemsPrinting<MessageView> {
  readonly name: string
}

/** The indentation that an array has in an envelope: one level in version 1, two in version 2. */
const arrayText = (items: ReadonlyArray<unknown>, apiVersion: 1 | 2): string => {
  const indented = jsonText(apiVersion === 1 ? { items } : { result: { items } }, 2)
  return indented.slice(indented.indexOf("["), indented.lastIndexOf("]") + 1)
}

/** An item with its indentation and the comma and line end that follow it in the array. */
const pieceText = (item: unknown, apiVersion: 1 | 2): string => {
  const array = arrayText([item], apiVersion)
  return `${array.slice(1, array.lastIndexOf("\n"))},`
}

/** The items as every format prints them, weighed with the estimator; `type` is that of their lines in JSONL. */
export const itemsPrinting = <A>(
  format: OutputFormat,
  apiVersion: 1 | 2,
  type: string,
  wireOf: (item: A) => unknown,
  textOf: (item: A) => string
): ItemsPrinting<A> => {
  const wire = (item: A) => (apiVersion === 1 ? wireOf(item) : snakeKeys(wireOf(item)))
  if (format === "json") {
    return {
      weigh: (item) => weighText(pieceText(wire(item), apiVersion)),
      frame: weighText("[\n  ]"),
      total: (items) => Math.ceil(weighText(arrayText(items.map(wire), apiVersion)))
    }
  }
  const line =
    format === "jsonl" ? (item: A) => `${jsonText({ type, ...(wire(item) as object) })}\n` : (item: A) => textOf(item)
  const weigh = (item: A) => weighText(line(item))
  return { weigh, frame: 0, total: (items) => Math.ceil(items.reduce((sum, item) => sum + weigh(item), 0)) }
}

/** The messages as every format prints them, weighed with the estimator. */
export const messagePrinting = (format: OutputFormat, apiVersion: 1 | 2): MessagePrinting => ({
  name: `${format}/${apiVersion}`,
  ...itemsPrinting<MessageView>(format, apiVersion, "message", wireMessage, (message) => textMessage(message))
})
