import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { gemini } from "../../../src/adapters/gemini/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import type { FileError } from "../../../src/domain/errors.ts"
import { messagesOf, readIn } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  agent,
  doneCall,
  first,
  fixtureRecords,
  project,
  response,
  Script,
  second,
  sessionFile,
  tokensOf,
  writeSessions
} from "./records.ts"

const test = (name: string, run: (home: string) => Effect.Effect<void, FileError, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const readFixture = (home: string, name: string) => {
  writeSessions(home, [{ id: first, records: fixtureRecords(name) }])
  return readIn(gemini, home, first)
}

describe("facts", () => {
  test("of a stream: tokens once, files, agents, errors, thoughts, attachments", (home) =>
    Effect.gen(function* () {
      writeFile(`${project(home)}/chats/${first}/${agent}.jsonl`, jsonLines(fixtureRecords("agent")))
      const { head, transcript } = yield* readFixture(home, "stream")
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 40 + 30 + 50 + 11,
        output: 25 + 15 + 9 + 3,
        cacheRead: 60 + 100 + 150,
        cacheCreation: 0,
        thinking: 15
      })
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/workshop/lamp.ts"])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: agent, kind: "file", description: "invoke_agent", toolUseId: "call_5" }
      ])
      assert.strictEqual(transcript.facts.forkedFrom, null)
      assert.deepStrictEqual(transcript.facts.toolFrequency, [
        { name: "run_shell_command", count: 2, errors: 1 },
        { name: "invoke_agent", count: 1, errors: 0 },
        { name: "mcp_lamp_state", count: 1, errors: 0 },
        { name: "read_file", count: 1, errors: 0 },
        { name: "replace", count: 1, errors: 0 },
        { name: "write_file", count: 1, errors: 1 }
      ])
      assert.deepStrictEqual(transcript.message(4).blocks, [
        { type: "thinking", text: "Plan: edit one line" },
        { type: "thinking", text: "then run it" }
      ])
      const attachment = (bytes: number) =>
        ({ type: "attachment", kind: "image", mediaType: "image/png", bytes }) as const
      assert.deepStrictEqual(transcript.message(19).blocks.slice(1), [attachment(3)])
      assert.deepStrictEqual(transcript.message(23).blocks, [attachment(4)])
      assert.strictEqual(head.title, "Switch on a lamp")
      assert.strictEqual(head.model, "gemini-3.8-pro")
      assert.strictEqual(head.firstPrompt, "switch on the lamp in @lamp.ts")
    }))

  test("an output that was moved away is read from its file, one that is gone stays cut", (home) =>
    Effect.gen(function* () {
      const path = `${project(home)}/tool-outputs/session-${first}/read_file_call_4.txt`
      const cut = yield* readFixture(home, "stream")
      assert.match(cut.transcript.message(17).text, /^Output too large\./)
      writeFile(path, "head and all of it and tail")
      const { entry, transcript } = yield* readFixture(home, "stream")
      assert.deepStrictEqual(entry.sidecars, [path])
      assert.strictEqual(transcript.message(17).text, "head and all of it and tail")
    }))

  test("of a resume: times, thoughts and models of the first copy, tokens of all", (home) =>
    Effect.gen(function* () {
      const { head, transcript } = yield* readFixture(home, "resumed")
      assert.strictEqual(transcript.time(4), Date.UTC(2026, 10, 1, 10, 0, 3))
      assert.deepStrictEqual(transcript.message(5).blocks, [{ type: "thinking", text: "Move: carefully" }])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/workshop/place"])
      // A command is no title; what a failed turn took back is no prompt either, but was never the first.
      assert.strictEqual(head.title, "move it")
      assert.strictEqual(head.updatedAt, Date.UTC(2026, 10, 1, 10, 0, 27))
    }))

  test("tokens of what was taken back were spent all the same", (home) =>
    Effect.gen(function* () {
      const { transcript } = yield* readFixture(home, "rewound")
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 60,
        output: 6,
        cacheRead: 0,
        cacheCreation: 0,
        thinking: 0
      })
    }))

  test("an imported session is a fork, and what the other spent is not its own", (home) =>
    Effect.gen(function* () {
      writeSessions(home, [{ id: first, records: new Script(first).meta().user("dig").answer("Digging.").lines }])
      writeFile(sessionFile(home, second, "05"), jsonLines(fixtureRecords("imported", second)))
      const { transcript } = yield* readIn(gemini, home, second)
      assert.strictEqual(transcript.facts.forkedFrom, first)
      assert.strictEqual(transcript.facts.tokenUsage?.input, 7)
      assert.strictEqual(transcript.facts.tokenUsage?.output, 3)
      const alone = yield* readFixture(home, "imported")
      assert.strictEqual(alone.transcript.facts.forkedFrom, null)
    }))

  test("files of calls that are only known from the history, and relative ones", (home) =>
    Effect.gen(function* () {
      const edit = (id: string, path: string) => ({ functionCall: { id, name: "replace", args: { file_path: path } } })
      const script = new Script(first)
        .meta()
        .answer([edit("h1", "/home/dev/workshop/a"), edit("h2", "/home/dev/workshop/b"), edit("h3", "./c")])
        .message("user", [
          response("h1", "replace", { output: "ok" }),
          response("h2", "replace", { error: "no" }),
          response("h3", "replace", { output: "ok" })
        ])
        .answer("", { toolCalls: [doneCall("h4", "write_file", { file_path: "d" }, "ok")] })
      writeSessions(home, [{ id: first, records: script.lines }])
      const { transcript } = yield* readIn(gemini, home, first)
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/workshop/a",
        "/home/dev/workshop/c",
        "/home/dev/workshop/d"
      ])
    }))

  test("a prompt that was never answered and then taken back leaves nothing", (home) =>
    Effect.gen(function* () {
      const script = new Script(first).meta().context().user("fail").context()
      writeSessions(home, [{ id: first, records: script.lines }])
      const { head, transcript } = yield* readIn(gemini, home, first)
      assert.deepStrictEqual(
        messagesOf(transcript).map(([role]) => role),
        ["system"]
      )
      assert.strictEqual(head.isEmpty, true)
      assert.strictEqual(transcript.facts.tokenUsage, null)
    }))

  test("a session of commands alone is named after the first", (home) =>
    Effect.gen(function* () {
      const script = new Script(first)
        .meta()
        .user("/usr/bin/env is a path")
        .answer("It is.", { tokens: tokensOf(1, 1) })
      writeSessions(home, [{ id: first, records: script.lines }])
      const { head } = yield* readIn(gemini, home, first)
      assert.strictEqual(head.title, "/usr/bin/env is a path")
      assert.strictEqual(head.isEmpty, false)
    }))
})
