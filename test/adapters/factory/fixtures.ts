import type { KitFixture } from "../../support/adapter-kit.ts"
import { fixtureRecords, Script } from "./records.ts"

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
  records: (id) => write(new Script(id, { prefix: "w" }).header()).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const reminder = "<system-reminder>be kind</system-reminder>"

/** One whole file per generation, then one fixture per shape that those do not have. */
export const fixtures: ReadonlyArray<KitFixture> = [
  whole("a session of 0.225", "current", [
    [
      "system",
      "<system-reminder>\nTools: Read, Edit\n</system-reminder>\n<system-reminder>Today is Sunday</system-reminder>"
    ],
    ["user", "mend the kettle\nit leaks"],
    ["assistant", "I look at it."],
    ["tool_use", 'Read {"file_path":"/home/ann/kettle/lid.ts"}'],
    ["tool_use", 'Execute {"command":"ls spout","riskLevel":"low"}'],
    ["tool_result", "const lid = 1\nconst rim = 2"],
    ["tool_result", "Error: no spout"],
    ["user", "look at the lid first"],
    ["system", "<system-notification>Background task done.</system-notification>"],
    ["tool_use", 'Edit {"file_path":"lid.ts","old_str":"1","new_str":"2"}'],
    ["tool_result", '{"success":true,"file_path":"lid.ts"}'],
    ["system", "PostToolUse\nEdit\nnpm test\n1 failed\nlid too thin"],
    ["system", "The lid was thin."],
    ["system", "Model error: try again"],
    ["tool_use", 'Execute {"command":"git status"}'],
    ["tool_result", "clean"],
    ["user", "and"],
    ["system", "<system-reminder>be brief</system-reminder>"],
    ["user", "polish it"],
    ["assistant", "Mended\nand polished."]
  ]),
  whole("a session of 2025", "2025", [
    ["system", "<system-reminder>old rules</system-reminder>"],
    ["user", "boil water"],
    ["tool_use", 'MultiEdit {"file_path":"/home/ann/old/tap.ts","edits":[]}'],
    ["tool_result", "ok"],
    ["tool_result", "late"],
    ["system", "Water was boiled."],
    ["system", "Session restored"],
    ["tool_result", "plain output"],
    ["system", "resume where you were"],
    ["assistant", "Boiled."]
  ]),
  whole("a fork", "fork", [
    ["user", "brew   some\ntea <[SYSTEM] note> now"],
    ["assistant", "Green or black?"],
    ["tool_use", 'Task {"subagent_type":"worker","description":"Ask the guests","prompt":"ask"}'],
    [
      "tool_result",
      "session_id: 5e550000-0000-4000-8000-0000000000c1\nUse this report as the source of record.\nGreen."
    ],
    ["user", "black after all"]
  ]),
  written(
    "a tag that is never closed is text",
    (s) => s.user("what is <system-reminder> for?").user("<system-reminder>a <system-notification>b</system-reminder>"),
    [
      ["user", "what is <system-reminder> for?"],
      ["system", "<system-reminder>a <system-notification>b</system-reminder>"]
    ]
  ),
  written(
    "reminders around a prompt, and alone with white space",
    (s) => s.user(`${reminder}\nfirst\n${reminder}\nsecond`).user(`\n${reminder}\n`),
    [
      ["system", reminder],
      ["user", "first"],
      ["system", reminder],
      ["user", "second"],
      ["system", `\n${reminder}\n`]
    ]
  ),
  written(
    "instructions of a delegation",
    (s) => s.user("<remote-delegation-instructions>report</remote-delegation-instructions>\ndo it"),
    [
      ["system", "<remote-delegation-instructions>report</remote-delegation-instructions>"],
      ["user", "do it"]
    ]
  ),
  written("the tool's tags in an answer are the answer's", (s) => s.answer(reminder), [["assistant", reminder]]),
  written(
    "a hidden prompt and a notice of the assistant",
    (s) => s.user("hidden", { hiddenFromUserViews: true }).answer("switched the model", { visibility: "user_only" }),
    [
      ["system", "hidden"],
      ["system", "switched the model"]
    ]
  ),
  written(
    "a hook with content of its own",
    (s) =>
      s.user("context of the hook", {
        hookEventName: "SessionStart",
        hookResults: [{ exitCode: 0, stdout: "", stderr: "" }, 7]
      }),
    [["system", "SessionStart\ncontext of the hook"]]
  ),
  written("a compaction without a text", (s) => s.record("compaction_state", { summaryKind: "llm_summary" }), [
    ["system", "llm_summary"]
  ]),
  written(
    "two turns at once interleave in the file",
    (s) => s.user("one").user("two").answer("to two").answer("to one"),
    [
      ["user", "one"],
      ["user", "two"],
      ["assistant", "to two"],
      ["assistant", "to one"]
    ]
  ),
  written(
    "odd contents",
    (s) =>
      s
        .message("user", ["bare string", 7, { type: "text" }, { type: "hologram" }, { type: "text", text: " \n" }])
        .message("assistant", 7)
        .message("wizard", "abracadabra")
        .record("message", { id: "odd", message: "none" })
        .record("tool_result", { content: "of no call" }),
    [["user", "bare string"]],
    {
      "content block that is no object": 1,
      "text block without text": 1,
      "unknown block type hologram": 1,
      "message without content": 1,
      "message of an unknown role": 1,
      "message without a body": 1,
      "tool_result without a call or content": 1
    }
  )
]
