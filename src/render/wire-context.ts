import type { CommandRun, ContextSummary, Decision, Todo } from "../domain/results/context.ts"
import type { ContextSummary as SummarySchema } from "../schemas/context.ts"
import type { Shape } from "./answers/common.ts"
import { wireMessage } from "./wire-message.ts"

type Wire = Shape<typeof SummarySchema>

export const wireTodo = ({ from, index, status, text }: Todo): Wire["todos"][number] => ({ index, status, text, from })

export const wireDecision = ({ index, kind, text }: Decision): Wire["decisions"][number] => ({ index, kind, text })

export const wireCommand = (run: CommandRun): Wire["commands"][number] => ({
  index: run.index,
  tool: run.tool,
  command: run.command,
  ...(run.commandChars === null ? {} : { truncated: true as const, command_chars: run.commandChars }),
  failed: run.failed,
  exit_code: run.exitCode,
  ...(run.outputEnd === null ? {} : { output_end: run.outputEnd })
})

/** The summary of a context as it is printed in version 1. */
export const wireSummary = (summary: ContextSummary): Wire => ({
  task: summary.task === null ? null : wireMessage(summary.task),
  latest_exchange: {
    request_index: summary.latestExchange.requestIndex,
    messages: summary.latestExchange.messages.map(wireMessage)
  },
  todos: summary.todos.map(wireTodo),
  decisions: summary.decisions.map(wireDecision),
  files: summary.files,
  commands: summary.commands.map(wireCommand)
})
