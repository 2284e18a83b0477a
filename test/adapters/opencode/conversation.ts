import type { KitMessage } from "../../support/adapter-kit.ts"
import { child, type Row } from "./store.ts"

export const start = 1793700000000

export const messages: ReadonlyArray<KitMessage> = [
  ["user", "count the files"],
  ["tool_use", 'task {"description":"count","prompt":"count files"}'],
  ["tool_result", "three"],
  ["assistant", "There are 3."]
]

const sessionRow = (table: string, id: string, updated: number, more: Row = {}): Row => ({
  table,
  id,
  directory: "/home/dev/app",
  title: "Counting",
  version: "1.18.33",
  model: { id: "m-1", providerID: "acme" },
  time_created: start,
  time_updated: updated,
  ...more
})

const user = (id: string, at: number): Row => ({
  table: "message",
  id,
  data: { role: "user", time: { created: at }, agent: "build", model: { providerID: "acme", modelID: "m-1" } }
})

const answer = (id: string, at: number, more: Row = {}): Row => ({
  table: "message",
  id,
  data: {
    role: "assistant",
    mode: "build",
    modelID: "m-1",
    providerID: "acme",
    time: { created: at, completed: at + 500 },
    ...more
  }
})

const part = (message: string, id: string, data: Row): Row => ({ table: "part", id, message_id: message, data })

export const text = (message: string, id: string, said: string): Row => part(message, id, { type: "text", text: said })

/** The same conversation as 1.x and as 2.x store it. Ids of records begin with the last letter of the session's. */
export interface Dialect {
  readonly conversation: (id: string) => ReadonlyArray<Row>
  readonly growth: (id: string) => ReadonlyArray<Row>
  readonly prompt: (id: string, said: string) => ReadonlyArray<Row>
  readonly child: (parentId: string) => ReadonlyArray<Row>
}

const task = {
  status: "completed",
  input: { description: "count", prompt: "count files" },
  metadata: { sessionId: child }
}

export const parts: Dialect = {
  conversation: (id) => {
    const m = `msg_c${id.at(-1)}`
    const p = `prt_c${id.at(-1)}`
    return [
      sessionRow("session", id, start + 9000),
      user(`${m}1`, start + 100),
      text(`${m}1`, `${p}1`, "count the files"),
      answer(`${m}2`, start + 1000),
      part(`${m}2`, `${p}2`, { type: "reasoning", text: "let an agent do it" }),
      part(`${m}2`, `${p}3`, {
        type: "tool",
        tool: "task",
        callID: "call_conv",
        state: { ...task, output: "three", time: { start: start + 1200, end: start + 1300 } }
      }),
      answer(`${m}3`, start + 2000),
      text(`${m}3`, `${p}4`, "There are 3.")
    ]
  },
  growth: (id) => {
    const m = `msg_g${id.at(-1)}`
    const p = `prt_g${id.at(-1)}`
    return [
      sessionRow("session", id, start + 69_000),
      user(`${m}1`, start + 60_000),
      text(`${m}1`, `${p}1`, "and the folders"),
      answer(`${m}2`, start + 61_000),
      text(`${m}2`, `${p}2`, "2.")
    ]
  },
  prompt: (id, said) => [
    sessionRow("session", id, start + 1000),
    user("msg_s1", start + 100),
    text("msg_s1", "prt_s1", said)
  ],
  child: (parentId) => [
    sessionRow("session", child, start + 1300, { parent_id: parentId, title: "count (@scout subagent)" }),
    user("msg_k1", start + 1210),
    text("msg_k1", "prt_k1", "count files"),
    answer("msg_k2", start + 1220),
    text("msg_k2", "prt_k2", "three")
  ]
}

const row = (id: string, seq: number, type: string, at: number, data: Row): Row => ({
  table: "session_message",
  id,
  type,
  seq,
  data: { ...data, time: { created: at } }
})

export const rows: Dialect = {
  conversation: (id) => {
    const m = `msg_c${id.at(-1)}`
    return [
      sessionRow("session_v2", id, start + 9000),
      row(`${m}1`, 101, "user", start + 100, { text: "count the files" }),
      row(`${m}2`, 102, "assistant", start + 1000, {
        model: { id: "m-1", providerID: "acme" },
        content: [
          { type: "reasoning", text: "let an agent do it" },
          {
            type: "tool",
            id: "call_conv",
            name: "task",
            state: { ...task, content: [{ type: "text", text: "three" }] },
            time: { created: start + 1200, completed: start + 1300 }
          },
          { type: "text", text: "There are 3." }
        ]
      })
    ]
  },
  growth: (id) => {
    const m = `msg_g${id.at(-1)}`
    return [
      sessionRow("session_v2", id, start + 69_000),
      row(`${m}1`, 201, "user", start + 60_000, { text: "and the folders" }),
      row(`${m}2`, 202, "assistant", start + 61_000, { content: [{ type: "text", text: "2." }] })
    ]
  },
  prompt: (id, said) => [
    sessionRow("session_v2", id, start + 1000),
    row("msg_s1", 1, "user", start + 100, { text: said })
  ],
  child: (parentId) => [
    sessionRow("session_v2", child, start + 1300, { parent_id: parentId, title: "count" }),
    row("msg_k1", 1, "user", start + 1210, { text: "count files" }),
    row("msg_k2", 2, "assistant", start + 1220, { content: [{ type: "text", text: "three" }] })
  ]
}
