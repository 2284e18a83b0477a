import type { CommandRun, ContextBody, ContextSession, ContextSummary, Decision, Todo } from "../results/context.ts"
import { backward, forward, type Slicing } from "../slice.ts"
import { cutText } from "../text.ts"
import type { Transcript } from "../transcript.ts"
import { makeView, type MessageView, type View } from "../view.ts"
import type { Collected } from "./collect.ts"

/** Something that takes room of its own in a context. */
export type ContextPiece =
  | { readonly kind: "message"; readonly message: MessageView }
  | { readonly kind: "todo"; readonly todo: Todo }
  | { readonly kind: "decision"; readonly decision: Decision }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "command"; readonly command: CommandRun }

/** How a context will be printed, as far as the budget is concerned. */
export interface ContextPrinting {
  /** Whether the conversation is printed besides the summary. */
  readonly withMessages: boolean
  /** Estimated tokens of a piece, not rounded; close to what it adds to the total. */
  readonly weigh: (piece: ContextPiece) => number
  /** Estimated tokens of all that the budget is for, as printed. */
  readonly total: (body: ContextBody) => number
}

export interface Fitted {
  readonly body: ContextBody
  readonly tokens: number
  /** Whether anything had no room. */
  readonly partial: boolean
}

/** Shares of the room that are kept free for the lists and for the task when not everything has room. */
const listShare = 0.3
const taskShare = 0.2
/** Share of the exchange's room that the request may take, so that an answer is left beside a long one. */
const requestShare = 0.4
/** Below so many tokens no part of a message is worth its keys. */
const leastMessage = 60

/** Texts whole; of calls and results what tells them apart. What was thought is for the one who thought it. */
export const contextView: View = { ...makeView("verbose", null, true), thinking: 0 }

type Lists = Pick<ContextSummary, "todos" | "decisions" | "files" | "commands">

/** What is left of a context when nothing fits. */
const emptySummary = (request: number | null): ContextSummary => ({
  task: null,
  latestExchange: { requestIndex: request, messages: [] },
  todos: [],
  decisions: [],
  files: [],
  commands: []
})

/** As many items as fit `room`, from the end where `last` is set; their order stays. */
const take = <A>(items: ReadonlyArray<A>, room: number, weigh: (item: A) => number, last: boolean) => {
  let used = 0
  let n = 0
  while (n < items.length) {
    const weight = weigh(items[last ? items.length - 1 - n : n]!)
    if (used + weight > room) break
    used += weight
    n++
  }
  return { items: last ? items.slice(items.length - n) : items.slice(0, n), used }
}

/** The lists within `room`: each gets an equal part of what those before it left. */
const takeLists = (all: Collected, room: number, weigh: ContextPrinting["weigh"]): { lists: Lists; used: number } => {
  let left = room
  const share = <A>(of: number, items: ReadonlyArray<A>, piece: (item: A) => ContextPiece, last: boolean) => {
    const taken = take(items, left / of, (item) => weigh(piece(item)), last)
    left -= taken.used
    return taken.items
  }
  const todos = share(4, all.todos, (todo) => ({ kind: "todo", todo }), false)
  const decisions = share(3, all.decisions, (decision) => ({ kind: "decision", decision }), true)
  const files = share(2, all.files, (path) => ({ kind: "file", path }), false)
  const commands = share(1, all.commands, (command) => ({ kind: "command", command }), true)
  return { lists: { todos, decisions, files, commands }, used: room - left }
}

/** Half of the last thing that can be cut, or one item less: for when the estimate of the pieces was a little short. */
const less = ({ messages, summary, ...rest }: ContextBody): ContextBody => {
  if (messages.length > 0) return { ...rest, summary, messages: messages.slice(1) }
  if (summary === null) return { ...rest, summary, messages }
  const { commands, decisions, files, latestExchange, task, todos } = summary
  const shorter = (change: Partial<ContextSummary>): ContextBody => ({
    ...rest,
    messages,
    summary: { ...summary, ...change }
  })
  if (commands.length > 0) return shorter({ commands: commands.slice(1) })
  if (decisions.length > 0) return shorter({ decisions: decisions.slice(1) })
  if (files.length > 0) return shorter({ files: files.slice(0, -1) })
  if (todos.length > 0) return shorter({ todos: todos.slice(0, -1) })
  const cut = (message: MessageView): MessageView | null => {
    const content = message.content ?? ""
    const shorterContent = cutText(content, Math.floor(content.length * 0.8))
    if (shorterContent.length < 8) return null
    return {
      ...message,
      content: shorterContent,
      isCut: true,
      contentChars: message.contentChars ?? content.length,
      nextChar: shorterContent.length
    }
  }
  const last = latestExchange.messages.at(-1)
  if (last !== undefined) {
    const kept = latestExchange.messages.slice(0, -1)
    const piece = cut(last)
    return shorter({ latestExchange: { ...latestExchange, messages: piece === null ? kept : [...kept, piece] } })
  }
  return task === null ? { ...rest, messages, summary: null } : shorter({ task: cut(task) })
}

/**
 * Cuts what was collected down to `budget` tokens as printed. What is needed first comes first: the latest exchange and
 * the task, then what is open, decided, changed and run, then the conversation, backwards from the latest exchange. The
 * lists and the task have a share that a long exchange cannot take.
 */
export const fit = (
  transcript: Transcript,
  all: Collected,
  { session, target }: { readonly session: ContextSession; readonly target: string | null },
  budget: number,
  printing: ContextPrinting
): Fitted => {
  const weigh = (message: MessageView) => printing.weigh({ kind: "message", message })
  const slicing = (indices: ArrayLike<number>, room: number): Slicing => ({
    transcript,
    view: contextView,
    indices,
    isExempt: () => false,
    budget: room,
    weigh,
    frame: 0
  })
  const head = (index: number, room: number) => forward(slicing([index], room), { at: 0, char: 0 }, 1).messages
  const sum = (messages: ReadonlyArray<MessageView>) => messages.reduce((tokens, message) => tokens + weigh(message), 0)
  const conversation = printing.withMessages ? all.conversation : new Uint32Array()

  const counted = (summary: ContextSummary | null, messages: ReadonlyArray<MessageView>): ContextBody => ({
    session,
    target,
    summary,
    messages,
    omitted: {
      messages:
        conversation.length -
        messages.length +
        all.exchange.length -
        (summary?.latestExchange.messages.length ?? 0) +
        (all.task === null || summary?.task != null ? 0 : 1),
      todos: all.todos.length - (summary?.todos.length ?? 0),
      decisions: all.decisionsTotal - (summary?.decisions.length ?? 0),
      files: all.files.length - (summary?.files.length ?? 0),
      commands: all.commandsTotal - (summary?.commands.length ?? 0)
    },
    commandCount: { total: all.commandsTotal, failed: all.commandsFailed }
  })

  const summaryWithin = (room: number): ContextSummary => {
    const wholeTask = all.task === null ? [] : head(all.task, Number.POSITIVE_INFINITY)
    const taskWeight = sum(wholeTask)
    const latest = backward(slicing(all.exchange, room), 0, all.exchange.length)
    const isWhole = latest.start.at === 0 && latest.messages.every(({ nextChar }) => nextChar === null)
    const exchangeWeight = isWhole ? sum(latest.messages) : room
    const { lists, used } = takeLists(
      all,
      Math.max(room * listShare, room - taskWeight - exchangeWeight),
      printing.weigh
    )
    const taskRoom = Math.max(room * taskShare, room - used - exchangeWeight)
    const task = taskWeight <= taskRoom ? wholeTask : head(all.task!, taskRoom)
    const left = room - used - sum(task)
    const exchangeOf = (): ReadonlyArray<MessageView> => {
      if (isWhole && exchangeWeight <= left) return latest.messages
      if (all.exchange[0] !== all.request) return backward(slicing(all.exchange, left), 0, all.exchange.length).messages
      const answers = all.exchange.slice(1)
      const request = head(all.exchange[0]!, answers.length === 0 ? left : left * requestShare)
      return [...request, ...backward(slicing(answers, left - sum(request)), 0, answers.length).messages]
    }
    return {
      task: task[0] ?? null,
      latestExchange: { requestIndex: all.request, messages: exchangeOf() },
      ...lists
    }
  }

  const skeleton = counted(emptySummary(all.request), [])
  const room = budget - printing.total(skeleton)
  const summary = room < 0 ? null : summaryWithin(room)
  let body = counted(summary, [])
  const left = budget - printing.total(body)
  if (summary !== null && left >= leastMessage && conversation.length > 0) {
    body = counted(summary, backward(slicing(conversation, left), 0, conversation.length).messages)
  }
  while (printing.total(body) > budget && (body.summary !== null || body.messages.length > 0)) {
    const smaller = less(body)
    body = counted(smaller.summary, smaller.messages)
  }
  const shown = [
    ...(body.summary?.task == null ? [] : [body.summary.task]),
    ...(body.summary?.latestExchange.messages ?? []),
    ...body.messages
  ]
  const partial = Object.values(body.omitted).some((n) => n > 0) || shown.some(({ nextChar }) => nextChar !== null)
  return { body, tokens: printing.total(body), partial }
}
