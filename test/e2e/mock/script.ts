import type { Answer, ModelRequest } from "./dialect.ts"
import { anyValue, shellArguments, shellOf } from "./tools.ts"

/**
 * What a prompt makes the mock do. Directives count in the last paragraph of the prompt only, since some agents put a
 * prompt that failed in front of the next one.
 *
 * - `[[say:TEXT]]` answers TEXT
 * - `[[tool:shell:COMMAND]]` has the agent run a command before the answer; several run one after another
 * - `[[think:TEXT]]` thinks first
 * - `[[slow:SECONDS]]` pauses in the middle of the answer
 * - `[[fail:STATUS]]` fails with this HTTP status, each time
 */
const directive = /\[\[(say|tool:shell|think|slow|fail):([\s\S]*?)\]\]/g

/** Notes that agents put before, behind or around what somebody typed: elements that no prompt of ours has. */
const notes = /<([a-z][\w-]*(?: instructions)?)(?:\s[^>]*)?>[\s\S]*?<\/\1>/gi

const withoutNotes = (text: string): string => text.replaceAll(notes, "").trim()

/** A prompt that stands within an element of its own. */
const wrapped = /<(user_query|user_message|user_input|task)>\s*([\s\S]*?)\s*<\/\1>/

/** What was typed last: the last words of the user besides the agent's own notes. */
export const promptOf = ({ turns }: ModelRequest): string => {
  for (const { role, text } of turns.toReversed()) {
    if (role !== "user") continue
    const prompt = wrapped.exec(text)?.[2] ?? withoutNotes(text)
    if (prompt !== "") return prompt
  }
  return ""
}

/** Tools that were called since the last prompt. */
const callsSince = ({ turns }: ModelRequest): number => {
  const at = turns.findLastIndex(({ role, text }) => role === "user" && withoutNotes(text) !== "")
  return turns.slice(at + 1).reduce((sum, { calls }) => sum + calls, 0)
}

/** The answer where a prompt asks for nothing else: short, and different for each prompt. */
export const plainAnswer = (prompt: string): string => `You said ${Array.from(prompt.trim()).length} characters.`

/** The answer to a request. Agents ask for titles and the like without tools: those are answered at once. */
export const answerTo = (request: ModelRequest): Answer => {
  const prompt = promptOf(request)
  const last = prompt.split(/\n\s*\n/).at(-1) ?? ""
  const directives = Array.from(last.matchAll(directive), ([, name, value]) => ({ name: name!, value: value! }))
  const of = (wanted: string) => directives.filter(({ name }) => name === wanted).map(({ value }) => value)
  const nothing = { thinking: null, call: null, pauseMs: 0, failure: null }
  const failure = of("fail")[0]
  if (failure !== undefined) return { ...nothing, text: "", failure: Number(failure) }
  if (request.schema !== null)
    return { ...nothing, text: JSON.stringify(anyValue({ ...request.schema, type: "object" })) }
  const shell = shellOf(request.tools)
  if (request.tools.length === 0) return { ...nothing, text: "A title" }
  const thinking = of("think")[0] ?? null
  const command = of("tool:shell")[callsSince(request)]
  if (shell !== null && command !== undefined) {
    return { ...nothing, thinking, text: "Let me see.", call: { tool: shell, args: shellArguments(shell, command) } }
  }
  return { ...nothing, thinking, text: of("say")[0] ?? plainAnswer(prompt), pauseMs: Number(of("slow")[0] ?? 0) * 1000 }
}
