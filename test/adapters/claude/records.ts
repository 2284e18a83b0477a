import * as nodePath from "node:path"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Fields = Readonly<Record<string, unknown>>

export const first = "0a0a0a0a-1111-4222-8333-444444444444"
export const second = "0b0b0b0b-1111-4222-8333-555555555555"

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

export const usageOf = (input: number, output: number, cacheRead = 0, cacheCreation = 0, thinking = 0): Fields => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: cacheRead,
  cache_creation_input_tokens: cacheCreation,
  output_tokens_details: { thinking_tokens: thinking }
})

export const text = (value: string): Fields => ({ type: "text", text: value })
export const thinking = (value: string): Fields => ({ type: "thinking", thinking: value, signature: "c2ln" })
export const call = (id: string, name: string, input: unknown): Fields => ({ type: "tool_use", id, name, input })
export const result = (id: string, content: unknown, isError?: boolean): Fields => ({
  type: "tool_result",
  tool_use_id: id,
  content,
  ...(isError === undefined ? {} : { is_error: isError })
})

interface Placed {
  readonly uuid?: string
  readonly parent?: string | null
  /** Further or other fields of the line. */
  readonly more?: Fields
}

/** Writes a transcript as the tool would: every line hangs on the one before, a second later. */
export class Script {
  readonly lines: Array<unknown> = []
  readonly #envelope: Fields
  readonly #prefix: string
  #clock: number
  #count = 0
  #last: string | null = null

  constructor(sessionId: string, prefix = "u", clock = start, envelope: Fields = {}) {
    this.#prefix = prefix
    this.#clock = clock
    this.#envelope = {
      userType: "external",
      entrypoint: "cli",
      cwd: "/home/dev/app",
      sessionId,
      version: "2.1.329",
      gitBranch: "main",
      ...envelope
    }
  }

  /** The id of the newest line. */
  get last(): string | null {
    return this.#last
  }

  /** The next line hangs on this one. */
  at(uuid: string | null): this {
    this.#last = uuid
    return this
  }

  meta(record: Fields): this {
    this.lines.push({ ...record, sessionId: this.#envelope["sessionId"] })
    return this
  }

  line(record: Fields, placed: Placed = {}): this {
    const uuid = placed.uuid ?? `${this.#prefix}-${++this.#count}`
    this.lines.push({
      parentUuid: placed.parent === undefined ? this.#last : placed.parent,
      isSidechain: false,
      ...record,
      uuid,
      timestamp: new Date(this.#clock).toISOString(),
      ...this.#envelope,
      ...placed.more
    })
    this.#clock += 1000
    this.#last = uuid
    return this
  }

  user(content: unknown, placed: Placed = {}): this {
    return this.line({ type: "user", message: { role: "user", content } }, placed)
  }

  /** One line of an answer: one block of it. */
  answer(message: string, block: unknown, usage: Fields = usageOf(1, 1), placed: Placed = {}): this {
    return this.line(
      {
        message: {
          id: message,
          type: "message",
          role: "assistant",
          model: "claude-opus-5-5",
          content: [block],
          stop_reason: "end_turn",
          usage
        },
        requestId: `req_${message}`,
        type: "assistant"
      },
      placed
    )
  }

  attachment(attachment: Fields, placed: Placed = {}): this {
    return this.line({ attachment, type: "attachment" }, placed)
  }
}

export const projects = (home: string): string => nodePath.join(home, ".claude", "projects", "-home-dev-app")

export const sessionFile = (home: string, id: string): string => nodePath.join(projects(home), `${id}.jsonl`)

export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) writeFile(sessionFile(home, id), jsonLines(records), mtimeMs)
}
