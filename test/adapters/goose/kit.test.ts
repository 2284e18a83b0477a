import { goose } from "../../../src/adapters/goose/index.ts"
import { type AdapterCase, adapterKit, type KitPlans, notResumable } from "../../support/adapter-kit.ts"
import {
  broken,
  conversation,
  growth,
  head,
  header,
  messages,
  plain,
  sessionRow,
  start,
  visible
} from "./conversation.ts"
import { addRows, child, databasePath, first, linesPath, second, writeDatabase, writeLines } from "./store.ts"

const shared = {
  adapter: goose,
  messages,
  unknown: () => ({
    record: { role: "assistant", created: start + 2, content: [{ type: "hologram" }] },
    reason: "unknown content type hologram"
  }),
  plans: (({ id, mintedId }) => {
    const rest = ["--output-format", "stream-json", "-q", "-i", "-"]
    const name = `sessionr-${mintedId}`
    return {
      new: { args: ["run", "-n", name, ...rest], sessionName: name },
      resume: { args: ["run", "--resume", `--session-id=${id}`, ...rest], sessionId: id },
      continue: {
        refused: "operation",
        reason:
          "goose continues the newest session of any directory, not that of this one: send to the session by its id"
      },
      fork: { refused: "operation", reason: "no command of goose forks a session without its own screen" }
    }
  }) satisfies KitPlans
}

const prompt = (text: string) => ({ role: "user", created: start + 1, content: [{ type: "text", text }] })

const rows = {
  ...shared,
  ids: [first, second] as const,
  file: null,
  conversation: () => [sessionRow(), ...conversation],
  growth: () => [...growth, sessionRow({ updated_at: "2026-11-01 10:01:01" })],
  prompt: (_id: string, text: string) => [sessionRow(), prompt(text)]
}

/** The ledger and the sums in the row say the same thing twice, and the last call a third time. */
const repeated: NonNullable<AdapterCase["repeated"]> = {
  records: () => [
    sessionRow({
      total_tokens: 620,
      input_tokens: 600,
      output_tokens: 20,
      accumulated_total_tokens: 1650,
      accumulated_input_tokens: 1600,
      accumulated_output_tokens: 50
    }),
    prompt("hi"),
    {
      role: "assistant",
      created: start + 2,
      content: [{ type: "text", text: "hello" }],
      metadata: { usage: { inputTokens: 1000 } }
    },
    {
      table: "usage_ledger",
      input_tokens: 1000,
      output_tokens: 30,
      total_tokens: 1030,
      cache_read_tokens: 700,
      cache_write_tokens: 100
    },
    { table: "usage_ledger", input_tokens: 600, output_tokens: 20, total_tokens: 620 }
  ],
  messages: [
    ["user", "hi"],
    ["assistant", "hello"]
  ],
  usage: { input: 800, output: 50, cacheRead: 700, cacheCreation: 100, thinking: 0 }
}

adapterKit({
  ...rows,
  write: writeDatabase(17),
  head,
  repeated,
  subagent: {
    id: child,
    toolUseId: "call_conv",
    write: (home, parentId) =>
      addRows(
        databasePath(home),
        [
          sessionRow({
            name: "counter",
            session_type: "sub_agent",
            parent_session_id: parentId,
            parent_delegation: { execution_mode: "foreground", parent_delegate_message_id: "m2" }
          }),
          prompt("count stripes"),
          { role: "assistant", created: start + 3, content: [{ type: "text", text: "seven" }] }
        ],
        child
      ),
    messages: [
      ["user", "count stripes"],
      ["assistant", "seven"]
    ]
  },
  fixtures: [...plain, ...visible, broken(true)]
})

adapterKit({
  ...rows,
  write: writeDatabase(1),
  head: { ...head, model: null },
  repeated: null,
  subagent: null,
  fixtures: [...plain, broken(true)]
})

adapterKit({
  ...shared,
  ids: ["20250901_101500", "zebra stripes"],
  plans: notResumable(
    shared.plans,
    "the session is only in a file of before goose 1.10, which goose itself no longer opens"
  ),
  file: linesPath,
  write: writeLines,
  conversation: () => [header, ...conversation],
  head: { ...head, createdAt: (start + 1) * 1000, model: null },
  growth: () => growth,
  prompt: (_id, text) => [header, prompt(text)],
  repeated: null,
  subagent: null,
  fixtures: [...plain, ...visible, broken(false)]
})
