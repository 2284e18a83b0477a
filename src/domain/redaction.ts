import { type Block, type Message, toolUseText } from "./message.ts"
import type { SecretFinder, SecretRange } from "./secret-patterns.ts"

/** How often each rule found something; rules that found nothing are absent. */
export type RedactionCounts = Readonly<Record<string, number>>

export interface Redacted {
  readonly text: string
  readonly counts: RedactionCounts
}

/**
 * A text without the secrets that known patterns find in it. To be given whole texts only: what is cut off before may
 * cut a secret in two, and neither half is found.
 */
export type Redact = (text: string) => Redacted

const mark = (rule: string): string => `[REDACTED:${rule}]`

/** What stands for a secret, for those who want to show it differently. */
export const redactionMark = /\[REDACTED:[a-z0-9-]{1,64}\]/g

const none: RedactionCounts = {}

/** Ranges in order, those that overlap as one, under the rule of the first. */
const merged = (ranges: ReadonlyArray<SecretRange>): ReadonlyArray<SecretRange> => {
  const sorted = ranges.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const all: Array<SecretRange> = []
  for (const range of sorted) {
    const last = all.at(-1)
    if (last === undefined || range.start >= last.end) all.push(range)
    else if (range.end > last.end) all[all.length - 1] = { ...last, end: range.end }
  }
  return all
}

/** Replaces what the finders find. */
export const makeRedact =
  (finders: ReadonlyArray<SecretFinder>): Redact =>
  (text) => {
    const ranges = merged(finders.flatMap((find) => find(text)).filter(({ end, start }) => end > start))
    if (ranges.length === 0) return { text, counts: none }
    const counts: Record<string, number> = {}
    const parts: Array<string> = []
    let at = 0
    for (const { end, rule, start } of ranges) {
      parts.push(text.slice(at, start), mark(rule))
      counts[rule] = (counts[rule] ?? 0) + 1
      at = end
    }
    parts.push(text.slice(at))
    return { text: parts.join(""), counts }
  }

/** Names under which a structured value is a secret, whatever it looks like. */
const isSecretName = (name: string): boolean =>
  /(?:apikey|accesskey|secretkey|privatekey|signingkey|encryptionkey|authkey|secret|passwo?r?d|passwd|pwd|passphrase|token|authorization|credentials?|cookie)$/.test(
    name.toLowerCase().replace(/[^a-z]/g, "")
  )

/** A number is a secret under these: under `token` it is as good as always a count. */
const isNumericSecretName = (name: string): boolean => /passw|passphrase|pwd|secret|pin$/i.test(name)

/** Values nested deeper are left out whole: nothing that a tool takes is. */
const deepest = 200

/**
 * Redacts texts, values and messages, and counts over all of them. Without a `redact` it gives back what it was given,
 * for callers who were asked not to.
 */
export class Redaction {
  readonly #redact: Redact | null
  readonly #counts = new Map<string, number>()

  constructor(redact: Redact | null) {
    this.#redact = redact
  }

  get isOn(): boolean {
    return this.#redact !== null
  }

  /** So far, by rule, in order of the names. */
  get counts(): RedactionCounts {
    return Object.fromEntries(Array.from(this.#counts).sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  text(text: string): string {
    if (this.#redact === null) return text
    const { counts, text: clean } = this.#redact(text)
    for (const [rule, count] of Object.entries(counts)) this.#count(rule, count)
    return clean
  }

  /** A JSON value: every string and key in it, and whatever is kept under the name of a secret. */
  value(value: unknown): unknown {
    return this.#redact === null ? value : this.#value(value, false, 0)
  }

  /** A message: its text, the thinking and the input of the call that ride on it. */
  message(message: Message): Message {
    if (this.#redact === null) return message
    const blocks = message.blocks.map((block) => this.#block(block))
    const call = blocks.find((block) => block.type === "tool_use")
    const text = call === undefined ? this.text(message.text) : toolUseText(call.name, call.input)
    return { ...message, text, blocks }
  }

  #block(block: Block): Block {
    if (block.type === "thinking") return { ...block, text: this.text(block.text) }
    return block.type === "tool_use" ? { ...block, name: this.text(block.name), input: this.value(block.input) } : block
  }

  #count(rule: string, count: number): void {
    this.#counts.set(rule, (this.#counts.get(rule) ?? 0) + count)
  }

  #hidden(rule: string): string {
    this.#count(rule, 1)
    return mark(rule)
  }

  #value(value: unknown, isSecret: boolean, depth: number): unknown {
    if (typeof value === "string") return isSecret && value !== "" ? this.#hidden("named-value") : this.text(value)
    if (typeof value !== "object" || value === null) return value
    if (depth > deepest) return this.#hidden("too-deep")
    if (Array.isArray(value)) {
      const isNamed = (at: number) =>
        typeof value[at] === "string" && /^--?\w/.test(value[at]) && isSecretName(value[at])
      return value.map((item, at) => this.#value(item, isSecret || isNamed(at - 1), depth + 1))
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (typeof item === "number" && isNumericSecretName(key)) return [this.text(key), this.#hidden("named-value")]
        return [this.text(key), this.#value(item, isSecret || isSecretName(key), depth + 1)]
      })
    )
  }
}
