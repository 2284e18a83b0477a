import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Line = Readonly<Record<string, unknown>>

/** The thread of the fixtures, and others that they name. */
export const first = "01a00000-0000-7000-8000-000000000001"
export const second = "01a00000-0000-7000-8000-000000000002"
export const parent = "01a00000-0000-7000-8000-00000000000f"
export const base = "01a00000-0000-7000-8000-00000000000b"
export const segment = "01a00000-0000-7000-8000-00000000005e"

/** Records of a file in `test/fixtures/codex`, its thread given another id. */
export const fixtureRecords = (name: string, id = first): ReadonlyArray<Line> =>
  fs
    .readFileSync(fileURLToPath(new URL(`../../fixtures/codex/${name}.jsonl`, import.meta.url)), "utf8")
    .replaceAll(first, id)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line)

export const codexHome = (home: string): string => `${home}/.codex`

export const rolloutPath = (home: string, id: string, day = "01", tail = ""): string =>
  `${codexHome(home)}/sessions/2026/11/${day}/rollout-2026-11-${day}T10-00-00-${id}${tail}.jsonl`

export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) writeFile(rolloutPath(home, id), jsonLines(records), mtimeMs)
}

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

export const input = (text: string): Line => ({ type: "input_text", text })

/** Writes a paginated rollout as Codex does, one line each second. */
export class Script {
  readonly lines: Array<Line> = []
  readonly #id: string
  #clock: number
  #ordinal: number

  constructor(id: string, clock = start, ordinal = 0) {
    this.#id = id
    this.#clock = clock
    this.#ordinal = ordinal
  }

  line(type: string, payload: Line, more: Line = {}): this {
    const timestamp = new Date(this.#clock).toISOString()
    this.lines.push({ timestamp, ordinal: this.#ordinal++, type, payload, ...more })
    this.#clock += 1000
    return this
  }

  meta(more: Line = {}): this {
    return this.line("session_meta", {
      id: this.#id,
      session_id: this.#id,
      timestamp: new Date(start).toISOString(),
      cwd: "/home/dev/app",
      cli_version: "0.169.0",
      source: "cli",
      history_mode: "paginated",
      git: { branch: "main" },
      ...more
    })
  }

  turn(model = "gpt-6-sol"): this {
    return this.line("turn_context", { turn_id: "t-1", cwd: "/home/dev/app", model })
  }

  item(payload: Line): this {
    return this.line("response_item", payload)
  }

  event(type: string, payload: Line = {}): this {
    return this.line("event_msg", { type, ...payload })
  }

  completed(type: string, id: string, more: Line = {}): this {
    return this.event("item_completed", { thread_id: this.#id, turn_id: "t-1", item: { type, id, ...more } })
  }

  user(...texts: ReadonlyArray<string>): this {
    return this.item({ type: "message", role: "user", content: texts.map(input) })
  }

  answer(text: string): this {
    return this.item({ type: "message", role: "assistant", content: [{ type: "output_text", text }] })
  }

  call(callId: string, name: string, args: unknown): this {
    return this.item({ type: "function_call", name, arguments: JSON.stringify(args), call_id: callId })
  }

  result(callId: string, output: unknown): this {
    return this.item({ type: "function_call_output", call_id: callId, output })
  }
}
