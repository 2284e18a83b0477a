import * as fs from "node:fs"
import { createHash } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { gemini } from "../../../src/adapters/gemini/index.ts"
import type { FileError } from "../../../src/domain/errors.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  dataRoot,
  doneCall,
  first,
  fixtureRecords,
  fixtureText,
  project,
  Script,
  second,
  sessionFile,
  start,
  tokensOf,
  writeMarker
} from "./records.ts"

const test = (name: string, run: (home: string) => Effect.Effect<void, FileError, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const hashOf = (path: string): string => createHash("sha256").update(path).digest("hex")

const talk = (id = first) => new Script(id).meta().context().user("hello").answer("hi").lines
const stub = (id = first) => new Script(id, "s", start + 600_000).meta().context().lines

const documentPath = (home: string): string => sessionFile(home, first).replace(/l$/, "")

const documentMessages = [
  ["user", "sweep the floor"],
  ["assistant", "Sweeping."],
  ["tool_use", 'write_file {"file_path":"/home/dev/workshop/dust.md","content":"grey"}'],
  ["tool_result", "Wrote dust.md"],
  ["system", "Conversation saved."],
  ["assistant", "Clean."]
] as const

describe("roots", () => {
  it("follow GEMINI_CLI_HOME, which is a home and not a root", () => {
    const host = { home: "/home/dev", platform: "linux", ignoreEnv: false }
    assert.deepStrictEqual(gemini.roots({ ...host, env: {} }), ["/home/dev/.gemini"])
    assert.deepStrictEqual(gemini.roots({ ...host, env: { GEMINI_CLI_HOME: "/srv/g/" } }), ["/srv/g/.gemini"])
    assert.deepStrictEqual(gemini.roots({ ...host, env: { GEMINI_CLI_HOME: "/srv/g" }, ignoreEnv: true }), [
      "/home/dev/.gemini"
    ])
  })
})

describe("discovery", () => {
  test("takes sessions and agents, and nothing else that lies there", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first), jsonLines(talk()))
      const agent = jsonLines(fixtureRecords("agent"))
      writeFile(`${project(home)}/chats/${first}/6a000000-0000-4000-8000-0000000000aa.jsonl`, agent)
      for (const name of [
        "logs.json",
        "checkpoint-tag.json",
        `logs/session-${first}.jsonl`,
        "chats/session-2026-11-01T10-00-6a000000.jsonl.tmp-77",
        "chats/session-2026-11-01T10-00-6a000000.jsonl.unreadable-1793527500000",
        "chats/notes.jsonl",
        `${first}/plans/session-plan.jsonl`,
        "memory/session-x.json"
      ]) {
        writeFile(`${project(home)}/${name}`, jsonLines(talk(second)))
      }
      const { entries, unreadable } = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(
        entries.map(({ id, kind, parentId }) => [id, kind, parentId]),
        [
          ["6a000000-0000-4000-8000-0000000000aa", "subagent", first],
          [first, "session", null]
        ]
      )
      assert.deepStrictEqual(unreadable, [])
    }))

  test("of a session and the empty twins that resuming leaves takes the session", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first, "00"), jsonLines(talk()), start)
      writeFile(sessionFile(home, first, "10"), jsonLines(stub()), start + 600_000)
      writeFile(
        sessionFile(home, first, "20"),
        jsonLines([...stub(), ...stub(), ...stub(), ...stub()]),
        start + 700_000
      )
      const discovery = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(
        discovery.entries.map(({ file }) => file.path),
        [sessionFile(home, first, "00")]
      )
      assert.deepStrictEqual(yield* gemini.notes([dataRoot(home)], discovery), [
        "2 files repeat sessions under their ids: Gemini CLI 0.61 deletes such sessions when it starts in their projects"
      ])
    }))

  test("of a document and the stream that continues it takes the stream", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first), jsonLines(talk()), start)
      writeFile(documentPath(home), fixtureText("document.json"), start + 600_000)
      const { entries } = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(
        entries.map(({ file }) => file.path),
        [sessionFile(home, first)]
      )
    }))

  test("of two copies takes the one that was written last", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first), jsonLines(talk()), start)
      writeFile(sessionFile(home, first, "00", hashOf("/home/dev/workshop")), jsonLines(talk()), start + 1000)
      const { entries } = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(
        entries.map(({ file }) => file.mtimeMs),
        [start + 1000]
      )
    }))

  test("sessions whose ids begin alike are told apart", (home) =>
    Effect.gen(function* () {
      const other = first.replace(/1$/, "9")
      writeFile(sessionFile(home, first, "00"), jsonLines(talk()))
      writeFile(sessionFile(home, other, "10"), jsonLines(talk(other)))
      const { entries } = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(entries.map(({ id }) => id).sort(), [first, other])
    }))

  test("a file without an id goes by its name, an id behind a damaged beginning is found", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first), "")
      writeFile(sessionFile(home, second), `${"x".repeat(10_000)}\n${jsonLines(talk(second))}`)
      const { entries } = yield* discoverIn(gemini, home)
      assert.deepStrictEqual(
        entries.map(({ id }) => id),
        ["session-2026-11-01T10-00-6a000000", second]
      )
    }))

  test("an agent beside the sessions says itself what it is", (home) =>
    Effect.gen(function* () {
      const id = "6a000000-0000-4000-8000-0000000000aa"
      writeFile(sessionFile(home, id, "30"), jsonLines(fixtureRecords("agent")))
      writeFile(sessionFile(home, first), jsonLines(fixtureRecords("stream")))
      const child = yield* readIn(gemini, home, id)
      assert.strictEqual(child.head.kind, "subagent")
      const parent = yield* readIn(gemini, home, first)
      assert.deepStrictEqual(
        parent.transcript.facts.subagents.map((link) => [link.id, link.toolUseId]),
        [[id, "call_5"]]
      )
    }))
})

describe("the project of a session", () => {
  const cwdIn = (home: string, name: string, records: ReadonlyArray<unknown> = talk()) => {
    writeFile(sessionFile(home, first, "00", name), jsonLines(records))
    return Effect.map(readIn(gemini, home, first), ({ head, transcript }) => {
      assert.strictEqual(transcript.head.cwd, head.cwd)
      return head.cwd
    })
  }

  test("is in the marker of its folder, or in that of its history", (home) =>
    Effect.gen(function* () {
      writeFile(`${dataRoot(home)}/history/workshop/.project_root`, "/home/dev/elsewhere")
      assert.strictEqual(yield* cwdIn(home, "workshop"), "/home/dev/elsewhere")
      writeMarker(home)
      assert.strictEqual(yield* cwdIn(home, "workshop"), "/home/dev/workshop")
    }))

  test("is registered under its slug, or the first of its directories", (home) =>
    Effect.gen(function* () {
      const records = [...talk(), { $set: { directories: ["/home/dev/noted"] } }]
      assert.strictEqual(yield* cwdIn(home, "workshop", records), "/home/dev/noted")
      writeFile(`${dataRoot(home)}/projects.json`, JSON.stringify({ projects: { "/home/dev/listed": "workshop" } }))
      assert.strictEqual(yield* cwdIn(home, "workshop", records), "/home/dev/listed")
    }))

  test("is one whose hash names the folder, if the tool or the session knows it", (home) =>
    Effect.gen(function* () {
      const name = hashOf("/home/dev/work shop")
      assert.strictEqual(yield* cwdIn(home, name), null)
      assert.deepStrictEqual(yield* gemini.notes([dataRoot(home)], yield* discoverIn(gemini, home)), [
        "1 project known by its hash only"
      ])
      const call = doneCall("c1", "read_file", { file_path: "/home/dev/work shop/src/a.ts" }, "text")
      const records = [...talk(), ...new Script(first, "w").answer("", { toolCalls: [call] }).lines]
      assert.strictEqual(yield* cwdIn(home, name, records), "/home/dev/work shop")
      writeFile(`${dataRoot(home)}/trustedFolders.json`, JSON.stringify({ "/home/dev/work shop": "TRUST_FOLDER" }))
      assert.strictEqual(yield* cwdIn(home, name), "/home/dev/work shop")
      writeFile(`${dataRoot(home)}/trustedFolders.json`, "[]")
      writeFile(`${dataRoot(home)}/projects.json`, JSON.stringify({ projects: { "/home/dev/work shop": "work-shop" } }))
      assert.strictEqual(yield* cwdIn(home, name), "/home/dev/work shop")
    }))
})

describe("documents of the first generation", () => {
  test("are read whole, with their facts", (home) =>
    Effect.gen(function* () {
      writeMarker(home)
      writeFile(documentPath(home), fixtureText("document.json"))
      for (const retainedChars of [-1, 1_000_000]) {
        const { head, transcript } = yield* readIn(gemini, home, first, { retainedChars })
        assert.deepStrictEqual(messagesOf(transcript), documentMessages)
        assert.deepStrictEqual(transcript.skipped, [])
        assert.deepStrictEqual(transcript.head, head)
        assert.deepStrictEqual(head, {
          cwd: "/home/dev/workshop",
          createdAt: start,
          updatedAt: start + 9000,
          isEmpty: false,
          kind: "session",
          parentId: null,
          gitBranch: null,
          model: "gemini-2.5-pro",
          title: "Sweep the floor",
          firstPrompt: "sweep the floor"
        })
        assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/workshop/dust.md"])
        assert.deepStrictEqual(transcript.facts.tokenUsage, {
          input: 26,
          output: 8,
          cacheRead: 4,
          cacheCreation: 0,
          thinking: 1
        })
      }
    }))

  test("may be on one line, and may have the name of a stream", (home) =>
    Effect.gen(function* () {
      writeFile(documentPath(home), JSON.stringify(JSON.parse(fixtureText("document.json"))))
      assert.deepStrictEqual(messagesOf((yield* readIn(gemini, home, first)).transcript), documentMessages)
      fs.rmSync(documentPath(home))
      writeFile(sessionFile(home, first), `\ufeff${fixtureText("document.json").replaceAll("\n", "\r\n")}`)
      assert.deepStrictEqual(messagesOf((yield* readIn(gemini, home, first)).transcript), documentMessages)
    }))

  test("that are torn give what is whole in them", (home) =>
    Effect.gen(function* () {
      const text = fixtureText("document.json")
      writeFile(documentPath(home), text.slice(0, text.indexOf('"Clean."')))
      const { head, transcript } = yield* readIn(gemini, home, first)
      assert.deepStrictEqual(messagesOf(transcript), documentMessages.slice(0, -1))
      assert.deepStrictEqual(skippedOf(transcript), { "torn document": 1 })
      assert.strictEqual(head.createdAt, start)
      assert.deepStrictEqual(transcript.head, head)
    }))

  test("that are long are surveyed from both ends", (home) =>
    Effect.gen(function* () {
      const document = JSON.parse(fixtureText("document.json"))
      const filler = Array.from({ length: 300 }, (_, at) => ({
        id: `x${at}`,
        timestamp: new Date(start + 5000).toISOString(),
        type: "user",
        content: `${at} ${"dust ".repeat(200)}`
      }))
      document.messages.splice(3, 0, ...filler)
      writeFile(documentPath(home), JSON.stringify(document, null, 2))
      const { head, transcript } = yield* readIn(gemini, home, first)
      assert.strictEqual(transcript.count, documentMessages.length + filler.length)
      assert.deepStrictEqual(transcript.head, head)
      assert.strictEqual(head.title, "Sweep the floor")
      assert.strictEqual(head.model, "gemini-2.5-pro")
    }))

  test("beyond 256 MB are refused", (home) =>
    Effect.gen(function* () {
      writeFile(documentPath(home), '{\n  "messages": [')
      fs.truncateSync(documentPath(home), 257 * 1024 * 1024)
      const discovery = yield* discoverIn(gemini, home)
      const reason = yield* gemini.load(discovery.entries[0]!, discovery, {}).pipe(
        Effect.map(() => "read"),
        Effect.catch((error) => Effect.succeed(error.reason))
      )
      assert.strictEqual(reason, `document of ${257 * 1024 * 1024} bytes`)
    }))
})

describe("long streams", () => {
  test("are surveyed from both ends, and read again from their records", (home) =>
    Effect.gen(function* () {
      const script = new Script(first).meta().context().user("begin")
      for (let at = 0; at < 400; at++) script.user(`${at} ${"word ".repeat(100)}`).answer(`a${at}`)
      script.answer("end", { tokens: tokensOf(1, 1), model: "gemini-3.8-pro" })
      // The whole list once more, as a resume writes it.
      const messages = script.lines.filter((line) => "id" in line)
      script.line({ $set: { messages: messages.slice(0, 500), lastUpdated: new Date(start).toISOString() } })
      script.user("more").line({ $set: { summary: "Words" } })
      writeFile(sessionFile(home, first), jsonLines(script.lines))
      const kept = yield* readIn(gemini, home, first)
      assert.deepStrictEqual(kept.transcript.head, kept.head)
      assert.strictEqual(kept.head.firstPrompt, "begin")
      assert.strictEqual(kept.head.title, "Words")
      const again = yield* readIn(gemini, home, first, { retainedChars: -1, measures: false })
      assert.deepStrictEqual(messagesOf(again.transcript), messagesOf(kept.transcript))
      assert.strictEqual(again.transcript.contentHash, kept.transcript.contentHash)
    }))

  test("messages that only a rebuilt list has are read again from inside it", (home) =>
    Effect.gen(function* () {
      const messages = [
        { id: "r1", timestamp: new Date(start).toISOString(), type: "user", content: 'a "quoted" \\ é prompt ]}' },
        { id: "r2", timestamp: new Date(start).toISOString(), type: "gemini", content: [{ text: "an answer" }] }
      ]
      writeFile(
        sessionFile(home, first),
        `\ufeff${jsonLines([...new Script(first).meta().lines, { $set: { messages } }])}`
      )
      const { transcript } = yield* readIn(gemini, home, first, { retainedChars: -1 })
      assert.deepStrictEqual(messagesOf(transcript), [
        ["user", 'a "quoted" \\ é prompt ]}'],
        ["assistant", "an answer"]
      ])
    }))
})

describe("retention", () => {
  const rule = (home: string, settings: unknown) => {
    writeFile(`${dataRoot(home)}/settings.json`, JSON.stringify(settings))
    return gemini.retention([dataRoot(home)])
  }

  test("is what the settings say, else thirty days, or none", (home) =>
    Effect.gen(function* () {
      const byDefault = { days: 30, from: "the tool's default" }
      assert.deepStrictEqual(yield* gemini.retention([dataRoot(home)]), byDefault)
      assert.deepStrictEqual(yield* rule(home, { general: { sessionRetention: { maxAge: "soon" } } }), byDefault)
      assert.deepStrictEqual(yield* rule(home, { general: { sessionRetention: { maxAge: "2w" } } }), {
        days: 14,
        from: `${dataRoot(home)}/settings.json`
      })
      assert.strictEqual(yield* rule(home, { general: { sessionRetention: { enabled: false } } }), null)
    }))
})
