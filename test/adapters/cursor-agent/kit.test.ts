import { cursorAgent } from "../../../src/adapters/cursor-agent/index.ts"
import { type AdapterCase, adapterKit, type KitPlans, notResumable } from "../../support/adapter-kit.ts"
import { jsonLines, writeFile } from "../../support/store.ts"
import {
  child,
  cwd,
  first,
  fixture,
  second,
  start,
  storeDir,
  transcriptPath,
  writeChats,
  writeStores,
  writeTranscripts
} from "./store.ts"

const query = (text: string): string => `<user_query>\n${text}\n</user_query>`

const shared = {
  adapter: cursorAgent,
  ids: [first, second] as const,
  head: {
    cwd,
    createdAt: start,
    updatedAt: start + 60_000,
    isEmpty: false,
    kind: "session" as const,
    parentId: null,
    gitBranch: "main",
    model: "m-1",
    title: "Boats",
    firstPrompt: "count the oars"
  },
  repeated: null,
  plans: (({ id }) => {
    const base = ["-p", "--output-format", "stream-json"]
    return {
      new: { args: base },
      resume: { args: [...base, "--resume", id], sessionId: id },
      continue: { args: [...base, "--continue"] },
      fork: { refused: "operation", reason: "no command of Cursor forks a session without its own screen" }
    }
  }) satisfies KitPlans
}

const call = 'Task {"description":"count"}'

const message = (role: string, text: string) => ({ role, content: [{ type: "text", text }] })

const stores: AdapterCase = {
  ...shared,
  write: writeStores,
  file: null,
  conversation: () => [
    message("user", query("count the oars")),
    {
      role: "assistant",
      content: [{ type: "tool-call", toolCallId: "t7", toolName: "Task", args: { description: "count" } }]
    },
    { role: "tool", content: [{ type: "tool-result", toolCallId: "t7", toolName: "Task", result: "four" }] },
    message("assistant", "Four oars.")
  ],
  messages: [
    ["user", "count the oars"],
    ["tool_use", call],
    ["tool_result", "four"],
    ["assistant", "Four oars."]
  ],
  growth: () => [message("user", query("and the masts?")), message("assistant", "One.")],
  prompt: (_id, text) => [message("user", query(text))],
  unknown: () => ({ record: { role: "hologram", content: "h" }, reason: "unknown role hologram" }),
  subagent: {
    id: child,
    toolUseId: "t7",
    write: (home, parentId) => {
      writeStores(home, [{ id: child, records: [message("user", query("count")), message("assistant", "four")] }])
      const subagentInfo = { parentAgentId: parentId, toolCallId: "t7" }
      writeFile(`${storeDir(home, child)}/meta.json`, JSON.stringify({ cwd, isSubagent: true, subagentInfo }))
    },
    messages: [
      ["user", "count"],
      ["assistant", "four"]
    ]
  },
  fixtures: [
    {
      name: "messages of a store",
      records: () => fixture("store"),
      messages: [
        ["system", "You mend boats."],
        ["system", "<user_info>\nOS: linux\n</user_info>"],
        ["system", "<timestamp>Sunday</timestamp>"],
        ["user", "Caulk the hull"],
        ["assistant", "I will look."],
        ["tool_use", 'Grep {"pattern":"seam"}'],
        ["tool_use", 'StrReplace {"path":"hull.ts"}'],
        ["tool_result", "hull.ts:3"],
        ["tool_result", '{"error":"no such seam"}'],
        ["system", "What we did: three seams"],
        ["assistant", "Done."],
        ["system", "<attached_files>\noar.ts\n</attached_files>"],
        ["user", "Is the oar whole?"],
        ["system", "<system_reminder>Stay dry.</system_reminder>"],
        ["tool_use", 'Read {"path":"oar.ts"}'],
        ["tool_result", "an oar"]
      ]
    }
  ]
}

adapterKit(stores)

const line = (role: string, text: string) => ({ role, message: { content: [{ type: "text", text }] } })

adapterKit({
  ...shared,
  write: writeTranscripts,
  file: transcriptPath,
  head: { ...shared.head, gitBranch: null },
  conversation: () => [
    line("user", query("count the oars")),
    { role: "assistant", message: { content: [{ type: "tool_use", name: "Task", input: { description: "count" } }] } },
    line("assistant", "Four oars.")
  ],
  messages: stores.messages.filter(([role]) => role !== "tool_result"),
  growth: () => [line("user", query("and the masts?"))],
  prompt: (_id, text) => [line("user", query(text))],
  unknown: () => ({ record: { type: "hologram" }, reason: "unknown record type hologram" }),
  subagent: {
    id: child,
    toolUseId: null,
    write: (home, parentId) =>
      writeFile(
        `${home}/.cursor/projects/srv-no-such-boat/agent-transcripts/${parentId}/subagents/${child}.jsonl`,
        jsonLines([line("user", "count"), line("assistant", "four")])
      ),
    messages: [
      ["user", "count"],
      ["assistant", "four"]
    ]
  },
  fixtures: [
    {
      name: "lines of a transcript",
      records: () => fixture("transcript"),
      messages: [
        ["user", "Caulk the hull"],
        ["assistant", "Looking.\n\n[REDACTED]"],
        ["tool_use", 'Write {"path":"/srv/boat/hull.ts"}'],
        ["assistant", ""],
        ["tool_result", "ok"],
        ["assistant", "Tight."],
        ["system", "out of tar"],
        ["user", "And the oar?"],
        ["user", "[Image]"],
        ["user", "[File: oar.pdf]"],
        ["tool_use", 'Shell {"command":"ls"}'],
        ["tool_result", "oar.ts"],
        ["assistant", "[Oversize transcript blob omitted: 6 MB]"]
      ]
    }
  ]
})

adapterKit({
  ...shared,
  write: writeChats,
  plans: notResumable(
    shared.plans,
    "the command of Cursor resumes only chats that it keeps itself, not transcripts nor chats of the IDE"
  ),
  file: null,
  head: { ...shared.head, gitBranch: null, title: "Boats (Cursor IDE)" },
  conversation: () => [
    { type: 1, text: "count the oars" },
    {
      type: 2,
      text: "",
      toolFormerData: {
        name: "Task",
        status: "completed",
        toolCallId: "t7",
        rawArgs: '{"description":"count"}',
        result: "four"
      }
    },
    { type: 2, text: "Four oars." }
  ],
  messages: stores.messages,
  growth: () => [{ type: 1, text: "and the masts?" }],
  prompt: (_id, text) => [{ type: 1, text }],
  unknown: () => ({ record: { type: 9 }, reason: "unknown bubble type 9" }),
  subagent: null,
  fixtures: [
    {
      name: "bubbles of the IDE",
      records: () => fixture("bubbles"),
      messages: [
        ["user", "Caulk the hull"],
        ["tool_use", 'grep {"pattern":"seam"}'],
        ["tool_result", '{"matches":1}'],
        ["tool_use", 'edit_file {"relativeWorkspacePath":"hull.ts"}'],
        ["tool_result", "no file"],
        ["tool_use", 'write {"path":"oar.ts"}'],
        ["tool_result", "{}"],
        ["assistant", "Seven."],
        ["tool_use", 'run_terminal_cmd {"command":"sail"}'],
        ["assistant", "Moored."]
      ]
    }
  ]
})
