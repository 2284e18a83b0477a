import type { ReadResult, UpgradeOption } from "../../domain/results.ts"
import type { Slicing, Window } from "../../domain/slice.ts"
import { makeView, type Preset, presets, viewMessage } from "../../domain/view.ts"

/** What the presets above would show of the same messages, what that costs, and whether it fits. */
const upgrades = (
  slicing: Slicing,
  window: Window,
  command: (preset: Preset) => string
): ReadonlyArray<UpgradeOption> => {
  const { transcript, view } = slicing
  const above = presets.slice(view.content ? presets.indexOf(view.preset) + 1 : 0)
  const whole = Number.isFinite(view.text)
  return above.map((preset) => {
    const richer = makeView(preset, null, !whole || preset === "full")
    let tokens = slicing.frame
    for (const { index } of window.messages) {
      const shown = viewMessage(transcript.message(index), transcript.tokens(index), richer, slicing.isExempt(index))
      tokens += slicing.weigh(shown)
    }
    const estimatedTokens = Math.ceil(tokens)
    return { preset, estimatedTokens, willFit: estimatedTokens <= slicing.budget, command: command(preset) }
  })
}

/** What the view held back of the messages in the window. */
export const detailHint = (
  slicing: Slicing,
  window: Window,
  command: (preset: Preset) => string
): ReadResult["detailHint"] => {
  const { transcript, view } = slicing
  let hidden = 0
  const first = window.messages[0]?.index
  const last = window.messages.at(-1)?.index
  if (!view.tools && first !== undefined && last !== undefined) {
    for (let index = first; index <= last; index++) {
      if (transcript.role(index) === "tool_use") hidden++
    }
  }
  const truncated = window.messages.filter(
    (message) =>
      message.role === "tool_result" && (message.isCut || (!view.content && transcript.chars(message.index) > 0))
  ).length
  const thinks = view.thinking === 0 && window.messages.some(({ index }) => hasThinking(slicing, index))
  const cut =
    hidden > 0 ||
    truncated > 0 ||
    thinks ||
    window.messages.some(
      (message) =>
        message.content === null ||
        (message.isCut && message.nextChar === null) ||
        message.blocks.some(
          (block) =>
            (block.type === "thinking" && block.textChars !== null) ||
            (block.type === "tool_use" && block.input !== null && "preview" in block.input)
        )
    )
  return {
    currentPreset: view.detail ?? view.preset,
    hiddenToolCalls: hidden,
    truncatedResults: truncated,
    thinkingHidden: thinks,
    upgradeOptions: cut ? upgrades(slicing, window, command) : []
  }
}

const hasThinking = ({ transcript }: Slicing, index: number): boolean => {
  const role = transcript.role(index)
  if (role !== "assistant" && role !== "tool_use") return false
  return transcript.message(index).blocks.some((block) => block.type === "thinking" && block.text !== "")
}
