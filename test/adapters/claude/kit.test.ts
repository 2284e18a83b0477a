import { claude } from "../../../src/adapters/claude/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import {
  call,
  first,
  projects,
  result,
  Script,
  second,
  sessionFile,
  start,
  text,
  thinking,
  usageOf,
  writeSessions
} from "./records.ts"

const conversation = (id: string): Script =>
  new Script(id, "c")
    .meta({
      type: "queue-operation",
      operation: "enqueue",
      timestamp: "2026-11-01T09:59:59.500Z",
      content: "add a test"
    })
    .user("add a test", { more: { origin: { kind: "human" } } })
    .attachment({ type: "date", date: "2026-11-01" })
    .meta({ type: "api-request-blob", message: { role: "user", content: [text("add a test")] } })
    .answer("msg_A", thinking("look first"), usageOf(11, 44, 33, 22, 4))
    .answer("msg_A", call("toolu_1", "Edit", { file_path: "/home/dev/app/a.ts" }), usageOf(11, 44, 33, 22, 4))
    .user([result("toolu_1", "updated")], { more: { toolUseResult: { filePath: "/home/dev/app/a.ts" } } })
    .answer("msg_B", text("Done."), usageOf(2, 3))
    .meta({ type: "last-prompt", lastPrompt: "add a test", leafUuid: "c-6" })
    .meta({ type: "custom-title", customTitle: "Add tests" })

const agentId = "a1b2c3d4e5f6a7b8c"

adapterKit({
  adapter: claude,
  ids: [first, second],
  write: writeSessions,
  file: sessionFile,
  conversation: (id) => conversation(id).lines,
  messages: [
    ["user", "add a test"],
    ["tool_use", 'Edit {"file_path":"/home/dev/app/a.ts"}'],
    ["tool_result", "updated"],
    ["assistant", "Done."]
  ],
  head: {
    cwd: "/home/dev/app",
    createdAt: start - 500,
    updatedAt: start + 5000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: "main",
    model: "claude-opus-5-5",
    title: "Add tests",
    firstPrompt: "add a test"
  },
  growth: (id) =>
    new Script(id, "v", start + 60_000).at("c-6").user("and another").answer("msg_C", text("Done again.")).lines,
  prompt: (id, prompt) => new Script(id).user(prompt).lines,
  unknown: () => ({ record: { type: "hologram", payload: {} }, reason: "unknown record type hologram" }),
  repeated: {
    // Version 1 wrote an answer again under a new id while it streamed, with partial counts on the early lines.
    records: (id) =>
      new Script(id)
        .user("hello")
        .answer("m1", text("hi there"), usageOf(10, 1, 5, 6))
        .answer("m1", text("hi there"), usageOf(10, 1, 5, 6))
        .answer("m1", call("t1", "Bash", {}), usageOf(10, 20, 5, 6, 7))
        .answer("m1", call("t1", "Bash", {}), usageOf(10, 20, 5, 6, 7))
        .user([result("t1", "ok")])
        .answer("m2", text("bye"), usageOf(1, 2, 3, 4), { more: { apiBlockIndex: 0 } })
        .answer("m2", text("bye now"), usageOf(1, 3, 3, 4), { more: { apiBlockIndex: 0 } }).lines,
    messages: [
      ["user", "hello"],
      ["assistant", "hi there"],
      ["tool_use", "Bash {}"],
      ["tool_result", "ok"],
      ["assistant", "bye now"]
    ],
    usage: { input: 11, output: 23, cacheRead: 8, cacheCreation: 10, thinking: 7 }
  },
  subagent: {
    id: `agent-${agentId}`,
    toolUseId: "toolu_1",
    write: (home, parentId) => {
      const script = new Script(parentId, "s", start, { agentId })
        .user("find the config", { more: { isSidechain: true } })
        .answer("msg_S", text("found"), usageOf(1, 1), { more: { isSidechain: true } })
      const path = `${projects(home)}/${parentId}/subagents/agent-${agentId}`
      writeFile(`${path}.jsonl`, jsonLines(script.lines))
      writeFile(
        `${path}.meta.json`,
        JSON.stringify({ agentType: "Explore", description: "look", toolUseId: "toolu_1" })
      )
    },
    messages: [
      ["user", "find the config"],
      ["assistant", "found"]
    ]
  },
  fixtures,
  plans: ({ id, mintedId }) => {
    const base = ["-p", "--output-format", "stream-json", "--verbose"]
    return {
      new: { args: [...base, "--session-id", mintedId], sessionId: mintedId },
      resume: { args: [...base, "--resume", id], sessionId: id },
      continue: { args: [...base, "--continue"] },
      fork: { args: [...base, "--resume", id, "--fork-session", "--session-id", mintedId], sessionId: mintedId }
    }
  }
})
