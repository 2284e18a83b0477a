import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cursorAgent } from "../../../src/adapters/cursor-agent/index.ts"
import { md5Hex } from "../../../src/adapters/cursor-agent/md5.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  child,
  cwd,
  field,
  first,
  fixture,
  fixtureText,
  idePath,
  md5,
  number,
  openFast,
  second,
  start,
  storeDir,
  transcriptPath,
  writeBlobs,
  writeChats,
  writeIde,
  writeStores
} from "./store.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const message = (role: string, content: string): string => JSON.stringify({ role, content })

it("hashes a path as the tool does", () => {
  for (const text of ["", "/srv/boat", "/srv/bööt", "x".repeat(55), "x".repeat(56), "x".repeat(200)]) {
    assert.strictEqual(md5Hex(text), md5(text))
  }
})

it("looks where the variables say, then where the tool does by default", () => {
  const env = { CURSOR_DATA_DIR: "/d/", CURSOR_CONFIG_DIR: "/c", XDG_CONFIG_HOME: "/x" }
  const roots = cursorAgent.roots({ env, home: "/h", platform: "linux", ignoreEnv: false })
  assert.deepStrictEqual(roots, ["/d", "/c", "/h/.cursor", "/x/cursor", "/x/Cursor/User"])
  assert.deepStrictEqual(cursorAgent.roots({ env, home: "/h", platform: "darwin", ignoreEnv: true }), [
    "/h/.cursor",
    "/h/Library/Application Support/Cursor/User"
  ])
})

test("files of failed calls are left out, relative ones resolved; nothing is known of tokens", (home) =>
  Effect.gen(function* () {
    const again = { role: "assistant", content: [{ type: "tool-call", toolName: "Write", args: { path: "oar.ts" } }] }
    writeStores(home, [{ id: first, records: [...fixture("store"), again] }])
    const { transcript } = yield* readIn(cursorAgent, home, first)
    assert.deepStrictEqual(transcript.facts.filesModified, ["/srv/boat/oar.ts"])
    assert.isNull(transcript.facts.tokenUsage)
    assert.deepInclude(transcript.facts.toolFrequency, { name: "StrReplace", count: 1, errors: 1 })
    const prompt = transcript.message(4)
    assert.deepStrictEqual(prompt.blocks, [{ type: "attachment", kind: "image", mediaType: "image/png", bytes: 3 }])
  }))

test("archived messages, commands of the user and times come from the protobuf records", (home) =>
  Effect.gen(function* () {
    const path = `${storeDir(home, first)}/store.db`
    writeBlobs(
      path,
      { name: "Named", createdAt: start },
      (put) => {
        const archived = [message("user", "old"), message("assistant", "answer")].map(put)
        const archive = put(Buffer.concat([...archived.map((id) => field(1, id)), field(2, "summary")]))
        const shell = field(
          2,
          Buffer.concat([
            field(1, put(field(1, "ls"))),
            field(2, put(Buffer.concat([field(1, "hull"), field(2, "gone"), number(3, 2)])))
          ])
        )
        // A long prompt lies in a blob of its own.
        const spoken = put(Buffer.concat([field(18, put("new")), number(25, start + 5000)]))
        const older = put(field(1, put(message("user", "oldest"))))
        return Buffer.concat([
          ...[archived[1]!, put(message("user", "new")), put(message("assistant", "fine"))].map((id) => field(1, id)),
          field(1, Buffer.alloc(32, 7)),
          field(1, Buffer.alloc(31, 7)),
          field(8, put(shell)),
          field(8, put(field(1, field(1, spoken)))),
          field(9, `file://${cwd}`),
          field(11, older),
          field(13, archive),
          field(21, Buffer.concat([field(1, cwd), field(2, "tide")])),
          Buffer.from([0x0a, 0x20, 1])
        ])
      },
      false
    )
    const { head, transcript } = yield* readIn(cursorAgent, home, first, { retainedChars: -1 })
    assert.deepStrictEqual(messagesOf(transcript), [
      ["user", "oldest"],
      ["user", "old"],
      ["assistant", "answer"],
      ["tool_use", 'shell {"command":"ls"}'],
      ["tool_result", "hull\ngone"],
      ["user", "new"],
      ["assistant", "fine"]
    ])
    assert.deepStrictEqual(skippedOf(transcript), { "missing message": 1 })
    assert.strictEqual(transcript.time(6), start + 5000)
    assert.deepStrictEqual([head.cwd, head.gitBranch, head.title, head.createdAt], [cwd, "tide", "Named", start])
    assert.notInclude(JSON.stringify([head, transcript.message(1), transcript.facts]), "k3y")
  }))

test("a store, a chat and a transcript of one id are one session; the store is read", (home) =>
  Effect.gen(function* () {
    const line = { role: "user", message: { content: "from the transcript" } }
    writeStores(home, [{ id: first, records: [{ role: "user", content: "from the store" }] }])
    writeChats(home, [
      { id: first, records: [{ type: 1, text: "from the chat" }] },
      { id: second, records: [{ type: 1, text: "from the chat" }] },
      { id: child, records: [] }
    ])
    for (const id of [first, second, child]) writeFile(transcriptPath(home, id), jsonLines([line]))
    const { entries } = yield* discoverIn(cursorAgent, home)
    assert.deepStrictEqual(entries.map(({ id }) => id).sort(), [first, second, child])
    for (const [id, text] of [
      [first, "from the store"],
      [second, "from the chat"],
      [child, "from the transcript"]
    ] as const) {
      const { head, transcript } = yield* readIn(cursorAgent, home, id)
      assert.deepStrictEqual(messagesOf(transcript), [["user", text]])
      assert.strictEqual(head.title?.includes("(Cursor IDE)"), id === second)
    }
    const store = entries.find(({ id }) => id === first)!
    assert.deepStrictEqual(store.sidecars, [transcriptPath(home, first)])
    const opaque = entries.filter((entry) => cursorAgent.opaque?.(entry) === true)
    assert.deepStrictEqual(opaque.map(({ id }) => id).sort(), [first, second])
  }))

test("flat transcripts and those of text are found, folders of other things are not", (home) =>
  Effect.gen(function* () {
    const folder = `${home}/.cursor/projects/srv-no-such-boat`
    writeFile(`${folder}/agent-transcripts/${first}.txt`, fixtureText("plain.txt"))
    writeFile(`${folder}/agent-transcripts/${second}.jsonl`, jsonLines(fixture("transcript")), start)
    writeFile(`${folder}/agent-tools/${child}.txt`, "user:\nno session")
    const { entries } = yield* discoverIn(cursorAgent, home)
    assert.deepStrictEqual(entries.map(({ id }) => id).sort(), [first, second])
    const { transcript } = yield* readIn(cursorAgent, home, first, { retainedChars: -1 })
    assert.deepStrictEqual(messagesOf(transcript), [
      ["user", "Caulk the hull"],
      ["assistant", "Looking."],
      ["tool_use", 'Write {"path":"/srv/boat/hull.ts"}'],
      ["tool_result", "ok"]
    ])
    const { head } = yield* readIn(cursorAgent, home, second)
    assert.deepStrictEqual([head.cwd, head.updatedAt, head.title], [null, start, "Caulk the hull"])
  }))

test("the folder of a slug is found on this machine", (home) =>
  Effect.gen(function* () {
    const folder = `${home}/My_boat.v2`
    fs.mkdirSync(folder)
    const slug = folder.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "")
    writeFile(`${home}/.cursor/projects/${slug}/agent-transcripts/${first}.jsonl`, jsonLines(fixture("transcript")))
    const { head } = yield* readIn(cursorAgent, home, first)
    assert.strictEqual(head.cwd, folder)
  }))

test("chats of older versions: bubbles inside of the chat, control characters, messages behind Base64", (home) =>
  Effect.gen(function* () {
    const tool = { name: "grep", status: "completed", rawArgs: "{}", result: "3" }
    const data = { bubbleDataMap: JSON.stringify({ b2: tool }) }
    const stored = Buffer.alloc(32, 9)
    writeIde(home, [
      [
        `composerData:${first}`,
        JSON.stringify({
          name: "Old chat",
          conversation: [
            { bubbleId: "b1", type: 1, text: "hi_there" },
            { bubbleId: "b2", type: 2, text: "" }
          ],
          capabilities: [{ type: 15, data }]
        }).replace("_", "\n")
      ],
      [`composerData:${second}`, { conversationState: `~${field(1, stored).toString("base64")}` }],
      [`agentKv:blob:${stored.toString("hex")}`, { role: "user", content: "behind" }],
      ["composerData:task-call_1\nfc_2", { conversation: [{ type: 1, text: "no session" }] }]
    ])
    const { entries } = yield* discoverIn(cursorAgent, home)
    assert.deepStrictEqual(entries.map(({ id }) => id).sort(), [first, second])
    const { transcript } = yield* readIn(cursorAgent, home, first, { retainedChars: -1 })
    assert.deepStrictEqual(messagesOf(transcript), [
      ["user", "hi there"],
      ["tool_use", "grep {}"],
      ["tool_result", "3"]
    ])
    const other = yield* readIn(cursorAgent, home, second, { retainedChars: -1 })
    assert.deepStrictEqual(messagesOf(other.transcript), [["user", "behind"]])
  }))

test("the lists of the IDE name folders, titles, subagents and what is archived", (home) =>
  Effect.gen(function* () {
    const third = "7c1d0000-0000-4000-8000-000000000004"
    const bubble = { type: 1, text: "row" }
    writeIde(home, [
      [`composerData:${first}`, { createdAt: start }],
      [`composerData:${second}`, { glassMetaParentAgent: first }],
      [`composerData:${child}`, {}],
      [`composerData:${third}`, {}],
      ...[first, second, child, third].map((id) => [`bubbleId:${id}:b`, bubble] as const)
    ])
    const path = idePath(home)
    const database = new DatabaseSync(path)
    const allComposers = [
      { composerId: first, name: "Listed before 3.12", workspaceIdentifier: { uri: { fsPath: "/srv/dock" } } }
    ]
    database
      .prepare("INSERT INTO ItemTable VALUES ('composer.composerHeaders', ?)")
      .run(JSON.stringify({ allComposers }))
    database.exec(`CREATE TABLE composerHeaders(composerId TEXT PRIMARY KEY, workspaceId TEXT, isArchived INTEGER,
      isSubagent INTEGER, value TEXT)`)
    const insert = database.prepare("INSERT INTO composerHeaders VALUES (?, ?, ?, ?, ?)")
    insert.run(child, "beef", 0, 1, "{}")
    insert.run(third, "../up", 1, 0, '{"name":"Listed since"}')
    database.close()
    const user = path.slice(0, path.indexOf("/globalStorage"))
    writeFile(`${user}/workspaceStorage/beef/workspace.json`, '{"folder":"file:///srv/My%20dock"}')
    writeFile(`${user}/up/workspace.json`, '{"folder":"file:///srv/outside"}')
    const facts = (id: string) =>
      Effect.map(readIn(cursorAgent, home, id), ({ entry, head }) => [
        head.title,
        head.cwd,
        head.kind,
        head.parentId,
        entry.archived
      ])
    assert.deepStrictEqual(yield* facts(first), [
      "Listed before 3.12 (Cursor IDE)",
      "/srv/dock",
      "session",
      null,
      false
    ])
    assert.deepStrictEqual(yield* facts(second), ["row (Cursor IDE)", null, "subagent", first, false])
    assert.deepStrictEqual(yield* facts(child), ["row (Cursor IDE)", "/srv/My dock", "subagent", null, false])
    assert.deepStrictEqual(yield* facts(third), ["Listed since (Cursor IDE)", null, "session", null, true])
  }))

test("a chat that nobody named has the title of the tool's index of summaries; one without messages is empty", (home) =>
  Effect.gen(function* () {
    const records = [{ role: "user", content: "row" }]
    writeStores(home, [
      { id: first, records },
      { id: second, records: [] }
    ])
    for (const id of [first, second]) {
      writeFile(`${storeDir(home, id)}/meta.json`, JSON.stringify({ schemaVersion: 1, hasConversation: id === first }))
    }
    const index = openFast(`${home}/.cursor/ai-tracking/ai-code-tracking.db`)
    index.exec(`CREATE TABLE conversation_summaries(conversationId TEXT, title TEXT, tldr TEXT, overview TEXT,
      summaryBullets TEXT, model TEXT, mode TEXT, updatedAt INTEGER)`)
    index.prepare("INSERT INTO conversation_summaries(conversationId, title) VALUES (?, 'Rowing')").run(first)
    index.close()
    const one = yield* readIn(cursorAgent, home, first)
    assert.deepStrictEqual([one.head.title, one.head.isEmpty], ["Rowing", false])
    const other = yield* readIn(cursorAgent, home, second)
    assert.deepStrictEqual([other.head.title, other.head.isEmpty], [null, true])
  }))

test("what is only in the log of a store that is open is read, and the log belongs to the session", (home) =>
  Effect.gen(function* () {
    writeStores(home, [{ id: first, records: [{ role: "user", content: "before" }] }])
    const path = `${storeDir(home, first)}/store.db`
    const database = new DatabaseSync(path)
    const close = Effect.sync(() => database.close())
    database.exec("PRAGMA journal_mode = WAL")
    database.prepare("UPDATE blobs SET data = ? WHERE data LIKE '{%'").run(Buffer.from(message("user", "after")))
    const { entry, transcript } = yield* readIn(cursorAgent, home, first).pipe(Effect.ensuring(close))
    assert.deepStrictEqual(messagesOf(transcript), [["user", "after"]])
    assert.deepStrictEqual(entry.sidecars, [`${path}-wal`])
  }))
