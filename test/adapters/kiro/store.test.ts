import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { kiro } from "../../../src/adapters/kiro/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, snapshotOf, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  answer,
  asked,
  child,
  conversationValue,
  createDatabase,
  databasePath,
  event,
  eventsFolder,
  eventsPath,
  execution,
  first,
  firstEvents,
  fixtureRecords,
  hash32,
  ideDocument,
  idePath,
  ideStorage,
  insertConversation,
  prompt,
  response,
  second,
  start,
  turnsMetadata,
  turnsPath,
  writeChats,
  writeDatabase,
  writeEvents,
  writeIde,
  writeTurns
} from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

describe("kiro: roots", () => {
  const host = { home: "/home/ann", platform: "linux", ignoreEnv: false, env: {} }
  const storage = "User/globalStorage/kiro.kiroagent"
  it("per platform, and where variables say", () => {
    const linux = [
      "/home/ann/.kiro",
      "/home/ann/.local/share/kiro-cli",
      `/home/ann/.config/Kiro/${storage}`,
      `/home/ann/.kiro-server/data/${storage}`
    ]
    assert.deepStrictEqual(kiro.roots(host), linux)
    const env = { KIRO_HOME: "/k/", XDG_DATA_HOME: "/d" }
    assert.deepStrictEqual(kiro.roots({ ...host, env }), ["/k", "/d/kiro-cli", ...linux.slice(2)])
    assert.deepStrictEqual(kiro.roots({ ...host, env, ignoreEnv: true }), linux)
    const support = "/home/ann/Library/Application Support"
    assert.deepStrictEqual(kiro.roots({ ...host, platform: "darwin" }), [
      "/home/ann/.kiro",
      `${support}/kiro-cli`,
      `${support}/Kiro/${storage}`
    ])
    assert.deepStrictEqual(
      kiro.roots({ ...host, platform: "win32", env: { LOCALAPPDATA: "C:\\L", APPDATA: "C:\\R\\" } }),
      ["/home/ann/.kiro", "C:\\L/kiro-cli", `C:\\R/Kiro/${storage}`]
    )
  })
})

describe("kiro: what lies where", () => {
  test("all stores at once; nothing else is a session", (home) =>
    Effect.gen(function* () {
      const [two, three, four] = [second, "5e550000-0000-4000-8000-000000000003", "w4"]
      writeEvents(home, [{ id: firstEvents, records: fixtureRecords("events") }])
      writeTurns(home, [{ id: first, records: [prompt("hi")] }])
      writeDatabase(home, [{ id: two, records: fixtureRecords("history") }])
      writeIde(home, [{ id: three, records: [] }])
      writeChats(home, [{ id: four, records: [{ role: "human", content: "hi" }] }])
      for (const name of [`${first}.history`, `${first}.lock`]) writeFile(`${home}/.kiro/sessions/cli/${name}`, "x")
      writeFile(`${eventsFolder(home, firstEvents)}/snapshots/messages.jsonl`, "{}")
      writeFile(`${eventsFolder(home, firstEvents)}/publish.cursor`, "1")
      writeFile(`${eventsFolder(home, "other")}/messages.jsonl`, "{}")
      writeFile(`${home}/.kiro/settings/cli.json`, "{}")
      writeFile(
        idePath(home, "sessions"),
        JSON.stringify([{ sessionId: three, title: "Forks", dateCreated: `${start}` }])
      )
      writeFile(`${ideStorage(home)}/${hash32}/${hash32}`, '{"executions":[{"executionId":"x1"}],"version":2}')
      writeFile(`${ideStorage(home)}/index/x.chat`, "{}")
      const discovery = yield* discoverIn(kiro, home)
      assert.deepStrictEqual(discovery.unreadable, [])
      assert.deepStrictEqual(
        discovery.entries.map(({ id }) => id),
        [firstEvents, first, two, three, four]
      )
      const listed = discovery.entries[3]!
      assert.strictEqual(listed.indexTitle, "Forks")
      assert.strictEqual((yield* kiro.survey(listed)).createdAt, start)
      const roots = kiro.roots({ env: {}, home, platform: "linux", ignoreEnv: true })
      assert.deepStrictEqual(yield* kiro.notes(roots, discovery), [
        "1 session with a lock: open in kiro-cli",
        "1 session only in the database of kiro-cli 1",
        "2 sessions of the IDE before July 2026"
      ])
      assert.isNull(yield* kiro.retention(roots))
    }))

  test("records without metadata and the reverse; the id inside counts", (home) =>
    Effect.gen(function* () {
      writeFile(turnsPath(home, first), jsonLines([prompt("alone")]))
      writeFile(turnsPath(home, "file-name").slice(0, -1), JSON.stringify(turnsMetadata(second, start + 9000)))
      writeFile(`${eventsFolder(home, firstEvents)}/session.json`, JSON.stringify({ title: "Bare", createdAt: start }))
      writeFile(eventsPath(home, "sess_lone"), jsonLines([event(3, { type: "user", content: "lone" })]))
      const alone = yield* readIn(kiro, home, first)
      assert.deepStrictEqual(messagesOf(alone.transcript), [["user", "alone"]])
      assert.deepStrictEqual([alone.head.cwd, alone.head.createdAt, alone.head.title], [null, start, null])
      const bare = yield* readIn(kiro, home, second)
      assert.deepStrictEqual([bare.head.isEmpty, bare.transcript.count, bare.head.title], [true, 0, "A loaf"])
      const events = yield* readIn(kiro, home, firstEvents)
      assert.deepStrictEqual([events.head.isEmpty, events.head.title, events.head.createdAt], [true, "Bare", start])
      const lone = yield* readIn(kiro, home, "sess_lone")
      assert.deepStrictEqual([lone.head.firstPrompt, lone.head.updatedAt], ["lone", start + 3000])
    }))

  test("a conversation counts once: files before rows, the newest of several folders, the newer table", (home) =>
    Effect.gen(function* () {
      createDatabase(home, (database) => {
        insertConversation(database, first, conversationValue(first, [asked("row", response("r"))]))
        insertConversation(database, second, conversationValue(second, [asked("new", response("r"))]), start + 2, "/b")
        insertConversation(database, second, conversationValue(second, [asked("old", response("r"))]), start + 1, "/a")
        const insert = database.prepare("INSERT INTO conversations VALUES (?, ?)")
        insert.run("/c", JSON.stringify(conversationValue(second, [asked("oldest", response("r"))])))
        insert.run("/d", JSON.stringify(conversationValue(child, [asked("only in the first table", response("r"))])))
        insert.run("/e", "no JSON")
        database.exec("INSERT INTO auth_kv VALUES ('token', 'secret')")
      })
      writeTurns(home, [{ id: first, records: [prompt("file")] }])
      const discovery = yield* discoverIn(kiro, home)
      const heads = yield* Effect.forEach(discovery.entries, (entry) => kiro.survey(entry))
      assert.deepStrictEqual(
        heads.map(({ cwd, firstPrompt }) => [cwd, firstPrompt]),
        [
          ["/srv/bakery", "file"],
          ["/b", "new"],
          ["/d", "only in the first table"]
        ]
      )
    }))

  test("rows that are only in the log of the database are seen, and it stays as it was", (home) =>
    Effect.gen(function* () {
      writeDatabase(home, [{ id: first, records: [asked("old", response("r"))] }])
      const database = new DatabaseSync(databasePath(home))
      database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
      insertConversation(database, second, conversationValue(second, [asked("only in the log", response("r"))]))
      const before = snapshotOf(home)
      const { entry, head } = yield* readIn(kiro, home, second)
      assert.strictEqual(head.firstPrompt, "only in the log")
      assert.deepStrictEqual(entry.sidecars, [`${databasePath(home)}-wal`])
      assert.deepStrictEqual(snapshotOf(home), before)
      database.close()
    }))

  test("broken stores cost themselves alone", (home) =>
    Effect.gen(function* () {
      writeFile(databasePath(home), "this is no database, though it is long enough to look like a file")
      writeFile(idePath(home, first), "{torn")
      writeTurns(home, [{ id: second, records: [prompt("fine")] }])
      const discovery = yield* discoverIn(kiro, home)
      assert.deepStrictEqual(
        discovery.unreadable.map(({ path }) => path),
        [databasePath(home)]
      )
      assert.strictEqual(discovery.entries.length, 2)
      const torn = yield* readIn(kiro, home, first)
      assert.deepStrictEqual(skippedOf(torn.transcript), { "document that is no JSON object": 1 })
      fs.rmSync(turnsPath(home, second))
      const gone = discovery.entries.find(({ id }) => id === second)!
      assert.strictEqual((yield* Effect.flip(kiro.load(gone, discovery, {}))).path, gone.file.path)
      assert.strictEqual((yield* Effect.flip(kiro.survey(gone))).path, gone.file.path)
      const { archived, file, id, indexTitle, kind, parentId, root, sidecars, source } = gone
      const foreign = { archived, file, id, indexTitle, kind, parentId, root, sidecars, source }
      assert.strictEqual((yield* Effect.flip(kiro.survey(foreign))).reason, "no entry of Kiro")
    }))
})

describe("kiro: facts", () => {
  test("files that calls changed, without those that failed; no tokens, for credits are none", (home) =>
    Effect.gen(function* () {
      writeEvents(home, [{ id: firstEvents, records: fixtureRecords("events") }])
      writeTurns(home, [{ id: first, records: fixtureRecords("turns") }])
      const more = { file_line_tracker: { "/srv/bakery/tracked": {}, odd: 7 } }
      createDatabase(home, (database) =>
        insertConversation(database, second, conversationValue(second, fixtureRecords("history"), more))
      )
      const events = yield* readIn(kiro, home, firstEvents)
      assert.deepStrictEqual(events.transcript.facts.filesModified, ["/srv/bakery/log/oven.txt"])
      assert.isNull(events.transcript.facts.tokenUsage)
      assert.strictEqual(events.transcript.facts.byBlockType["attachment"], 2)
      const [picture] = events.transcript.message(1).blocks
      assert.deepStrictEqual(picture, { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 })
      assert.deepStrictEqual(events.transcript.message(2).blocks, [{ type: "thinking", text: "Ask the thermometer." }])
      assert.deepStrictEqual(events.transcript.facts.toolFrequency, [
        { name: "fsWrite", count: 1, errors: 0 },
        { name: "thermometer", count: 1, errors: 1 }
      ])
      const turns = yield* readIn(kiro, home, first)
      assert.deepStrictEqual(turns.transcript.facts.filesModified, ["/srv/bakery/loaf.txt"])
      assert.strictEqual(turns.transcript.facts.toolFrequency[0]?.errors, 1)
      const rows = yield* readIn(kiro, home, second)
      assert.deepStrictEqual(rows.transcript.facts.filesModified, ["/srv/bakery/tracked"])
      assert.strictEqual(rows.transcript.time(2), 1772359203000)
    }))

  test("a summary comes first, a prompt without an answer last", (home) =>
    Effect.gen(function* () {
      const next = { content: { Prompt: { prompt: "and then?" } } }
      const more = { latest_summary: ["so far", {}], next_message: next, model_info: null, model: "m-old" }
      createDatabase(home, (database) => {
        insertConversation(database, first, conversationValue(first, [asked("hi", response("ho"))], more))
        insertConversation(database, second, conversationValue(second, [], { next_message: next }))
      })
      const { head, transcript } = yield* readIn(kiro, home, first)
      assert.deepStrictEqual(messagesOf(transcript), [
        ["system", "so far"],
        ["user", "hi"],
        ["assistant", "ho"],
        ["user", "and then?"]
      ])
      assert.strictEqual(head.model, "m-old")
      const waiting = yield* readIn(kiro, home, second)
      assert.deepStrictEqual([waiting.head.isEmpty, waiting.head.firstPrompt], [false, "and then?"])
    }))

  test("a subagent nobody's result names is tied all the same", (home) =>
    Effect.gen(function* () {
      writeTurns(home, [{ id: first, records: [prompt("go"), answer("gone")] }])
      const more = { parent_session_id: first, session_created_reason: "subagent" }
      writeFile(turnsPath(home, child).slice(0, -1), JSON.stringify(turnsMetadata(child, start, more)))
      const { transcript } = yield* readIn(kiro, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: child, kind: "file", description: null, toolUseId: null }
      ])
    }))
})

const ask = (text: string) => ({ message: { role: "user", content: text } })
const onIt = (executionId: string) => ({ message: { role: "assistant", content: "On it." }, executionId })

describe("kiro: executions of the IDE", () => {
  test("their output follows the item that names them; others of the session come last", (home) =>
    Effect.gen(function* () {
      const path = `${ideStorage(home)}/${hash32}/${hash32}`
      const other = `${ideStorage(home)}/${hash32}/${hash32.replace("0", "f")}/${hash32}`
      writeFile(path, JSON.stringify(execution()))
      const messages = [
        { role: "human", content: "Unlisted" },
        { role: "bot", content: "Indeed." }
      ]
      writeFile(other, JSON.stringify({ executionId: "x2", chatSessionId: first, messages }))
      writeFile(`${path}`.replace(/.$/, "0"), JSON.stringify({ executionId: "x3", chatSessionId: second, messages }))
      writeFile(idePath(home, first), JSON.stringify(ideDocument(first, [ask("Count the spoons"), onIt("x1")])))
      for (const retainedChars of [-1, 1_000_000]) {
        const { entry, transcript } = yield* readIn(kiro, home, first, { retainedChars })
        assert.deepStrictEqual(messagesOf(transcript), [
          ["user", "Count the spoons"],
          ["assistant", "On it."],
          ["tool_use", 'readFiles {"files":["drawer"]}'],
          ["tool_result", "spoons"],
          ["tool_use", 'replace {"file":"drawer.txt","originalContent":"11","modifiedContent":"12"}'],
          ["tool_result", "{}"],
          ["tool_use", 'create {"file":"no.txt"}'],
          ["tool_result", ""],
          ["assistant", "Nearly there."],
          ["tool_result", "12 in the drawer"],
          ["assistant", "Twelve spoons."],
          ["user", "Unlisted"],
          ["assistant", "Indeed."]
        ])
        assert.deepStrictEqual(transcript.facts.filesModified, ["/srv/bakery/drawer.txt"])
        const discovery = yield* discoverIn(kiro, home)
        assert.deepStrictEqual(yield* kiro.linkedFiles(entry, discovery), [path, other])
        assert.include(fs.readFileSync(entry.file.path, "utf8"), kiro.linkMarker!)
      }
    }))

  test("an execution that has gone is no error, one that is torn is counted", (home) =>
    Effect.gen(function* () {
      writeFile(`${ideStorage(home)}/${hash32}/${hash32}`, '{"executionId":"x1","context":')
      writeFile(idePath(home, first), JSON.stringify(ideDocument(first, [ask("a"), onIt("x1"), ask("b"), onIt("x2")])))
      const { transcript } = yield* readIn(kiro, home, first)
      assert.strictEqual(transcript.count, 4)
      assert.deepStrictEqual(skippedOf(transcript), { "execution that cannot be read": 1 })
    }))

  test("of .chat files of one workflow the longest; the editor knows their folder", (home) =>
    Effect.gen(function* () {
      const chat = [
        { role: "human", content: "one" },
        { role: "bot", content: "two" }
      ]
      // The first 32 digits of the SHA-256 of /srv/bakery.
      const folder = `${ideStorage(home)}/${bakeryHash}`
      const metadata = { workflowId: "w1", startTime: start, endTime: start + 1 }
      const earlier = { ...metadata, startTime: start - 60_000 }
      writeFile(`${folder}/a.chat`, JSON.stringify({ executionId: "x1", chat: chat.slice(0, 1), metadata: earlier }))
      writeFile(`${folder}/b.chat`, JSON.stringify({ executionId: "x2", chat, metadata }))
      writeFile(`${folder}/c.chat`, JSON.stringify({ executionId: "x3", chat }))
      writeFile(`${home}/.config/Kiro/User/workspaceStorage/1/workspace.json`, '{"folder":"file:///srv/bakery"}')
      writeFile(`${home}/.config/Kiro/User/workspaceStorage/2/workspace.json`, '{"folder":"vscode-remote://x"}')
      const { head, transcript } = yield* readIn(kiro, home, "w1")
      assert.strictEqual(transcript.count, 2)
      assert.strictEqual(head.cwd, "/srv/bakery")
      // The longest file is that of the last execution, and only says when that one began.
      assert.deepStrictEqual([head.createdAt, head.updatedAt], [start - 60_000, start + 1])
      assert.strictEqual((yield* readIn(kiro, home, "x3")).transcript.count, 2)
      assert.strictEqual((yield* discoverIn(kiro, home)).entries.length, 2)
    }))
})

const bakeryHash = "d290f6155f08d866146e479554e5659f"

describe("kiro: depth", () => {
  test("an input nested very deeply is read or counted, and costs nothing else", (home) =>
    Effect.gen(function* () {
      const deep = `{"a":`.repeat(20_000) + "1" + "}".repeat(20_000)
      const call = JSON.stringify(event(1, { type: "tool_call", toolName: "t", toolCallId: "c", args: "DEEP" }))
      const counted = (skipped: Readonly<Record<string, number>>) => skipped["record nested too deeply"] ?? 0
      writeFile(
        eventsPath(home, firstEvents),
        `${call.replace('"DEEP"', deep)}\n${jsonLines(fixtureRecords("events"))}`
      )
      const events = yield* readIn(kiro, home, firstEvents)
      assert.strictEqual(events.transcript.count + counted(skippedOf(events.transcript)), 14)
      assert.strictEqual(events.head.firstPrompt, "How warm is the oven?")
      const actions = [{ actionType: "t", actionId: "a", input: "DEEP" }]
      writeFile(
        `${ideStorage(home)}/${hash32}/${hash32}`,
        JSON.stringify(execution({ actions })).replace('"DEEP"', deep)
      )
      writeFile(idePath(home, first), JSON.stringify(ideDocument(first, [ask("a"), onIt("x1")])))
      const ide = yield* readIn(kiro, home, first)
      assert.strictEqual(ide.transcript.count + counted(skippedOf(ide.transcript)), 5)
    }))
})

describe("kiro: search", () => {
  test("texts lie in the files as they are shown, but for those in the database", (home) =>
    Effect.gen(function* () {
      writeEvents(home, [{ id: firstEvents, records: fixtureRecords("events") }])
      writeTurns(home, [{ id: first, records: fixtureRecords("turns") }])
      writeDatabase(home, [{ id: second, records: fixtureRecords("history") }])
      for (const id of [firstEvents, first]) {
        const { entry, transcript } = yield* readIn(kiro, home, id)
        const raw = fs.readFileSync(entry.file.path, "utf8")
        for (let index = 1; index <= transcript.count; index++) {
          const { role, text } = transcript.message(index)
          for (const line of role === "tool_use" ? [text.slice(text.indexOf(" ") + 1)] : text.split("\n")) {
            assert.isTrue(raw.includes(line) || raw.includes(JSON.stringify(line).slice(1, -1)), line)
          }
        }
        assert.isAbove(transcript.count, 9)
        assert.isFalse(kiro.opaque!(entry))
        const title = fs.readFileSync(entry.sidecars[0]!, "utf8")
        assert.include(title, transcript.head.title!)
      }
      assert.isTrue(kiro.opaque!((yield* readIn(kiro, home, second)).entry))
    }))
})
