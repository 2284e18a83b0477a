import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { opencode } from "../../../src/adapters/opencode/index.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { start, text } from "./conversation.ts"
import { earlyMessages, rowsMessages } from "./fixtures.ts"
import {
  dataDir,
  first,
  inHome,
  fixtureRows,
  type Row,
  second,
  type Version,
  writeDatabase,
  writeTree
} from "./store.ts"

const reading = (
  version: Version,
  records: ReadonlyArray<Row>,
  check: (read: Effect.Success<ReturnType<typeof readIn>>) => void
) =>
  inHome((home) => {
    writeDatabase(version)(home, [{ id: first, records }])
    return Effect.map(readIn(opencode, home, first), check)
  })

describe("opencode 1.18", () => {
  it.effect("head, tokens, files and agents", () =>
    reading("1.18", fixtureRows("parts"), ({ head, transcript }) => {
      assert.deepStrictEqual(head, {
        cwd: "/home/dev/zoo/app",
        createdAt: 1793500000000,
        updatedAt: 1793500090000,
        isEmpty: false,
        kind: "session",
        parentId: null,
        gitBranch: null,
        model: "m-1",
        title: "Count the stripes",
        firstPrompt: "Count the stripes in @zebra.ts with @scout",
        forkedFrom: null
      })
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 1500,
        output: 110,
        cacheRead: 600,
        cacheCreation: 5,
        thinking: 20
      })
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/zoo/app/notes.txt",
        "/home/dev/zoo/app/zebra.ts",
        "/home/dev/zoo/app/lion.ts",
        "/home/dev/zoo/app/cat.ts"
      ])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "ses_child", kind: "file", description: "look around", toolUseId: "call_p5" }
      ])
      assert.strictEqual(transcript.facts.forkedFrom, null)
      assert.deepInclude(transcript.facts.toolFrequency, { name: "edit", count: 1, errors: 1 })
      assert.deepInclude(transcript.facts.toolFrequency, { name: "bash", count: 2, errors: 0 })
    })
  )

  it.effect("files ride on the prompt, on the result, or are a prompt of their own", () =>
    reading("1.18", fixtureRows("parts"), ({ transcript }) => {
      const attached = Array.from({ length: transcript.count }, (_, at) => transcript.message(at + 1)).flatMap(
        ({ blocks, index }) =>
          blocks.filter(({ type }) => type === "attachment").map((block) => [index, block] as const)
      )
      assert.deepStrictEqual(attached, [
        [3, { type: "attachment", kind: "document", mediaType: "text/plain", bytes: null }],
        [7, { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }],
        [12, { type: "attachment", kind: "image", mediaType: "image/png", bytes: 2 }]
      ])
    })
  )

  it.effect("thinking rides on what follows; calls and results have the times of their state", () =>
    reading("1.18", fixtureRows("parts"), ({ transcript }) => {
      assert.deepStrictEqual(transcript.message(5).blocks, [{ type: "thinking", text: "grep will tell" }])
      assert.strictEqual(transcript.time(6), 1793500002500)
      assert.strictEqual(transcript.time(7), 1793500002600)
      assert.deepStrictEqual(transcript.message(9).blocks, [
        { type: "tool_result", toolUseId: "call_p2", isError: true }
      ])
    })
  )

  it.effect("a fork counts what it spent itself, its parent what it spent", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const tokens = { total: 130, input: 100, output: 20, reasoning: 0, cache: { read: 10, write: 0 } }
        const answer = (id: string, at: number) => ({
          table: "message",
          id,
          data: { role: "assistant", time: { created: at }, tokens }
        })
        const session = (id: string, at: number, spent: number, title: string) => ({
          table: "session",
          id,
          directory: "/home/dev/app",
          title,
          tokens_input: spent,
          tokens_output: spent / 5,
          tokens_cache_read: spent / 10,
          time_created: at,
          time_updated: at + 5000
        })
        const records = [
          session(first, start, 200, "Zoo"),
          answer("msg_a1", start + 100),
          text("msg_a1", "prt_a1", "one"),
          answer("msg_a2", start + 200),
          text("msg_a2", "prt_a2", "two")
        ]
        const fork = [
          session(second, start + 1000, 300, "Zoo (fork #1)"),
          answer("msg_b1", start + 100),
          text("msg_b1", "prt_b1", "one"),
          answer("msg_b2", start + 200),
          text("msg_b2", "prt_b2", "two"),
          answer("msg_b3", start + 1100),
          text("msg_b3", "prt_b3", "three")
        ]
        writeDatabase("1.18")(home, [
          { id: first, records },
          { id: second, records: fork }
        ])
        const own = (spent: number) => ({
          input: spent,
          output: spent / 5,
          cacheRead: spent / 10,
          cacheCreation: 0,
          thinking: 0
        })
        const parent = yield* readIn(opencode, home, first)
        const forked = yield* readIn(opencode, home, second)
        assert.deepStrictEqual(parent.transcript.facts.tokenUsage, own(200))
        assert.deepStrictEqual(forked.transcript.facts.tokenUsage, own(100))
        assert.deepStrictEqual(
          messagesOf(forked.transcript).map(([, said]) => said),
          ["one", "two", "three"]
        )
      })
    )
  )
})

describe("opencode before 1.2 and soon after", () => {
  const usage = { input: 110, output: 44, cacheRead: 140, cacheCreation: 3, thinking: 15 }

  it.effect("1.2: columns that came later are not missed; reasoning is part of the output", () =>
    reading("1.2", fixtureRows("early"), ({ head, transcript }) => {
      assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
      assert.strictEqual(head.title, null)
      assert.strictEqual(head.model, "m-0b")
      assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/poem.txt"])
    })
  )

  it.effect("the tree of files says the same, and its files are the session's", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [{ id: first, records: fixtureRows("early") }])
        const { entry, head, transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
        assert.strictEqual(head.model, "m-0b")
        assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
        assert.strictEqual(entry.file.path, `${dataDir(home)}/storage/session/global/${first}.json`)
        assert.strictEqual(entry.sidecars.length, 8)
        assert.isTrue(entry.sidecars.every((path) => fs.existsSync(path)))
        const discovery = yield* discoverIn(opencode, home)
        assert.deepStrictEqual(yield* opencode.notes([], discovery), [
          "1 session only in the JSON files of 1.1, which opencode 1.17 and later cannot see"
        ])
      })
    )
  )

  it.effect("mid-2025: below its project, parts below their session", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [{ id: first, records: fixtureRows("early") }])
        const storage = `${dataDir(home)}/storage`
        const old = `${dataDir(home)}/project/home-dev-old/storage/session`
        fs.mkdirSync(`${old}/info`, { recursive: true })
        fs.renameSync(`${storage}/session/global/${first}.json`, `${old}/info/${first}.json`)
        fs.renameSync(`${storage}/message`, `${old}/message`)
        fs.mkdirSync(`${old}/part/${first}`, { recursive: true })
        for (const name of fs.readdirSync(`${storage}/part`)) {
          fs.renameSync(`${storage}/part/${name}`, `${old}/part/${first}/${name}`)
        }
        fs.rmSync(storage, { recursive: true })
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), earlyMessages)
        assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
      })
    )
  )

  it.effect("parts that are still in their message are read", () =>
    inHome((home) =>
      Effect.gen(function* () {
        writeTree(home, [
          {
            id: first,
            records: [
              {
                table: "message",
                id: "msg_1",
                session_id: first,
                data: { role: "user", parts: [{ type: "text", text: "hello" }, 5] }
              }
            ]
          }
        ])
        const { transcript } = yield* readIn(opencode, home, first)
        assert.deepStrictEqual(messagesOf(transcript), [["user", "hello"]])
        assert.deepStrictEqual(skippedOf(transcript), { "part that is no JSON object": 1 })
      })
    )
  )
})

describe("opencode 2", () => {
  it.effect("head, tokens, files, agents and the fork's origin", () =>
    reading("2", fixtureRows("messages"), ({ head, transcript }) => {
      assert.deepStrictEqual(messagesOf(transcript), rowsMessages)
      assert.strictEqual(head.title, null)
      assert.strictEqual(head.model, "m-2")
      assert.strictEqual(head.firstPrompt, "Count stripes")
      assert.strictEqual(transcript.facts.forkedFrom, "ses_origin")
      // What the fork copied is older than it, and 2.x does not count it in its row.
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 700,
        output: 47,
        cacheRead: 300,
        cacheCreation: 2,
        thinking: 7
      })
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/zoo/app/zebra.ts",
        "/home/dev/zoo/docs/zoo.md",
        "/home/dev/zoo/app/b.txt"
      ])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: "ses_kid", kind: "file", description: "look", toolUseId: "call_v3" }
      ])
      assert.deepInclude(transcript.facts.toolFrequency, { name: "shell", count: 3, errors: 1 })
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 2 }
      ])
      assert.deepStrictEqual(transcript.message(13).blocks, [
        { type: "tool_result", toolUseId: "call_v1", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
      ])
    })
  )

  it.effect("a revert hides from its message on, in the order of the conversation", () =>
    reading(
      "2",
      [
        {
          table: "session_v2",
          id: first,
          title: "cut",
          revert: { messageID: "msg_5" },
          time_created: start,
          time_updated: start
        },
        { table: "session_message", id: "msg_9", type: "user", seq: 1, data: { text: "kept" } },
        { table: "session_message", id: "msg_5", type: "user", seq: 2, data: { text: "gone" } },
        { table: "session_message", id: "msg_6", type: "user", seq: 3, data: { text: "gone too" } }
      ],
      ({ transcript }) => {
        assert.deepStrictEqual(messagesOf(transcript), [["user", "kept"]])
        assert.deepStrictEqual(skippedOf(transcript), { "reverted message": 2 })
      }
    )
  )
})
