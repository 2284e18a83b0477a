import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commandcode } from "../../../src/adapters/commandcode/index.ts"
import type { LoadOptions, StoreServices } from "../../../src/services/Adapter.ts"
import { messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  call,
  type Fields,
  first,
  FlatScript,
  image,
  result,
  Script,
  second,
  sessionFile,
  text,
  thinking,
  usageOf,
  writeBeside,
  writeSessions
} from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const read = (home: string, script: Script | FlatScript, options: LoadOptions = {}) => {
  writeSessions(home, [{ id: first, records: script.lines }])
  return Effect.map(readIn(commandcode, home, first, options), ({ transcript }) => transcript)
}

const begun = (more: Fields = {}) => new Script().header(first, more)

describe("branches", () => {
  const edited = () =>
    begun()
      .user("hello")
      .answer("hi", usageOf(10, 1))
      .user("wrong")
      .answer("bad", usageOf(100, 2))
      .at("e2")
      .user("right")
      .answer("good", usageOf(1000, 3))

  test("of an entry that was left behind, with what it cost", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "e3" })
      assert.deepStrictEqual(messagesOf(transcript), [
        ["user", "hello"],
        ["assistant", "hi"],
        ["user", "wrong"],
        ["assistant", "bad"]
      ])
      assert.strictEqual(transcript.facts.tokenUsage?.input, 110)
      assert.strictEqual((yield* read(home, edited())).facts.tokenUsage?.input, 1010)
    }))

  test("of an entry before the fork: its newest line", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "e1" })
      assert.deepStrictEqual(messagesOf(transcript).at(-1), ["assistant", "good"])
    }))

  test("of a line of an older format: all of it", (home) =>
    Effect.gen(function* () {
      const script = new FlatScript(first).say("user", "one").say("assistant", "two").say("user", "three")
      assert.strictEqual((yield* read(home, script, { branchOf: "f2" })).count, 3)
    }))

  test("of no entry: nothing, and it is said", (home) =>
    Effect.gen(function* () {
      const transcript = yield* read(home, edited(), { branchOf: "nowhere" })
      assert.strictEqual(transcript.count, 0)
      assert.deepStrictEqual(skippedOf(transcript), { "no record with the id of the branch that was asked for": 1 })
    }))

  test("two processes at once: the one that wrote last goes on", (home) =>
    Effect.gen(function* () {
      const script = begun().user("hello").answer("hi").user("slow").at("e2").user("quick").answer("quick answer")
      script.entry("message", {
        parentId: "e3",
        message: { role: "assistant", content: [text("slow answer")], meta: { source: "model" } }
      })
      assert.deepStrictEqual(messagesOf(yield* read(home, script)), [
        ["user", "hello"],
        ["assistant", "hi"],
        ["user", "slow"],
        ["assistant", "slow answer"]
      ])
    }))
})

describe("files", () => {
  test("are those of backups, then of calls that are not known to have failed", (home) =>
    Effect.gen(function* () {
      writeBeside(
        home,
        first,
        "checkpoints.jsonl",
        `${JSON.stringify({ id: "k1", files: [{ path: "/kept.ts", hash: null }, { path: 7 }, null] })}\nno json\n${JSON.stringify({ id: "k2", files: [{ path: "/b.ts", hash: "x" }, { path: "relative.ts" }] })}`
      )
      const script = begun()
        .user("edit")
        .answer([
          call("t1", "write_file", { file_path: "/a.ts", content: "" }),
          call("t2", "edit_file", { filePath: "/b.ts" }),
          call("t3", "edit_file", { path: "~/c.ts" }),
          call("t4", "read_file", { file_path: "/read.ts" }),
          call("t5", "write_file", { file_path: "relative.ts" }),
          call("t6", "write_file", { file_path: "/unanswered.ts" }),
          call("t7", "write_file", {})
        ])
        .results(...["t1", "t2", "t3", "t4", "t5", "t7"].map((id) => result(id, "ok")))
      const { facts } = yield* read(home, script)
      assert.deepStrictEqual(facts.filesModified, ["/kept.ts", "/b.ts", "/a.ts", `${home}/c.ts`])
    }))

  test("of formats that mark errors: a backup for an edit that failed is no edit", (home) =>
    Effect.gen(function* () {
      writeBeside(home, first, "checkpoints.jsonl", JSON.stringify({ files: [{ path: "/a.ts" }, { path: "b.ts" }] }))
      const edit = (id: string, filePath: string) => ({
        type: "tool-call",
        toolCallId: id,
        toolName: "edit_file",
        input: { filePath }
      })
      const output = (id: string, type: string) => ({
        type: "tool-result",
        toolCallId: id,
        output: { type, value: "x" }
      })
      const script = new FlatScript(first)
        .say("user", "edit")
        .say("assistant", [edit("t1", "/a.ts"), edit("t2", "b.ts")])
        .say("tool", [output("t1", "error-text"), output("t2", "text")])
      const { facts } = yield* read(home, script)
      assert.deepStrictEqual(facts.filesModified, ["b.ts"])
    }))
})

describe("facts", () => {
  test("tokens: cached input is no input, none are made up", (home) =>
    Effect.gen(function* () {
      const script = begun()
        .user("x")
        .answer("a", usageOf(1027, 50, 300, 20))
        .answer("b", { inputTokens: "7", outputTokens: -1, cacheReadTokens: 4.9 })
        .answer("c", usageOf(5, 1, 9))
      assert.deepStrictEqual((yield* read(home, script)).facts.tokenUsage, {
        input: 707,
        output: 51,
        cacheRead: 313,
        cacheCreation: 20,
        thinking: 0
      })
      assert.strictEqual((yield* read(home, begun().user("x"))).facts.tokenUsage, null)
    }))

  test("a line that names its session in a file that is no fork counts", (home) =>
    Effect.gen(function* () {
      const script = begun().user("x").answer("a", usageOf(10, 1), { sessionId: first })
      assert.strictEqual((yield* read(home, script)).facts.tokenUsage?.input, 10)
    }))

  test("a fork names its origin, from whichever place knows it", (home) =>
    Effect.gen(function* () {
      const origin = (script: Script) => Effect.map(read(home, script), ({ facts }) => facts.forkedFrom)
      assert.strictEqual(yield* origin(begun().user("x")), null)
      assert.strictEqual(yield* origin(new Script().header(second).user("x")), second)
      assert.strictEqual(yield* origin(begun({ parentSession: `C:\\p\\${second}.jsonl` }).user("x")), second)
      writeBeside(home, first, "meta.json", { parentSessionId: "of-meta" })
      assert.strictEqual(yield* origin(new Script().header(second).user("x")), "of-meta")
    }))

  test("agents are the calls that started them", (home) =>
    Effect.gen(function* () {
      const script = begun()
        .user("x")
        .answer([
          call("t1", "agent", { description: "look", prompt: "find it" }),
          call("t2", "explore", { prompt: "find more" }),
          call("t3", "shell_command", { description: "no agent" })
        ])
      assert.deepStrictEqual((yield* read(home, script)).facts.subagents, [
        { id: "t1", kind: "inline", description: "look", toolUseId: "t1" },
        { id: "t2", kind: "inline", description: null, toolUseId: "t2" }
      ])
    }))

  test("blocks carry what the text does not", (home) =>
    Effect.gen(function* () {
      const script = begun()
        .user([text("see"), image("AAAABBB=")])
        .answer([thinking("hmm"), { type: "redacted_thinking", data: "x" }, call("t1", "shell_command", { n: 1 })])
        .results(result("t1", image("AAAABBBB"), "done"))
      const transcript = yield* read(home, script)
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
      ])
      assert.deepStrictEqual(transcript.message(2).blocks, [
        { type: "thinking", text: "hmm" },
        { type: "thinking", text: "" },
        { type: "tool_use", id: "t1", name: "shell_command", input: { n: 1 } }
      ])
      assert.deepStrictEqual(transcript.message(3).blocks, [
        { type: "tool_result", toolUseId: "t1", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 6 }
      ])
    }))

  test("attachments of format 2: inline, or an address whose size nobody knows", (home) =>
    Effect.gen(function* () {
      const attached = (block: Fields) =>
        Effect.map(read(home, new FlatScript(first).say("user", [block])), (transcript) => transcript.message(1).blocks)
      assert.deepStrictEqual(yield* attached({ type: "image", image: "data:image/webp;base64,AAAABB==" }), [
        { type: "attachment", kind: "image", mediaType: "image/webp", bytes: 4 }
      ])
      assert.deepStrictEqual(yield* attached({ type: "image", image: "https://example.org/a.png" }), [
        { type: "attachment", kind: "image", mediaType: null, bytes: null }
      ])
      assert.deepStrictEqual(yield* attached({ type: "file", data: "AAAA", mediaType: "text/plain" }), [
        { type: "attachment", kind: "file", mediaType: "text/plain", bytes: 3 }
      ])
    }))

  test("a call nested 50,000 deep is read like any other", (home) =>
    Effect.gen(function* () {
      const line = jsonLines(
        begun()
          .user("x")
          .answer([call("t", "Deep", "DEEP")]).lines
      )
      const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`
      writeFile(sessionFile(home, first), line.replace('"DEEP"', deep))
      const { transcript } = yield* readIn(commandcode, home, first)
      assert.strictEqual(transcript.message(2).text, `Deep ${deep}`)
    }))
})
