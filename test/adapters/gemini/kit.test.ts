import { gemini } from "../../../src/adapters/gemini/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import {
  agent,
  doneCall,
  first,
  fixtureRecords,
  project,
  Script,
  second,
  sessionFile,
  start,
  tokensOf,
  writeSessions
} from "./records.ts"

const delegate = doneCall("c-call", "invoke_agent", { agent_name: "lookout" }, "nothing", { agentId: agent })

const conversation = (id: string): Script =>
  new Script(id, "c")
    .meta()
    .context()
    .user("find the bulb")
    .answer("Sending somebody.", {
      tokens: tokensOf(10, 2, 4, 1),
      thoughts: [{ subject: "Help", description: "ask for it" }],
      toolCalls: [delegate]
    })
    .message("user", [{ functionResponse: { id: "c-call", name: "invoke_agent", response: { output: "nothing" } } }])
    .answer("No bulb.", { tokens: tokensOf(20, 3) })
    .line({ $set: { summary: "Find a bulb" } })

adapterKit({
  adapter: gemini,
  ids: [first, second],
  write: writeSessions,
  file: (home, id) => sessionFile(home, id),
  conversation: (id) => conversation(id).lines,
  messages: [
    ["system", "<session_context>\nThe workshop is open.\n</session_context>"],
    ["user", "find the bulb"],
    ["assistant", "Sending somebody."],
    ["tool_use", 'invoke_agent {"agent_name":"lookout"}'],
    ["tool_result", "nothing"],
    ["assistant", "No bulb."]
  ],
  head: {
    cwd: "/home/dev/workshop",
    createdAt: start,
    updatedAt: start + 4000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: null,
    model: "gemini-3.8-flash",
    title: "Find a bulb",
    firstPrompt: "find the bulb"
  },
  growth: (id) => new Script(id, "v", start + 60_000).user("look again").answer("Still none.").lines,
  prompt: (id, text) => new Script(id).meta().user(text).lines,
  unknown: () => ({ record: { hologram: true }, reason: "record of unknown shape" }),
  repeated: {
    records: (id) => fixtureRecords("resumed", id),
    messages: fixtures.find(({ name }) => name.startsWith("a resume"))!.messages,
    usage: { input: 200, output: 39, cacheRead: 150, cacheCreation: 0, thinking: 4 }
  },
  subagent: {
    id: agent,
    toolUseId: "c-call",
    write: (home, parentId) =>
      writeFile(`${project(home)}/chats/${parentId}/${agent}.jsonl`, jsonLines(fixtureRecords("agent"))),
    messages: [
      ["user", "look for a bulb"],
      ["assistant", "No bulb found."]
    ]
  },
  fixtures,
  plans: ({ file, id, mintedId }) => {
    const base = ["--output-format", "stream-json"]
    const env = { GEMINI_CLI_NO_RELAUNCH: "true" }
    const notices = [
      "Gemini CLI 0.61 may delete this session when it next starts in the project, unless general.sessionRetention.enabled is false in ~/.gemini/settings.json"
    ]
    return {
      new: { args: [...base, "--session-id", mintedId], env, sessionId: mintedId },
      resume: { args: [...base, "--resume", id], env, notices, sessionId: id },
      continue: { args: [...base, "--resume", "latest"], env, notices },
      fork: { args: [...base, "--session-file", file], env, notices }
    }
  }
})
