import { factory } from "../../../src/adapters/factory/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { child, first, fixtureRecords, Script, second, start, transcriptPath, usage, writeSessions } from "./records.ts"

const reminder = "<system-reminder>Today is Sunday</system-reminder>"

const conversation = (id: string): Script =>
  new Script(id)
    .header()
    .user(reminder, { visibility: "llm_only" })
    .user("what tea do the guests want?")
    .call("t7", "Task", { subagent_type: "worker", description: "Ask the guests", prompt: "ask" })
    .result("t7", `session_id: ${child}\nGreen tea.`)
    .answer("Green.")

adapterKit({
  adapter: factory,
  ids: [first, second],
  write: writeSessions,
  file: (home, id) => transcriptPath(home, id),
  conversation: (id) => [
    ...conversation(id).lines,
    { type: "agent_turn_outcome", turnId: "s2", reason: "completed", resultKind: "text" }
  ],
  messages: [
    ["system", reminder],
    ["user", "what tea do the guests want?"],
    ["tool_use", 'Task {"subagent_type":"worker","description":"Ask the guests","prompt":"ask"}'],
    ["tool_result", `session_id: ${child}\nGreen tea.`],
    ["assistant", "Green."]
  ],
  head: {
    cwd: "/home/ann/kettle",
    createdAt: start,
    updatedAt: start + 4000,
    isEmpty: false,
    kind: "session",
    parentId: null,
    gitBranch: null,
    model: "claude-opus-5",
    title: "Mend the kettle",
    firstPrompt: "what tea do the guests want?"
  },
  growth: (id) => new Script(id, { clock: start + 60_000, prefix: "g" }).user("and milk?").answer("No.").lines,
  prompt: (id, text) => new Script(id).header().user(text).lines,
  unknown: () => ({ record: { type: "hologram", id: "h" }, reason: "unknown record type hologram" }),
  repeated: {
    records: (id) => {
      const { lines } = new Script(id).header().user("once").answer("half an answ").answer("two")
      const again = { ...lines[2], message: { role: "assistant", content: [{ type: "text", text: "an answer" }] } }
      return [...lines, lines[1]!, again]
    },
    messages: [
      ["user", "once"],
      ["assistant", "an answer"],
      ["assistant", "two"]
    ],
    usage
  },
  subagent: {
    id: child,
    toolUseId: "t7",
    write: (home, parentId) => writeFile(transcriptPath(home, child), jsonLines(fixtureRecords("child", parentId))),
    messages: [
      ["user", "# Task Tool Invocation\n\nSubagent type: worker\n\nask the guests"],
      ["assistant", "Green tea, all of them."]
    ]
  },
  fixtures,
  plans: ({ id }) => {
    const base = ["exec", "-o", "stream-json"]
    return {
      new: { args: base },
      resume: { args: [...base, "-s", id], sessionId: id },
      continue: {
        refused: "operation",
        reason: "no command of Droid continues the newest session of a directory without its own screen"
      },
      fork: { args: [...base, "--fork", id] }
    }
  }
})
