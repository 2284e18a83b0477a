import type { KitFixture, KitMessage } from "../../support/adapter-kit.ts"
import { child, fixtureMessages } from "./store.ts"

export const currentMessages: ReadonlyArray<KitMessage> = [
  ["user", "why does /home/dev/app/d.ts fail?\nsee the picture"],
  ["system", "export const d = 1"],
  ["assistant", "Reading it."],
  ["tool_use", 'read_file {"path":"app/d.ts"}'],
  ["tool_result", "export const d = 1\nthe end"],
  ["tool_use", 'edit_file {"path":"app/src/d.ts","mode":"edit"}'],
  ["tool_result", "Edited app/src/d.ts"],
  ["tool_use", 'edit_file {"path":"app/refused.ts"}'],
  ["tool_result", "no such text"],
  ["tool_use", 'move_path {"source_path":"lib/a.ts","destination_path":"lib/../lib/b.ts"}'],
  ["tool_result", "Moved"],
  ["tool_use", 'spawn_agent {"label":"Look around","message":"look at the lib"}'],
  ["tool_result", `{"output":"nothing new","session_id":"${child}"}`],
  ["tool_use", "terminal ls -l"],
  ["tool_result", "d.ts"],
  ["tool_use", 'terminal {"command":"sle'],
  ["tool_result", "lost"],
  ["system", "the user asked about d.ts"],
  ["system", "Resume"],
  [
    "user",
    "/home/dev/app/src parseDate /home/dev/app/e.ts parseTime Older thread Notes House rules https://example.com/ main m.ts sweep shot.png"
  ],
  ["system", "fn"],
  ["system", "a page"],
  ["system", "an error"],
  ["assistant", "Done."]
]

export const oldMessages: ReadonlyArray<KitMessage> = [
  ["system", "be kind"],
  ["system", "<files>x = 1</files>"],
  ["user", "find x"],
  ["assistant", "Looking."],
  ["tool_use", 'grep {"regex":"x"}'],
  ["tool_result", "no match"],
  ["tool_use", 'create_file {"path":"old/new.ts","contents":""}'],
  ["tool_result", "Created"],
  ["system", "Go on"],
  ["assistant", "Nothing."]
]

export const since2026: ReadonlyArray<KitFixture> = [
  { name: "everything of 2026", records: () => fixtureMessages("current"), messages: currentMessages },
  {
    name: "0.3.0 as it was in 2025",
    records: () => fixtureMessages("0.3.0-2025"),
    messages: [
      ["user", "hello"],
      ["tool_use", 'list_directory {"path":"app"}'],
      ["tool_result", "d.ts"],
      ["tool_use", 'odd {"type":"json","value":1,"more":2}'],
      ["tool_result", "plain"],
      ["tool_use", "now {}"],
      ["tool_result", "noon"],
      ["tool_use", "fetch"],
      ["tool_result", "page"],
      ["tool_use", "shoot {}"],
      ["tool_result", ""]
    ]
  },
  {
    name: "what nobody knows is counted",
    records: () => [
      7,
      null,
      [],
      {},
      "Encore",
      { User: "hello" },
      { Agent: null },
      { User: { content: [5, { Song: 1 }, { Text: 7 }, { Mention: null }, { Text: "hi" }, { Image: null }] } },
      {
        Agent: {
          content: [
            { Dance: 1 },
            { ToolUse: 1 },
            { ToolUse: { input: 0 } },
            { Thinking: "bare" },
            { Thinking: { text: 1 } }
          ],
          tool_results: { a: 1, b: { content: [7, { odd: 1 }], is_error: "yes" } }
        }
      },
      { Compaction: { Other: 1 } },
      { Compaction: { Summary: null } },
      { Compaction: null }
    ],
    messages: [
      ["user", "hi"],
      ["tool_use", "unknown 0"],
      ["assistant", ""],
      ["tool_result", ""]
    ],
    skipped: {
      "message without a type": 4,
      "unknown message type Encore": 1,
      "message that is no object": 2,
      "content without a type": 1,
      "unknown content type Song": 1,
      "text without text": 1,
      "unknown content type Dance": 1,
      "tool call that is no object": 1,
      "thinking without text": 1,
      "tool result that is no object": 1,
      "unknown content of a tool result": 2,
      "unknown compaction type Other": 1,
      "compaction without text": 1,
      "compaction without a type": 1
    }
  }
]

export const until2025: ReadonlyArray<KitFixture> = [
  { name: "everything of 0.2.0", records: () => fixtureMessages("0.2.0"), messages: oldMessages },
  {
    name: "0.1.0: results on a message of their own",
    records: () => fixtureMessages("0.1.0"),
    messages: [
      ["user", "read it"],
      ["assistant", "Yes."],
      ["tool_use", 'edit_file {"path":"app/a.ts"}'],
      ["tool_result", "edited"],
      ["assistant", "Done."]
    ]
  },
  {
    name: "texts without segments",
    records: () => fixtureMessages("unversioned"),
    messages: [
      ["user", "hello"],
      ["assistant", "hi"],
      ["tool_use", "now"],
      ["tool_result", "noon"],
      ["user", "thanks"]
    ]
  },
  {
    name: "what nobody knows of 2025 is counted",
    records: () => [
      { role: "narrator" },
      { role: "user", segments: [7, { type: "song" }, { type: "text" }, { type: "text", text: "hi" }] },
      { role: "assistant", segments: "none", tool_uses: [{}], tool_results: [{ tool_use_id: 5, content: null }] }
    ],
    messages: [
      ["user", "hi"],
      ["tool_use", "unknown"],
      ["tool_result", ""]
    ],
    skipped: {
      "unknown message role": 1,
      "segment without a type": 1,
      "unknown segment type song": 1,
      "text segment without text": 1
    }
  }
]
