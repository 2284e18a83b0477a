import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Fields = Readonly<Record<string, unknown>>

export const first = "6a000000-0000-4000-8000-000000000001"
export const second = "6b000000-0000-4000-8000-000000000002"
export const agent = "6a000000-0000-4000-8000-0000000000aa"

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

/** Text of a file in `test/fixtures/gemini`, its session given another id. */
export const fixtureText = (name: string, id = first): string =>
  fs
    .readFileSync(fileURLToPath(new URL(`../../fixtures/gemini/${name}`, import.meta.url)), "utf8")
    .replaceAll(first, id)

export const fixtureRecords = (name: string, id = first): ReadonlyArray<Fields> =>
  fixtureText(`${name}.jsonl`, id)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Fields)

export const dataRoot = (home: string): string => `${home}/.gemini`

export const project = (home: string, name = "workshop"): string => `${dataRoot(home)}/tmp/${name}`

export const sessionFile = (home: string, id: string, minute = "00", name = "workshop"): string =>
  `${project(home, name)}/chats/session-2026-11-01T10-${minute}-${id.slice(0, 8)}.jsonl`

export const writeMarker = (home: string): void => writeFile(`${project(home)}/.project_root`, "/home/dev/workshop\n")

const at = (ms: number): string => new Date(ms).toISOString()

/** Writes a session as the tool does, one message each second. */
export class Script {
  readonly lines: Array<Fields> = []
  readonly #id: string
  readonly #prefix: string
  #clock: number
  #count = 0

  constructor(id: string, prefix = "m", clock = start) {
    this.#id = id
    this.#prefix = prefix
    this.#clock = clock
  }

  line(record: Fields): this {
    this.lines.push(record)
    return this
  }

  meta(more: Fields = {}): this {
    const startTime = at(this.#clock)
    return this.line({
      sessionId: this.#id,
      projectHash: "3f".repeat(32),
      startTime,
      lastUpdated: startTime,
      kind: "main",
      ...more
    })
  }

  context(): this {
    const content = [{ text: "<session_context>\nThe workshop is open.\n</session_context>" }]
    const messages = [{ id: "context", timestamp: at(this.#clock), type: "user", content }]
    return this.line({ $set: { messages, lastUpdated: at(this.#clock) } })
  }

  message(type: string, content: unknown, more: Fields = {}): this {
    this.#clock += 1000
    const timestamp = at(this.#clock)
    this.line({ id: `${this.#prefix}-${++this.#count}`, timestamp, type, content, ...more })
    return this.line({ $set: { lastUpdated: timestamp } })
  }

  user(...texts: ReadonlyArray<string>): this {
    return this.message(
      "user",
      texts.map((text) => ({ text }))
    )
  }

  answer(content: unknown, more: Fields = {}): this {
    return this.message("gemini", content, { thoughts: [], tokens: null, model: "gemini-3.8-flash", ...more })
  }
}

export const tokensOf = (input: number, output: number, cached = 0, thoughts = 0, tool = 0): Fields => ({
  input,
  output,
  cached,
  thoughts,
  tool,
  total: input + output + thoughts + tool
})

export const response = (id: string, name: string, value: Fields): Fields => ({
  functionResponse: { id, name, response: value }
})

export const doneCall = (id: string, name: string, args: Fields, output: string, more: Fields = {}): Fields => ({
  id,
  name,
  args,
  result: [response(id, name, { output })],
  status: "success",
  ...more
})

/** A session that was never used is one metadata line. */
export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  writeMarker(home)
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(sessionFile(home, id), jsonLines(records.length > 0 ? records : new Script(id).meta().lines), mtimeMs)
  }
}
