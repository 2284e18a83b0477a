import * as nodePath from "node:path"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Fields = Readonly<Record<string, unknown>>

export const first = "0c0c0c0c-1111-4222-8333-444444444444"
export const second = "0d0d0d0d-1111-4222-8333-555555555555"

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

export const usageOf = (input: number, output: number, cacheRead = 0, cacheWrite = 0): Fields => ({
  inputTokens: input,
  outputTokens: output,
  cacheReadTokens: cacheRead,
  cacheWriteTokens: cacheWrite
})

export const text = (value: string): Fields => ({ type: "text", text: value })
export const thinking = (value: string): Fields => ({ type: "thinking", thinking: value, signature: "" })
export const call = (id: string, name: string, input: unknown): Fields => ({ type: "tool_use", id, name, input })
export const result = (id: string, ...content: ReadonlyArray<string | Fields>): Fields => ({
  type: "tool_result",
  tool_use_id: id,
  content: content.map((part) => (typeof part === "string" ? text(part) : part))
})

export const image = (data: string): Fields => ({
  type: "image",
  source: { type: "base64", media_type: "image/png", data }
})

const blocks = (content: string | ReadonlyArray<unknown>) => (typeof content === "string" ? [text(content)] : content)

/** Writes a transcript of format 3 as the tool would: every entry hangs on the one before, a second later. */
export class Script {
  readonly lines: Array<unknown> = []
  readonly #prefix: string
  #clock: number
  #count = 0
  #last: string | null = null

  constructor(prefix = "e", clock = start) {
    this.#prefix = prefix
    this.#clock = clock
  }

  header(id: string, more: Fields = {}): this {
    const timestamp = new Date(this.#tick()).toISOString()
    this.lines.push({ type: "session", version: 3, id, timestamp, cwd: "/home/dev/app", ...more })
    return this
  }

  /** The next entry hangs on this one. */
  at(id: string | null): this {
    this.#last = id
    return this
  }

  entry(type: string, fields: Fields = {}): this {
    const id = `${this.#prefix}${++this.#count}`
    const timestamp = new Date(this.#tick()).toISOString()
    this.lines.push({ type, id, parentId: this.#last, timestamp, ...fields })
    this.#last = typeof fields["id"] === "string" ? fields["id"] : id
    return this
  }

  /** `meta`: what tells a prompt from text of the tool. */
  user(content: string | ReadonlyArray<unknown>, meta: Fields = { source: "user" }, more: Fields = {}): this {
    return this.entry("message", {
      message: { role: "user", content: blocks(content), meta: { createdAt: this.#clock, ...meta } },
      ...more
    })
  }

  results(...content: ReadonlyArray<unknown>): this {
    return this.user(content, { source: "tool" })
  }

  answer(content: string | ReadonlyArray<unknown>, usage: Fields = usageOf(1, 1), more: Fields = {}): this {
    return this.entry("message", {
      message: { role: "assistant", content: blocks(content), meta: { source: "model", createdAt: this.#clock } },
      usage,
      model: "acme/m-1",
      ...more
    })
  }

  #tick(): number {
    const now = this.#clock
    this.#clock += 1000
    return now
  }
}

/** Writes a transcript of the formats before 3: one message per line. */
export class FlatScript {
  readonly lines: Array<unknown> = []
  readonly #sessionId: string
  readonly #version: number | undefined
  #clock = start
  #count = 0

  constructor(sessionId: string, version: number | undefined = 2) {
    this.#sessionId = sessionId
    this.#version = version
  }

  say(role: string, content: unknown, metadata: Fields = {}): this {
    const at = ++this.#count
    this.lines.push({
      id: `f${at}`,
      timestamp: new Date(this.#clock).toISOString(),
      sessionId: this.#sessionId,
      parentId: at === 1 ? "of-an-earlier-rewrite" : `f${at - 1}`,
      role,
      content,
      gitBranch: "main",
      metadata: {
        source: "cli",
        ...(this.#version === undefined ? {} : { version: this.#version }),
        ...metadata
      }
    })
    this.#clock += 1000
    return this
  }
}

export const projects = (home: string): string => nodePath.join(home, ".commandcode", "projects", "home-dev-app")

export const sessionFile = (home: string, id: string): string => nodePath.join(projects(home), `${id}.jsonl`)

export const writeBeside = (home: string, id: string, end: string, content: unknown): void =>
  writeFile(
    nodePath.join(projects(home), `${id}.${end}`),
    typeof content === "string" ? content : JSON.stringify(content, null, 2)
  )

export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) writeFile(sessionFile(home, id), jsonLines(records), mtimeMs)
}
