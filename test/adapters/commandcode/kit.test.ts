import { commandcode } from "../../../src/adapters/commandcode/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { fixtures } from "./fixtures.ts"
import {
  call,
  first,
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
  new Script("c")
    .header(id)
    .user("add a test")
    .answer(
      [thinking("look first"), text("I edit."), call("call_1", "edit_file", { file_path: "/home/dev/app/a.ts" })],
      usageOf(1000, 50, 300, 20)
    )
    .results(result("call_1", "updated"))
    .answer("Done.", usageOf(1100, 5, 900))
    .entry("session_info", { name: "Add tests" })

adapterKit({
  adapter: commandcode,
  ids: [first, second],
  write: writeSessions,
  file: sessionFile,
  conversation: (id) => conversation(id).lines,
  messages: [
    ["user", "add a test"],
    ["assistant", "I edit."],
    ["tool_use", 'edit_file {"file_path":"/home/dev/app/a.ts"}'],
    ["tool_result", "updated"],
    ["assistant", "Done."]
  ],
  head: {
    cwd: "/home/dev/app",
    createdAt: start,
    updatedAt: start + 5000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: null,
    model: "acme/m-1",
    title: "Add tests",
    firstPrompt: "add a test"
  },
  growth: () => new Script("g", start + 60_000).at("c5").user("and another").answer("Done again.").lines,
  prompt: (id, prompt) => new Script().header(id).user(prompt).lines,
  unknown: () => ({ record: { type: "hologram", payload: {} }, reason: "unknown record type hologram" }),
  repeated: {
    // Two writers of one file, or a merge of two copies of it: an entry stands there twice.
    records: (id) => {
      const lines = new Script()
        .header(id)
        .user("hello")
        .answer("hi there", usageOf(10, 20, 5, 1))
        .user("and?")
        .answer("bye", usageOf(30, 3, 10)).lines
      return [...lines, ...lines.slice(3)]
    },
    messages: [
      ["user", "hello"],
      ["assistant", "hi there"],
      ["user", "and?"],
      ["assistant", "bye"]
    ],
    usage: { input: 24, output: 23, cacheRead: 15, cacheCreation: 1, thinking: 0 }
  },
  subagent: null,
  fixtures,
  plans: ({ id }) => {
    const base = ["-p", "--output-format", "json"]
    return {
      new: { args: [...base, "--skip-onboarding"] },
      resume: { args: [...base, "--resume", id, "--skip-onboarding"], sessionId: id },
      continue: {
        args: [...base, "--continue", "--skip-onboarding"],
        notices: ["Command Code continues the newest session that was run without its screen, or else starts one"]
      },
      fork: { args: [...base, "--resume", id, "--fork-session", "--skip-onboarding"] }
    }
  }
})
