import { zed } from "../../../src/adapters/zed/index.ts"
import { adapterKit } from "../../support/adapter-kit.ts"
import { current, type Dialect, messages, old } from "./conversation.ts"
import { since2026, until2025 } from "./fixtures.ts"
import { addRow, child, databasePath, documentOf, end, first, rowOf, second, start, writeKit } from "./store.ts"

const shared = (dialect: Dialect, createdAt: number) => ({
  adapter: zed,
  ids: [first, second] as const,
  file: null,
  conversation: dialect.conversation,
  messages,
  head: {
    cwd: "/home/dev/app",
    createdAt,
    updatedAt: end,
    isEmpty: false,
    kind: "session" as const,
    parentId: null,
    gitBranch: "main",
    model: "m-1",
    title: "Counting",
    firstPrompt: "count the files"
  },
  growth: dialect.growth,
  prompt: dialect.prompt,
  plans: null,
  // A thread is one document that is written anew: nothing is in it twice.
  repeated: null
})

adapterKit({
  ...shared(current, start),
  write: writeKit("2026"),
  unknown: () => ({ record: { Hologram: { id: "x" } }, reason: "unknown message type Hologram" }),
  subagent: {
    id: child,
    toolUseId: null,
    write: (home, parentId) =>
      addRow(
        databasePath(home),
        rowOf(child, documentOf(current.prompt(child, "look around")), { parent_id: parentId })
      ),
    messages: [["user", "look around"]]
  },
  fixtures: since2026
})

adapterKit({
  ...shared(old, end),
  write: writeKit("2025"),
  unknown: () => ({ record: { id: 9, role: "hologram" }, reason: "unknown message role" }),
  subagent: null,
  fixtures: until2025
})
