import type { KitFixture } from "../../support/adapter-kit.ts"
import { fixtureRecords, Script } from "./records.ts"

const whole = (
  name: string,
  file: string,
  messages: KitFixture["messages"],
  skipped?: KitFixture["skipped"]
): KitFixture => ({
  name,
  records: (id) => fixtureRecords(file, id),
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const written = (
  name: string,
  write: (script: Script) => Script,
  messages: KitFixture["messages"],
  skipped?: KitFixture["skipped"]
): KitFixture => ({
  name,
  records: (id) => write(new Script().start(id)).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const patch = "*** Begin Patch\n*** Add File: docs/b.md\n+b\n*** End Patch"

/** One whole file per generation, then one fixture per shape that those do not have. */
export const fixtures: ReadonlyArray<KitFixture> = [
  whole("a session of 1.0.102 with every event that says something", "current", [
    ["user", "fix the typo"],
    ["system", "You mend files."],
    ["assistant", "On it."],
    ["tool_use", 'edit {"path":"/home/dev/app/a.md","old_str":"teh","new_str":"the"}'],
    ["tool_use", `apply_patch ${patch}`],
    ["tool_result", "File updated"],
    ["tool_result", "Added docs/b.md"],
    ["tool_use", 'bash {"command":"make test"}'],
    ["tool_use", 'create {"path":"/etc/denied","file_text":"x"}'],
    ["tool_use", "github-mcp-get_image {}"],
    ["tool_result", "boom\n<shellId: 0 completed with exit code 2>"],
    ["tool_result", "The user said no"],
    ["tool_result", "a picture\nand its story"],
    ["system", "abort user_initiated"],
    ["user", "go on"],
    ["system", "Keep going until done."],
    ["tool_use", 'bash {"command":"git status"}'],
    ["tool_result", "clean\n<exited with exit code 0>"],
    ["system", "How to write PDF."],
    ["system", "<system_notification>\nThe agent is done.\n</system_notification>"],
    ["system", "Model changed"],
    ["system", "Almost out of quota"],
    ["system", "No answer from the model"],
    ["system", "session.context_cleared"],
    ["system", "It was begun elsewhere."]
  ]),
  whole("a subagent's events are not the session's", "subagent", [
    ["user", "count the files"],
    ["system", "You mend files."],
    ["tool_use", 'task {"prompt":"count","agent_type":"explore"}'],
    ["tool_result", "3 files"],
    ["assistant", "There are 3."]
  ]),
  whole("a fork has its parent's history in it", "fork", [
    ["user", "first"],
    ["assistant", "one"],
    ["system", 'Forked this session into "Other" (99990000-1111-4222-8333-444444444444).'],
    [
      "system",
      'Forked from "First" (eeee0000-1111-4222-8333-444444444444) as "Second" (cccc0000-1111-4222-8333-444444444444).'
    ],
    ["user", "second"],
    ["assistant", "two"]
  ]),
  whole("compactions, and the traffic that they leave behind", "compaction", [
    ["user", "long work"],
    ["assistant", "part one"],
    ["assistant", "part two"],
    ["system", "So far: long work."],
    ["system", "session.compaction_complete"],
    ["system", "The model gave no summary"],
    ["system", "session.compaction_complete"],
    ["assistant", "part three"]
  ]),
  whole("late 2025: arguments in strings, subagents without an id", "old", [
    ["system", "Folder /home/dev/old is trusted."],
    ["user", "write a readme"],
    ["assistant", "Sure."],
    ["tool_use", 'str_replace_editor {"command":"create","path":"/home/dev/old/README.md","file_text":"# Old"}'],
    ["tool_use", 'str_replace_editor {"command":"view","path":"/home/dev/old/LICENSE"}'],
    ["tool_use", 'task {"prompt":"look"}'],
    ["tool_result", "Created"],
    ["tool_result", "MIT"],
    ["tool_result", "I looked."],
    ["tool_use", 'shell {"command":"false"}'],
    ["tool_result", "<exited with exit code 1>"],
    ["assistant", "Written."]
  ]),
  whole("bookkeeping is passed over in silence", "silent", []),
  written(
    "thinking rides on what follows it, or stands alone; told twice it counts once",
    (s) =>
      s
        .event("assistant.turn_start", { turnId: "0" })
        .answer("a", { reasoningText: "hm" })
        .event("assistant.reasoning", { reasoningId: "r", content: "hm" })
        .event("assistant.turn_start", { turnId: "1" })
        .event("assistant.reasoning", { reasoningId: "r", content: "cut off" })
        .event("assistant.reasoning", { reasoningId: "r", content: "" }),
    [
      ["assistant", "a"],
      ["assistant", ""]
    ]
  ),
  written(
    "the same prompt twice is two prompts, an image alone is one",
    (s) =>
      s
        .user("again")
        .user("again")
        .user("", { attachments: [{ type: "blob", mimeType: "image/png", data: "aGVsbG8=" }] }),
    [
      ["user", "again"],
      ["user", "again"],
      ["user", ""]
    ]
  ),
  written(
    "prompts of other origins are the system's, an agent's mail too",
    (s) => s.user("nightly", { source: "schedule-1" }).user("mail", { source: `agent-1` }).user("typed"),
    [
      ["system", "nightly"],
      ["system", "mail"],
      ["user", "typed"]
    ]
  ),
  written(
    "a skill that only a prompt tells is shown",
    (s) => s.event("skill.invoked", { name: "a", content: "Alpha." }).user("Beta.", { source: "skill-b" }),
    [
      ["system", "Alpha."],
      ["system", "Beta."]
    ]
  ),
  written(
    "a call that was only carried out, and results in odd shapes",
    (s) =>
      s
        .event("tool.execution_start", { toolCallId: "x", toolName: "grep", arguments: '{"pattern":"a"}' })
        .event("tool.execution_complete", { toolCallId: "x", success: true, result: { detailedContent: "long" } })
        .event("tool.execution_complete", { toolCallId: "y", error: "gone" })
        .event("tool.execution_complete", {})
        .event("tool.execution_start", { toolName: "odd", arguments: "not json" })
        .event("tool.execution_start", { toolCallId: "z", arguments: "" }),
    [
      ["tool_use", 'grep {"pattern":"a"}'],
      ["tool_result", "long"],
      ["tool_result", "gone"],
      ["tool_result", ""],
      ["tool_use", "odd not json"],
      ["tool_use", "unknown"]
    ]
  ),
  written("separators of Unicode end no line", (s) => s.user("a\u2028b\u2029c\u0085d"), [
    ["user", "a\u2028b\u2029c\u0085d"]
  ]),
  {
    name: "records without what makes them one are counted",
    records: (id) => [
      ...new Script().start(id).lines,
      { data: {} },
      { type: "user.message" },
      { type: "user.message", data: {} },
      { type: "assistant.message", data: {} },
      { type: "hook.end" },
      { type: "session.hologram", data: {} },
      [1]
    ],
    messages: [],
    skipped: {
      "record without a type": 1,
      "record without data": 1,
      "user.message without content": 1,
      "assistant.message without content": 1,
      "unknown event type session.hologram": 1,
      "not a record": 1
    }
  }
]
