import * as path from "node:path"
import { type Insert, newDatabase, schemaOf } from "../files.ts"
import { inputOf, type OpenStore, type Talk } from "../talk.ts"

/** Ids ascend with time, as the tool's do. */
const ascending = (prefix: string, number: number): string => `${prefix}_${number.toString(36).padStart(12, "0")}`

const model = { providerID: "acme", modelID: "m-1" }
const tokens = { input: 900, output: 60, reasoning: 5, cache: { read: 800, write: 5 } }

/** Rows of `message` and `part`, as 1.x writes them. */
const addParts = (insert: Insert, id: string, { turns }: Talk, next: (prefix: string) => string): number => {
  let bytes = 0
  const message = (time: number, data: object): ((part: object) => void) => {
    const own = next("msg")
    const times = { time_created: time, time_updated: time }
    bytes += insert("message", { id: own, session_id: id, ...times, data: JSON.stringify(data) })
    return (part) => {
      bytes += insert("part", {
        id: next("prt"),
        message_id: own,
        session_id: id,
        ...times,
        data: JSON.stringify(part)
      })
    }
  }
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    message(time, { role: "user", time: { created: time }, agent: "build", model })({ type: "text", text: prompt })
    for (const { call, doneAt, said, thought, time: at } of steps) {
      const { input, name: tool } = inputOf(call)
      const put = message(at, {
        role: "assistant",
        time: { created: at, completed: doneAt },
        tokens,
        ...model,
        cost: 0,
        finish: "tool-calls"
      })
      const timed = { start: at, end: doneAt }
      put({ type: "step-start", snapshot: "0".repeat(40) })
      if (thought !== null) put({ type: "reasoning", text: thought, time: timed })
      if (said !== null) put({ type: "text", text: said, time: timed })
      const state = { status: "completed", input, output: call.output, title: call.command, metadata: {}, time: timed }
      put({ type: "tool", callID: call.id, tool, state })
      put({ type: "step-finish", reason: "tool-calls", cost: 0, tokens })
    }
    const last = { role: "assistant", time: { created: answeredAt, completed: answeredAt }, tokens, ...model }
    message(answeredAt, last)({ type: "text", text: answer })
  }
  return bytes
}

/** Rows of `session_message`, as 2.x writes them. */
const addMessages = (insert: Insert, id: string, { turns }: Talk, next: (prefix: string) => string): number => {
  let bytes = 0
  let seq = 0
  const put = (type: string, time: number, data: object): void => {
    const times = { time_created: time, time_updated: time }
    const own = { id: next("msg"), session_id: id, type, seq: ++seq }
    bytes += insert("session_message", { ...own, ...times, data: JSON.stringify(data) })
  }
  for (const { answer, answeredAt, prompt, steps, time } of turns) {
    put("user", time, { text: prompt, files: [], agents: [], time: { created: time } })
    const content: Array<object> = []
    for (const { call, doneAt, said, thought, time: at } of steps) {
      const { input, name } = inputOf(call)
      if (thought !== null) content.push({ type: "reasoning", text: thought, time: { created: at } })
      if (said !== null) content.push({ type: "text", text: said })
      const state = { status: "completed", input, content: [{ type: "text", text: call.output }], structured: {} }
      content.push({ type: "tool", id: call.id, name, state, time: { created: at, ran: at, completed: doneAt } })
    }
    content.push({ type: "text", text: answer })
    const times = { created: time, completed: answeredAt }
    put("assistant", answeredAt, {
      agent: "build",
      model: { id: "m-1", providerID: "acme" },
      content,
      tokens,
      time: times
    })
  }
  return bytes
}

/** opencode: one database for all, two thirds of the sessions by 1.x, the others by 2.x. */
export const openOpencode: OpenStore = (home) => {
  const file = path.join(home, ".local/share/opencode/opencode.db")
  const schema = schemaOf("opencode/schema-1.2.sql", "opencode/schema-1.18.sql", "opencode/schema-2.sql")
  const { close, insert } = newDatabase(file, schema)
  let made = 0
  const next = (prefix: string): string => ascending(prefix, ++made)
  let number = 0
  return {
    add: (talk) => {
      const id = next("ses")
      const isNew = number++ % 3 === 2
      const bytes = insert(isNew ? "session_v2" : "session", {
        id,
        project_id: "global",
        slug: "quiet-otter",
        directory: talk.cwd,
        title: talk.title,
        version: isNew ? "2.0.3" : "1.18.33",
        model: '{"id":"m-1","providerID":"acme"}',
        tokens_input: 900,
        tokens_output: 60,
        time_created: talk.start,
        time_updated: talk.end
      })
      return bytes + (isNew ? addMessages : addParts)(insert, id, talk, next)
    },
    close
  }
}
