import type { Block, Draft, Message, Role } from "./message.ts"
import { roles } from "./message.ts"
import type { RoleCounts, SessionEntry, SessionFacts, SessionHead, Skipped } from "./session.ts"
import { TextMeter } from "./tokens.ts"

/**
 * A session as read: its metadata, a column of small facts per message, and its messages on demand.
 *
 * Memory is bounded whatever the size of the session: past a retention limit a message is made again from its record
 * when asked for. `message` may therefore read the file; it throws `FileError` when the file has gone.
 */
export interface Transcript {
  readonly entry: SessionEntry
  readonly head: SessionHead
  readonly count: number
  /** All indices are 1-based. */
  readonly role: (index: number) => Role
  readonly time: (index: number) => number | null
  /** UTF-16 units of the canonical text. */
  readonly chars: (index: number) => number
  /** Estimated tokens of the canonical text and the thinking that rides on it. */
  readonly tokens: (index: number) => number
  readonly toolName: (index: number) => string | null
  /** Whether a tool result failed; false for every other message. */
  readonly isError: (index: number) => boolean
  /** What a call and its result share, a hash of the call's id; 0 where there is none. Two ids may have one hash. */
  readonly call: (index: number) => number
  /**
   * A hash of 53 bits of the canonical text and of the thinking recorded with it: the same text, the same number. Equal
   * numbers of unlike texts are as good as impossible, unless somebody makes them.
   */
  readonly fingerprint: (index: number) => number
  readonly message: (index: number) => Message
  /** The id that the tool itself knows the record of a message by; null where its records have none that it would take. */
  readonly recordId: (index: number) => string | null
  readonly byRole: RoleCounts
  readonly totalTokens: number
  readonly facts: SessionFacts
  readonly skipped: ReadonlyArray<Skipped>
  /** Changes when any message changes, 32 hex digits. */
  readonly contentHash: string
}

/** Where a record lies: the number of the file among the session's files, byte offset and length. */
export interface Place {
  readonly file: number
  readonly offset: number
  readonly length: number
}

interface Total {
  readonly tokens: number
  readonly hash: string
}

/** What only the adapter knows when all records have been seen. */
export interface TranscriptParts {
  readonly entry: SessionEntry
  readonly head: SessionHead
  /** Candidates, as numbered by `add`, in the order of the conversation. */
  readonly order: ArrayLike<number>
  /** Makes the drafts of one record again; same drafts, same order as were given to `add`. */
  readonly reparse: (place: Place) => ReadonlyArray<Draft>
  /** The tool's own id of a record, for tools that can go back to one. */
  readonly recordId?: (place: Place) => string | null
  readonly facts: Omit<SessionFacts, "toolFrequency" | "byBlockType" | "durationMs">
  readonly skipped: ReadonlyArray<Skipped>
}

const roleNumbers: { readonly [K in Role]: number } = { user: 0, assistant: 1, system: 2, tool_use: 3, tool_result: 4 }

const flag = { error: 1, thinkingOnly: 2, thinking: 4, attachment: 8 } as const

const grown = <A extends Float64Array | Uint32Array | Uint8Array>(column: A, make: (length: number) => A): A => {
  const next = make(column.length * 2)
  next.set(column as never)
  return next
}

const hashId = (id: string | null): number => {
  if (id === null) return 0
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}

/** UTF-16 units of text kept in memory before messages are made again from their records instead. */
export const retainedCharsLimit = 3 * 1024 * 1024

/** What a draft takes in memory besides its text, as UTF-16 units. */
const draftChars = 128

/**
 * What is kept is a copy: V8 learns where objects that live long are made, and would from then on make every draft, the
 * short-lived ones behind the limit too, in its old space, with all their text: 150 MB more before it is collected.
 */
const retainedCopy = (draft: Draft): Draft => ({ ...draft, blocks: draft.blocks.map((block) => ({ ...block })) })

/** Collects drafts as columns, then gives them the order of the conversation. */
export class TranscriptBuilder {
  #size = 0
  #role = new Uint8Array(256)
  #flags = new Uint8Array(256)
  #time = new Float64Array(256)
  #offset = new Float64Array(256)
  #length = new Uint32Array(256)
  #file = new Uint8Array(256)
  #part = new Uint32Array(256)
  #chars = new Uint32Array(256)
  #tokens = new Float64Array(256)
  #low = new Uint32Array(256)
  #high = new Uint32Array(256)
  #tool = new Uint32Array(256)
  /** Hash of the call id that a call and its result share; 0 where there is none. */
  #call = new Uint32Array(256)
  #toolNames: Array<string> = [""]
  #toolNumbers = new Map<string, number>()
  #retained: Array<Draft | undefined> = []
  #retainedChars = 0
  #meter = new TextMeter()
  readonly #resolve: (draft: Draft) => Draft
  readonly #retainedCharsLimit: number
  readonly #measures: boolean

  /**
   * `resolve` completes a draft from elsewhere (a text that the tool moved into a file of its own). `retainedChars` is
   * the text kept in memory in UTF-16 units; below 0 every message is made again from its record. Measuring costs as
   * much as parsing: a caller that only wants the texts puts it off until somebody asks.
   */
  constructor(
    resolve: (draft: Draft) => Draft = (draft) => draft,
    retainedChars = retainedCharsLimit,
    measures = true
  ) {
    this.#resolve = resolve
    this.#measures = measures
    this.#retainedCharsLimit = retainedChars
  }

  get size(): number {
    return this.#size
  }

  /** Takes a draft, the `part`-th of the record at `place`, and returns its candidate number. */
  add(raw: Draft, place: Place, part: number): number {
    const draft = raw.external === undefined ? raw : this.#resolve(raw)
    const at = this.#size++
    if (at === this.#role.length) this.#grow()
    let flags = draft.thinkingOnly === true ? flag.thinkingOnly : 0
    let tool = 0
    let call = 0
    for (const block of draft.blocks) {
      if (block.type === "thinking") {
        flags |= flag.thinking
      } else if (block.type === "tool_use") {
        tool = this.#toolNumber(block.name)
        call = hashId(block.id)
      } else if (block.type === "tool_result") {
        flags |= block.isError ? flag.error : 0
        call = hashId(block.toolUseId)
      } else flags |= flag.attachment
    }
    this.#role[at] = roleNumbers[draft.role]
    this.#flags[at] = flags
    this.#time[at] = draft.time ?? Number.NaN
    this.#file[at] = place.file
    this.#offset[at] = place.offset
    this.#length[at] = place.length
    this.#part[at] = part
    this.#chars[at] = draft.text.length
    if (this.#measures) this.#measure(at, draft)
    else this.#tokens[at] = Number.NaN
    this.#tool[at] = tool
    this.#call[at] = call
    // The input of a call is kept beside its text, and every draft costs its objects.
    const weight = draft.text.length * (tool === 0 ? 1 : 2) + draftChars
    if (this.#retainedChars + weight <= this.#retainedCharsLimit) {
      this.#retainedChars += weight
      this.#retained[at] = retainedCopy(draft)
    }
    return at
  }

  /** Tokens and fingerprint of a draft: its text and the thinking that rides on it. */
  #measure(at: number, draft: Draft): void {
    const meter = this.#meter.reset().feed(draft.text)
    for (const block of draft.blocks) if (block.type === "thinking") meter.feed(block.text)
    this.#tokens[at] = meter.tokens
    this.#low[at] = meter.low
    this.#high[at] = meter.high
  }

  /** Says, from another record, whether the tool result `candidate` is an error. */
  setError(candidate: number, isError: boolean): void {
    const flags = this.#flags[candidate]!
    this.#flags[candidate] = isError ? flags | flag.error : flags & ~flag.error
  }

  isError(candidate: number): boolean {
    return (this.#flags[candidate]! & flag.error) !== 0
  }

  build(parts: TranscriptParts): Transcript {
    const { order } = parts
    // A message is a run of thinking-only candidates and the assistant candidate they lead to: `ends` marks the runs.
    const ends = new Uint32Array(order.length)
    let count = 0
    for (let i = 0; i < order.length; i++) {
      const here = order[i]!
      const next = i + 1 < order.length ? order[i + 1]! : -1
      const rides = (this.#flags[here]! & flag.thinkingOnly) !== 0 && next >= 0 && this.#carriesThinking(next)
      if (!rides) ends[count++] = i + 1
    }
    const last = (index: number): number => order[ends[index - 1]! - 1]!
    const start = (index: number): number => (index === 1 ? 0 : ends[index - 2]!)
    const byRole = { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 }
    const byBlockType: Record<string, number> = {}
    const countBlock = (type: string) => (byBlockType[type] = (byBlockType[type] ?? 0) + 1)
    let newest = -Infinity
    let oldest = Infinity
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      const flags = this.#flags[at]!
      const time = this.#time[at]!
      if (time > newest) newest = time
      if (time < oldest) oldest = time
      if (flags & flag.thinking) countBlock("thinking")
      if (flags & flag.attachment) countBlock("attachment")
      if (flags & flag.thinkingOnly) continue
      const role = roles[this.#role[at]!]!
      if (role === "tool_use" || role === "tool_result") countBlock(role)
      else if (this.#chars[at]! > 0) countBlock("text")
    }
    for (let index = 1; index <= count; index++) byRole[roles[this.#role[last(index)]!]!]++
    let total: Total | null = null
    const measured = () => (total ??= this.#total(parts, count))
    const time = (index: number) => (Number.isNaN(this.#time[last(index)]!) ? null : this.#time[last(index)]!)
    return {
      entry: parts.entry,
      head: parts.head,
      count,
      role: (index) => roles[this.#role[last(index)]!]!,
      time,
      chars: (index) => this.#chars[last(index)]!,
      tokens: (index) => {
        measured()
        let tokens = 0
        for (let i = start(index); i < ends[index - 1]!; i++) tokens += this.#tokens[order[i]!]!
        return Math.ceil(tokens)
      },
      toolName: (index) => this.#toolNames[this.#tool[last(index)]!] || null,
      isError: (index) => this.isError(last(index)),
      call: (index) => this.#call[last(index)]!,
      fingerprint: (index) => {
        measured()
        const at = last(index)
        return (this.#high[at]! & 0x1fffff) * 0x1_0000_0000 + this.#low[at]!
      },
      message: (index) => {
        const main = this.#draft(last(index), parts.reparse)
        const blocks: Array<Block> = []
        for (let i = start(index); i < ends[index - 1]! - 1; i++) {
          blocks.push(...this.#draft(order[i]!, parts.reparse).blocks)
        }
        blocks.push(...main.blocks)
        return { index, role: main.role, time: time(index), text: main.text, blocks }
      },
      recordId: (index) => parts.recordId?.(this.#place(last(index))) ?? null,
      byRole,
      get totalTokens() {
        return measured().tokens
      },
      facts: {
        ...parts.facts,
        toolFrequency: this.#toolFrequency(order),
        byBlockType,
        durationMs: newest >= oldest ? newest - oldest : null
      },
      skipped: parts.skipped,
      get contentHash() {
        return measured().hash
      }
    }
  }

  /** Sums over the conversation; measures what was put off. */
  #total(parts: TranscriptParts, count: number): Total {
    const { order, reparse } = parts
    let tokens = 0
    let low = count | 0
    let high = ~count | 0
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      if (Number.isNaN(this.#tokens[at]!)) this.#measure(at, this.#draft(at, reparse))
      tokens += this.#tokens[at]!
      low = Math.imul(low ^ this.#low[at]! ^ (this.#role[at]! << 3) ^ this.#flags[at]!, 0x01000193)
      high = Math.imul(high + this.#high[at]!, 0x85ebca6b) ^ (high >>> 15)
    }
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0")
    return { tokens: Math.ceil(tokens), hash: hex(low) + hex(high) + hex(order.length) + hex(tokens * 16) }
  }

  #carriesThinking(candidate: number): boolean {
    const role = this.#role[candidate]
    return role === roleNumbers.assistant || role === roleNumbers.tool_use
  }

  /** Errors count for the tool whose call the failed result answers; a result without a known call counts nowhere. */
  #toolFrequency(order: ArrayLike<number>) {
    const counts = new Map<number, { count: number; errors: number }>()
    const failed = new Map<number, number>()
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      const call = this.#call[at]!
      if (this.#role[at] === roleNumbers.tool_use) {
        const row = counts.get(this.#tool[at]!)
        if (row === undefined) counts.set(this.#tool[at]!, { count: 1, errors: 0 })
        else row.count++
      } else if (call !== 0 && (this.#flags[at]! & flag.error) !== 0) failed.set(call, (failed.get(call) ?? 0) + 1)
    }
    if (failed.size > 0) {
      for (let i = 0; i < order.length; i++) {
        const at = order[i]!
        if (this.#role[at] !== roleNumbers.tool_use) continue
        const errors = failed.get(this.#call[at]!)
        if (errors === undefined) continue
        counts.get(this.#tool[at]!)!.errors += errors
        failed.delete(this.#call[at]!)
      }
    }
    return Array.from(counts, ([tool, row]) => ({ name: this.#toolNames[tool]!, ...row })).sort(
      (a, b) => b.count - a.count || (a.name < b.name ? -1 : 1)
    )
  }

  #draft(candidate: number, reparse: TranscriptParts["reparse"]): Draft {
    const kept = this.#retained[candidate]
    const draft = kept ?? this.#again(candidate, reparse)
    const wrong = draft.blocks.findIndex((b) => b.type === "tool_result" && b.isError !== this.isError(candidate))
    if (wrong < 0) return draft
    const blocks = draft.blocks.map((block, at) =>
      at === wrong && block.type === "tool_result" ? { ...block, isError: this.isError(candidate) } : block
    )
    return { ...draft, blocks }
  }

  #again(candidate: number, reparse: TranscriptParts["reparse"]): Draft {
    const raw = reparse(this.#place(candidate))[this.#part[candidate]!]
    if (raw === undefined) {
      return { role: roles[this.#role[candidate]!]!, time: null, text: "", blocks: [] }
    }
    return raw.external === undefined ? raw : this.#resolve(raw)
  }

  #place(candidate: number): Place {
    return { file: this.#file[candidate]!, offset: this.#offset[candidate]!, length: this.#length[candidate]! }
  }

  #toolNumber(name: string): number {
    const known = this.#toolNumbers.get(name)
    if (known !== undefined) return known
    const number = this.#toolNames.push(name) - 1
    this.#toolNumbers.set(name, number)
    return number
  }

  #grow(): void {
    const floats = (n: number) => new Float64Array(n)
    const words = (n: number) => new Uint32Array(n)
    const bytes = (n: number) => new Uint8Array(n)
    this.#role = grown(this.#role, bytes)
    this.#flags = grown(this.#flags, bytes)
    this.#file = grown(this.#file, bytes)
    this.#time = grown(this.#time, floats)
    this.#offset = grown(this.#offset, floats)
    this.#tokens = grown(this.#tokens, floats)
    this.#length = grown(this.#length, words)
    this.#part = grown(this.#part, words)
    this.#chars = grown(this.#chars, words)
    this.#low = grown(this.#low, words)
    this.#high = grown(this.#high, words)
    this.#tool = grown(this.#tool, words)
    this.#call = grown(this.#call, words)
  }
}
