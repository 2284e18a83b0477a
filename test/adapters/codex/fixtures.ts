import type { KitFixture } from "../../support/adapter-kit.ts"
import { fixtureRecords, input, Script } from "./records.ts"

const whole = (name: string, file: string, messages: KitFixture["messages"]): KitFixture => ({
  name,
  records: (id) => fixtureRecords(file, id),
  messages
})

const written = (
  name: string,
  write: (script: Script) => Script,
  messages: KitFixture["messages"],
  skipped?: KitFixture["skipped"]
): KitFixture => ({
  name,
  records: (id) => write(new Script(id).meta()).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const patch = "*** Begin Patch\n*** Update File: src/tools.ts\n*** Move to: src/kit.ts\n@@\n-a\n+b\n*** End Patch"

export const legacyMessages: KitFixture["messages"] = [
  ["system", "<collaboration_mode>default</collaboration_mode>"],
  ["system", "# AGENTS.md instructions for /home/dev/app\n\n<INSTRUCTIONS>\nUse tabs.\n</INSTRUCTIONS>"],
  ["user", "fix the build"],
  ["tool_use", "apply_patch *** Begin Patch\n*** Add File: build.mk\n+all:\n*** Delete File: old.mk\n*** End Patch"],
  ["tool_result", "Exit code: 0\nWall time: 0 seconds\nOutput:\nSuccess.\n"],
  ["tool_use", "apply_patch *** Begin Patch\n*** Update File: gone.mk\n*** End Patch"],
  ["tool_result", "verification failed"],
  ["tool_use", 'exec_command {"cmd":"make"}'],
  [
    "tool_result",
    "Chunk ID: 2\nWall time: 0.1 seconds\nProcess exited with code 1\nOutput:\nProcess exited with code 0\n"
  ],
  ["assistant", "Fixed."]
]

/** One whole file per generation, then one fixture per shape that those do not have. */
export const fixtures: ReadonlyArray<KitFixture> = [
  whole("a paginated thread (0.169)", "paginated", [
    ["system", "<permissions instructions>\nRead only.\n</permissions instructions>"],
    [
      "system",
      "# AGENTS.md instructions for /home/dev/app\n\nUse tabs.\n" +
        "<environment_context>\n  <cwd>/home/dev/app</cwd>\n</environment_context>"
    ],
    ["user", "<tools> is what this screenshot says; rename it"],
    ["tool_use", 'exec_command {"cmd":"make test"}'],
    ["tool_result", "Chunk ID: 1\nOutput:\nboom\n"],
    ["tool_use", `apply_patch ${patch}`],
    ["tool_result", "Success. Updated the following files:\nM src/kit.ts\n"],
    ["tool_use", 'web_search {"type":"search","query":"tabs or spaces"}'],
    ["tool_use", 'tool_search {"query":"calendar"}'],
    ["tool_result", '[{"name":"cal.list"}]'],
    ["tool_use", "mcp_files.read not json"],
    ["tool_result", "no such file"],
    ["tool_use", 'image_generation {"revised_prompt":"a kit"}'],
    ["assistant", "Renamed."],
    ["system", "Summary: the tool is a kit now."],
    ["user", "go on"],
    ["assistant", "Going"],
    ["system", "<turn_aborted>\nThe user interrupted the turn.\n</turn_aborted>"],
    ["user", "again"],
    ["system", "usage limit reached"]
  ]),
  whole("bare items (0.20)", "bare", [
    ["system", "<environment_context>\n  <cwd>/home/dev/old</cwd>\n</environment_context>"],
    ["user", "write a readme"],
    [
      "tool_use",
      String.raw`shell {"command":["bash","-lc","apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: README.md\n+# Old\n*** End Patch\nEOF"],"workdir":"/home/dev/old"}`
    ],
    ["tool_result", "Success. Updated the following files:\nA README.md\n"],
    ["tool_use", 'local_shell {"type":"exec","command":["ls","nowhere"]}'],
    ["tool_result", "ls: nowhere\n"],
    ["assistant", "Written."]
  ]),
  whole("the first envelope (0.42)", "envelope", [
    ["system", "<user_instructions>\nbe kind\n</user_instructions>"],
    ["system", "<environment_context>\n  <cwd>/home/dev/app</cwd>\n</environment_context>"],
    ["user", "list the files"],
    ["tool_use", 'shell {"command":["ls"]}'],
    ["tool_result", "a.txt"],
    ["assistant", "One file."]
  ]),
  whole("a legacy thread (0.147)", "legacy", [
    ...legacyMessages,
    ["user", "<user_shell_command>\n<command>git status</command>\n</user_shell_command>"],
    ["system", "compacted"],
    ["system", "thread_rolled_back 1"],
    ["system", "turn_aborted replaced"]
  ]),
  whole("a legacy fork has its parent's history in it", "legacy-fork", [
    ...legacyMessages,
    ["user", "now the docs"],
    ["assistant", "Done too."]
  ]),
  whole("a file with nothing but events", "events-only", [
    ["system", "<environment_context>\n</environment_context>"],
    ["user", "hello there"],
    ["assistant", "hi"],
    ["user", "and now?"],
    ["assistant", "still hi"]
  ]),
  written(
    "a human part between injected ones is not lost",
    (s) => s.user("<skill>\na", "do it", "now", "<heartbeat>\nb"),
    [
      ["system", "<skill>\na"],
      ["user", "do it\nnow"],
      ["system", "<heartbeat>\nb"]
    ]
  ),
  written(
    "kinds win over what a text looks like",
    (s) =>
      s.item({
        type: "message",
        role: "user",
        content: [input("plain words"), input("<skill> is a word"), input("<token_budget>\n1")],
        internal_chat_message_metadata_passthrough: {
          content_item_kinds: ["multi_agent.mode", "user.text", "unknown"]
        }
      }),
    [
      ["system", "plain words"],
      ["user", "<skill> is a word"],
      ["system", "<token_budget>\n1"]
    ]
  ),
  written(
    "tags of an image stay where there is no image",
    (s) => s.user("<image>", "</image>").item({ type: "message", role: "user", content: "a string" }),
    [
      ["user", "<image>\n</image>"],
      ["user", "a string"]
    ]
  ),
  written(
    "thinking rides on what follows it, or stands alone",
    (s) =>
      s
        .user("think")
        .item({ type: "reasoning", summary: [], content: null, encrypted_content: "bm8=" })
        .answer("thought")
        .item({ type: "reasoning", summary: [{ type: "summary_text", text: "cut off" }] }),
    [
      ["user", "think"],
      ["assistant", "thought"],
      ["assistant", ""]
    ]
  ),
  written(
    "mail of agents is the system's in a thread that is none",
    (s) => s.item({ type: "agent_message", author: "/root/a", content: [input("Message Type: FINAL_ANSWER\n\n42")] }),
    [["system", "Message Type: FINAL_ANSWER\n\n42"]]
  ),
  written(
    "an abort that only the event or only the message tells",
    (s) =>
      s
        .event("task_started")
        .event("turn_aborted", { reason: "interrupted" })
        .user("<turn_aborted>\nx\n</turn_aborted>")
        .event("turn_started")
        .event("turn_aborted"),
    [
      ["system", "turn_aborted interrupted"],
      ["system", "turn_aborted"]
    ]
  ),
  written(
    "bookkeeping is passed over in silence",
    (s) => {
      for (const type of [
        "dynamic_tools_updated",
        "inter_agent_communication",
        "inter_agent_communication_metadata",
        "realtime_item",
        "retained_context",
        "agent_response_observation",
        "security_risk_score",
        "world_state"
      ]) {
        s.line(type, {})
      }
      for (const type of ["compaction", "context_compaction", "ghost_snapshot", "configuration_update", "other"]) {
        s.item({ type })
      }
      for (const type of ["thread_goal_updated", "thread_name_updated", "entered_review_mode", "web_search_end"]) {
        s.event(type)
      }
      for (const type of ["Plan", "ImageView", "Sleep", "HookPrompt", "WebSearch", "ContextCompaction"]) {
        s.completed(type, "x")
      }
      return s.user("hello")
    },
    [["user", "hello"]]
  ),
  written(
    "what nobody knows is counted",
    (s) =>
      s
        .line("hologram", {})
        .item({ type: "telepathy" })
        .item({})
        .event("weather")
        .event("item_completed", { item: 7 })
        .completed("Dance", "d")
        .user("hello"),
    [["user", "hello"]],
    {
      "unknown record type hologram": 1,
      "unknown response_item type telepathy": 1,
      "response_item without a type": 1,
      "unknown event_msg type weather": 1,
      "item_completed without a type": 1,
      "unknown item_completed type Dance": 1
    }
  ),
  written(
    "keys in another order are read all the same",
    (s) => {
      s.user("hello").answer("hi")
      s.lines.splice(0, s.lines.length, ...s.lines.map((line) => Object.fromEntries(Object.entries(line).reverse())))
      return s
    },
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  )
]
