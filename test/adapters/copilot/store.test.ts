import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { copilot } from "../../../src/adapters/copilot/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  copilotHome,
  eventsPath,
  first,
  fixtureRecords,
  historyPath,
  historyText,
  Script,
  second,
  sessionDir,
  start,
  workspace,
  writeSessions
} from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const hello = (id: string, text = "hello"): string => jsonLines(new Script().start(id).user(text).answer("hi").lines)

describe("copilot: roots", () => {
  const host = { home: "/home/dev", platform: "linux", ignoreEnv: false }
  it("the home, unless COPILOT_HOME says otherwise; XDG says nothing", () => {
    assert.deepStrictEqual(copilot.roots({ ...host, env: { XDG_STATE_HOME: "/x" } }), ["/home/dev/.copilot"])
    assert.deepStrictEqual(copilot.roots({ ...host, env: { COPILOT_HOME: "/a/" } }), ["/a"])
    assert.deepStrictEqual(copilot.roots({ ...host, env: { COPILOT_HOME: " " } }), ["/home/dev/.copilot"])
    assert.deepStrictEqual(copilot.roots({ ...host, ignoreEnv: true, env: { COPILOT_HOME: "/a" } }), [
      "/home/dev/.copilot"
    ])
  })
})

describe("copilot: what lies where", () => {
  test("directories, flat files and documents, each session once; nothing else is a session", (home) =>
    Effect.gen(function* () {
      const ids = [1, 2, 3, 4].map((n) => `cccc0000-1111-4222-8333-00000000000${n}`)
      const root = copilotHome(home)
      writeFile(eventsPath(home, ids[0]!), hello(ids[0]!, "directory"))
      writeFile(`${root}/session-state/${ids[0]}.jsonl`, hello(ids[0]!, "before it moved"))
      writeFile(`${root}/session-state/${ids[1]}.jsonl`, hello(ids[1]!, "flat"))
      writeFile(`${sessionDir(home, ids[1]!)}/workspace.yaml`, workspace(ids[1]!, "name: Flat\n"))
      writeFile(historyPath(home, ids[2]!, "1"), historyText.replace("rename it", "stale"), start)
      writeFile(historyPath(home, ids[2]!, "2"), historyText, start + 1000)
      writeFile(`${sessionDir(home, ids[3]!)}/workspace.yaml`, workspace(ids[3]!, "name: Never used\n"))
      writeFile(`${root}/session-state/.session-operation-locks/events.jsonl`, "{}\n")
      writeFile(`${root}/session-state/empty/checkpoints/index.md`, "")
      writeFile(`${root}/session-state/empty/plan.md`, "")
      writeFile(`${root}/session-state/events.jsonl`, "{}\n")
      writeFile(`${root}/history-session-state/notes.json`, "{}")
      writeFile(`${root}/logs/process-1.log`, "")
      writeFile(`${root}/session-store.db`, "")
      writeFile(`${root}/config.json`, "{}")
      writeFile(`${sessionDir(home, ids[0]!)}/inuse.41.lock`, "")
      writeFile(`${sessionDir(home, ids[0]!)}/inuse.41.hold`, "")
      const discovery = yield* discoverIn(copilot, home)
      assert.deepStrictEqual(discovery.unreadable, [])
      assert.deepStrictEqual(discovery.entries.map(({ id }) => id).sort(), ids)
      const prompts = []
      for (const id of ids) prompts.push((yield* readIn(copilot, home, id)).head.firstPrompt)
      assert.deepStrictEqual(prompts, ["directory", "flat", "rename it", null])
      assert.strictEqual((yield* readIn(copilot, home, ids[1]!)).head.title, "Flat")
      const unused = yield* readIn(copilot, home, ids[3]!)
      assert.deepStrictEqual(unused.transcript.head, unused.head)
      assert.deepInclude(unused.head, { isEmpty: true, title: "Never used", cwd: "/home/dev/app" })
      assert.strictEqual(unused.transcript.count, 0)
      assert.deepStrictEqual(yield* copilot.notes([root], discovery), [
        `session ${ids[0]} is registered as open in process 41`,
        "1 session of before 0.0.342 in one document"
      ])
    }))

  test("of two roots the first that has a session", (home) =>
    Effect.gen(function* () {
      writeFile(`${home}/a/session-state/${first}/events.jsonl`, hello(first, "a"))
      writeFile(`${home}/b/session-state/${first}/events.jsonl`, hello(first, "b"))
      writeFile(`${home}/b/session-state/${second}/events.jsonl`, hello(second, "b"))
      const { entries } = yield* copilot.discover([`${home}/a`, `${home}/b`])
      assert.deepStrictEqual(
        entries.map(({ id, root }) => [id, root]),
        [
          [first, `${home}/a`],
          [second, `${home}/b`]
        ]
      )
    }))
})

describe("copilot: heads", () => {
  test("without a workspace file the first event and the first prompt say it", (home) =>
    Effect.gen(function* () {
      writeFile(eventsPath(home, first), hello(first, `one\n\n two ${"x".repeat(300)}`))
      const { head } = yield* readIn(copilot, home, first)
      assert.deepInclude(head, { cwd: "/home/dev/app", gitBranch: "main", createdAt: start })
      assert.strictEqual(head.title, `one two ${"x".repeat(191)}…`)
    }))

  test("a resume elsewhere does not move the session, its model counts", (home) =>
    Effect.gen(function* () {
      const script = new Script()
        .start(first)
        .user("go")
        .event("session.resume", { selectedModel: "gpt-6", context: { cwd: "/elsewhere" } })
      writeSessions(home, [{ id: first, records: script.lines }])
      const { head } = yield* readIn(copilot, home, first)
      assert.deepInclude(head, { cwd: "/home/dev/app", model: "gpt-6", updatedAt: start + 2000 })
    }))

  test("a long session: the survey reads both ends, the whole knows the middle", (home) =>
    Effect.gen(function* () {
      const script = new Script().start(first).event("system.message", { role: "system", content: "i".repeat(100_000) })
      script.user("late prompt").event("session.context_changed", { cwd: "/moved", branch: "moved" })
      for (let at = 0; at < 200; at++) script.answer(`${at} ${"x".repeat(1000)}`, { model: "m-old" })
      script.answer("last", { model: "m-new" }).event("model.messages_snapshot", { messages: ["y".repeat(300_000)] })
      writeSessions(home, [{ id: first, records: script.lines }])
      const { head, transcript } = yield* readIn(copilot, home, first)
      assert.strictEqual(head.firstPrompt, "late prompt")
      assert.strictEqual(head.updatedAt, start + (script.lines.length - 1) * 1000)
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.deepInclude(transcript.head, { cwd: "/moved", gitBranch: "moved", model: "m-new" })
      assert.strictEqual(transcript.count, 203)
    }))

  test("events of the tool alone make no conversation", (home) =>
    Effect.gen(function* () {
      const script = new Script().start(first).event("session.info", { message: "Welcome" })
      writeSessions(home, [{ id: first, records: script.lines }])
      const { head, transcript } = yield* readIn(copilot, home, first)
      assert.strictEqual(head.isEmpty, true)
      assert.strictEqual(transcript.count, 1)
    }))
})

describe("copilot: damaged files", () => {
  const lines = () =>
    new Script()
      .start(first)
      .user("go")
      .answer("the whole answer")
      .user("on")
      .lines.map((l) => JSON.stringify(l))

  test("an event cut off by a crash does not take the next one with it", (home) =>
    Effect.gen(function* () {
      const [begin, prompt, answer, next] = lines()
      const torn = answer!.slice(0, 60)
      writeFile(eventsPath(home, first), `${begin}\n${prompt}\n${torn}${answer}\n${next}\n${"\0".repeat(500)}`)
      for (const retainedChars of [1000, -1]) {
        const { head, transcript } = yield* readIn(copilot, home, first, { retainedChars })
        assert.deepStrictEqual(messagesOf(transcript), [
          ["user", "go"],
          ["assistant", "the whole answer"],
          ["user", "on"]
        ])
        assert.deepStrictEqual(skippedOf(transcript), { "record cut off by the next": 1 })
        assert.deepStrictEqual(transcript.head, head)
      }
    }))

  test("events without a line end between them are all read", (home) =>
    Effect.gen(function* () {
      const [begin, prompt, answer, next] = lines()
      writeFile(eventsPath(home, first), `${begin}${prompt}${answer}\n${next!.slice(0, 50)}`)
      const { head, transcript } = yield* readIn(copilot, home, first)
      assert.deepStrictEqual(messagesOf(transcript), [
        ["user", "go"],
        ["assistant", "the whole answer"]
      ])
      assert.deepStrictEqual(skippedOf(transcript), { "torn last line": 1 })
      assert.strictEqual(head.model, "gpt-5.4")
      assert.strictEqual(head.updatedAt, start + 2000)
    }))
})

describe("copilot: checkpoints", () => {
  test("a summary that is only in a checkpoint is read from there, and searched there", (home) =>
    Effect.gen(function* () {
      writeSessions(home, [{ id: first, records: fixtureRecords("compaction") }])
      writeFile(`${sessionDir(home, first)}/checkpoints/index.md`, "# Checkpoints")
      writeFile(`${sessionDir(home, first)}/checkpoints/001-long-work.md`, "not asked for")
      writeFile(`${sessionDir(home, first)}/checkpoints/002-more-work.md`, "More was done.")
      for (const retainedChars of [100_000, -1]) {
        const { entry, transcript } = yield* readIn(copilot, home, first, { retainedChars })
        assert.deepStrictEqual(
          entry.sidecars.map((path) => path.slice(sessionDir(home, first).length + 1)),
          ["workspace.yaml", "checkpoints/001-long-work.md", "checkpoints/002-more-work.md"]
        )
        assert.deepStrictEqual(
          messagesOf(transcript).filter(([role]) => role === "system"),
          [
            ["system", "So far: long work."],
            ["system", "More was done."],
            ["system", "The model gave no summary"],
            ["system", "session.compaction_complete"]
          ]
        )
      }
    }))
})

describe("copilot: documents of before 0.0.342", () => {
  test("messages, calls, results, times, files", (home) =>
    Effect.gen(function* () {
      writeFile(historyPath(home, second), historyText)
      for (const retainedChars of [100_000, -1]) {
        const { head, transcript } = yield* readIn(copilot, home, second, { retainedChars })
        assert.deepStrictEqual(messagesOf(transcript), [
          ["system", "You mend files."],
          ["user", "rename it"],
          ["assistant", "I will."],
          ["tool_use", 'str_replace_editor {"command":"create","path":"/home/dev/old/new.md","file_text":"x"}'],
          ["tool_use", 'bash {"command":"rm old.md"}'],
          ["tool_result", "Created"],
          ["tool_result", "The user rejected this call."],
          ["user", "like this"],
          ["assistant", "Done."]
        ])
        assert.deepStrictEqual(skippedOf(transcript), { "unknown message role robot": 1 })
        assert.deepStrictEqual(transcript.head, head)
        assert.deepStrictEqual(head, {
          cwd: null,
          createdAt: Date.UTC(2025, 8, 20, 8),
          updatedAt: Date.UTC(2025, 8, 20, 8, 0, 25),
          isEmpty: false,
          kind: "session",
          parentId: null,
          gitBranch: null,
          model: null,
          title: "rename it",
          firstPrompt: "rename it"
        })
        assert.strictEqual(transcript.time(2), Date.UTC(2025, 8, 20, 8, 0, 5))
        assert.strictEqual(transcript.time(5), Date.UTC(2025, 8, 20, 8, 0, 12))
        assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/new.md"])
        assert.deepStrictEqual(transcript.facts.toolFrequency, [
          { name: "bash", count: 1, errors: 1 },
          { name: "str_replace_editor", count: 1, errors: 0 }
        ])
        assert.deepStrictEqual(transcript.message(8).blocks, [
          { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
        ])
      }
    }))

  test("a document with nothing but a timeline", (home) =>
    Effect.gen(function* () {
      const document = { ...(JSON.parse(historyText) as object), chatMessages: [], endTime: "2025-09-20T09:00:00.000Z" }
      writeFile(historyPath(home, second), JSON.stringify(document))
      const { head, transcript } = yield* readIn(copilot, home, second)
      assert.deepStrictEqual(messagesOf(transcript), [
        ["user", "rename it"],
        ["tool_use", 'str_replace_editor {"command":"create"}'],
        ["tool_result", "Created"],
        ["tool_use", 'bash {"command":"rm old.md"}'],
        ["tool_result", ""],
        ["user", "like this"],
        ["assistant", "Done."]
      ])
      assert.strictEqual(head.updatedAt, Date.UTC(2025, 8, 20, 9))
    }))

  test("what is no document is counted, not fatal", (home) =>
    Effect.gen(function* () {
      for (const [text, skipped] of [
        ['{"chatMessages":[', { "invalid JSON": 1 }],
        ["[]", { "not a record": 1 }],
        ["", {}],
        ['{"chatMessages":[7,{}],"timeline":7}', { "not a record": 1, "message without a role": 1 }]
      ] as const) {
        writeFile(historyPath(home, second), text)
        const { head, transcript } = yield* readIn(copilot, home, second)
        assert.strictEqual(head.isEmpty, true)
        assert.deepStrictEqual(skippedOf(transcript), skipped)
      }
    }))
})
