import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync } from "node:sqlite"
import { fileURLToPath } from "node:url"
import type { KitSession } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"

export const first = "5e550000-0000-4000-8000-000000000001"
export const second = "5e550000-0000-4000-8000-000000000002"
export const child = "5e550000-0000-4000-8000-0000000000c1"
export const firstEvents = "sess_0001"
export const secondEvents = "sess_0002"

export const start = Date.UTC(2026, 10, 1, 10, 0, 0)

const fixture = (name: string): string =>
  fs.readFileSync(fileURLToPath(new URL(`../../fixtures/kiro/${name}`, import.meta.url)), "utf8")

/** Records of a file in `test/fixtures/kiro`. */
export const fixtureRecords = (name: string): ReadonlyArray<unknown> =>
  fixture(`${name}.jsonl`)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown)

export const execution = (more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  ...(JSON.parse(fixture("execution.json")) as Readonly<Record<string, unknown>>),
  ...more
})

export const eventsFolder = (home: string, id: string): string => `${home}/.kiro/sessions/4748323122002acb/${id}`

export const eventsPath = (home: string, id: string): string => `${eventsFolder(home, id)}/messages.jsonl`

export const eventsMetadata = {
  schemaVersion: "1.0.0",
  dataModelVersion: 1,
  title: "Warm oven",
  agentMode: "vibe",
  workspacePaths: ["/srv/bakery"],
  modelId: "m-1",
  status: "in_progress"
}

export const writeEvents = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(eventsPath(home, id), jsonLines(records), mtimeMs)
    writeFile(`${eventsFolder(home, id)}/session.json`, JSON.stringify({ id, ...eventsMetadata }))
  }
}

/** An event `seconds` after the start. */
export const event = (seconds: number, payload: Readonly<Record<string, unknown>>) => ({
  id: `e${seconds}`,
  timestamp: new Date(start + seconds * 1000).toISOString(),
  payload
})

export const turnsPath = (home: string, id: string): string => `${home}/.kiro/sessions/cli/${id}.jsonl`

export const turnsMetadata = (id: string, updatedAt: number, more: Readonly<Record<string, unknown>> = {}) => ({
  session_id: id,
  cwd: "/srv/bakery",
  created_at: new Date(start).toISOString(),
  updated_at: new Date(updatedAt).toISOString(),
  title: "A loaf",
  parent_session_id: null,
  session_created_reason: "user",
  ...more,
  session_state: {
    version: "v1",
    rts_model_state: { model_info: { model_id: "m-1", model_name: "M 1" } },
    conversation_metadata: { user_turn_metadatas: [{ metering_usage: [{ value: 0.05, unit: "credit" }] }] }
  }
})

export const writeTurns = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(turnsPath(home, id), jsonLines(records), mtimeMs)
    writeFile(turnsPath(home, id).slice(0, -1), JSON.stringify(turnsMetadata(id, mtimeMs ?? start + 9000)))
  }
}

export const prompt = (text: string, seconds = 0) => ({
  version: "v1",
  kind: "Prompt",
  data: { message_id: "p", content: [{ kind: "text", data: text }], meta: { timestamp: start / 1000 + seconds } }
})

export const answer = (...content: ReadonlyArray<unknown>) => ({
  version: "v1",
  kind: "AssistantMessage",
  data: {
    message_id: "a",
    content: content.map((part) => (typeof part === "string" ? { kind: "text", data: part } : part))
  }
})

export const result = (toolUseId: string, text: string, status = "success") => ({
  version: "v1",
  kind: "ToolResults",
  data: {
    message_id: "r",
    content: [{ kind: "toolResult", data: { toolUseId, content: [{ kind: "text", data: text }], status } }],
    results: {}
  }
})

export const databasePath = (home: string): string => `${home}/.local/share/kiro-cli/data.sqlite3`

const schema = `
  CREATE TABLE conversations (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE conversations_v2 (
    key TEXT NOT NULL, conversation_id TEXT NOT NULL, value TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (key, conversation_id)
  );
  CREATE TABLE auth_kv (key TEXT PRIMARY KEY, value TEXT);`

/** A new database with what `fill` puts into it. */
export const createDatabase = (home: string, fill: (database: DatabaseSync) => void): void => {
  const path = databasePath(home)
  for (const end of ["", "-wal", "-shm"]) fs.rmSync(path + end, { force: true })
  fs.mkdirSync(nodePath.dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(`PRAGMA synchronous = OFF; ${schema}`)
  fill(database)
  database.close()
}

export const conversationValue = (id: string, history: unknown, more: Readonly<Record<string, unknown>> = {}) => ({
  conversation_id: id,
  next_message: null,
  history,
  valid_history_range: [0, 1],
  transcript: ["> shown"],
  latest_summary: null,
  model_info: { model_id: "m-1", model_name: "M 1", context_window_tokens: 1000 },
  ...more
})

export const insertConversation = (
  database: DatabaseSync,
  id: string,
  value: unknown,
  updatedAt = start + 9000,
  key = "/srv/bakery"
): void => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  database.prepare("INSERT INTO conversations_v2 VALUES (?, ?, ?, ?, ?)").run(key, id, text, start, updatedAt)
}

/** Writes sessions as the only ones of the home's database. */
export const writeDatabase = (home: string, sessions: ReadonlyArray<KitSession>): void =>
  createDatabase(home, (database) => {
    for (const { id, mtimeMs, records } of sessions) {
      insertConversation(database, id, conversationValue(id, records), mtimeMs)
    }
  })

/** An item of a history with a prompt. */
export const asked = (text: string, assistant: unknown) => ({
  user: { additional_context: "", content: { Prompt: { prompt: text } }, timestamp: new Date(start).toISOString() },
  assistant
})

export const answered = (id: string, text: string, status: string, assistant: unknown) => ({
  user: {
    content: { ToolUseResults: { tool_use_results: [{ tool_use_id: id, content: [{ Text: text }], status }] } },
    timestamp: null
  },
  assistant
})

export const response = (content: string) => ({ Response: { message_id: "m", content } })

export const ideStorage = (home: string): string => `${home}/.config/Kiro/User/globalStorage/kiro.kiroagent`

/** `/srv/bakery` as the IDE names a folder after it. */
export const ideFolder = "L3Nydi9iYWtlcnk_"

export const idePath = (home: string, id: string): string =>
  `${ideStorage(home)}/workspace-sessions/${ideFolder}/${id}.json`

export const ideDocument = (id: string, history: unknown) => ({
  sessionId: id,
  title: "Spoons",
  selectedModel: "m-1",
  workspaceDirectory: "/srv/bakery",
  history
})

/** Writes sessions as documents of the IDE, with a time of writing that does not depend on when. */
export const writeIde = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    writeFile(idePath(home, id), JSON.stringify(ideDocument(id, records)), mtimeMs ?? start)
  }
}

export const hash32 = "0123456789abcdef0123456789abcdef"

/** Writes sessions as `.chat` files. */
export const writeChats = (home: string, sessions: ReadonlyArray<KitSession>): void => {
  for (const { id, mtimeMs, records } of sessions) {
    const metadata = {
      modelId: "m-1",
      workflow: "act",
      workflowId: id,
      startTime: start,
      endTime: mtimeMs ?? start + 9000
    }
    const document = { executionId: `x-${id}`, actionId: "act", context: [], chat: records, metadata }
    writeFile(`${ideStorage(home)}/${hash32}/x-${id}.chat`, JSON.stringify(document), mtimeMs)
  }
}
