import type { KitFixture, KitMessage } from "../../support/adapter-kit.ts"
import { call, FlatScript, type Fields, image, result, Script, text, thinking } from "./records.ts"

const tree = (
  name: string,
  write: (script: Script) => Script,
  messages: ReadonlyArray<KitMessage>,
  skipped?: Readonly<Record<string, number>>
): KitFixture => ({
  name,
  records: (id) => write(new Script().header(id)).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const flat = (
  name: string,
  version: 1 | 2 | undefined,
  write: (script: FlatScript) => FlatScript,
  messages: ReadonlyArray<KitMessage>,
  skipped?: Readonly<Record<string, number>>
): KitFixture => ({
  name: `format ${version ?? "without a version"}: ${name}`,
  records: (id) => write(new FlatScript(id, version)).lines,
  messages,
  ...(skipped === undefined ? {} : { skipped })
})

const reasoning = (value: string): Fields => ({ type: "reasoning", text: value })
const toolCall = (id: string, name: string, input: unknown): Fields => ({
  type: "tool-call",
  toolCallId: id,
  toolName: name,
  input
})
const toolResult = (id: string, output: unknown): Fields => ({
  type: "tool-result",
  toolCallId: id,
  toolName: "x",
  output
})

const treeFixtures: ReadonlyArray<KitFixture> = [
  tree(
    "a turn with thoughts, a call and its result",
    (s) =>
      s
        .user("hello")
        .answer([thinking("hm"), text("I look."), call("t1", "read_file", { file_path: "/a" })])
        .results(result("t1", "one", "two"))
        .answer("done"),
    [
      ["user", "hello"],
      ["assistant", "I look."],
      ["tool_use", 'read_file {"file_path":"/a"}'],
      ["tool_result", "one\ntwo"],
      ["assistant", "done"]
    ]
  ),
  tree(
    "entries without a message are no messages, and others hang on them",
    (s) =>
      s
        .entry("model_change", { model: "acme/m-2" })
        .user("hello")
        .entry("effort_change", { effort: "high" })
        .entry("custom", { customType: "state", data: { n: 1 } })
        .entry("label", { targetId: "e2", label: "here" })
        .entry("custom_message", { customType: "hint", content: "hidden", display: false })
        .answer("hi")
        .entry("session_info", { name: "a name" }),
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  ),
  tree(
    "summaries and what an extension shows are the system's",
    (s) =>
      s
        .user("hello")
        .answer("hi")
        .entry("compaction", { summary: "They greeted.", firstKeptEntryId: "e2", tokensBefore: 900 })
        .entry("branch_summary", { fromId: "e9", summary: "Tried another way." })
        .entry("custom_message", { customType: "hint", content: "shown", display: true })
        .entry("custom_message", { customType: "hint", content: [text("shown too")], display: true })
        .answer("bye"),
    [
      ["user", "hello"],
      ["assistant", "hi"],
      ["system", "They greeted."],
      ["system", "Tried another way."],
      ["system", "shown"],
      ["system", "shown too"],
      ["assistant", "bye"]
    ]
  ),
  tree(
    "prompts typed while the agent works are the user's, what the tool says in that role is not",
    (s) =>
      s
        .user("start")
        .user("and this", { source: "steering" })
        .user("then that", { source: "followup" })
        .user("from before 1.0", { source: "cli" })
        .user("without a source", {})
        .user("not done yet", { source: "stop_hook", isAutomated: true })
        .user("wake up", { source: "scheduled-cron:7", isAutomated: true, isMeta: true })
        .user("skill", { source: "user", isMeta: true })
        .user("in short", { isSummary: true })
        .user("an extension's", { source: "mod:x" })
        .user("put in", { source: "user", injected: true })
        .user("<system-reminder>be brief</system-reminder>")
        .user("<command-message>init</command-message>\n<command-name>/init</command-name>")
        .answer("ok"),
    [
      ["user", "start"],
      ["user", "and this"],
      ["user", "then that"],
      ["user", "from before 1.0"],
      ["user", "without a source"],
      ["system", "not done yet"],
      ["system", "wake up"],
      ["system", "skill"],
      ["system", "in short"],
      ["system", "an extension's"],
      ["system", "put in"],
      ["system", "<system-reminder>be brief</system-reminder>"],
      ["system", "<command-message>init</command-message>\n<command-name>/init</command-name>"],
      ["assistant", "ok"]
    ]
  ),
  tree(
    "context that rides on a prompt and on a result",
    (s) =>
      s
        .user("hello", {
          source: "user",
          injected: { sessionStartHookContext: "<hook>", companions: [{ kind: "skill", text: "how to" }, 7] }
        })
        .answer([call("t1", "shell_command", { command: "ls" })])
        .user([result("t1", "a.ts")], {
          source: "tool",
          hookContexts: { t1: { postToolUse: "after", preToolUse: "before" }, t9: { postToolUse: "no" } }
        })
        .answer("ok"),
    [
      ["system", "<hook>"],
      ["user", "hello"],
      ["system", "how to"],
      ["tool_use", 'shell_command {"command":"ls"}'],
      ["tool_result", "a.ts"],
      ["system", "after"],
      ["system", "before"],
      ["assistant", "ok"]
    ]
  ),
  tree(
    "attachments ride on the text beside them, or stand alone",
    (s) =>
      s
        .user([image("AAAA"), text("see")])
        .user([image("AAAA")])
        .answer([call("t1", "read_file", {})])
        .results(result("t1", image("AAAA"), "a picture")),
    [
      ["user", "see"],
      ["user", ""],
      ["tool_use", "read_file {}"],
      ["tool_result", "a picture"]
    ]
  ),
  tree(
    "an edited prompt and what followed it are on another branch",
    (s) =>
      s.user("hello").answer("hi").user("wrong").answer("wrong answer").at("e2").user("right").answer("right answer"),
    [
      ["user", "hello"],
      ["assistant", "hi"],
      ["user", "right"],
      ["assistant", "right answer"]
    ]
  ),
  tree(
    "the first prompt itself was edited",
    (s) => s.user("wrong").answer("wrong answer").at(null).user("right").answer("right answer"),
    [
      ["user", "right"],
      ["assistant", "right answer"]
    ]
  ),
  tree(
    "a jump back that was followed by nothing but a new model",
    (s) => s.user("hello").answer("hi").at(null).entry("model_change", { model: "acme/m-2" }),
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  ),
  tree(
    "a parent that is not in the file begins the conversation",
    (s) => s.user("one").answer("first").at("lost").user("two").answer("second"),
    [
      ["user", "two"],
      ["assistant", "second"]
    ]
  ),
  tree(
    "an entry that does not say its parent follows the one before",
    (s) => s.user("one").answer("first", undefined, { parentId: 7 }).user("two"),
    [
      ["user", "one"],
      ["assistant", "first"],
      ["user", "two"]
    ]
  ),
  tree(
    "entries that name each other as parents end somewhere",
    (s) => s.user("one", {}, { parentId: "e2" }).answer("two").user("three"),
    [
      ["user", "one"],
      ["assistant", "two"],
      ["user", "three"]
    ]
  ),
  tree(
    "an entry of a newer version that others hang on",
    (s) => s.user("one").entry("hologram", { payload: {} }).answer("two"),
    [
      ["user", "one"],
      ["assistant", "two"]
    ],
    { "unknown record type hologram": 1 }
  ),
  {
    name: "a header of a newer version is read for what it says",
    records: (id) => new Script().header(id, { version: 4 }).user("one").answer("two").lines,
    messages: [
      ["user", "one"],
      ["assistant", "two"]
    ]
  },
  {
    name: "a file that lost its header",
    records: () => new Script().user("one").answer("two").lines,
    messages: [
      ["user", "one"],
      ["assistant", "two"]
    ]
  },
  tree(
    "what has no meaning is counted",
    (s) =>
      s
        .user([text("one"), 7, { type: "text" }, { type: "tone", hz: 440 }])
        .entry("message", { message: { role: "narrator", content: [] } })
        .entry("message", { message: { content: [] } })
        .entry("message", { message: { role: "assistant" } })
        .entry("compaction", { summary: 7 })
        .answer("two"),
    [
      ["user", "one"],
      ["assistant", "two"]
    ],
    {
      "content block that is no object": 1,
      "text block without text": 1,
      "unknown block type tone": 1,
      "unknown role narrator": 1,
      "message without role": 1,
      "message without content": 1,
      "compaction without text": 1
    }
  )
]

const flatFixtures: ReadonlyArray<KitFixture> = [
  flat(
    "a turn with thoughts, a call and its result",
    2,
    (s) =>
      s
        .say("user", "hello")
        .say("assistant", [reasoning("hm"), text("I look."), toolCall("t1", "read_file", { path: "a" })])
        .say("tool", [toolResult("t1", { type: "text", value: "found" })])
        .say("assistant", "done"),
    [
      ["user", "hello"],
      ["assistant", "I look."],
      ["tool_use", 'read_file {"path":"a"}'],
      ["tool_result", "found"],
      ["assistant", "done"]
    ]
  ),
  flat(
    "every kind of output",
    2,
    (s) =>
      s
        .say("user", [text("see"), { type: "image", image: "data:image/png;base64,AAAA", mimeType: "image/png" }])
        .say("assistant", [toolCall("t1", "a", {}), toolCall("t2", "b", {}), toolCall("t3", "c", {})])
        .say("tool", [
          toolResult("t1", { type: "error-text", value: "no such file" }),
          toolResult("t2", { type: "json", value: { n: 1 } }),
          toolResult("t3", { type: "content", value: [text("part"), { type: "media", data: "AAAA" }] }),
          toolResult("t4", "plain"),
          { type: "tool-result", toolCallId: "t5", result: "old", isError: true },
          toolResult("t6", null)
        ]),
    [
      ["user", "see"],
      ["tool_use", "a {}"],
      ["tool_use", "b {}"],
      ["tool_use", "c {}"],
      ["tool_result", "no such file"],
      ["tool_result", '{"n":1}'],
      ["tool_result", "part"],
      ["tool_result", "plain"],
      ["tool_result", "old"],
      ["tool_result", ""]
    ]
  ),
  flat(
    "what the tool says in the user's role",
    2,
    (s) =>
      s
        .say("user", "hello")
        .say("user", [text("Base directory for this skill: /s")], { isMeta: true, isAutomated: true })
        .say("assistant", "half an ans")
        .say("user", [text("Interrupted by user")], { isAutomated: true })
        .say("system", "be kind"),
    [
      ["user", "hello"],
      ["system", "Base directory for this skill: /s"],
      ["assistant", "half an ans"],
      ["system", "Interrupted by user"],
      ["system", "be kind"]
    ]
  ),
  flat(
    "blocks of the API as they were",
    undefined,
    (s) =>
      s
        .say("user", { input: "hello" })
        .say("assistant", [
          thinking("hm"),
          call("t1", "shell_command", { command: "ls" }),
          { type: "server_tool_use", id: "t2", name: "web_search", input: { query: "q" } },
          {
            type: "web_search_tool_result",
            tool_use_id: "t2",
            content: [{ type: "web_search_result", title: "A page", url: "https://example.org/" }]
          }
        ])
        .say("user", [{ type: "tool_result", tool_use_id: "t1", content: "boom", is_error: true }, text("go on")])
        .say("assistant", "ok"),
    [
      ["user", "hello"],
      ["tool_use", 'shell_command {"command":"ls"}'],
      ["tool_use", 'web_search {"query":"q"}'],
      ["tool_result", "A page https://example.org/"],
      ["tool_result", "boom"],
      ["user", "go on"],
      ["assistant", "ok"]
    ]
  ),
  {
    name: "format 1: lines that all begin anew, under ids of their own and not",
    records: (id) =>
      new FlatScript(id, 1)
        .say("user", "one")
        .say("assistant", "two")
        .say("user", "three")
        .lines.map((line, at) => ({ ...(line as Fields), parentId: null, ...(at === 2 ? { id: "f1" } : {}) })),
    messages: [
      ["user", "one"],
      ["assistant", "two"],
      ["user", "three"]
    ]
  },
  flat(
    "what has no meaning is counted",
    2,
    (s) => s.say("user", "hello").say("narrator", "x").say("user", 7),
    [["user", "hello"]],
    { "unknown role narrator": 1, "message without content": 1 }
  )
]

/** One per record type and drift of the formats. */
export const fixtures: ReadonlyArray<KitFixture> = [...treeFixtures, ...flatFixtures]
