import * as fs from "node:fs"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export type Record = Readonly<{ [key: string]: unknown }>

/** The session of the fixtures, another one, and the subagent of `subagent.jsonl`. */
export const first = "cccc0000-1111-4222-8333-444444444444"
export const second = "dddd0000-1111-4222-8333-444444444444"
export const agent = "aaaa0000-1111-4222-8333-00000000000a"

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

const fixtureText = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/copilot/${name}`, import.meta.url)), "utf8")

/** Events of a file in `test/fixtures/copilot`, its session given another id. */
export const fixtureRecords = (name: string, id = first): ReadonlyArray<Record> =>
  fixtureText(`${name}.jsonl`)
    .replaceAll(first, id)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record)

export const historyText = fixtureText("history.json")

export const copilotHome = (home: string): string => `${home}/.copilot`

export const sessionDir = (home: string, id: string): string => `${copilotHome(home)}/session-state/${id}`

export const eventsPath = (home: string, id: string): string => `${sessionDir(home, id)}/events.jsonl`

export const historyPath = (home: string, id: string, stamp = "1758355200000"): string =>
  `${copilotHome(home)}/history-session-state/session_${id}_${stamp}.json`

export const workspace = (id: string, lines = ""): string =>
  `id: ${id}\ncwd: /home/dev/app\ngit_root: /home/dev/app\nbranch: main\nclient_name: github/cli\n${lines}user_named: true\n`

export const writeSessions = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(eventsPath(home, id), jsonLines(records), mtimeMs)
    writeFile(`${sessionDir(home, id)}/workspace.yaml`, workspace(id, "name: Fix the typo\n"))
  }
}

/** Writes events as Copilot does, one each second. */
export class Script {
  readonly lines: Array<Record> = []
  #number: number

  constructor(from = 0) {
    this.#number = from
  }

  event(type: string, data: Record, more: Record = {}): this {
    const number = this.#number++
    const timestamp = new Date(start + number * 1000).toISOString()
    this.lines.push({
      type,
      data,
      ...more,
      id: `e${number}`,
      timestamp,
      parentId: number === 0 ? null : `e${number - 1}`
    })
    return this
  }

  start(id: string, more: Record = {}): this {
    return this.event("session.start", {
      sessionId: id,
      version: 1,
      producer: "copilot-agent",
      copilotVersion: "1.0.102",
      startTime: new Date(start).toISOString(),
      selectedModel: "gpt-5.4",
      context: { cwd: "/home/dev/app", gitRoot: "/home/dev/app", branch: "main" },
      ...more
    })
  }

  user(content: string, more: Record = {}): this {
    return this.event("user.message", { content, transformedContent: `<now/>\n\n${content}`, ...more })
  }

  answer(content: string, more: Record = {}): this {
    return this.event("assistant.message", { model: "gpt-5.4", content, toolRequests: [], ...more })
  }

  call(toolCallId: string, name: string, args: unknown, content = ""): this {
    return this.answer(content, { toolRequests: [{ toolCallId, name, arguments: args, type: "function" }] }).event(
      "tool.execution_start",
      { toolCallId, toolName: name, arguments: args }
    )
  }

  result(toolCallId: string, content: string, more: Record = {}): this {
    return this.event("tool.execution_complete", { toolCallId, success: true, result: { content }, ...more })
  }

  usage(usageId: string, sequence: number, counts: Record, sourceSessionId = first): this {
    return this.event("session.usage_record", {
      usage: { ...counts, accounting: { sourceSessionId, sequence, usageId } }
    })
  }

  shutdown(usage: Record): this {
    return this.event("session.shutdown", { modelMetrics: { m: { usage } } })
  }
}
