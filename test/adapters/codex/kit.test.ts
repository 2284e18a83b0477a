import { codex } from "../../../src/adapters/codex/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { first, fixtureRecords, rolloutPath, Script, second, start, writeSessions } from "./records.ts"

const agent = "01a00000-0000-7000-8000-0000000000aa"

const conversation = (id: string): Script =>
  new Script(id)
    .meta()
    .event("task_started", { turn_id: "t-1", started_at: start / 1000 })
    .turn()
    .user("<environment_context>\n  <cwd>/home/dev/app</cwd>\n</environment_context>")
    .user("count the files")
    .completed("UserMessage", "u1", { content: [{ type: "text", text: "count the files" }] })
    .item({ type: "reasoning", summary: [{ type: "summary_text", text: "let an agent do it" }] })
    .item({
      type: "function_call",
      name: "spawn_agent",
      namespace: "collaboration",
      arguments: '{"task_name":"kid","message":"count files"}',
      call_id: "call_conv"
    })
    .completed("CollabAgentToolCall", "call_conv", {
      tool: "spawn_agent",
      status: "completed",
      sender_thread_id: id,
      receiver_thread_ids: [agent],
      prompt: "count files"
    })
    .result("call_conv", '{"task_name":"/root/kid"}')
    .answer("There are 3.")
    .event("task_complete", { turn_id: "t-1", last_agent_message: "There are 3." })

adapterKit({
  adapter: codex,
  ids: [first, second],
  write: writeSessions,
  file: (home, id) => rolloutPath(home, id),
  conversation: (id) => conversation(id).lines,
  messages: [
    ["system", "<environment_context>\n  <cwd>/home/dev/app</cwd>\n</environment_context>"],
    ["user", "count the files"],
    ["tool_use", 'collaboration.spawn_agent {"task_name":"kid","message":"count files"}'],
    ["tool_result", '{"task_name":"/root/kid"}'],
    ["assistant", "There are 3."]
  ],
  head: {
    cwd: "/home/dev/app",
    createdAt: start,
    updatedAt: start + 11_000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: "main",
    model: "gpt-6-sol",
    title: null,
    firstPrompt: "count the files"
  },
  growth: (id) => new Script(id, start + 60_000, 12).user("and the folders").answer("2.").lines,
  prompt: (id, text) => new Script(id).meta().user(text).lines,
  unknown: () => ({
    record: { timestamp: new Date(start).toISOString(), type: "hologram", payload: {} },
    reason: "unknown record type hologram"
  }),
  repeated: {
    // Legacy threads tell every message as an event too, and 0.58 to 0.90 wrote each token count twice.
    records: (id) => fixtureRecords("envelope", id),
    messages: [
      ["system", "<user_instructions>\nbe kind\n</user_instructions>"],
      ["system", "<environment_context>\n  <cwd>/home/dev/app</cwd>\n</environment_context>"],
      ["user", "list the files"],
      ["tool_use", 'shell {"command":["ls"]}'],
      ["tool_result", "a.txt"],
      ["assistant", "One file."]
    ],
    usage: { input: 150, output: 30, cacheRead: 150, cacheCreation: 0, thinking: 5 }
  },
  subagent: {
    id: agent,
    toolUseId: "call_conv",
    write: (home, parentId) => {
      const script = new Script(agent)
        .meta({ session_id: parentId, parent_thread_id: parentId, thread_source: "subagent" })
        .item({
          type: "agent_message",
          author: "/root",
          content: [{ type: "input_text", text: "Message Type: NEW_TASK\n\ncount files" }]
        })
        .answer("3")
      writeFile(rolloutPath(home, agent), jsonLines(script.lines))
    },
    messages: [
      ["user", "Message Type: NEW_TASK\n\ncount files"],
      ["assistant", "3"]
    ]
  },
  fixtures,
  plans: ({ id }) => {
    const base = ["exec", "--json", "--skip-git-repo-check"]
    return {
      new: { args: [...base, "-"] },
      resume: { args: [...base, "resume", id, "-"], sessionId: id },
      continue: { args: [...base, "resume", "--last", "-"] },
      fork: { args: [...base, "fork", id, "-"] }
    }
  }
})
