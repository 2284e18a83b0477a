import type { ContextPiece, ContextPrinting } from "../domain/context/fit.ts"
import type { ApiVersion, OutputFormat } from "../domain/output.ts"
import type { ContextFormat } from "../domain/results/context.ts"
import { weighText } from "../domain/tokens.ts"
import {
  contextMarkdown,
  markdownCommand,
  markdownDecision,
  markdownFile,
  markdownMessage,
  markdownTodo
} from "./context-markdown.ts"
import { jsonText } from "./json.ts"
import { messagePrinting } from "./printing.ts"
import { snakeKeys } from "./version-2.ts"
import { wireCommand, wireDecision, wireSummary, wireTodo } from "./wire-context.ts"
import { wireMessage } from "./wire-message.ts"

const markdownPiece = (piece: ContextPiece): string => {
  switch (piece.kind) {
    case "message":
      return markdownMessage(piece.message)
    case "todo":
      return markdownTodo(piece.todo)
    case "decision":
      return markdownDecision(piece.decision)
    case "file":
      return markdownFile(piece.path)
    case "command":
      return markdownCommand(piece.command)
  }
}

const wirePiece = (piece: ContextPiece): unknown => {
  switch (piece.kind) {
    case "message":
      return wireMessage(piece.message)
    case "todo":
      return wireTodo(piece.todo)
    case "decision":
      return wireDecision(piece.decision)
    case "file":
      return piece.path
    case "command":
      return wireCommand(piece.command)
  }
}

/** A value as it is indented below a key of the envelope: version 2 has one level more. */
const indented = (key: string, value: unknown, apiVersion: ApiVersion): string => {
  const text = jsonText(apiVersion === 1 ? { [key]: value } : { result: { [key]: value } }, 2)
  return text.slice(text.indexOf(`"${key}": `) + key.length + 4, apiVersion === 1 ? -2 : -6)
}

/**
 * What a context weighs. The budget is for the summary and the messages, or for the Markdown text; in text output, which
 * is always that text, for all of it.
 */
export const contextPrinting = (
  output: OutputFormat,
  apiVersion: ApiVersion,
  format: ContextFormat
): ContextPrinting => {
  const withMessages = format !== "summary"
  if (output === "text" || output === "table" || format === "markdown") {
    const printed =
      output === "text" || output === "table" ? (text: string) => text : (text: string) => jsonText(text).slice(1, -1)
    return {
      withMessages,
      weigh: (piece) => weighText(printed(markdownPiece(piece))),
      total: (body) => Math.ceil(weighText(printed(contextMarkdown(body))))
    }
  }
  const keyed = (value: unknown) => (apiVersion === 1 ? value : snakeKeys(value))
  const messages = messagePrinting(output, apiVersion)
  const one = output === "json"
  const text = (key: string, value: unknown) => (one ? indented(key, keyed(value), apiVersion) : jsonText(keyed(value)))
  return {
    withMessages,
    // Within the summary a piece is indented deeper than in an array of the root.
    weigh: (piece) => weighText(`${text("pieces", [wirePiece(piece)]).slice(1, -1)},`) + (one ? 1 : 0),
    total: ({ messages: shown, summary }) =>
      Math.ceil(weighText(text("summary", summary === null ? null : wireSummary(summary)))) +
      (withMessages ? messages.total(shown) : 0)
  }
}
