import type { Block, Message } from "./message.ts"
import { toolUseText } from "./message.ts"
import { cutText } from "./text.ts"

export const presets = ["minimal", "standard", "verbose", "full"] as const
export type Preset = (typeof presets)[number]

export const details = ["full", "condensed", "skeleton", "meta"] as const
export type Detail = (typeof details)[number]

/** How much of a message is shown; characters, Infinity for all. */
export interface View {
  /** What the caller asked for, by name. */
  readonly preset: Preset
  readonly detail: Detail | null
  readonly text: number
  readonly toolInput: number
  readonly toolResult: number
  /** 0 hides thinking. */
  readonly thinking: number
  /** Whether tool_use and tool_result messages are shown at all. */
  readonly tools: boolean
  /** False shows no content of any kind. */
  readonly content: boolean
}

const all = Number.POSITIVE_INFINITY

const limits: { readonly [K in Preset]: Omit<View, "preset" | "detail"> } = {
  minimal: { text: 80, toolInput: 0, toolResult: 0, thinking: 0, tools: false, content: true },
  standard: { text: 500, toolInput: 60, toolResult: 80, thinking: 0, tools: true, content: true },
  verbose: { text: 2000, toolInput: 200, toolResult: 500, thinking: 200, tools: true, content: true },
  full: { text: all, toolInput: all, toolResult: all, thinking: all, tools: true, content: true }
}

/**
 * The view of a preset or, stronger, of a detail. In JSON the text of a message is whole under `verbose` and `full`;
 * in text output every limit holds.
 */
export const makeView = (preset: Preset, detail: Detail | null, json: boolean): View => {
  const base = limits[detail === "condensed" ? "standard" : detail === "full" ? "full" : preset]
  const view: View = { ...base, preset, detail }
  if (detail === "skeleton") return { ...view, text: 60, toolInput: 60, toolResult: 60, thinking: 0, tools: true }
  if (detail === "meta")
    return { ...view, text: 0, toolInput: 0, toolResult: 0, thinking: 0, tools: true, content: false }
  return json && base.text === limits.verbose.text ? { ...view, text: all } : view
}

/** A block as shown. A payload that did not fit its limit is replaced by its beginning and its length. */
export type BlockView =
  | { readonly type: "thinking"; readonly text: string; readonly textChars: number | null }
  | {
      readonly type: "tool_use"
      readonly id: string | null
      readonly name: string
      readonly input: { readonly whole: unknown } | { readonly preview: string; readonly chars: number } | null
    }
  | { readonly type: "tool_result"; readonly toolUseId: string | null; readonly isError: boolean }
  | {
      readonly type: "attachment"
      readonly kind: string
      readonly mediaType: string | null
      readonly bytes: number | null
    }

/** A message as shown. */
export interface MessageView {
  readonly index: number
  readonly role: Message["role"]
  readonly time: number | null
  /** Estimated tokens of the whole message, shown or not; null in the leanest form. */
  readonly tokens: number | null
  /** Null where the view shows no content. */
  readonly content: string | null
  readonly blocks: ReadonlyArray<BlockView>
  /** The tool's name, where content is not shown. */
  readonly tool: string | null
  /** Whether something of the text is not in `content`, or something else was left out for want of room. */
  readonly isCut: boolean
  /** Length of the whole text in UTF-16 units, where `content` is not all of it; null where it is, or in a lean form. */
  readonly contentChars: number | null
  /** Offset at which a piece cut by the budget goes on; null for one that does not. */
  readonly nextChar: number | null
}

/** The part of a message's text that a view shows: the text up to the view's limit for that role. */
export const visibleText = (message: Message, view: View, exempt: boolean): string => {
  if (!view.content) return ""
  if (exempt) return message.text
  if (message.role === "tool_use") {
    const call = message.blocks.find((block) => block.type === "tool_use")
    const name = call?.name.length ?? 0
    return cutText(message.text, view.toolInput === 0 ? name : name + 1 + view.toolInput)
  }
  return cutText(message.text, message.role === "tool_result" ? view.toolResult : view.text)
}

const viewBlock = (block: Block, view: View): BlockView | null => {
  if (block.type === "thinking") {
    if (view.thinking === 0 || block.text === "") return null
    const text = cutText(block.text, view.thinking)
    return { type: "thinking", text, textChars: text.length < block.text.length ? block.text.length : null }
  }
  if (block.type !== "tool_use") return block
  const text = toolUseText(block.name, block.input).slice(block.name.length + 1)
  if (text.length <= view.toolInput) return { ...block, input: { whole: block.input } }
  return { ...block, input: { preview: cutText(text, view.toolInput), chars: text.length } }
}

/**
 * A message under a view. `exempt` messages (the leading prompts, the last answer) keep their whole text.
 *
 * A tool call's content is its name alone: its input is in the block, verbatim, or its beginning where it is too long.
 */
export const viewMessage = (message: Message, tokens: number, view: View, exempt: boolean): MessageView => {
  const shape = { index: message.index, role: message.role, time: message.time, tokens, nextChar: null }
  const call = message.blocks.find((block) => block.type === "tool_use")
  if (!view.content)
    return { ...shape, content: null, blocks: [], tool: call?.name ?? null, isCut: false, contentChars: null }
  const blocks = message.blocks.map((block) => viewBlock(block, view)).filter((block) => block !== null)
  if (call !== undefined) return { ...shape, content: call.name, blocks, tool: null, isCut: false, contentChars: null }
  const content = visibleText(message, view, exempt)
  return {
    ...shape,
    content,
    blocks,
    tool: null,
    isCut: content.length < message.text.length,
    contentChars: content.length < message.text.length ? message.text.length : null
  }
}

/**
 * How much of what surrounds a piece is left out, so that even a tiny budget holds a character: 0 nothing, 1 its time
 * and token estimate, 2 also the length of the whole, 3 also the word that it is cut, which `nextChar` says too.
 * A piece that is all there is to the message is not cut.
 */
export type Leanness = 0 | 1 | 2 | 3

/** A piece of a message's visible text from `start` to `end`, for a message that does not fit the budget whole. */
export const viewPiece = (
  message: Message,
  tokens: number | null,
  visible: string,
  start: number,
  end: number,
  lean: Leanness
): MessageView => {
  const isAll = start === 0 && end === message.text.length && message.blocks.length === 0
  return {
    index: message.index,
    role: message.role,
    time: lean > 0 ? null : message.time,
    tokens: lean > 0 ? null : tokens,
    content: visible.slice(start, end),
    blocks: [],
    tool: null,
    isCut: lean < 3 && !isAll,
    contentChars: lean > 1 || isAll ? null : message.text.length,
    nextChar: end < visible.length ? end : null
  }
}

/** A message that has no text to show, without what surrounds it: for a budget that even that is too large for. */
export const viewBare = (shown: MessageView, lean: Leanness): MessageView => ({
  ...shown,
  time: null,
  tokens: null,
  blocks: [],
  tool: lean > 1 ? null : shown.tool,
  isCut: lean > 1 || shown.blocks.length > 0
})
