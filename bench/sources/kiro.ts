import * as path from "node:path"
import { jsonLines, newDatabase, writeAt } from "../files.ts"
import { inputOf, iso, type OpenStore, type Talk } from "../talk.ts"

/** Harness V3: events beside a small document. */
const addEvents = (home: string, { cwd, end, id, start, title, turns }: Talk): number => {
  const records: Array<object> = []
  const put = (type: string, time: number, payload: object): void =>
    void records.push({ id: `e${records.length}`, timestamp: iso(time), payload: { type, ...payload } })
  put("session_start", start, { agentType: "vibe" })
  for (const [number, { answer, answeredAt, prompt, steps, time }] of turns.entries()) {
    const executionId = `x${number}`
    put("user", time, { content: prompt, images: [], documents: [] })
    put("turn_start", time, { executionId })
    for (const { call, doneAt, said, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      if (thought !== null) put("assistant", at, { operationType: "Reasoning", content: thought, executionId })
      if (said !== null) put("assistant", at, { operationType: "Say", content: said, executionId })
      put("tool_call", at, { toolName: name, toolCallId: call.id, args: input, executionId })
      put("tool_result", doneAt, { toolCallId: call.id, content: call.output, success: true, executionId })
    }
    put("assistant", answeredAt, { operationType: "Say", content: answer, executionId })
    put("turn_end", answeredAt, { stopReason: "end_turn", executionId })
  }
  const session = {
    schemaVersion: "1.0.0",
    dataModelVersion: 1,
    id: `sess_${id}`,
    title,
    agentMode: "vibe",
    workspacePaths: [cwd],
    modelId: "m-1",
    status: "in_progress",
    createdAt: iso(start),
    lastModifiedAt: iso(end)
  }
  const folder = path.join(home, ".kiro/sessions/4748323122002acb", `sess_${id}`)
  const bytes = writeAt(path.join(folder, "session.json"), JSON.stringify(session), end)
  return bytes + writeAt(path.join(folder, "messages.jsonl"), jsonLines(records), end)
}

/** CLI V2: lines beside a small document. */
const addTurns = (home: string, { cwd, dice, end, id, start, title, turns }: Talk): number => {
  const records: Array<object> = []
  const put = (kind: string, content: ReadonlyArray<object>, more: object = {}): void =>
    void records.push({ version: "v1", kind, data: { message_id: dice.uuid(), content, ...more } })
  for (const { answer, prompt, steps, time } of turns) {
    put("Prompt", [{ kind: "text", data: prompt }], { meta: { timestamp: Math.floor(time / 1000) } })
    for (const { call, said, thought } of steps) {
      const { input, name } = inputOf(call)
      put("AssistantMessage", [
        ...(thought === null ? [] : [{ kind: "thinking", data: { text: thought, signature: "s" } }]),
        ...(said === null ? [] : [{ kind: "text", data: said }]),
        { kind: "toolUse", data: { toolUseId: call.id, name, input } }
      ])
      const json = { stdout: call.output, stderr: "", exit_status: "exit status: 0" }
      const result = { toolUseId: call.id, content: [{ kind: "json", data: json }], status: "success" }
      put("ToolResults", [{ kind: "toolResult", data: result }], { results: { [call.id]: {} } })
    }
    put("AssistantMessage", [{ kind: "text", data: answer }])
  }
  const session = {
    session_id: id,
    cwd,
    created_at: iso(start),
    updated_at: iso(end),
    title,
    parent_session_id: null,
    session_created_reason: "user",
    session_state: { version: "v1", rts_model_state: { model_info: { model_id: "m-1", model_name: "M 1" } } }
  }
  const file = path.join(home, ".kiro/sessions/cli", id)
  const bytes = writeAt(`${file}.json`, JSON.stringify(session), end)
  return bytes + writeAt(`${file}.jsonl`, jsonLines(records), end)
}

/** CLI 1.x: a document in a database. */
const conversationOf = ({ cwd, dice, id, turns }: Talk): object => {
  const history: Array<object> = []
  const environment = { operating_system: "linux", current_working_directory: cwd, environment_variables: [] }
  const put = (content: object, time: number, assistant: object): void => {
    const env_context = { env_state: environment }
    const user = { additional_context: "", env_context, content, timestamp: iso(time), images: null }
    history.push({ user, assistant, request_metadata: { stream_end_timestamp_ms: time, model_id: "m-1" } })
  }
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    let content: object = { Prompt: { prompt } }
    for (const { call, said, time: at } of steps) {
      const { input, name } = inputOf(call)
      const use = { id: call.id, name, orig_name: name, args: input, orig_args: input }
      put(content, at, { ToolUse: { message_id: dice.uuid(), content: said ?? "", tool_uses: [use] } })
      const result = { tool_use_id: call.id, content: [{ Text: call.output }], status: "Success" }
      content = { ToolUseResults: { tool_use_results: [result] } }
    }
    put(content, Math.max(time, answeredAt), { Response: { message_id: dice.uuid(), content: answer } })
  }
  return {
    conversation_id: id,
    next_message: null,
    history,
    valid_history_range: [0, history.length],
    transcript: turns.map(({ prompt }) => `> ${prompt}`),
    latest_summary: null,
    model_info: { model_id: "m-1", model_name: "M 1", context_window_tokens: 200_000 },
    file_line_tracker: {}
  }
}

const schema = `CREATE TABLE conversations (key TEXT PRIMARY KEY, value TEXT);
  CREATE TABLE conversations_v2 (key TEXT NOT NULL, conversation_id TEXT NOT NULL, value TEXT NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, PRIMARY KEY (key, conversation_id));`

/** Kiro: a third of the sessions in each of the stores of its programs in the terminal. */
export const openKiro: OpenStore = (home) => {
  const { close, insert } = newDatabase(path.join(home, ".local/share/kiro-cli/data.sqlite3"), schema)
  let number = 0
  return {
    add: (talk) => {
      const kind = number++ % 3
      if (kind === 0) return addEvents(home, talk)
      if (kind === 1) return addTurns(home, talk)
      return insert("conversations_v2", {
        key: talk.cwd,
        conversation_id: talk.id,
        value: JSON.stringify(conversationOf(talk)),
        created_at: talk.start,
        updated_at: talk.end
      })
    },
    close
  }
}
