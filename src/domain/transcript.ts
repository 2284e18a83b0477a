import { ByteColumn, FloatColumn, WordColumn } from "./columns.ts"
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

const hashId = (id: string | null): number => {
  if (id === null) return 0
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0 || 1
}

/** UTF-16 units of text kept in memory before messages are made again from their records instead. */
export const retainedCharsLimit = 3 * 1024 * 1024

/** UTF-16 units of text kept of records that were made again: what is shown is looked at several times. */
const remadeCharsLimit = 256 * 1024

/** What a draft takes in memory besides its text, as UTF-16 units. */
const draftChars = 128

/** What a draft takes in memory, as UTF-16 units: the input of a call is kept beside its text. */
const charsOf = ({ blocks, text }: Draft): number => {
  let chars = draftChars + text.length
  for (const block of blocks) {
    if (block.type === "thinking") chars += block.text.length
    else if (block.type === "tool_use") chars += text.length
  }
  return chars
}

/**
 * What is kept is a copy: V8 learns where objects that live long are made, and would from then on make every draft, the
 * short-lived ones behind the limit too, in its old space, with all their text: 150 MB more before it is collected.
 */
const retainedCopy = (draft: Draft): Draft => ({ ...draft, blocks: draft.blocks.map((block) => ({ ...block })) })

/** Collects drafts as columns, then gives them the order of the conversation. */
export class TranscriptBuilder {
  #size = 0
  readonly #role = new ByteColumn()
  readonly #flags = new ByteColumn()
  readonly #time = new FloatColumn()
  readonly #offset = new FloatColumn()
  readonly #length = new WordColumn()
  readonly #file = new ByteColumn()
  readonly #part = new WordColumn()
  readonly #chars = new WordColumn()
  readonly #tokens = new FloatColumn()
  readonly #low = new WordColumn()
  readonly #high = new WordColumn()
  readonly #tool = new WordColumn()
  /** Hash of the call id that a call and its result share; 0 where there is none. */
  readonly #call = new WordColumn()
  #toolNames: Array<string> = [""]
  #toolNumbers = new Map<string, number>()
  #retained: Array<Draft | undefined> = []
  #retainedChars = 0
  readonly #remade = new Map<string, ReadonlyArray<Draft>>()
  #remadeChars = 0
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
    this.#role.set(at, roleNumbers[draft.role])
    this.#flags.set(at, flags)
    this.#time.set(at, draft.time ?? Number.NaN)
    this.#file.set(at, place.file)
    this.#offset.set(at, place.offset)
    this.#length.set(at, place.length)
    this.#part.set(at, part)
    this.#chars.set(at, draft.text.length)
    if (this.#measures) this.#measure(at, draft)
    else this.#tokens.set(at, Number.NaN)
    this.#tool.set(at, tool)
    this.#call.set(at, call)
    const weight = charsOf(draft)
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
    this.#tokens.set(at, meter.tokens)
    this.#low.set(at, meter.low)
    this.#high.set(at, meter.high)
  }

  /** Says, from another record, whether the tool result `candidate` is an error. */
  setError(candidate: number, isError: boolean): void {
    const flags = this.#flags.get(candidate)
    this.#flags.set(candidate, isError ? flags | flag.error : flags & ~flag.error)
  }

  isError(candidate: number): boolean {
    return (this.#flags.get(candidate) & flag.error) !== 0
  }

  build(parts: TranscriptParts): Transcript {
    const { order } = parts
    // A message is a run of thinking-only candidates and the assistant candidate they lead to: `ends` marks the runs.
    const ends = new Uint32Array(order.length)
    let count = 0
    for (let i = 0; i < order.length; i++) {
      const here = order[i]!
      const next = i + 1 < order.length ? order[i + 1]! : -1
      const rides = (this.#flags.get(here) & flag.thinkingOnly) !== 0 && next >= 0 && this.#carriesThinking(next)
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
      const flags = this.#flags.get(at)
      const time = this.#time.get(at)
      if (time > newest) newest = time
      if (time < oldest) oldest = time
      if (flags & flag.thinking) countBlock("thinking")
      if (flags & flag.attachment) countBlock("attachment")
      if (flags & flag.thinkingOnly) continue
      const role = roles[this.#role.get(at)]!
      if (role === "tool_use" || role === "tool_result") countBlock(role)
      else if (this.#chars.get(at) > 0) countBlock("text")
    }
    for (let index = 1; index <= count; index++) byRole[roles[this.#role.get(last(index))]!]++
    let total: Total | null = null
    const measured = () => (total ??= this.#total(parts, count))
    const time = (index: number) => (Number.isNaN(this.#time.get(last(index))) ? null : this.#time.get(last(index)))
    return {
      entry: parts.entry,
      head: parts.head,
      count,
      role: (index) => roles[this.#role.get(last(index))]!,
      time,
      chars: (index) => this.#chars.get(last(index)),
      tokens: (index) => {
        measured()
        let tokens = 0
        for (let i = start(index); i < ends[index - 1]!; i++) tokens += this.#tokens.get(order[i]!)
        return Math.ceil(tokens)
      },
      toolName: (index) => this.#toolNames[this.#tool.get(last(index))] || null,
      isError: (index) => this.isError(last(index)),
      call: (index) => this.#call.get(last(index)),
      fingerprint: (index) => {
        measured()
        const at = last(index)
        return (this.#high.get(at) & 0x1fffff) * 0x1_0000_0000 + this.#low.get(at)
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
      if (Number.isNaN(this.#tokens.get(at))) this.#measure(at, this.#draft(at, reparse))
      tokens += this.#tokens.get(at)
      low = Math.imul(low ^ this.#low.get(at) ^ (this.#role.get(at) << 3) ^ this.#flags.get(at), 0x01000193)
      high = Math.imul(high + this.#high.get(at), 0x85ebca6b) ^ (high >>> 15)
    }
    const hex = (n: number) => (n >>> 0).toString(16).padStart(8, "0")
    return { tokens: Math.ceil(tokens), hash: hex(low) + hex(high) + hex(order.length) + hex(tokens * 16) }
  }

  #carriesThinking(candidate: number): boolean {
    const role = this.#role.get(candidate)
    return role === roleNumbers.assistant || role === roleNumbers.tool_use
  }

  /** Errors count for the tool whose call the failed result answers; a result without a known call counts nowhere. */
  #toolFrequency(order: ArrayLike<number>) {
    const counts = new Map<number, { count: number; errors: number }>()
    const failed = new Map<number, number>()
    for (let i = 0; i < order.length; i++) {
      const at = order[i]!
      const call = this.#call.get(at)
      if (this.#role.get(at) === roleNumbers.tool_use) {
        const row = counts.get(this.#tool.get(at))
        if (row === undefined) counts.set(this.#tool.get(at), { count: 1, errors: 0 })
        else row.count++
      } else if (call !== 0 && (this.#flags.get(at) & flag.error) !== 0) failed.set(call, (failed.get(call) ?? 0) + 1)
    }
    if (failed.size > 0) {
      for (let i = 0; i < order.length; i++) {
        const at = order[i]!
        if (this.#role.get(at) !== roleNumbers.tool_use) continue
        const errors = failed.get(this.#call.get(at))
        if (errors === undefined) continue
        counts.get(this.#tool.get(at))!.errors += errors
        failed.delete(this.#call.get(at))
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
    const raw = this.#record(this.#place(candidate), reparse)[this.#part.get(candidate)]
    if (raw === undefined) {
      return { role: roles[this.#role.get(candidate)]!, time: null, text: "", blocks: [] }
    }
    return raw.external === undefined ? raw : this.#resolve(raw)
  }

  #record(place: Place, reparse: TranscriptParts["reparse"]): ReadonlyArray<Draft> {
    const key = `${place.file} ${place.offset} ${place.length}`
    const known = this.#remade.get(key)
    if (known !== undefined) return known
    const drafts = reparse(place)
    const weight = drafts.reduce((sum, draft) => sum + charsOf(draft), 0)
    if (this.#remadeChars + weight > remadeCharsLimit) {
      this.#remade.clear()
      this.#remadeChars = 0
    }
    if (weight <= remadeCharsLimit) {
      this.#remade.set(key, drafts)
      this.#remadeChars += weight
    }
    return drafts
  }

  #place(candidate: number): Place {
    return { file: this.#file.get(candidate), offset: this.#offset.get(candidate), length: this.#length.get(candidate) }
  }

  #toolNumber(name: string): number {
    const known = this.#toolNumbers.get(name)
    if (known !== undefined) return known
    const number = this.#toolNames.push(name) - 1
    this.#toolNumbers.set(name, number)
    return number
  }
}
