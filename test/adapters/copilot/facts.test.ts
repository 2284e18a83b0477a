import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { copilot } from "../../../src/adapters/copilot/index.ts"
import type { Block } from "../../../src/domain/message.ts"
import type { Transcript } from "../../../src/domain/transcript.ts"
import type { LoadOptions, StoreServices } from "../../../src/services/Adapter.ts"
import { type KitMessage, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import { agent, first, fixtureRecords, type Record, Script, writeSessions } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const read = (home: string, records: ReadonlyArray<Record>, options: LoadOptions = {}) => {
  writeSessions(home, [{ id: first, records }])
  return readIn(copilot, home, first, options)
}

const blocksOf = <T extends Block["type"]>(
  transcript: Transcript,
  type: T
): ReadonlyArray<Extract<Block, { type: T }>> =>
  Array.from({ length: transcript.count }, (_, at) => transcript.message(at + 1).blocks)
    .flat()
    .filter((block): block is Extract<Block, { type: T }> => block.type === type)

describe("copilot: a session of 1.0.102", () => {
  test("head, files, tools, attachments, thinking", (home) =>
    Effect.gen(function* () {
      const { head, transcript } = yield* read(home, fixtureRecords("current"))
      assert.strictEqual(head.cwd, "/home/dev/app/docs")
      assert.strictEqual(head.gitBranch, "docs")
      assert.strictEqual(head.model, "claude-opus-5")
      assert.strictEqual(head.firstPrompt, "fix the typo")
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/app/a.md",
        "/home/dev/app/docs/docs/b.md",
        "/home/dev/app/by-shell.md"
      ])
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 230,
        output: 60,
        cacheRead: 60,
        cacheCreation: 10,
        thinking: 15
      })
      assert.deepStrictEqual(
        blocksOf(transcript, "thinking").map(({ text }) => text),
        ["look first", "now test it"]
      )
      assert.deepStrictEqual(blocksOf(transcript, "attachment"), [
        { type: "attachment", kind: "file", mediaType: null, bytes: null },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 },
        { type: "attachment", kind: "directory", mediaType: null, bytes: null },
        { type: "attachment", kind: "document", mediaType: "application/pdf", bytes: 900 },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
      ])
      assert.deepStrictEqual(
        transcript.facts.toolFrequency.map(({ count, errors, name }) => [name, count, errors]),
        [
          ["bash", 2, 1],
          ["apply_patch", 1, 0],
          ["create", 1, 1],
          ["edit", 1, 0],
          ["github-mcp-get_image", 1, 0]
        ]
      )
      assert.deepStrictEqual(
        blocksOf(transcript, "tool_result").map(({ isError, toolUseId }) => [toolUseId, isError]),
        [
          ["c1", false],
          ["c2", false],
          ["c3", true],
          ["c4", true],
          ["c5", false],
          ["u1", false]
        ]
      )
      assert.deepStrictEqual(transcript.facts.subagents, [])
      assert.isNull(transcript.facts.forkedFrom)
    }))
})

describe("copilot: subagents", () => {
  const agentMessages: ReadonlyArray<KitMessage> = [
    ["user", "count"],
    ["system", "You explore."],
    ["tool_use", 'create {"path":"/tmp/n.txt","file_text":"3"}'],
    ["tool_result", "Created"],
    ["assistant", "3 files"]
  ]

  test("they lie in the session's file; their work counts, their words and models do not", (home) =>
    Effect.gen(function* () {
      const { head, transcript } = yield* read(home, fixtureRecords("subagent"))
      assert.strictEqual(head.model, "gpt-5.4")
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: agent, kind: "inline", description: "Counts files", toolUseId: "c1" }
      ])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/tmp/n.txt"])
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 130,
        output: 15,
        cacheRead: 20,
        cacheCreation: 0,
        thinking: 0
      })
    }))

  test("a subagent is read by its id, the call that started it, or any event of it", (home) =>
    Effect.gen(function* () {
      const records = fixtureRecords("subagent")
      const event = records.find((record) => record["agentId"] === agent && record["type"] === "user.message")!
      for (const branchOf of [agent, "c1", event["id"] as string]) {
        const { transcript } = yield* read(home, records, { branchOf })
        assert.deepStrictEqual(messagesOf(transcript), agentMessages)
        const again = yield* read(home, records, { branchOf, retainedChars: -1 })
        assert.deepStrictEqual(messagesOf(again.transcript), agentMessages)
      }
      const own = yield* read(home, records, { branchOf: "e1" })
      assert.strictEqual(messagesOf(own.transcript).length, 5)
      const nobody = yield* read(home, records, { branchOf: "nobody" })
      assert.strictEqual(nobody.transcript.count, 0)
      assert.deepStrictEqual(skippedOf(nobody.transcript), {
        "no record with the id of the branch that was asked for": 1
      })
    }))

  test("older ones are known by the call that started them", (home) =>
    Effect.gen(function* () {
      const { head, transcript } = yield* read(home, fixtureRecords("old"))
      assert.strictEqual(head.model, "claude-sonnet-4.5")
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "o3", kind: "inline", description: "Explore", toolUseId: "o3" }
      ])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/README.md"])
      const { transcript: child } = yield* read(home, fixtureRecords("old"), { branchOf: "o3" })
      assert.deepStrictEqual(messagesOf(child), [
        ["assistant", "I looked."],
        ["tool_use", 'shell {"command":"ls"}'],
        ["tool_result", "a"]
      ])
    }))

  test("both ways of naming an agent lead to the same one", (home) =>
    Effect.gen(function* () {
      const script = new Script()
        .start(first)
        .event("subagent.started", { toolCallId: "c9", agentName: "explore" }, { agentId: agent })
        .answer("by call", { parentToolCallId: "c9" })
        .event("assistant.message", { content: "by id" }, { agentId: agent })
      for (const branchOf of [agent, "c9", "e2", "e3"]) {
        const { transcript } = yield* read(home, script.lines, { branchOf })
        assert.deepStrictEqual(messagesOf(transcript), [
          ["assistant", "by call"],
          ["assistant", "by id"]
        ])
        assert.strictEqual(transcript.facts.subagents.length, 1)
      }
    }))

  test("an agent that nobody started is known all the same", (home) =>
    Effect.gen(function* () {
      const records = new Script()
        .start(first)
        .event("hook.end", {})
        .event("assistant.message", { content: "x" }, { agentId: "a-1" })
      const { transcript } = yield* read(home, records.lines)
      assert.strictEqual(transcript.count, 0)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "a-1", kind: "inline", description: null, toolUseId: null }
      ])
    }))

  test("a session that another one left running is its subagent", (home) =>
    Effect.gen(function* () {
      const records = new Script().start(first, { detachedFromSpawningParentSessionId: "p-1" }).user("tidy up").lines
      const { head } = yield* read(home, records)
      assert.strictEqual(head.kind, "subagent")
      assert.strictEqual(head.parentId, "p-1")
    }))
})

describe("copilot: forks", () => {
  test("the last word on the origin counts, and only what was spent since", (home) =>
    Effect.gen(function* () {
      const { transcript } = yield* read(home, fixtureRecords("fork"))
      assert.strictEqual(transcript.facts.forkedFrom, "eeee0000-1111-4222-8333-444444444444")
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 100,
        output: 30,
        cacheRead: 200,
        cacheCreation: 0,
        thinking: 0
      })
    }))

  test("without records the totals of the parent are taken off", (home) =>
    Effect.gen(function* () {
      const records = fixtureRecords("fork").filter(({ type }) => type !== "session.usage_record")
      const { transcript } = yield* read(home, records)
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 100,
        output: 30,
        cacheRead: 200,
        cacheCreation: 0,
        thinking: 0
      })
    }))

  test("the line that a fork leaves in its parent makes no fork of it", (home) =>
    Effect.gen(function* () {
      const message = `Forked from "x" (${first}) as "y".`
      const { transcript } = yield* read(
        home,
        new Script().start(first).event("session.info", { infoType: "fork", message }).lines
      )
      assert.isNull(transcript.facts.forkedFrom)
    }))
})

describe("copilot: tokens", () => {
  const counts = (inputTokens: number, outputTokens: number) => ({ inputTokens, outputTokens })
  const spent = (home: string, script: Script) =>
    Effect.map(read(home, script.lines), ({ transcript }) => {
      const usage = transcript.facts.tokenUsage
      return usage === null ? null : [usage.input, usage.output]
    })
  const begin = () => new Script().start(first).user("go")

  test("totals run over the whole session: the last ones count", (home) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* spent(home, begin().shutdown(counts(10, 1)).shutdown(counts(30, 3))), [30, 3])
    }))

  test("a killed process leaves records behind the last totals", (home) =>
    Effect.gen(function* () {
      const script = begin().shutdown(counts(10, 1)).usage("b", 2, counts(20, 2))
      assert.deepStrictEqual(yield* spent(home, script), [30, 3])
    }))

  test("two processes at a time number their calls alike and write totals of their own", (home) =>
    Effect.gen(function* () {
      const script = begin()
        .usage("a", 1, counts(10, 1))
        .usage("b", 2, counts(20, 2))
        .usage("c", 2, counts(40, 4))
        .shutdown(counts(50, 5))
        .shutdown(counts(30, 3))
      assert.deepStrictEqual(yield* spent(home, script), [70, 7])
    }))

  test("before there were totals only the output of answers is known", (home) =>
    Effect.gen(function* () {
      const script = begin().answer("a", { outputTokens: 7 }).answer("b", { outputTokens: 5 })
      assert.deepStrictEqual(yield* spent(home, script), [0, 12])
    }))

  test("answers in parts count once, compaction on top", (home) =>
    Effect.gen(function* () {
      const { transcript } = yield* read(home, fixtureRecords("compaction"))
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 50,
        output: 20,
        cacheRead: 30,
        cacheCreation: 0,
        thinking: 0
      })
    }))

  test("nothing recorded is nothing known", (home) =>
    Effect.gen(function* () {
      const script = begin().event("session.shutdown", { modelMetrics: {} }).event("session.usage_record", { usage: 7 })
      assert.isNull(yield* spent(home, script))
    }))
})

describe("copilot: files", () => {
  test("by every tool that writes, resolved, each once, not those that failed", (home) =>
    Effect.gen(function* () {
      const patch =
        "*** Begin Patch\n*** Update File: src/a.ts\n*** Move to: src/b.ts\n*** Delete File: ../c.ts\n*** End Patch"
      const { transcript } = yield* read(
        home,
        new Script()
          .start(first)
          .user("go")
          .call("1", "write", { path: "./x.md" })
          .result("1", "ok")
          .call("2", "str_replace_editor", { command: "view", path: "/v" })
          .result("2", "ok")
          .call("3", "create", { path: "/denied" })
          .event("tool.execution_complete", { toolCallId: "3", success: false, error: { message: "no" } })
          .call("4", "apply_patch", { input: patch })
          .result("4", "ok")
          .call("5", "edit", { path: "x.md" })
          .result("5", "ok", { fileEdits: [{ path: "/home/dev/app/x.md" }, { path: 7 }, null] })
          .call("6", "edit", { path: "/never-answered" })
          .call("7", "bash", { path: "/no-edit" })
          .result("7", "ok").lines
      )
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/app/x.md",
        "/home/dev/app/src/a.ts",
        "/home/dev/app/src/b.ts",
        "/home/dev/c.ts"
      ])
    }))
})
