import type { KitFixture, KitMessage } from "../../support/adapter-kit.ts"
import { text } from "./conversation.ts"
import { fixtureRows, type Row } from "./store.ts"

export const partsMessages: ReadonlyArray<KitMessage> = [
  ["system", "Read was called with zebra.ts"],
  ["system", "<file>\n00001| const stripes = 7\n</file>"],
  ["user", "Count the stripes in @zebra.ts with @scout"],
  ["system", "A plugin shows this to the human only"],
  ["assistant", "Let me look."],
  ["tool_use", 'grep {"pattern":"stripe"}'],
  ["tool_result", "zebra.ts:1\n"],
  ["tool_use", 'edit {"filePath":"/home/dev/zoo/app/lion.ts","oldString":"mane"}'],
  ["tool_result", "oldString not found"],
  ["tool_use", 'write {"content":"7","filePath":"notes.txt"}'],
  ["tool_result", "Written."],
  ["user", "stripes.png"],
  ["system", "no images here"],
  ["system", "The user ran the following tool"],
  ["tool_use", 'bash {"command":"ls"}'],
  ["tool_result", "zebra.ts\n"],
  ["system", "So far: seven stripes."],
  ["user", "look around the zoo"],
  ["tool_use", 'task {"description":"look around","prompt":"look around the zoo","subagent_type":"scout"}'],
  ["tool_result", '<task id="ses_child" state="completed">\nfine\n</task>'],
  [
    "tool_use",
    'apply_patch {"patchText":"*** Begin Patch\\n*** Update File: lion.ts\\n*** Move to: cat.ts\\n@@\\n-a\\n+b\\n*** End Patch"}'
  ],
  ["tool_result", "Done."],
  ["tool_use", 'bash {"command":"sleep 9"}'],
  ["tool_use", 'read {"filePath":"/home/d']
]

export const earlyMessages: ReadonlyArray<KitMessage> = [
  ["user", '"write a poem"'],
  ["tool_use", 'edit {"filePath":"/home/dev/old/poem.txt","oldString":"","newString":"roses"}'],
  ["tool_result", ""],
  ["assistant", "It is in poem.txt."]
]

export const rowsMessages: ReadonlyArray<KitMessage> = [
  ["user", "Count stripes"],
  ["assistant", "Copied answer."],
  ["system", "Today is a Tuesday"],
  ["system", "A reminder"],
  ["system", "How to count in a zoo"],
  ["tool_use", 'shell {"command":"ls nowhere"}'],
  ["tool_result", "ls: nowhere\n"],
  ["tool_use", 'shell {"command":"pwd"}'],
  ["tool_result", "/home/dev\n"],
  ["tool_use", 'shell {"command":"top"}'],
  ["user", "and now?"],
  ["tool_use", 'grep {"pattern":"stripe"}'],
  ["tool_result", "zebra.ts:3"],
  ["tool_use", 'write {"path":"a.txt"}'],
  ["tool_result", "not allowed\nask first"],
  ["tool_use", 'subagent {"description":"look","prompt":"look around"}'],
  ["tool_result", "fine"],
  ["tool_use", 'edit {"path":"b.txt"}'],
  ["tool_result", '{"ok":true}'],
  ["tool_use", 'bash {"command":"sleep 9"}'],
  ["tool_use", 'bash {"comm'],
  ["assistant", "Seven."],
  ["system", "Seven stripes were counted."],
  ["system", "no room left"],
  ["system", "overloaded"]
]

const message = (id: string, data: unknown): Row => ({ table: "message", id, data })
const part = (owner: string, id: string, data: unknown): Row => ({ table: "part", message_id: owner, id, data })

/** Shapes of 1.x that fit both of its stores, the tables and the tree of files. */
export const odd: ReadonlyArray<KitFixture> = [
  { name: "the first SQLite release", records: (id) => fixtureRows("early", id), messages: earlyMessages },
  {
    name: "every part of 1.18, and a revert",
    records: (id) => fixtureRows("parts", id),
    messages: partsMessages,
    skipped: { "reverted message": 2 }
  },
  {
    name: "what nobody knows is counted",
    records: () => [
      message("msg_o1", { role: "user", time: { created: 1793500001000 } }),
      text("msg_o1", "prt_o1", "hello"),
      part("msg_o1", "prt_o2", { type: "weather" }),
      part("msg_o1", "prt_o3", {}),
      part("msg_o1", "prt_o4", { type: "text" }),
      part("msg_o1", "prt_o5", { type: "file", mime: 7 }),
      message("msg_o2", { role: "narrator", time: { created: 1793500002000 } }),
      message("msg_o3", { role: "assistant", summary: "no", time: { created: 1793500003000, completed: "soon" } }),
      part("msg_o3", "prt_o6", { type: "tool", tool: "bash", callID: 5 }),
      part("msg_o3", "prt_o7", { type: "tool", state: { status: "paused", input: "as text" } }),
      part("msg_o3", "prt_o8", {
        type: "tool",
        tool: "bash",
        state: { status: "completed", input: null, output: { lines: 1 }, attachments: "none" }
      }),
      part("msg_o3", "prt_o9", { type: "tool", tool: "bash", state: { status: "error" } }),
      part("msg_o3", "prt_oa", { type: "reasoning", text: "" }),
      part("msg_o3", "prt_ob", { type: "text", text: "" })
    ],
    messages: [
      ["user", "hello"],
      ["tool_use", "bash"],
      ["tool_use", "unknown as text"],
      ["tool_use", "bash"],
      ["tool_result", '{"lines":1}'],
      ["tool_use", "bash"],
      ["tool_result", ""]
    ],
    skipped: {
      "unknown part type weather": 1,
      "unknown part type without a type": 1,
      "text part without text": 1,
      "unknown message role narrator": 1,
      "tool part without a state": 1,
      "unknown tool status paused": 1
    }
  },
  {
    name: "an error without words says its name, thinking at the end stands alone",
    records: () => [
      message("msg_o1", {
        role: "assistant",
        time: { created: 1793500001000 },
        error: { name: "MessageAbortedError" }
      }),
      message("msg_o2", { role: "assistant", time: { created: 1793500002000 } }),
      part("msg_o2", "prt_o1", { type: "reasoning", text: "cut off" })
    ],
    messages: [
      ["system", "MessageAbortedError"],
      ["assistant", ""]
    ]
  },
  {
    name: "a revert in the middle of a message hides the parts from there on",
    records: (id) => [
      {
        table: "session",
        id,
        directory: "/home/dev/app",
        title: "cut",
        revert: { messageID: "msg_o2", partID: "prt_o3" },
        time_created: 1793500000000,
        time_updated: 1793500009000
      },
      message("msg_o1", { role: "user", time: { created: 1793500001000 } }),
      text("msg_o1", "prt_o1", "go"),
      message("msg_o2", { role: "assistant", time: { created: 1793500002000 } }),
      text("msg_o2", "prt_o2", "gone so far"),
      text("msg_o2", "prt_o3", "and no further"),
      message("msg_o3", { role: "user", time: { created: 1793500003000 } }),
      text("msg_o3", "prt_o4", "hidden")
    ],
    messages: [
      ["user", "go"],
      ["assistant", "gone so far"]
    ],
    skipped: { "reverted message": 1 }
  }
]

/** What only columns can hold. */
export const columns: ReadonlyArray<KitFixture> = [
  {
    name: "columns without JSON are counted, one by one",
    records: () => [
      message("msg_o1", { role: "user", time: { created: 1793500001000 } }),
      text("msg_o1", "prt_o1", "hello"),
      part("msg_o1", "prt_o2", "{torn"),
      part("msg_o1", "prt_o3", 7),
      part("msg_o1", "prt_o4", null),
      message("msg_o2", "nothing"),
      message("msg_o3", [1])
    ],
    messages: [["user", "hello"]],
    skipped: { "part that is no JSON object": 3, "message that is no JSON object": 2 }
  }
]

/** Rows of 2.x. */
export const since2: ReadonlyArray<KitFixture> = [
  {
    name: "every type of 2.x, in a fork",
    records: (id) => fixtureRows("messages", id),
    messages: rowsMessages
  },
  {
    name: "what nobody knows of 2.x is counted",
    records: (id) => [
      { table: "session_v2", id, directory: "/home/dev/app", title: "odd", time_created: 1, time_updated: 2 },
      { table: "session_message", id: "msg_o1", type: "user", seq: 1, data: { text: 7, files: ["x", {}] } },
      { table: "session_message", id: "msg_o2", type: "dream", seq: 2, data: {} },
      { table: "session_message", id: "msg_o3", type: null, seq: 3, data: {} },
      { table: "session_message", id: "msg_o4", type: "assistant", seq: 4, data: "{" },
      {
        table: "session_message",
        id: "msg_o5",
        type: "assistant",
        seq: 5,
        data: {
          content: [
            5,
            { type: "song" },
            { type: "tool", name: "bash" },
            { type: "tool", name: "bash", state: { status: "odd", input: {} } },
            { type: "tool", name: "bash", state: { status: "completed", output: "old shape", content: [] } },
            { type: "tool", name: "bash", state: { status: "completed", content: ["a", { type: "text", text: "b" }] } }
          ]
        }
      }
    ],
    messages: [
      ["user", "7"],
      ["tool_use", "bash"],
      ["tool_use", "bash {}"],
      ["tool_use", "bash"],
      ["tool_result", "old shape"],
      ["tool_use", "bash"],
      ["tool_result", "a\nb"]
    ],
    skipped: {
      "unknown message type dream": 1,
      "unknown message type ": 1,
      "message that is no JSON object": 1,
      "content that is no object": 1,
      "unknown content type song": 1,
      "tool content without a state": 1,
      "unknown tool status odd": 1
    }
  }
]
