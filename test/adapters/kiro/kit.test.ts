import { kiro } from "../../../src/adapters/kiro/index.ts"
import {
  type AdapterCase,
  adapterKit,
  type KitMessage,
  type KitPlans,
  notResumable
} from "../../support/adapter-kit.ts"
import { writeFile, jsonLines } from "../../support/store.ts"
import {
  answer,
  answered,
  asked,
  child,
  event,
  eventsPath,
  first,
  firstEvents,
  fixtureRecords,
  prompt,
  response,
  result,
  second,
  secondEvents,
  start,
  turnsMetadata,
  turnsPath,
  writeChats,
  writeDatabase,
  writeEvents,
  writeIde,
  writeTurns
} from "./records.ts"

const head: AdapterCase["head"] = {
  cwd: "/srv/bakery",
  createdAt: start,
  updatedAt: start + 9000,
  isEmpty: false,
  kind: "session",
  parentId: null,
  gitBranch: null,
  model: "m-1",
  title: null,
  firstPrompt: "count the loaves"
}

const messages: ReadonlyArray<KitMessage> = [
  ["user", "count the loaves"],
  ["assistant", "Counting."],
  ["tool_use", 'subagent {"description":"count","task":"loaves"}'],
  ["tool_result", `7, says ${child}`],
  ["assistant", "Seven."]
]

const shared = {
  adapter: kiro,
  ids: [first, second] as const,
  messages,
  repeated: null,
  subagent: null,
  plans: (({ id }) => {
    const base = ["chat", "--no-interactive"]
    return {
      new: { args: base },
      resume: {
        args: [...base, id.startsWith("sess_") ? "--v3" : "--v2", "--resume-id", id],
        notices: [
          "kiro-cli has been reported to start a new session instead of resuming (2.19 with sessions of harness V2 and V3)"
        ],
        sessionId: id
      },
      continue: { args: [...base, "--resume"] },
      fork: { refused: "operation", reason: "no command of Kiro forks a session without its own screen" }
    }
  }) satisfies KitPlans
}

const input = { description: "count", task: "loaves" }
const report = `7, says ${child}`

adapterKit({
  ...shared,
  ids: [firstEvents, secondEvents],
  write: writeEvents,
  file: eventsPath,
  conversation: () => [
    event(0, { type: "user", content: "count the loaves", images: [], documents: [] }),
    event(1, { type: "assistant", operationType: "Reasoning", content: "how?", executionId: "k1" }),
    event(3, { type: "assistant", operationType: "Say", content: "Counting.", executionId: "k1" }),
    event(4, { type: "tool_call", toolName: "subagent", toolCallId: "k1", args: input, executionId: "k1" }),
    event(5, { type: "tool_result", toolCallId: "k1", content: report, success: true, executionId: "k1" }),
    event(8, { type: "assistant", operationType: "Say", content: "Seven.", executionId: "k1" }),
    event(9, { type: "turn_end", stopReason: "end_turn", executionId: "k1" })
  ],
  head: { ...head, title: "Warm oven" },
  growth: () => [
    event(70, { type: "user", content: "sure?" }),
    event(71, { type: "assistant", operationType: "Say", content: "Yes.", executionId: "k2" })
  ],
  prompt: (_id, text) => [event(0, { type: "user", content: text })],
  unknown: () => ({
    record: event(1, { type: "hologram" }),
    reason: "unknown event type hologram"
  }),
  fixtures: [
    {
      name: "events: every type",
      records: () => fixtureRecords("events"),
      messages: [
        ["user", "How warm is the oven?"],
        ["assistant", "Patience."],
        ["assistant", "I shall look."],
        ["tool_use", 'thermometer {"unit":"C"}'],
        ["tool_result", "no battery"],
        ["tool_use", 'fsWrite {"path":"log/oven.txt","text":"cold"}'],
        ["tool_result", 'written\n{"bytes":4}'],
        ["system", "The kitchen is busy"],
        ["system", "The oven was cold."],
        ["assistant", "Cold."],
        ["user", "And now?"],
        ["assistant", "Warm."],
        ["assistant", "Hot."]
      ]
    },
    {
      name: "events: an event without a payload",
      records: () => [{ id: "e", timestamp: "2026-11-01T10:00:00.000Z" }],
      messages: [],
      skipped: { "event without a payload": 1 }
    }
  ]
})

adapterKit({
  ...shared,
  write: writeTurns,
  file: turnsPath,
  conversation: () => [
    prompt("count the loaves"),
    answer({ kind: "thinking", data: { text: "how?" } }, "Counting.", {
      kind: "toolUse",
      data: { toolUseId: "k1", name: "subagent", input }
    }),
    result("k1", report),
    answer("Seven.")
  ],
  head: { ...head, title: "A loaf" },
  growth: () => [prompt("sure?", 60), answer("Yes.")],
  prompt: (_id, text) => [prompt(text)],
  unknown: () => ({ record: { version: "v1", kind: "Hologram", data: {} }, reason: "unknown record kind Hologram" }),
  subagent: {
    id: child,
    toolUseId: "k1",
    write: (home, parent) => {
      const more = { parent_session_id: parent, session_created_reason: "subagent" }
      writeFile(turnsPath(home, child), jsonLines([prompt("loaves"), answer("7")]))
      writeFile(turnsPath(home, child).slice(0, -1), JSON.stringify(turnsMetadata(child, start, more)))
    },
    messages: [
      ["user", "loaves"],
      ["assistant", "7"]
    ]
  },
  fixtures: [
    {
      name: "turns: every kind",
      records: () => fixtureRecords("turns"),
      messages: [
        ["user", "Bake a loaf"],
        ["assistant", "Fetching flour."],
        ["tool_use", 'shell {"command":"fetch flour"}'],
        ["tool_use", 'write {"command":"create","path":"loaf.txt","content":"bread"}'],
        ["tool_result", '{"stdout":"1 kg","stderr":"","exit_status":"exit status: 0"}'],
        ["tool_result", "saved"],
        ["tool_use", 'write {"command":"strReplace","path":"/etc/oven","oldStr":"a","newStr":"b"}'],
        ["tool_result", "too hot"],
        ["tool_use", 'read {"path":"loaf.txt"}'],
        ["tool_result", "bread"],
        ["tool_result", "no such loaf"],
        ["tool_result", ""],
        ["system", "A loaf was baked."],
        ["assistant", "Done."]
      ]
    },
    {
      name: "turns: what cannot be used is counted",
      records: () => [
        answer(7, { kind: "hologram" }, { kind: "text", data: 7 }),
        { version: "v1", kind: "Prompt" },
        { version: "v1", kind: "ToolResults", data: "x" },
        { version: "v1", data: {} }
      ],
      messages: [],
      skipped: {
        "part that is no object": 1,
        "unknown part kind hologram": 1,
        "text part without text": 1,
        "Prompt without content": 1,
        "ToolResults without data": 1,
        "unknown record kind without a name": 1
      }
    }
  ]
})

adapterKit({
  ...shared,
  write: writeDatabase,
  plans: notResumable(
    shared.plans,
    "the session is in the database of kiro-cli 1 and 2, whose harness kiro-cli 3 no longer has"
  ),
  file: null,
  conversation: () => [
    asked("count the loaves", {
      ToolUse: { message_id: "m", content: "Counting.", tool_uses: [{ id: "k1", name: "subagent", args: input }] }
    }),
    answered("k1", report, "Success", response("Seven."))
  ],
  head,
  growth: () => [asked("sure?", response("Yes."))],
  prompt: (_id, text) => [{ user: { content: { Prompt: { prompt: text } } }, assistant: response("") }],
  unknown: () => ({ record: { hologram: true }, reason: "history item without user and assistant" }),
  fixtures: [
    {
      name: "history: every shape",
      records: () => fixtureRecords("history"),
      messages: [
        ["user", "Count the loaves"],
        ["assistant", "Counting."],
        ["tool_use", 'execute_bash {"command":"count"}'],
        ["tool_use", 'fs_write {"command":"create","path":"/srv/bakery/count"}'],
        ["tool_result", '{"stdout":"7"}'],
        ["tool_result", "refused"],
        ["tool_use", 'fs_read {"path":"count"}'],
        ["tool_result", "cancelled"],
        ["user", "Stop reading"],
        ["assistant", "Stopped."],
        ["user", "In the old way"],
        ["assistant", "As ever."]
      ]
    },
    {
      name: "history: what cannot be used is counted",
      records: () => [{ user: { content: { Hologram: 1 } }, assistant: { Hologram: 1 } }],
      messages: [],
      skipped: { "user message of an unknown shape": 1, "answer of an unknown shape": 1 }
    }
  ]
})

const said = (role: string, content: unknown) => ({ message: { role, content } })

adapterKit({
  ...shared,
  write: writeIde,
  plans: notResumable(shared.plans, "a session of the Kiro IDE cannot be resumed by a command"),
  file: null,
  conversation: () => [said("user", [{ type: "text", text: "count the loaves" }]), said("assistant", "Seven.")],
  messages: [messages[0]!, messages[4]!],
  head: { ...head, createdAt: null, updatedAt: start, title: "Spoons" },
  growth: () => [said("user", "sure?"), said("assistant", "Yes.")],
  prompt: (_id, text) => [said("user", text)],
  unknown: () => ({ record: said("hologram", "x"), reason: "message of an unknown role hologram" }),
  fixtures: [
    {
      name: "documents: mentions, an answer that is only in the log, an item without a message",
      records: () => [
        said("user", [
          { type: "mention", text: "#spoons" },
          { type: "text", text: "count" },
          { type: "imageUrl", data: "aGk=" }
        ]),
        {
          message: { role: "assistant", content: "" },
          promptLogs: [{ modelTitle: "m", prompt: "p", completion: "12" }]
        },
        { executionId: "x" }
      ],
      messages: [
        ["user", "#spoons\ncount"],
        ["assistant", "12"]
      ],
      skipped: { "history item without a message": 1 }
    }
  ]
})

adapterKit({
  ...shared,
  write: writeChats,
  plans: notResumable(shared.plans, "a session of the Kiro IDE cannot be resumed by a command"),
  file: null,
  conversation: () => [
    { role: "human", content: "count the loaves" },
    { role: "bot", content: "Counting." },
    { role: "tool", content: report },
    { role: "bot", content: "Seven." }
  ],
  messages: messages.filter(([role]) => role !== "tool_use"),
  head: { ...head, cwd: null },
  growth: () => [{ role: "human", content: "sure?" }],
  prompt: (_id, text) => [{ role: "human", content: text }],
  unknown: () => ({
    record: { role: "hologram", content: "x" },
    reason: "message of an unknown role hologram"
  }),
  fixtures: [
    {
      name: "chats: what the IDE puts in front is no prompt",
      records: () => [
        { role: "human", content: "<identity>You bake." },
        { role: "bot", content: "I will follow these instructions." },
        { role: "human", content: "## Included Rules\nno salt" },
        { role: "human", content: "# System Prompt\nbe brief" },
        { role: "human", content: "<kiro-ide-message>a file was saved</kiro-ide-message>" },
        { role: "human", content: "count" },
        "odd"
      ],
      messages: [
        ["system", "<identity>You bake."],
        ["system", "I will follow these instructions."],
        ["system", "## Included Rules\nno salt"],
        ["system", "# System Prompt\nbe brief"],
        ["system", "<kiro-ide-message>a file was saved</kiro-ide-message>"],
        ["user", "count"]
      ],
      skipped: { "message that is no object": 1 }
    }
  ]
})
