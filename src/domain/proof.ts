import type { Transcript } from "./transcript.ts"

/** Whether a prompt is in its session, and whether something was said after it. */
export type Delivery = "delivered" | "unanswered" | "not_delivered"

export interface Proof {
  readonly delivery: Delivery
  /** Index of the message that holds the prompt; null where none does. */
  readonly promptIndex: number | null
}

/** Messages at the end that are looked at where the session is shorter than it was: the tool has compacted it. */
const tailMessages = 50

/** A text as tools keep it: they unify line ends, trim, and some compose characters. */
const normal = (text: string): string => text.normalize("NFC").replaceAll("\r\n", "\n").trim()

/**
 * Looks for a prompt among the messages after the first `before`. A tool may wrap a prompt, and may send one that failed
 * before together with the next, so the prompt has to be within a message, not to be one; the last such message counts.
 */
export const prove = (transcript: Transcript, prompt: string, before: number): Proof => {
  const wanted = normal(prompt)
  const first = before < transcript.count ? before + 1 : Math.max(1, transcript.count - tailMessages + 1)
  if (before === transcript.count) return { delivery: "not_delivered", promptIndex: null }
  for (let index = transcript.count; index >= first; index--) {
    const role = transcript.role(index)
    if (role !== "user" && role !== "system") continue
    if (!normal(transcript.message(index).text).includes(wanted)) continue
    return { delivery: isAnswered(transcript, index) ? "delivered" : "unanswered", promptIndex: index }
  }
  return { delivery: "not_delivered", promptIndex: null }
}

/** Whether the agent said or did something after a message. */
const isAnswered = (transcript: Transcript, prompt: number): boolean => {
  for (let index = prompt + 1; index <= transcript.count; index++) {
    const role = transcript.role(index)
    if (role === "tool_use" || (role === "assistant" && transcript.chars(index) > 0)) return true
  }
  return false
}
