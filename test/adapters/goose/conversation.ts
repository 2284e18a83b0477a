import type { SessionHead } from "../../../src/domain/session.ts"
import type { KitFixture, KitMessage } from "../../support/adapter-kit.ts"
import { fixtureRows, type Row } from "./store.ts"

/** Seconds since the epoch: 2026-11-01 10:00:00 UTC. */
export const start = 1793527200

export const messages: ReadonlyArray<KitMessage> = [
  ["user", "count the stripes"],
  ["tool_use", 'delegate {"instructions":"count stripes"}'],
  ["tool_result", "seven"],
  ["assistant", "There are 7."]
]

export const conversation: ReadonlyArray<Row> = [
  { id: "m1", role: "user", created: start + 1, content: [{ type: "text", text: "count the stripes" }] },
  {
    id: "m2",
    role: "assistant",
    created: start + 2,
    content: [
      { type: "thinking", thinking: "somebody else may count", signature: "s" },
      {
        type: "toolRequest",
        id: "call_conv",
        toolCall: { status: "success", value: { name: "delegate", arguments: { instructions: "count stripes" } } }
      }
    ],
    metadata: { userVisible: true, agentVisible: true }
  },
  {
    id: "m3",
    role: "user",
    created: start + 4,
    content: [
      {
        type: "toolResponse",
        id: "call_conv",
        toolResult: { status: "success", value: { content: [{ type: "text", text: "seven" }], isError: false } }
      }
    ]
  },
  { id: "m4", role: "assistant", created: start + 9, content: [{ type: "text", text: "There are 7." }] }
]

export const growth: ReadonlyArray<Row> = [
  { role: "user", created: start + 60, content: [{ type: "text", text: "and the spots" }] },
  { role: "assistant", created: start + 61, content: [{ type: "text", text: "None." }] }
]

export const sessionRow = (more: Row = {}): Row => ({
  table: "sessions",
  name: "Counting",
  description: "Counting",
  user_set_name: 0,
  session_type: "user",
  working_dir: "/home/dev/app",
  created_at: "2026-11-01 10:00:00",
  updated_at: "2026-11-01 10:00:09",
  provider_name: "acme",
  model_config_json: { model_name: "m-1" },
  ...more
})

export const header: Row = { working_dir: "/home/dev/app", description: "Counting", message_count: 4 }

export const head: SessionHead = {
  cwd: "/home/dev/app",
  createdAt: start * 1000,
  updatedAt: (start + 9) * 1000,
  isEmpty: false,
  kind: "session",
  parentId: null,
  gitBranch: null,
  model: "m-1",
  title: "Counting",
  firstPrompt: "count the stripes"
}

const fixture = (
  name: string,
  expected: ReadonlyArray<KitMessage>,
  skipped?: Readonly<Record<string, number>>
): KitFixture => ({
  name,
  records: () => fixtureRows(name),
  messages: expected,
  ...(skipped === undefined ? {} : { skipped })
})

/** What schema 1 and the files know as well. */
export const plain: ReadonlyArray<KitFixture> = [
  fixture("files", [
    ["tool_use", 'developer__text_editor {"command":"write","path":"/home/dev/app/a.ts","file_text":"x"}'],
    ["tool_use", 'developer__text_editor {"command":"view","path":"/home/dev/app/seen.ts"}'],
    ["tool_use", 'edit {"path":"src/../b.ts","before":"1","after":"2"}'],
    ["tool_use", 'write {"path":"refused.ts","content":"x"}'],
    ["tool_use", 'write {"path":"unanswered.ts","content":"x"}'],
    ["tool_use", 'text_editor {"command":"str_replace","path":"/home/dev/app/a.ts"}'],
    ["tool_result", "ok"],
    ["tool_result", "ok"],
    ["tool_result", "ok"],
    ["tool_result", "no"],
    ["tool_result", "ok"]
  ])
]

/** What needs `metadata_json`. */
export const visible: ReadonlyArray<KitFixture> = [
  fixture("items", [
    ["user", "paint the fence"],
    ["system", "<turn-context>noon</turn-context>"],
    ["assistant", "Green it is."],
    ["tool_use", 'developer__shell {"command":"ls"}'],
    ["tool_use", 'pick {"n":1}'],
    ["tool_use", "bad arguments"],
    ["tool_use", "bare"],
    ["tool_result", "a.ts"],
    ["tool_result", "one"],
    ["tool_result", "tool not found"],
    ["tool_result", '{"n":7}'],
    ["tool_result", "deep\nfile:///c"],
    ["tool_result", "gone"],
    ["tool_result", "for eyes"],
    ["tool_result", ""],
    ["system", "Compaction complete"],
    ["system", "no credits"],
    ["system", "too long"],
    ["system", "make it short"],
    ["system", "the provider fell over"],
    ["system", "for the model"],
    ["assistant", "Done."],
    ["user", ""]
  ]),
  fixture(
    "compaction",
    [
      ["user", "sort it"],
      ["assistant", "Sorting."],
      ["system", "They sorted."],
      ["system", "Go on as if nothing had happened."],
      ["assistant", "Sorted."],
      ["user", "sort it"],
      ["system", "Twice sorted."],
      ["system", "Carry on."],
      ["user", "again"]
    ],
    {
      "content hidden from the user": 1,
      "message that neither user nor model sees": 1,
      "prompt repeated by a compaction": 1
    }
  )
]

export const brokenSkips = {
  "content item that is no object": 1,
  "message whose content is no JSON list": 1,
  "text item without text": 1,
  "thinking without text": 1,
  "unknown content type hologram": 1,
  "unknown content type without a type": 1,
  "unknown role owl": 1
}

/** Without a time, a row comes first and a line stays where it is. */
export const broken = (inRows: boolean): KitFixture => {
  const told: ReadonlyArray<KitMessage> = [
    ["user", "still here"],
    ["assistant", "No time."]
  ]
  return fixture("broken", inRows ? told.toReversed() : told, brokenSkips)
}
