import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../../src/adapters/claude/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { call, first, projects, result, Script, second, text, thinking, usageOf, writeSessions } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const read = (home: string, script: Script, options: { branchOf?: string; retainedChars?: number } = {}) => {
  writeSessions(home, [{ id: first, records: script.lines }])
  return Effect.map(readIn(claude, home, first, options), ({ transcript }) => transcript)
}

const side = { more: { isSidechain: true } }

describe("branches", () => {
  const edited = () =>
    new Script(first)
      .user("hello")
      .answer("m1", text("hi"))
      .user("wrong")
      .answer("m2", text("bad"))
      .at("u-2")
      .user("right")

  test("of a record that was left behind", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "u-3" })
      assert.deepStrictEqual(messagesOf(transcript), [
        ["user", "hello"],
        ["assistant", "hi"],
        ["user", "wrong"],
        ["assistant", "bad"]
      ])
    }))

  test("of a record before the fork: its newest leaf", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "u-1" })
      assert.deepStrictEqual(messagesOf(transcript).at(-1), ["user", "right"])
    }))

  test("of no record: nothing, and it is said", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "nowhere" })
      assert.strictEqual(transcript.count, 0)
      assert.deepStrictEqual(skippedOf(transcript), { "no record with the id of the branch that was asked for": 1 })
    }))

  test("of a sidechain inside the file, which is listed as a subagent", (home) =>
    Effect.gen(function* () {
      const script = new Script(first)
        .user("explore")
        .answer("m1", call("t1", "Task", { description: "look", prompt: "find it" }))
        .user("find it", { uuid: "root", parent: null, ...side })
        .answer("m2", text("found"), usageOf(3, 4), side)
        .user([result("t1", "found")], { parent: "u-2" })
      const main = yield* read(home, script)
      assert.deepStrictEqual(main.facts.subagents, [
        { id: "root", kind: "inline", description: "look", toolUseId: "t1" }
      ])
      assert.deepStrictEqual(main.facts.tokenUsage, {
        input: 4,
        output: 5,
        cacheRead: 0,
        cacheCreation: 0,
        thinking: 0
      })
      const inner = yield* read(home, script, { branchOf: "root" })
      assert.deepStrictEqual(messagesOf(inner), [
        ["user", "find it"],
        ["assistant", "found"]
      ])
    }))

  test("lines that name each other as parents end somewhere", (home) =>
    Effect.gen(function* () {
      const script = new Script(first)
        .user("one", { uuid: "a", parent: "b" })
        .user("two", { uuid: "b", parent: "a" })
        .user("three", { uuid: "c", parent: "c" })
      assert.deepStrictEqual(messagesOf(yield* read(home, script)), [
        ["user", "one"],
        ["user", "two"],
        ["user", "three"]
      ])
    }))
})

describe("moved outputs", () => {
  const stub = "<persisted-output>\nOutput too large (50KB). Full output saved to: …"
  const script = (path: string) =>
    new Script(first)
      .user("run")
      .answer("m1", call("t1", "Bash", {}))
      .user([result("t1", stub)], { more: { toolUseResult: { persistedOutputPath: path } } })

  for (const retainedChars of [-1, 1_000_000]) {
    test(`are read from the session's own files, with ${retainedChars} characters kept`, (home) =>
      Effect.gen(function* () {
        const whole = "line\n".repeat(5000)
        writeFile(`${projects(home)}/${first}/tool-results/b1.txt`, whole)
        const transcript = yield* read(home, script(`/elsewhere/${first}/tool-results/b1.txt`), { retainedChars })
        assert.strictEqual(transcript.message(3).text, whole)
        assert.strictEqual(transcript.chars(3), whole.length)
      }))
  }

  test("are never read from anywhere else", (home) =>
    Effect.gen(function* () {
      const secret = `${home}/secret.txt`
      writeFile(secret, "secret")
      writeFile(`${projects(home)}/${first}/custom-title.json`, "{}")
      for (const path of [secret, "../../../secret.txt", `${projects(home)}/${first}/custom-title.json`, ""]) {
        assert.strictEqual((yield* read(home, script(path))).message(3).text, stub)
      }
    }))
})

describe("facts", () => {
  test("files count when their edit went well, in the order of the first touch", (home) =>
    Effect.gen(function* () {
      const edit = (id: string, name: string, input: object) => [id, call(id, name, input)] as const
      const script = new Script(first).user("edit")
      for (const [id, block] of [
        edit("t1", "Edit", { file_path: "/b.ts" }),
        edit("t2", "Write", { file_path: "a.ts" }),
        edit("t3", "MultiEdit", { file_path: "/failed.ts" }),
        edit("t4", "NotebookEdit", { notebook_path: "/n.ipynb" }),
        edit("t5", "Read", { file_path: "/read.ts" }),
        edit("t6", "Edit", { file_path: "/b.ts" }),
        edit("t7", "Write", { file_path: "/unanswered.ts" })
      ]) {
        script.answer(`m-${id}`, block)
      }
      script
        .user([result("t1", "ok")])
        .user([result("t2", "ok")], { more: { toolUseResult: { type: "create", filePath: "/home/dev/app/a.ts" } } })
        .user([result("t3", "no match", true)])
        .user([result("t4", "ok")])
        .user([result("t5", "text")], { more: { toolUseResult: { type: "text", filePath: "/read.ts" } } })
        .user([result("t6", "ok")])
      const { facts } = yield* read(home, script)
      assert.deepStrictEqual(facts.filesModified, ["/b.ts", "/home/dev/app/a.ts", "/n.ipynb"])
      assert.deepStrictEqual(
        facts.toolFrequency.find(({ name }) => name === "MultiEdit"),
        { name: "MultiEdit", count: 1, errors: 1 }
      )
    }))

  test("tokens are those of every branch, the largest count of each answer, none made up", (home) =>
    Effect.gen(function* () {
      const script = new Script(first)
        .user("x")
        .answer("m1", text("a"), usageOf(10, 1))
        .answer("m1", text("b"), usageOf(10, 30, 2, 3, 5))
        .at("u-1")
        .answer("m2", text("c"), { input_tokens: "7", output_tokens: -1, cache_read_input_tokens: 4.9 })
      const { facts } = yield* read(home, script)
      assert.deepStrictEqual(facts.tokenUsage, { input: 10, output: 30, cacheRead: 6, cacheCreation: 3, thinking: 5 })
      assert.strictEqual((yield* read(home, new Script(first).user("x"))).facts.tokenUsage, null)
    }))

  test("a fork names its origin", (home) =>
    Effect.gen(function* () {
      const forkedFrom = { sessionId: second, messageUuid: "u-1" }
      const { facts } = yield* read(home, new Script(first).user("x", { more: { forkedFrom } }).user("y"))
      assert.strictEqual(facts.forkedFrom, second)
    }))

  test("subagents of every layout are tied to the calls that started them", (home) =>
    Effect.gen(function* () {
      const agent = (path: string) => writeFile(`${path}.jsonl`, jsonLines(new Script(first).user("go", side).lines))
      const flat = `${projects(home)}/agent-1a2b3c4d`
      const nested = `${projects(home)}/${first}/subagents/workflows/run/agent-cccc`
      agent(flat)
      agent(`${projects(home)}/agent-99999999`)
      agent(nested)
      agent(`${projects(home)}/${second}/subagents/agent-dddd`)
      writeFile(`${nested}.meta.json`, JSON.stringify({ description: "nested one", toolUseId: "t9" }))
      const script = new Script(first)
        .user("x")
        .answer("m1", call("t1", "Task", { description: "flat one", prompt: "go" }))
        .user([result("t1", "ok")], { more: { toolUseResult: { status: "completed", agentId: "1a2b3c4d" } } })
      const { facts } = yield* read(home, script)
      assert.deepStrictEqual(
        [...facts.subagents].sort((a, b) => (a.id < b.id ? -1 : 1)),
        [
          { id: "agent-1a2b3c4d", kind: "file", description: "flat one", toolUseId: "t1" },
          { id: "agent-cccc", kind: "file", description: "nested one", toolUseId: "t9" }
        ]
      )
    }))

  test("blocks carry what the text does not", (home) =>
    Effect.gen(function* () {
      const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAABBBB" } }
      const script = new Script(first)
        .user([text("see"), image])
        .answer("m1", thinking("hmm"))
        .answer("m1", { type: "redacted_thinking", data: "x" })
        .answer("m1", call("t1", "Bash", { command: "ls" }))
        .user([result("t1", "boom", true)])
      const transcript = yield* read(home, script)
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 6 }
      ])
      assert.deepStrictEqual(transcript.message(2).blocks, [
        { type: "thinking", text: "hmm" },
        { type: "thinking", text: "" },
        { type: "tool_use", id: "t1", name: "Bash", input: { command: "ls" } }
      ])
      assert.deepStrictEqual(transcript.message(3).blocks, [{ type: "tool_result", toolUseId: "t1", isError: true }])
    }))

  test("a call nested 50,000 deep is read like any other", (home) =>
    Effect.gen(function* () {
      const line = jsonLines(new Script(first).user("x").answer("m", call("t", "Deep", "DEEP")).lines)
      const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
      writeFile(`${projects(home)}/${first}.jsonl`, line.replace('"DEEP"', deep))
      const { transcript } = yield* readIn(claude, home, first)
      assert.strictEqual(transcript.count, 2)
      assert.strictEqual(transcript.message(2).text, `Deep ${deep}`)
    }))
})
