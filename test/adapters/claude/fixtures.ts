import type { KitFixture } from "../../support/adapter-kit.ts"
import { fixture, treeFixtures } from "./tree-fixtures.ts"
import { call, type Fields, result, text, thinking, usageOf } from "./records.ts"

const heavy = "You are an agent. ".repeat(5000)

const metadata: ReadonlyArray<Fields> = [
  { type: "agent-name", agentName: "alpha" },
  { type: "mode", mode: "normal" },
  { type: "permission-mode", permissionMode: "plan" },
  { type: "tag", tag: "x" },
  { type: "tools-used", tools: ["Bash"] },
  { type: "cost-state", totalCostUSD: 1, modelUsage: {} },
  { type: "pr-link", prNumber: 1, prUrl: "https://example.org/1" },
  { type: "worktree-state", worktreeSession: { worktreePath: "/tmp/w" } },
  { type: "file-history-snapshot", messageId: "u-1", snapshot: { trackedFileBackups: {} } },
  { type: "continued-in", continuedInSessionId: "x" },
  { type: "artifact-index", items: [] },
  { type: "data-flow-node", id: 1 },
  { type: "api-request", params: { model: "claude-opus-5-5" } },
  { type: "api-request-resumed", id: "1" },
  { type: "api-request-shape", shape: { system: [{ type: "text", text: heavy }] } },
  { type: "api-request-blob", message: { role: "user", content: [text("hello")] } }
]

/** One per record type and drift of the format, then those of the tree. */
export const fixtures: ReadonlyArray<KitFixture> = [
  fixture("a prompt as a string and as blocks", (s) => s.user("hello").user([text("one"), text("two")]), [
    ["user", "hello"],
    ["user", "one"],
    ["user", "two"]
  ]),
  fixture(
    "metadata and the log of requests are no messages",
    (s) => {
      s.meta({ type: "queue-operation", operation: "enqueue", timestamp: "2026-11-01T09:59:59.000Z", content: "hello" })
      for (const record of metadata) s.meta(record)
      return s.user("hello").answer("m1", text("hi"))
    },
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  ),
  fixture(
    "attachments are context, and lines hang on them",
    (s) =>
      s
        .user("hello")
        .attachment({ type: "date", date: "2026-11-01" }, { more: { rendered: [{ content: "<system-reminder>" }] } })
        .attachment({ type: "prompt_snapshot", systemPrompt: [heavy] })
        .attachment({ type: "file", content: { type: "text" } }, { more: { agentId: "x" } })
        .answer("m1", text("hi")),
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  ),
  fixture(
    "a prompt typed while the agent was busy is the user's",
    (s) =>
      s
        .user("hello")
        .attachment({ type: "queued_command", prompt: "and this", commandMode: "prompt" })
        .attachment({ type: "queued_command", prompt: [text("and that")], commandMode: "prompt" })
        .attachment({ type: "queued_command", prompt: "<task-notification>done", commandMode: "task-notification" })
        .answer("m1", text("both")),
    [
      ["user", "hello"],
      ["user", "and this"],
      ["user", "and that"],
      ["system", "<task-notification>done"],
      ["assistant", "both"]
    ]
  ),
  fixture(
    "a queued prompt that was sent as a line of its own counts once",
    (s) =>
      s
        .user("hello")
        .attachment({ type: "queued_command", prompt: "later", commandMode: "prompt", source_uuid: "q-1" })
        .user("later", { uuid: "q-1" }),
    [
      ["user", "hello"],
      ["user", "later"]
    ]
  ),
  fixture(
    "an answer in lines: thinking, text, call; then the result",
    (s) =>
      s
        .user("fix it")
        .answer("m1", thinking("let me see"), usageOf(5, 9), { more: { apiBlockIndex: 0 } })
        .answer("m1", text("Editing."), usageOf(5, 9), { more: { apiBlockIndex: 1 } })
        .answer("m1", call("t1", "Edit", { file_path: "/a.ts" }), usageOf(5, 9), { more: { apiBlockIndex: 2 } })
        .user([result("t1", [text("updated"), text("once")])])
        .answer("m2", { type: "redacted_thinking", data: "eA==" })
        .answer("m2", call("t2", "Bash", { command: "ls" }))
        .user([result("t2", "no such file", true)]),
    [
      ["user", "fix it"],
      ["assistant", "Editing."],
      ["tool_use", 'Edit {"file_path":"/a.ts"}'],
      ["tool_result", "updated\nonce"],
      ["tool_use", 'Bash {"command":"ls"}'],
      ["tool_result", "no such file"]
    ]
  ),
  fixture("thinking that leads to nothing stands alone", (s) => s.user("hm").answer("m1", thinking("well")), [
    ["user", "hm"],
    ["assistant", ""]
  ]),
  fixture(
    "images and documents ride on the text beside them",
    (s) =>
      s
        .user([
          { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
          text("what is it")
        ])
        .user([{ type: "document", source: { type: "text", media_type: "text/plain", data: "doc" } }])
        .answer("m1", call("t1", "Read", {}))
        .user([result("t1", [text("a picture"), { type: "image", source: { type: "base64", data: "AAAA" } }])]),
    [
      ["user", "what is it"],
      ["user", ""],
      ["tool_use", "Read {}"],
      ["tool_result", "a picture"]
    ]
  ),
  fixture(
    "tools that the API runs itself",
    (s) =>
      s
        .user("search")
        .answer("m1", { type: "server_tool_use", id: "s1", name: "web_search", input: { query: "x" } })
        .answer("m1", {
          type: "web_search_tool_result",
          tool_use_id: "s1",
          content: [{ type: "web_search_result", title: "X", url: "https://example.org/x" }]
        })
        .answer("m1", { type: "mcp_tool_use", id: "s2", name: "look", input: null })
        .answer("m1", { type: "mcp_tool_result", tool_use_id: "s2", content: [text("seen")] }),
    [
      ["user", "search"],
      ["tool_use", 'web_search {"query":"x"}'],
      ["tool_result", "X https://example.org/x"],
      ["tool_use", "look"],
      ["tool_result", "seen"]
    ]
  ),
  fixture(
    "what the tool says in the user's name is system",
    (s) =>
      s
        .user("Caveat: …", { more: { isMeta: true } })
        .user("<command-name>/model</command-name><command-args>opus</command-args>")
        .user("<local-command-stdout>Set model</local-command-stdout>")
        .user("<system-reminder>x</system-reminder>")
        .user("<task-notification>done</task-notification>", { more: { origin: { kind: "task-notification" } } })
        .user("from a channel", { more: { origin: { kind: "channel" } } })
        .user("<bash-input>ls</bash-input>", { more: { origin: { kind: "human" } } })
        .user("<bash-stdout>a.ts</bash-stdout>")
        .user([text("[Request interrupted by user]")])
        .user([text("<system-reminder>y</system-reminder>"), text("and the real one")]),
    [
      ["system", "Caveat: …"],
      ["system", "<command-name>/model</command-name><command-args>opus</command-args>"],
      ["system", "<local-command-stdout>Set model</local-command-stdout>"],
      ["system", "<system-reminder>x</system-reminder>"],
      ["system", "<task-notification>done</task-notification>"],
      ["system", "from a channel"],
      ["user", "<bash-input>ls</bash-input>"],
      ["system", "<bash-stdout>a.ts</bash-stdout>"],
      ["system", "[Request interrupted by user]"],
      ["system", "<system-reminder>y</system-reminder>"],
      ["user", "and the real one"]
    ]
  ),
  fixture(
    "an error of the API is system, a filler of the tool is its answer",
    (s) =>
      s
        .user("hello")
        .line({
          type: "assistant",
          message: { id: "x1", model: "<synthetic>", content: [text("API Error: 529")], usage: usageOf(0, 0) },
          isApiErrorMessage: true
        })
        .line({
          type: "assistant",
          message: { id: "x2", model: "<synthetic>", content: [text("No response requested.")], usage: usageOf(0, 0) }
        }),
    [
      ["user", "hello"],
      ["system", "API Error: 529"],
      ["assistant", "No response requested."]
    ]
  ),
  fixture(
    "lines of the tool itself are passed over, and hung on",
    (s) =>
      s
        .user("hello")
        .line({ type: "progress", data: { type: "agent_progress", message: { role: "user", content: "inner" } } })
        .line({ type: "system", subtype: "turn_duration", durationMs: 5 })
        .line({ type: "system", subtype: "api_error", error: { status: 529 } })
        .answer("m1", text("hi"))
        .line({ type: "system", subtype: "local_command", content: "<local-command-stdout>x</local-command-stdout>" }),
    [
      ["user", "hello"],
      ["assistant", "hi"]
    ]
  ),
  fixture(
    "a file without a conversation has no messages",
    (s) =>
      s.line({ type: "system", subtype: "local_command", content: "/help" }).meta({ type: "mode", mode: "normal" }),
    []
  ),
  fixture(
    "an unknown record and an unknown block are counted, and hung on",
    (s) =>
      s
        .user("one")
        .line({ type: "hologram", payload: 1 })
        .answer("m1", { type: "smell", data: 1 })
        .answer("m1", text("first")),
    [
      ["user", "one"],
      ["assistant", "first"]
    ],
    { "unknown record type hologram": 1, "unknown block type smell": 1 }
  ),
  fixture(
    "content of the wrong shape is counted",
    (s) =>
      s
        .user(7)
        .line({ type: "assistant", message: "hi" })
        .user([null, { type: "text" }, text("good")]),
    [["user", "good"]],
    {
      "user record without content": 1,
      "assistant record without content": 1,
      "content block that is no object": 1,
      "text block without text": 1
    }
  ),
  ...treeFixtures
]
