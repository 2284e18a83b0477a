import { jsonText } from "./json.ts"
import { weighText } from "../domain/tokens.ts"
import type { MessageView } from "../domain/view.ts"
import type { OutputFormat } from "../domain/output.ts"
import { textMessage } from "./text-message.ts"
import { snakeKeys } from "./version-2.ts"
import { wireMessage } from "./wire-message.ts"

/** How `messages` will look in the answer, for the budget: see `Printing` of the Sessions service. */
export interface MessagePrinting {
  readonly name: string
  readonly weigh: (message: MessageView) => number
  readonly frame: number
  readonly total: (messages: ReadonlyArray<MessageView>) => number
}

const wireFor = (apiVersion: 1 | 2) => (message: MessageView) =>
  apiVersion === 1 ? wireMessage(message) : snakeKeys(wireMessage(message))

/** The indentation that `messages` has in an envelope: one level in version 1, two in version 2. */
const arrayText = (messages: ReadonlyArray<unknown>, apiVersion: 1 | 2): string => {
  const indented = jsonText(apiVersion === 1 ? { messages } : { result: { messages } }, 2)
  return indented.slice(indented.indexOf("["), indented.lastIndexOf("]") + 1)
}

/** A message with its indentation and the comma and line end that follow it in the array. */
const pieceText = (message: unknown, apiVersion: 1 | 2): string => {
  const array = arrayText([message], apiVersion)
  return `${array.slice(1, array.lastIndexOf("\n"))},`
}

/** The messages as every format prints them, weighed with the estimator. */
export const messagePrinting = (format: OutputFormat, apiVersion: 1 | 2): MessagePrinting => {
  const wire = wireFor(apiVersion)
  const name = `${format}/${apiVersion}`
  if (format === "json") {
    return {
      name,
      weigh: (message) => weighText(pieceText(wire(message), apiVersion)),
      frame: weighText("[\n  ]"),
      total: (messages) => Math.ceil(weighText(arrayText(messages.map(wire), apiVersion)))
    }
  }
  const line =
    format === "jsonl"
      ? (message: MessageView) => `${jsonText({ type: "message", ...(wire(message) as object) })}\n`
      : (message: MessageView) => textMessage(message)
  const weigh = (message: MessageView) => weighText(line(message))
  return {
    name,
    weigh,
    frame: 0,
    total: (messages) => Math.ceil(messages.reduce((sum, message) => sum + weigh(message), 0))
  }
}
