import type { MessageView } from "../view.ts"
import type { Action, Warning } from "./common.ts"

/** How a context is given: with messages, without them, or as one Markdown text. */
export const contextFormats = ["messages", "summary", "markdown"] as const

export type ContextFormat = (typeof contextFormats)[number]

/** Something left to do. `index` is the message that said so last. */
export interface Todo {
  readonly index: number
  readonly status: "pending" | "in_progress"
  readonly text: string
  /** `tool`: the list that the agent keeps with a tool; `text`: an unchecked box in its last answer. */
  readonly from: "tool" | "text"
}

/** A sentence of the assistant that reads like a decision: see `domain/context/decisions.ts` for what counts. */
export interface Decision {
  readonly index: number
  readonly kind: "decided" | "over" | "proposed"
  readonly text: string
}

/** A command line that was run. `index` is the message of the call. */
export interface CommandRun {
  readonly index: number
  readonly tool: string
  readonly command: string
  /** Length of the whole command line in UTF-16 units where `command` is only its beginning; else null. */
  readonly commandChars: number | null
  /** Null where no result was recorded: it still runs, or was interrupted. */
  readonly failed: boolean | null
  /** As the tool says it; null where it does not. */
  readonly exitCode: number | null
  /** The end of what a command printed that failed, on one line. */
  readonly outputEnd: string | null
}

export interface ContextSession {
  readonly id: string
  readonly source: string
  readonly sourceName: string
  readonly title: string | null
  readonly model: string | null
  readonly cwd: string | null
  readonly gitBranch: string | null
  readonly parentId: string | null
  readonly forkedFrom: string | null
  readonly createdAt: number | null
  readonly updatedAt: number
  readonly totalMessages: number
  readonly totalTokens: number
}

/** What there is besides the conversation between the task and the latest exchange. */
export interface ContextSummary {
  /** The first request; null where nobody asked for anything. */
  readonly task: MessageView | null
  /** The last request, if it is not the task, and what was answered to it; `requestIndex` also where it is the task. */
  readonly latestExchange: { readonly requestIndex: number | null; readonly messages: ReadonlyArray<MessageView> }
  readonly todos: ReadonlyArray<Todo>
  readonly decisions: ReadonlyArray<Decision>
  readonly files: ReadonlyArray<string>
  readonly commands: ReadonlyArray<CommandRun>
}

/** What had no room: numbers of items; messages also count in `messages` where only a part of one is shown. */
export interface ContextOmitted {
  readonly messages: number
  readonly todos: number
  readonly decisions: number
  readonly files: number
  readonly commands: number
}

/** What the budget is for, and what it is not: `session` and `omitted` are only part of the Markdown text. */
export interface ContextBody {
  readonly session: ContextSession
  /** The name of the tool that the context is for; null where none was named. */
  readonly target: string | null
  /** Null where the budget does not hold even an empty one. */
  readonly summary: ContextSummary | null
  /** Messages between the task and the latest exchange, the newest that fit, oldest first. */
  readonly messages: ReadonlyArray<MessageView>
  readonly omitted: ContextOmitted
  /** Shell calls of the whole session, and those that failed. */
  readonly commandCount: { readonly total: number; readonly failed: number }
}

/** A way to hand the context to another agent: a line for a POSIX shell. */
export interface HandOver {
  readonly command: string
  readonly description: string
  /** The tool that carries on; null where any can. */
  readonly targetSource: string | null
  /** Whether the tool's program was found on PATH and the directory exists. */
  readonly verified: boolean
}

export interface ContextResult {
  readonly _tag: "context"
  readonly format: ContextFormat
  readonly targetSource: string | null
  readonly body: ContextBody
  readonly tokenBudget: number
  /** Estimated tokens of what the budget is for, as printed. */
  readonly returnedTokens: number
  readonly partial: boolean
  readonly handOver: ReadonlyArray<HandOver>
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}
