import * as fs from "node:fs"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { asMoment, titleOf } from "../../../src/adapters/goose/format.ts"
import { goose } from "../../../src/adapters/goose/index.ts"
import { usageOf } from "../../../src/adapters/goose/usage.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { planned } from "../../support/sender.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { conversation, growth, header, messages, sessionRow, start } from "./conversation.ts"
import {
  addRows,
  child,
  createDatabase,
  databasePath,
  first,
  fixtureRows,
  insertRows,
  linesPath,
  type Row,
  second,
  sessionsDir,
  writeDatabase,
  writeLines
} from "./store.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const write17 = writeDatabase(17)

const said = (text: string, created: unknown = start, role = "user"): Row => ({
  role,
  created,
  content: [{ type: "text", text }]
})

describe("what there is", () => {
  test("every kind of session but the hidden; archived and agents are marked", (home) =>
    Effect.gen(function* () {
      createDatabase(databasePath(home), 17)
      const kinds = ["user", "scheduled", "sub_agent", "hidden", "terminal", "gateway", "acp"]
      const rows = kinds.map((session_type) =>
        sessionRow({
          id: session_type,
          session_type,
          archived_at: session_type === "acp" ? "2026-11-02 00:00:00" : null
        })
      )
      addRows(databasePath(home), rows)
      const discovery = yield* discoverIn(goose, home)
      const { entries } = discovery
      assert.deepStrictEqual(entries.map(({ id }) => id).sort(), kinds.filter((kind) => kind !== "hidden").sort())
      assert.deepStrictEqual(
        entries.filter(({ kind }) => kind === "subagent").map(({ id }) => id),
        ["sub_agent"]
      )
      assert.deepStrictEqual(
        entries.filter(({ archived }) => archived).map(({ id }) => id),
        ["acp"]
      )
      assert.deepStrictEqual(yield* goose.notes([], discovery), ["1 archived session"])
    }))

  test("a file that was imported is the database's session; others are their own, also beside the configuration", (home) =>
    Effect.gen(function* () {
      write17(home, [{ id: first, records: [sessionRow(), ...conversation] }])
      writeLines(home, [
        { id: first, records: [header, said("old copy")] },
        { id: "too big to import", records: [header, said("mine")] }
      ])
      writeFile(`${home}/.config/goose/sessions/20240901_120000.jsonl`, jsonLines([header, said("ancient")]))
      writeFile(`${sessionsDir(home)}/20250101_1.jsonl.backup`, "{}")
      const discovery = yield* discoverIn(goose, home)
      assert.deepStrictEqual(
        discovery.entries.map(({ id }) => id),
        [first, "too big to import", "20240901_120000"]
      )
      assert.deepStrictEqual(messagesOf((yield* readIn(goose, home, first)).transcript), messages)
      assert.deepStrictEqual(messagesOf((yield* readIn(goose, home, "20240901_120000")).transcript), [
        ["user", "ancient"]
      ])
      assert.match((yield* goose.notes([], discovery)).join(), /2 sessions only in JSONL files/)
    }))

  test("two databases may give one id to different sessions, which is said; a copied database is not", (home) =>
    Effect.gen(function* () {
      write17(home, [{ id: first, records: [sessionRow(), ...conversation] }])
      const other = `${home}/.local/share/Block/goose/sessions/sessions.db`
      createDatabase(other, 17)
      addRows(other, [sessionRow()])
      const same = yield* discoverIn(goose, home)
      assert.deepStrictEqual([same.entries.length, same.unreadable.length], [1, 0])
      addRows(other, [sessionRow({ working_dir: "/elsewhere" })])
      const { entries, unreadable } = yield* discoverIn(goose, home)
      assert.deepStrictEqual(
        entries.map(({ file }) => file.path),
        [databasePath(home)]
      )
      assert.deepStrictEqual(unreadable, [
        { path: other, reason: `${first} is another session in ${databasePath(home)}` }
      ])
    }))

  test("rows that are only in the write-ahead log are seen, and the log is searched", (home) =>
    Effect.gen(function* () {
      const path = databasePath(home)
      createDatabase(path, 17)
      const open = new DatabaseSync(path)
      open.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
      insertRows(open, [sessionRow(), ...conversation], first)
      const { entry, transcript } = yield* readIn(goose, home, first)
      const discovery = yield* discoverIn(goose, home)
      assert.deepStrictEqual(messagesOf(transcript), messages)
      assert.deepStrictEqual(entry.sidecars, [`${path}-wal`])
      assert.isTrue(fs.readFileSync(`${path}-wal`).includes("There are 7."))
      assert.deepStrictEqual(yield* goose.notes([], discovery), ["1 database with a write-ahead log"])
      open.close()
    }))

  test("a database that is none is told, and one without its tables is empty", (home) =>
    Effect.gen(function* () {
      writeFile(databasePath(home), "this is no database at all, however long it may be")
      const broken = yield* discoverIn(goose, home)
      assert.deepStrictEqual(
        broken.unreadable.map(({ path }) => path),
        [databasePath(home)]
      )
      fs.rmSync(databasePath(home))
      const database = new DatabaseSync(databasePath(home))
      database.exec("CREATE TABLE sessions (id TEXT); INSERT INTO sessions VALUES ('bare')")
      database.close()
      const { head, transcript } = yield* readIn(goose, home, "bare")
      assert.deepStrictEqual([head.isEmpty, transcript.count, head.cwd], [true, 0, null])
    }))

  it("roots: the tool's own variable first, where it is absolute, then the places of every build", () => {
    const host = { home: "/h", platform: "linux", ignoreEnv: false }
    const usual = ["/h/.local/share/goose", "/h/.local/share/Block/goose", "/h/.config/goose"]
    assert.deepStrictEqual(goose.roots({ ...host, env: { GOOSE_PATH_ROOT: "relative" } }), usual)
    assert.deepStrictEqual(goose.roots({ ...host, env: { GOOSE_PATH_ROOT: "/r/" } }), ["/r/data", ...usual])
    assert.strictEqual(goose.roots({ ...host, env: { XDG_DATA_HOME: "/x" } })[0], "/x/goose")
    assert.deepStrictEqual(goose.roots({ ...host, env: { XDG_DATA_HOME: "/x" }, ignoreEnv: true }), usual)
    assert.include(goose.roots({ ...host, env: {}, platform: "darwin" }), "/h/Library/Application Support/Block/goose")
    const windows = goose.roots({ ...host, env: { APPDATA: "C:\\R" }, platform: "win32" })
    assert.strictEqual(windows[0], "C:\\R/Block/goose/data")
  })
})

describe("how it reads", () => {
  test("messages are in the order of their times, whatever the unit, then of their rows", (home) =>
    Effect.gen(function* () {
      const records = [said("3", (start + 2) * 1000), said("1", start), said("2", start), said("4", start + 3)]
      write17(home, [{ id: first, records: [sessionRow(), ...records] }])
      const { transcript } = yield* readIn(goose, home, first)
      assert.deepStrictEqual(
        messagesOf(transcript).map(([, text]) => text),
        ["1", "2", "3", "4"]
      )
      assert.strictEqual(transcript.time(3), (start + 2) * 1000)
    }))

  test("messages of threads (schema 10) are read where the session has no others", (home) =>
    Effect.gen(function* () {
      const rows = fixtureRows("broken").slice(0, 1)
      const inThread = rows.map(({ content, created, role }) => ({
        table: "thread_messages",
        role,
        content_json: content,
        created_timestamp: created
      }))
      writeDatabase(10)(home, [
        { id: first, records: [sessionRow(), ...inThread] },
        { id: second, records: [sessionRow(), ...inThread, said("the usual table")] }
      ])
      const threaded = yield* readIn(goose, home, first)
      assert.deepStrictEqual(messagesOf(threaded.transcript), [["user", "still here"]])
      assert.strictEqual(threaded.head.firstPrompt, "still here")
      assert.strictEqual(threaded.head.isEmpty, false)
      const usual = yield* readIn(goose, home, second)
      assert.deepStrictEqual(messagesOf(usual.transcript), [["user", "the usual table"]])
    }))

  test("attachments hang on what was said, thinking and errors are kept", (home) =>
    Effect.gen(function* () {
      write17(home, [{ id: first, records: [sessionRow(), ...fixtureRows("items")] }])
      const { transcript } = yield* readIn(goose, home, first)
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 },
        { type: "attachment", kind: "document", mediaType: "application/pdf", bytes: 6 }
      ])
      const thought = transcript.message(3).blocks.map((block) => (block.type === "thinking" ? block.text : ""))
      assert.deepStrictEqual(thought, ["which colour", "[redacted]", "green"])
      assert.deepStrictEqual(transcript.message(6).blocks, [{ type: "tool_use", id: "t3", name: "unknown", input: {} }])
      assert.deepStrictEqual(transcript.message(9).blocks, [
        { type: "tool_result", toolUseId: "t2", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 2 }
      ])
      assert.deepStrictEqual(
        transcript.facts.toolFrequency.map(({ errors, name }) => [name, errors]),
        [
          ["bare", 1],
          ["developer__shell", 0],
          ["pick", 0],
          ["unknown", 1]
        ]
      )
      assert.strictEqual(transcript.message(23).blocks[0]?.type, "attachment")
    }))

  test("a row that is no JSON is counted, and a turn that is still on is read", (home) =>
    Effect.gen(function* () {
      const torn = { role: "assistant", created: start + 70, content: 'raw:[{"type":"text","te' }
      write17(home, [{ id: first, records: [sessionRow(), ...conversation.slice(0, 2), ...growth, torn] }])
      const { transcript } = yield* readIn(goose, home, first)
      assert.deepStrictEqual(skippedOf(transcript), { "message whose content is no JSON list": 1 })
      assert.strictEqual(transcript.count, 4)
    }))

  test("files that calls wrote and that nothing refused, relative ones from the session's directory", (home) =>
    Effect.gen(function* () {
      write17(home, [{ id: first, records: [sessionRow(), ...fixtureRows("files")] }])
      const { transcript } = yield* readIn(goose, home, first)
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/app/a.ts", "/home/dev/app/b.ts"])
    }))

  test("agents of one message began in the order of its calls; others are tied to no call", (home) =>
    Effect.gen(function* () {
      const call = (id: string) => ({
        type: "toolRequest",
        id,
        toolCall: { status: "success", value: { name: "summon__delegate", arguments: {} } }
      })
      const parallel = { id: "m9", role: "assistant", created: start, content: [call("a"), call("b")] }
      write17(home, [{ id: first, records: [sessionRow(), parallel] }])
      const agent = (id: string, more: Row) =>
        sessionRow({ id, session_type: "sub_agent", parent_session_id: first, name: id, ...more })
      const delegated = { parent_delegation: { parent_delegate_message_id: "m9" } }
      addRows(databasePath(home), [
        agent("20261101_10", delegated),
        agent("20261101_9", delegated),
        agent("20261101_11", { created_at: "2026-11-01 11:00:00" })
      ])
      const { transcript } = yield* readIn(goose, home, first)
      assert.deepStrictEqual(
        transcript.facts.subagents.map(({ id, toolUseId }) => [id, toolUseId]),
        [
          ["20261101_9", "a"],
          ["20261101_10", "b"],
          ["20261101_11", null]
        ]
      )
      assert.strictEqual(transcript.facts.subagents[0]?.description, "20261101_9")
    }))

  test("a fork is a session of its own, and names need not be unique", (home) =>
    Effect.gen(function* () {
      const records = [sessionRow(), ...conversation]
      write17(home, [
        { id: first, records },
        { id: second, records }
      ])
      const fork = yield* readIn(goose, home, second)
      assert.deepStrictEqual(messagesOf(fork.transcript), messages)
      assert.strictEqual(fork.transcript.facts.forkedFrom, null)
      const { args } = planned(goose.sender!, { sessionId: second })
      assert.include(args, `--session-id=${second}`)
      assert.notInclude(args, "-n")
    }))
})

describe("what it cost", () => {
  const usageWith = (row: Row, ledger: ReadonlyArray<Row>, home: string) =>
    Effect.gen(function* () {
      const rows = ledger.map((counts) => ({ table: "usage_ledger", ...counts }))
      write17(home, [{ id: child, records: [sessionRow(row), said("hi"), ...rows] }])
      return (yield* readIn(goose, home, child)).transcript.facts.tokenUsage
    })
  const accumulated = {
    accumulated_total_tokens: 500,
    accumulated_input_tokens: 400,
    accumulated_output_tokens: 100,
    accumulated_cache_read_tokens: 50
  }

  test("the larger of ledger and sums, never both; without either the last call", (home) =>
    Effect.gen(function* () {
      const none = { input: 350, output: 100, cacheRead: 50, cacheCreation: 0, thinking: 0 }
      const small = [{ input_tokens: 10, output_tokens: 1, total_tokens: 11, model: "m-9" }]
      const big = [{ input_tokens: 500, output_tokens: 1, total_tokens: 501 }, {}]
      assert.deepStrictEqual(yield* usageWith(accumulated, [], home), none)
      assert.deepStrictEqual(yield* usageWith(accumulated, small, home), none)
      assert.strictEqual((yield* usageWith(accumulated, big, home))?.input, 500)
      assert.strictEqual((yield* usageWith({ input_tokens: 7, output_tokens: 2 }, [], home))?.input, 7)
      assert.isNull(yield* usageWith({}, [], home))
    }))

  it("cached tokens are part of the input, but where the total or their number says otherwise", () => {
    const counts = { input_tokens: 100, output_tokens: 10, cache_read_tokens: 60, cache_write_tokens: 20 }
    assert.strictEqual(usageOf({ ...counts, total_tokens: 110 })?.tokens.input, 20)
    assert.strictEqual(usageOf(counts)?.tokens.input, 20)
    assert.strictEqual(usageOf({ ...counts, total_tokens: 190 })?.tokens.input, 100)
    assert.strictEqual(usageOf({ ...counts, cache_read_tokens: 900 })?.tokens.input, 100)
    assert.isNull(usageOf({ total_tokens: 100 }))
    assert.strictEqual(usageOf({ total_tokens: 100, input_tokens: 80 })?.tokens.output, 20)
    assert.strictEqual(usageOf({ total_tokens: 100, output_tokens: 30 })?.tokens.input, 70)
    assert.isNull(usageOf({ input_tokens: -1, output_tokens: "7" }))
  })

  test("a file's sums are in its first line; the model of a row without one is the ledger's", (home) =>
    Effect.gen(function* () {
      writeLines(home, [{ id: "old", records: [{ ...header, input_tokens: 90, output_tokens: 9 }, said("hi")] }])
      assert.strictEqual((yield* readIn(goose, home, "old")).transcript.facts.tokenUsage?.input, 90)
      const ledger = ["m-1", "m-2"].map((model) => ({ table: "usage_ledger", model }))
      write17(home, [{ id: first, records: [sessionRow({ model_config_json: null }), ...ledger] }])
      assert.strictEqual((yield* readIn(goose, home, first)).head.model, "m-2")
      assert.isTrue(fs.existsSync(linesPath(home, "old")))
    }))
})

it("titles: a name, else the description, but none that sessions begin with unless somebody gave it", () => {
  for (const name of ["CLI Session", "New session 3", "Session 12", "New Chat", "ACP Session", " ", 7, null]) {
    assert.isNull(titleOf(name, "", false), String(name))
  }
  assert.strictEqual(titleOf("", "Described", false), "Described")
  assert.strictEqual(titleOf("Session planning", "x", false), "Session planning")
  assert.strictEqual(titleOf("Session 12", "x", true), "Session 12")
})

it("times are told by their shape", () => {
  const time = Date.UTC(2026, 10, 1, 10, 0, 0)
  const shapes = [start, time, `${start}`, "2026-11-01 10:00:00", "2026-11-01T10:00:00Z", "2026-11-01T12:00:00+02:00"]
  for (const value of [...shapes, BigInt(time)]) assert.strictEqual(asMoment(value), time, String(value))
  assert.strictEqual(asMoment("2026-11-01T10:00:00.250"), time + 250)
  for (const value of [null, "", "soon", -5, Number.NaN, 1e300, {}]) assert.isNull(asMoment(value))
})
