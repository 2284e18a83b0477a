import type { CommandRun, Decision, Todo } from "../results/context.ts"
import { cutText, oneLine } from "../text.ts"
import type { Transcript } from "../transcript.ts"
import { decisionsIn } from "./decisions.ts"
import { commandLineOf, exitCodeOf, isShellTool } from "./shell-calls.ts"
import { isTodoTool, TodoList, uncheckedIn } from "./todos.ts"

/** What is asked of a transcript. */
export interface Collecting {
  readonly includeSystem: boolean
  readonly includeTools: boolean
  /** Commands and decisions kept, the last ones: no more could be printed. */
  readonly keep: number
}

/** What a context is made of, before anything is cut. Indices are those of the transcript. */
export interface Collected {
  readonly task: number | null
  readonly request: number | null
  /** The latest request, unless it is the task, and the answers to it. */
  readonly exchange: ReadonlyArray<number>
  /** Everything else that may be shown, ascending. */
  readonly conversation: Uint32Array
  readonly todos: ReadonlyArray<Todo>
  readonly decisions: ReadonlyArray<Decision>
  readonly decisionsTotal: number
  readonly commands: ReadonlyArray<CommandRun>
  readonly commandsTotal: number
  readonly commandsFailed: number
  readonly files: ReadonlyArray<string>
}

/** UTF-16 units of a command line and of the end of an output. */
const longestCommand = 400
const outputTail = 200

/** A message of the user that asks for something: not the wrapper around a command that the user ran in a shell. */
const isRequest = (transcript: Transcript, index: number): boolean => {
  if (transcript.role(index) !== "user") return false
  const { blocks, text } = transcript.message(index)
  return (text.trim() !== "" && !/^\s*<bash-input>/.test(text)) || blocks.some(({ type }) => type === "attachment")
}

const firstRequest = (transcript: Transcript): number | null => {
  for (let index = 1; index <= transcript.count; index++) if (isRequest(transcript, index)) return index
  return null
}

const lastRequest = (transcript: Transcript): number | null => {
  for (let index = transcript.count; index >= 1; index--) if (isRequest(transcript, index)) return index
  return null
}

/** Whether there is anything to show: thinking alone is not shown. */
const saysSomething = (transcript: Transcript, index: number): boolean =>
  transcript.chars(index) > 0 || transcript.message(index).blocks.some(({ type }) => type === "attachment")

/** Where the results of these calls are, by the call's index. Hashes are compared, ids by who reads the messages. */
const resultsOf = (transcript: Transcript, calls: ReadonlyArray<number>): ReadonlyMap<number, number> => {
  const wanted = new Map<number, number>()
  for (const index of calls) if (transcript.call(index) !== 0) wanted.set(transcript.call(index), index)
  const found = new Map<number, number>()
  for (let index = 1; index <= transcript.count; index++) {
    if (transcript.role(index) !== "tool_result") continue
    const call = wanted.get(transcript.call(index))
    if (call !== undefined && index > call && !found.has(call)) found.set(call, index)
  }
  return found
}

interface Call {
  readonly name: string
  readonly input: unknown
  /** Null where no result of this very call was recorded. */
  readonly result: { readonly text: string; readonly isError: boolean } | null
}

const callAt = (transcript: Transcript, index: number, resultIndex: number | undefined): Call | null => {
  const call = transcript.message(index).blocks.find((block) => block.type === "tool_use")
  if (call === undefined) return null
  const message = resultIndex === undefined ? undefined : transcript.message(resultIndex)
  const block = message?.blocks.find((one) => one.type === "tool_result")
  const result =
    message === undefined || block === undefined || block.toolUseId !== call.id
      ? null
      : { text: message.text, isError: block.isError }
  return { name: call.name, input: call.input, result }
}

const commandRun = (index: number, call: Call): CommandRun | null => {
  const line = commandLineOf(call.input)
  if (line === null) return null
  const command = cutText(line.trim(), longestCommand)
  const exitCode = call.result === null ? null : exitCodeOf(call.result.text)
  const failed = call.result === null ? null : call.result.isError || (exitCode !== null && exitCode !== 0)
  const end = failed === true ? call.result!.text.slice(-4 * outputTail).trim() : ""
  return {
    index,
    tool: call.name,
    command,
    commandChars: command.length < line.trim().length ? line.trim().length : null,
    failed,
    exitCode,
    outputEnd: end === "" ? null : oneLine(cutText(end.slice(-outputTail), outputTail), outputTail)
  }
}

const commandsOf = (transcript: Transcript, calls: ReadonlyArray<number>, keep: number) => {
  const results = resultsOf(transcript, calls)
  const early = calls.slice(0, Math.max(0, calls.length - keep))
  const failedEarly = early.filter((index) => {
    const result = results.get(index)
    return result !== undefined && transcript.isError(result)
  }).length
  const commands = calls.slice(early.length).flatMap((index) => {
    const call = callAt(transcript, index, results.get(index))
    return (call === null ? null : commandRun(index, call)) ?? []
  })
  return {
    commands,
    total: early.length + commands.length,
    failed: failedEarly + commands.filter((command) => command.failed === true).length
  }
}

const todosOf = (transcript: Transcript, calls: ReadonlyArray<number>): ReadonlyArray<Todo> => {
  const results = resultsOf(transcript, calls)
  const read = (index: number) => callAt(transcript, index, results.get(index))
  const counts = (call: Call | null): call is Call => call !== null && call.result?.isError !== true
  // Only what came after the last list that was written whole matters.
  let start = calls.length
  while (start > 0) {
    const call = read(calls[--start]!)
    if (counts(call) && TodoList.replaces(call.name, call.input)) break
  }
  const list = new TodoList()
  for (const index of calls.slice(start)) {
    const call = read(index)
    if (counts(call)) list.apply(call.name, call.input, call.result?.text ?? null, index)
  }
  return list.open
}

const decisionsOf = (transcript: Transcript, keep: number) => {
  const said = new Map<string, Decision>()
  let total = 0
  for (let index = 1; index <= transcript.count; index++) {
    if (transcript.role(index) !== "assistant" || transcript.chars(index) === 0) continue
    for (const decision of decisionsIn(transcript.message(index).text)) {
      // Said again, it is the same decision, where it was said last.
      if (!said.delete(decision.text)) total++
      said.set(decision.text, { index, ...decision })
      if (said.size > keep) said.delete(said.keys().next().value!)
    }
  }
  return { decisions: Array.from(said.values()), total }
}

/** Goes through a transcript and gathers what another agent needs. Reads only the messages that can matter. */
export const collect = (transcript: Transcript, { includeSystem, includeTools, keep }: Collecting): Collected => {
  const task = firstRequest(transcript)
  const request = lastRequest(transcript)
  const exchange: Array<number> = request === null || request === task ? [] : [request]
  const conversation = new Uint32Array(transcript.count)
  const shellCalls: Array<number> = []
  const todoCalls: Array<number> = []
  let lastAnswer: number | null = null
  let kept = 0
  for (let index = 1; index <= transcript.count; index++) {
    const role = transcript.role(index)
    const tool = role === "tool_use" ? (transcript.toolName(index) ?? "") : ""
    if (isShellTool(tool)) shellCalls.push(index)
    if (isTodoTool(tool)) todoCalls.push(index)
    const isTool = role === "tool_use" || role === "tool_result"
    if (index === task || index === request || (isTool && !includeTools) || (role === "system" && !includeSystem))
      continue
    if (!isTool && !saysSomething(transcript, index)) continue
    if (role === "assistant") lastAnswer = index
    if (role === "assistant" && request !== null && index > request) exchange.push(index)
    else conversation[kept++] = index
  }
  const shown = conversation.subarray(0, kept)
  // Where nobody asked, the last that was said is what there is to go on from.
  const alone = request === null && lastAnswer !== null ? lastAnswer : null
  const boxes = lastAnswer === null ? [] : uncheckedIn(transcript.message(lastAnswer).text, lastAnswer)
  const todos = todosOf(transcript, todoCalls)
  const { decisions, total } = decisionsOf(transcript, keep)
  const run = commandsOf(transcript, shellCalls, keep)
  return {
    task,
    request,
    exchange: alone === null ? exchange : [alone],
    conversation: alone === null ? shown : shown.filter((index) => index !== alone),
    todos: [...todos, ...boxes.filter(({ text }) => !todos.some((todo) => todo.text === text))],
    decisions,
    decisionsTotal: total,
    commands: run.commands,
    commandsTotal: run.total,
    commandsFailed: run.failed,
    files: transcript.facts.filesModified
  }
}
