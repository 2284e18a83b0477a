import { IntColumn } from "../../domain/columns.ts"
import type { Draft } from "../../domain/message.ts"
import type { Place } from "../../domain/transcript.ts"
import { IdTable } from "../support/id-table.ts"
import { asArray, asObject, type Json, type SkipCounter } from "../support/json.ts"
import { messageDrafts } from "./drafts.ts"
import { elementsAt } from "./elements.ts"
import { isAside, isContext, isEcho, richness, shapeOf } from "./format.ts"
import { History } from "./history.ts"

/** Who listens to the records of a session. */
export interface Listener {
  /** A metadata line, or the fields of a `$set`. */
  readonly metadata: (fields: Json) => void
  /** Every copy of a message, with its drafts where this copy is the best so far; null where it is not. */
  readonly message: (message: Json, drafts: ReadonlyArray<Draft> | null) => void
  /** Takes a draft for good and gives back its number. */
  readonly draft: (draft: Draft, place: Place, part: number) => number
}

const noElements: ReadonlyArray<Place> = []

/** Replays the records of a session file: which messages there are, in the copies that tell most of them. */
export class Conversation {
  readonly #history = new History()
  readonly #listener: Listener
  readonly #skipped: SkipCounter
  /** By message: how much the copy tells that is shown, plus 1; its first draft and their count. */
  readonly #richness = new IntColumn()
  readonly #first = new IntColumn()
  readonly #count = new IntColumn()
  /** 1 for messages that only repeat results. */
  readonly #isEcho = new IntColumn()
  /** 1 for messages with something that the tool did not put there itself. */
  readonly #isSpoken = new IntColumn()
  /** By draft: what its call or result has in common with copies of it, plus 1. */
  readonly #call = new IntColumn()
  readonly #calls = new IdTable()

  constructor(listener: Listener, skipped: SkipCounter) {
    this.#listener = listener
    this.#skipped = skipped
  }

  /** Whether anybody said anything. */
  get isSpoken(): boolean {
    return this.#history.shown.some((number) => this.#isSpoken.get(number) === 1)
  }

  /** One line of a file: `bytes` are the line, which begins at byte `offset` of the file. */
  line(value: unknown, bytes: Uint8Array, offset: number): void {
    const record = asObject(value)
    if (record === null) return this.#skipped.add("not a record")
    switch (shapeOf(record)) {
      case "rewind":
        return this.#history.rewind(String(record["$rewindTo"]))
      case "message":
        return this.#append(record, { file: 0, offset, length: bytes.length })
      case "update":
        return this.#update(asObject(record["$set"]) ?? {}, bytes, offset)
      case "metadata":
        this.#history.start()
        return this.document(record, bytes, offset)
      case null:
        this.#skipped.add("record of unknown shape")
    }
  }

  /** Metadata that may hold messages: a whole document of the first generation, or a line that repeats one. */
  document(record: Json, bytes: Uint8Array, offset: number): void {
    this.#listener.metadata(record)
    const places = this.#places(bytes, offset, ["messages"], record["messages"])
    for (const [at, message] of this.#messages(record["messages"]).entries()) {
      const place = places[at]
      if (place !== undefined && message !== null) this.#append(message, place)
    }
  }

  /** One message of a document that is not whole. */
  salvage(value: unknown, place: Place): void {
    const message = asObject(value)
    if (message !== null && typeof message["id"] === "string") this.#append(message, place)
  }

  /** The drafts of the conversation in order. What the tool stored twice under one call id is there once. */
  order(): Uint32Array {
    const order: Array<number> = []
    const seen = new Set<number>()
    for (const number of this.#history.shown) {
      const first = this.#first.get(number)
      for (let draft = first; draft < first + this.#count.get(number); draft++) {
        const call = this.#call.get(draft)
        if (call !== 0 && seen.has(call)) continue
        seen.add(call)
        order.push(draft)
      }
    }
    return Uint32Array.from(order)
  }

  #append(message: Json, place: Place): void {
    const number = this.#take(message, place, true)
    if (number >= 0) this.#history.append(number)
  }

  #update(fields: Json, bytes: Uint8Array, offset: number): void {
    this.#listener.metadata(fields)
    if (!Array.isArray(fields["messages"])) return
    const places = this.#places(bytes, offset, ["$set", "messages"], fields["messages"])
    const numbers: Array<number> = []
    for (const [at, message] of this.#messages(fields["messages"]).entries()) {
      const place = places[at]
      const number = place === undefined || message === null ? -1 : this.#take(message, place, false)
      if (number >= 0) numbers.push(number)
    }
    // A list of which nothing is known says nothing of what there was.
    if (numbers.length === 0 && fields["messages"].length > 0) return
    this.#history.replace(numbers, (number) => this.#isEcho.get(number) === 1)
  }

  /** The messages of a list; null for what is none. */
  #messages(list: unknown): ReadonlyArray<Json | null> {
    return asArray(list).map((item) => {
      const message = asObject(item)
      if (message !== null && typeof message["id"] === "string") return message
      this.#skipped.add("message without an id")
      return null
    })
  }

  #places(bytes: Uint8Array, offset: number, keys: ReadonlyArray<string>, list: unknown): ReadonlyArray<Place> {
    if (!Array.isArray(list) || list.length === 0) return noElements
    const ranges = elementsAt(bytes, 0, bytes.length, keys) ?? []
    if (ranges.length !== list.length) this.#skipped.add("messages that cannot be told apart")
    return ranges.length !== list.length
      ? noElements
      : ranges.map(({ from, to }) => ({ file: 0, offset: offset + from, length: to - from }))
  }

  /** Gives back the message's number; -1 for what is no message of any known type. */
  #take(message: Json, place: Place, isOwnLine: boolean): number {
    const number = this.#history.number(String(message["id"]), isContext(message), isOwnLine, isAside(message))
    const score = richness(message, isOwnLine) + 1
    if (score < this.#richness.get(number)) {
      this.#listener.message(message, null)
      return number
    }
    const known = this.#richness.get(number) > 0
    const drafts = this.#drafts(message)
    if (drafts === null) return known ? number : -1
    this.#listener.message(message, drafts)
    this.#richness.set(number, score)
    this.#isEcho.set(number, isEcho(message) ? 1 : 0)
    this.#isSpoken.set(number, drafts.some(({ role }) => role !== "system") ? 1 : 0)
    this.#count.set(number, drafts.length)
    for (const [part, draft] of drafts.entries()) {
      const taken = this.#listener.draft(draft, place, part)
      if (part === 0) this.#first.set(number, taken)
      const block = draft.blocks[0]
      const call =
        block?.type === "tool_use" && block.id !== null
          ? `call ${block.id}`
          : block?.type === "tool_result" && block.toolUseId !== null
            ? `result ${block.toolUseId}`
            : null
      if (call !== null) this.#call.set(taken, this.#calls.intern(call) + 1)
    }
    return number
  }

  #drafts(message: Json): ReadonlyArray<Draft> | null {
    switch (message["type"]) {
      case "user":
      case "gemini":
      case "info":
      case "warning":
      case "error":
        return messageDrafts(message, this.#skipped)
    }
    messageDrafts(message, this.#skipped)
    return null
  }
}
