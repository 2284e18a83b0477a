import { opencode } from "../../../src/adapters/opencode/index.ts"
import { type AdapterCase, adapterKit, type KitPlans, notResumable } from "../../support/adapter-kit.ts"
import { type Dialect, messages, parts, rows, start } from "./conversation.ts"
import { columns, odd, since2 } from "./fixtures.ts"
import { addRows, addToTree, child, databasePath, first, type Row, second, writeDatabase, writeTree } from "./store.ts"

const shared = (dialect: Dialect) => ({
  adapter: opencode,
  ids: [first, second] as const,
  file: null,
  conversation: dialect.conversation,
  messages,
  head: {
    cwd: "/home/dev/app",
    createdAt: start,
    updatedAt: start + 9000,
    isEmpty: false,
    kind: "session" as const,
    parentId: null,
    gitBranch: null,
    model: "m-1",
    title: "Counting",
    firstPrompt: "count the files"
  },
  growth: dialect.growth,
  prompt: dialect.prompt,
  plans: (({ id }) => {
    const base = ["run", "--format", "json"]
    return {
      new: { args: base },
      resume: { args: [...base, "--session", id], sessionId: id },
      continue: { args: [...base, "--continue"] },
      fork: { args: [...base, "--session", id, "--fork"] }
    }
  }) satisfies KitPlans
})

const subagent = (write: (home: string, rows: ReadonlyArray<Row>) => void, dialect: Dialect) => ({
  id: child,
  toolUseId: "call_conv",
  write: (home: string, parentId: string) => write(home, dialect.child(parentId)),
  messages: [
    ["user", "count files"],
    ["assistant", "three"]
  ] as const
})

const unknownPart = (id: string) => ({
  record: { table: "part", message_id: `msg_c${id.at(-1)}1`, data: { type: "hologram" } },
  reason: "unknown part type hologram"
})

/** `step-finish` says the tokens of its message once more. */
const repeatedParts: NonNullable<AdapterCase["repeated"]> = {
  records: () => {
    const tokens = { total: 165, input: 100, output: 40, reasoning: 5, cache: { read: 18, write: 2 } }
    return [
      { table: "message", id: "msg_r1", data: { role: "user", time: { created: start } } },
      { table: "part", id: "prt_r1", message_id: "msg_r1", data: { type: "text", text: "hi" } },
      { table: "message", id: "msg_r2", data: { role: "assistant", time: { created: start + 1 }, tokens } },
      { table: "part", id: "prt_r2", message_id: "msg_r2", data: { type: "text", text: "hello" } },
      { table: "part", id: "prt_r3", message_id: "msg_r2", data: { type: "step-finish", tokens } }
    ]
  },
  messages: [
    ["user", "hi"],
    ["assistant", "hello"]
  ],
  usage: { input: 100, output: 45, cacheRead: 18, cacheCreation: 2, thinking: 5 }
}

adapterKit({
  ...shared(parts),
  write: writeDatabase("1.18"),
  unknown: unknownPart,
  repeated: repeatedParts,
  subagent: subagent((home, records) => addRows(databasePath(home), records, child), parts),
  fixtures: [...odd, ...columns]
})

adapterKit({
  ...shared(parts),
  // The tree of files does not say which model a session uses, but its answers do.
  write: writeTree,
  plans: notResumable(
    shared(parts).plans,
    "the session is only in the JSON files of OpenCode 1.1, which 1.17 and later cannot see"
  ),
  unknown: unknownPart,
  repeated: repeatedParts,
  subagent: subagent((home, records) => addToTree(home, records, child), parts),
  fixtures: odd
})

adapterKit({
  ...shared(rows),
  write: writeDatabase("2"),
  unknown: () => ({
    record: { table: "session_message", type: "hologram", seq: 150, data: {} },
    reason: "unknown message type hologram"
  }),
  // A session that was migrated is in the tables of both generations.
  repeated: {
    records: (id) => [
      ...parts.conversation(id),
      ...rows.conversation(id),
      {
        table: "session_message",
        id: "msg_r1",
        type: "assistant",
        seq: 300,
        data: { content: [], tokens: { input: 9, output: 5, reasoning: 2, cache: { read: 1, write: 0 } } }
      }
    ],
    messages,
    usage: { input: 9, output: 7, cacheRead: 1, cacheCreation: 0, thinking: 2 }
  },
  subagent: subagent((home, records) => addRows(databasePath(home), records, child), rows),
  fixtures: since2
})
