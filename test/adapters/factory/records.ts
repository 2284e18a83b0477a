import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Line = Readonly<Record<string, unknown>>

/** The session of the fixtures, and others that they name. */
export const first = "5e550000-0000-4000-8000-000000000001"
export const second = "5e550000-0000-4000-8000-000000000002"
export const forked = "5e550000-0000-4000-8000-00000000000f"
export const child = "5e550000-0000-4000-8000-0000000000c1"

/** Records of a file in `test/fixtures/factory`, its session given another id. */
export const fixtureRecords = (name: string, id = first): ReadonlyArray<Line> =>
  fs
    .readFileSync(fileURLToPath(new URL(`../../fixtures/factory/${name}.jsonl`, import.meta.url)), "utf8")
    .replaceAll(first, id)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)

export const factoryHome = (home: string): string => `${home}/.factory`

export const transcriptPath = (home: string, id: string, folder = "-home-ann-kettle"): string =>
  `${factoryHome(home)}/sessions/${folder}/${id}.jsonl`

export const usage = { input: 10, output: 7, cacheRead: 30, cacheCreation: 4, thinking: 2 }

/** Settings as the tool writes them: its own tokens, those with subagents, and those of the last call. */
export const settings: Line = {
  assistantActiveTimeMs: 1200,
  model: "claude-opus-5",
  reasoningEffort: "high",
  interactionMode: "auto",
  autonomyLevel: "low",
  tags: [{ name: "exec" }],
  tokenUsage: { inputTokens: 10, outputTokens: 7, cacheCreationTokens: 4, cacheReadTokens: 30, thinkingTokens: 2 },
  inclusiveTokenUsage: { inputTokens: 99, outputTokens: 99, cacheCreationTokens: 99, cacheReadTokens: 99 },
  childInclusiveTokenUsageBySessionId: {},
  lastCallTokenUsage: { inputTokens: 5, outputTokens: 3, cacheReadTokens: 30 }
}

export const writeSettings = (transcript: string, more: Line = {}): void =>
  writeFile(transcript.replace(/\.jsonl$/, ".settings.json"), JSON.stringify({ ...settings, ...more }, null, 2))

export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(transcriptPath(home, id), jsonLines(records), mtimeMs)
    writeSettings(transcriptPath(home, id))
  }
}

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

/** Writes a transcript as the tool does, a message each second. */
export class Script {
  readonly lines: Array<Line> = []
  readonly #id: string
  readonly #prefix: string
  #clock: number
  #count = 0

  constructor(id: string, { clock = start, prefix = "s" }: { clock?: number; prefix?: string } = {}) {
    this.#id = id
    this.#clock = clock
    this.#prefix = prefix
  }

  header(more: Line = {}): this {
    this.lines.push({
      type: "session_start",
      id: this.#id,
      title: "Mend the kettle",
      owner: "ann",
      version: 2,
      cwd: "/home/ann/kettle",
      isSessionTitleManuallySet: false,
      ...more
    })
    return this
  }

  record(type: string, more: Line = {}): this {
    this.lines.push({ type, timestamp: new Date(this.#clock).toISOString(), ...more })
    this.#clock += 1000
    return this
  }

  message(role: string, content: unknown, more: Line = {}): this {
    const parentId = this.#count === 0 ? {} : { parentId: `${this.#prefix}${this.#count}` }
    return this.record("message", {
      id: `${this.#prefix}${++this.#count}`,
      ...parentId,
      message: { role, content, ...more }
    })
  }

  user(text: string, more: Line = {}): this {
    return this.message("user", [{ type: "text", text }], more)
  }

  answer(text: string, more: Line = {}): this {
    return this.message("assistant", [{ type: "text", text }], { modelId: "claude-opus-5", ...more })
  }

  call(id: string, name: string, input: unknown): this {
    return this.message("assistant", [{ type: "tool_use", id, name, input }], { modelId: "claude-opus-5" })
  }

  result(id: string, content: unknown, isError = false): this {
    return this.message("user", [{ type: "tool_result", tool_use_id: id, is_error: isError, content }])
  }
}
