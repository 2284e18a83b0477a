import { copilot } from "../../../src/adapters/copilot/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { fixtures } from "./fixtures.ts"
import { eventsPath, first, Script, second, start, writeSessions } from "./records.ts"

const conversation = (id: string): Script =>
  new Script()
    .start(id)
    .user("count the files")
    .event("system.message", { role: "system", content: "You mend files." })
    .event("assistant.turn_start", { turnId: "0" })
    .call("conv-1", "bash", { command: "ls | wc -l" }, "I count.")
    .result("conv-1", "3")
    .event("assistant.turn_end", { turnId: "0" })
    .answer("There are 3.", { reasoningText: "easy" })

adapterKit({
  adapter: copilot,
  ids: [first, second],
  write: writeSessions,
  file: eventsPath,
  conversation: (id) => conversation(id).lines,
  messages: [
    ["user", "count the files"],
    ["system", "You mend files."],
    ["assistant", "I count."],
    ["tool_use", 'bash {"command":"ls | wc -l"}'],
    ["tool_result", "3"],
    ["assistant", "There are 3."]
  ],
  head: {
    cwd: "/home/dev/app",
    createdAt: start,
    updatedAt: start + 8000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: "main",
    model: "gpt-5.4",
    title: "Fix the typo",
    firstPrompt: "count the files"
  },
  growth: () => new Script(60).user("and the folders").answer("2.").lines,
  prompt: (id, text) => new Script().start(id).user(text).lines,
  unknown: () => ({
    record: { type: "session.hologram", data: {}, id: "x", timestamp: new Date(start).toISOString(), parentId: null },
    reason: "unknown event type session.hologram"
  }),
  repeated: {
    // A thought, a call and a usage record, each told by two events or copied.
    records: (id) =>
      new Script()
        .start(id)
        .user("go")
        .usage("call-1", 1, {
          inputTokens: 100,
          outputTokens: 20,
          cacheReadTokens: 30,
          cacheWriteTokens: 5,
          reasoningTokens: 4
        })
        .usage("call-1", 1, {
          inputTokens: 100,
          outputTokens: 20,
          cacheReadTokens: 30,
          cacheWriteTokens: 5,
          reasoningTokens: 4
        })
        .event("assistant.reasoning", { reasoningId: "r", content: "think" })
        .answer("", {
          reasoningText: "think",
          outputTokens: 20,
          toolRequests: [{ toolCallId: "r1", name: "bash", arguments: { command: "ls" } }]
        })
        .event("tool.execution_start", { toolCallId: "r1", toolName: "bash", arguments: { command: "ls" } })
        .result("r1", "a")
        .shutdown({ inputTokens: 100, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 5, reasoningTokens: 4 })
        .lines,
    messages: [
      ["user", "go"],
      ["tool_use", 'bash {"command":"ls"}'],
      ["tool_result", "a"]
    ],
    usage: { input: 65, output: 20, cacheRead: 30, cacheCreation: 5, thinking: 4 }
  },
  // Subagents are in the file of their session: test/adapters/copilot/facts.test.ts.
  subagent: null,
  fixtures,
  plans: ({ id, mintedId }) => {
    const base = ["--output-format", "json", "--no-color"]
    return {
      new: { args: [...base, `--session-id=${mintedId}`], sessionId: mintedId },
      resume: { args: [...base, `--resume=${id}`], sessionId: id },
      continue: {
        args: [...base, "--continue"],
        notices: [
          "Copilot continues the newest session of this repository or directory, but one of another where this has none"
        ]
      },
      fork: { refused: "operation", reason: "no command of Copilot forks a session without its own screen" }
    }
  }
})
