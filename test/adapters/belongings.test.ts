import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../src/adapters/claude/index.ts"
import { commandcode } from "../../src/adapters/commandcode/index.ts"
import { copilot } from "../../src/adapters/copilot/index.ts"
import { cursorAgent } from "../../src/adapters/cursor-agent/index.ts"
import { factory } from "../../src/adapters/factory/index.ts"
import { gemini } from "../../src/adapters/gemini/index.ts"
import { goose } from "../../src/adapters/goose/index.ts"
import { kiro } from "../../src/adapters/kiro/index.ts"
import { opencode } from "../../src/adapters/opencode/index.ts"
import type { Adapter, StoreServices } from "../../src/services/Adapter.ts"
import * as StoreTrashLive from "../../src/layers/StoreTrashLive.ts"
import { StoreTrash } from "../../src/services/StoreTrash.ts"
import { discoverIn } from "../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"
import * as copilotStore from "./copilot/records.ts"
import * as cursorStore from "./cursor-agent/store.ts"
import * as factoryStore from "./factory/records.ts"
import * as geminiStore from "./gemini/records.ts"
import * as gooseStore from "./goose/store.ts"
import * as kiroStore from "./kiro/records.ts"
import * as opencodeStore from "./opencode/store.ts"

/** Files below a home that belong to one of its sessions; or the reason why none may be moved. */
const belongingsOf = Effect.fnUntraced(function* (adapter: Adapter, home: string, id: string) {
  const roots = adapter.roots({ env: {}, home, platform: "linux", ignoreEnv: true })
  const discovery = yield* discoverIn(adapter, home)
  const entry = discovery.entries.find((candidate) => candidate.id === id)
  assert.isDefined(entry)
  const [own] = yield* adapter.belongings!([entry!], discovery, roots)
  if (own === undefined || "refused" in own) return own?.refused ?? "nothing"
  const trash = yield* StoreTrash
  const { files, problem } = yield* trash.inventory(own.paths, roots)
  assert.isNull(problem)
  return files.map(({ path }) => path.slice(home.length + 1)).toSorted()
})

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices | StoreTrash>) =>
  it.effect(name, () =>
    Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(
      Effect.provide([storeLayer, StoreTrashLive.layer]),
      Effect.orDie
    )
  )

/** Writes files below a home and gives back their names, sorted. */
const write = (home: string, names: ReadonlyArray<string>): ReadonlyArray<string> => {
  for (const name of names) if (!fs.existsSync(`${home}/${name}`)) writeFile(`${home}/${name}`, "{}\n")
  return names.toSorted()
}

describe("what belongs to a session", () => {
  test("claude: copies below other projects, everything in its directory, and nothing of its neighbours", (home) =>
    Effect.gen(function* () {
      const id = claudeId(1)
      writeClaude(home, id, [["user", "count"]])
      writeClaude(home, claudeId(2), [["user", "count"]])
      const base = ".claude/projects"
      const own = write(home, [
        `${base}/-w/${id}.jsonl`,
        `${base}/-w/${id}/custom-title.json`,
        `${base}/-w/${id}/archived.json`,
        `${base}/-w/${id}/tool-results/a.txt`,
        `${base}/-w/${id}/subagents/workflows/r1/journal.jsonl`,
        `${base}/-other/${id}.jsonl`,
        `${base}/-other/${id}/tool-results/b.txt`
      ])
      write(home, [`${base}/-w/memory/m.md`, `${base}/-w/${claudeId(2)}/archived.json`, ".claude/history.jsonl"])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(claude, home, id), own)
    }))

  test("gemini: twins and stubs with its id, outputs, log, plans and agents", (home) =>
    Effect.gen(function* () {
      const { first, fixtureText, second, sessionFile } = geminiStore
      writeFile(sessionFile(home, first), fixtureText("stream.jsonl"))
      const stub = JSON.stringify({ sessionId: first, projectHash: "x", startTime: "2026-11-01T10:07:00.000Z" })
      writeFile(sessionFile(home, first, "07"), `${stub}\n`)
      const project = ".gemini/tmp/workshop"
      const own = write(home, [
        ...[sessionFile(home, first), sessionFile(home, first, "07")].map((path) => path.slice(home.length + 1)),
        `${project}/tool-outputs/session-${first}/a.txt`,
        `${project}/logs/session-${first}.jsonl`,
        `${project}/${first}/plans/plan.md`,
        `${project}/chats/${first}/${geminiStore.agent}.jsonl`
      ])
      write(home, [
        sessionFile(home, second).slice(home.length + 1),
        `${project}/logs.json`,
        `${project}/logs/session-${second}.jsonl`,
        `${project}/checkpoint-a.json`
      ])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(gemini, home, first), own)
    }))

  test("gemini: an id that is the name of a shared folder takes nothing but its file", (home) =>
    Effect.gen(function* () {
      const path = ".gemini/tmp/workshop/chats/session-2026-11-01T10-00-chats.jsonl"
      const record = { sessionId: "chats", projectHash: "x", startTime: "2026-11-01T10:00:00.000Z", kind: "main" }
      writeFile(`${home}/${path}`, jsonLines([record, { id: "m", type: "user", content: "hello" }]))
      write(home, [".gemini/tmp/workshop/chats/notes.txt"])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(gemini, home, "chats"), [path])
    }))

  test("copilot: its directory, its flat file and all of its old documents", (home) =>
    Effect.gen(function* () {
      const { eventsPath, first, historyPath, historyText, second, sessionDir, writeSessions } = copilotStore
      writeSessions(home, [
        { id: first, records: [] },
        { id: second, records: [] }
      ])
      writeFile(historyPath(home, first, "1758355200000"), historyText)
      writeFile(historyPath(home, first, "1758355200001"), historyText)
      const relative = (path: string) => path.slice(home.length + 1)
      const own = write(home, [
        relative(eventsPath(home, first)),
        ...fs.readdirSync(sessionDir(home, first)).map((name) => relative(`${sessionDir(home, first)}/${name}`)),
        relative(`${sessionDir(home, first)}/rewind-file-snapshots/backups/a`),
        relative(`${sessionDir(home, first)}/session.db`),
        relative(`${sessionDir(home, first)}.jsonl`),
        relative(historyPath(home, first, "1758355200000")),
        relative(historyPath(home, first, "1758355200001"))
      ])
      write(home, [".copilot/session-store.db", ".copilot/session-state/.session-operation-locks/x"])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(copilot, home, first), Array.from(new Set(own)))
    }))

  test("factory: settings, backups and attachments; a lock beside it refuses", (home) =>
    Effect.gen(function* () {
      const { first, second, transcriptPath, writeSessions } = factoryStore
      writeSessions(home, [
        { id: first, records: [] },
        { id: second, records: [] }
      ])
      const transcript = transcriptPath(home, first).slice(home.length + 1)
      const stem = transcript.slice(0, -".jsonl".length)
      const own = write(home, [
        transcript,
        `${stem}.settings.json`,
        `${stem}.settings.json.bak`,
        `${stem}.jsonl.bak`,
        `.factory/sessions/${first}/attachments/a.pdf`
      ])
      write(home, [".factory/sessions/.favorites", ".factory/task-invocations.json"])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(factory, home, first), own)
      write(home, [`${transcript}.lock`])
      assert.include(String(yield* belongingsOf(factory, home, first)), `${transcript}.lock says that it is open`)
    }))

  test("commandcode: all that is named after it, in every project; ids may have dots", (home) =>
    Effect.gen(function* () {
      const base = ".commandcode/projects"
      const own = write(home, [
        `${base}/a/my.session.jsonl`,
        `${base}/a/my.session.meta.json`,
        `${base}/a/my.session.checkpoints.jsonl`,
        `${base}/a/my.session.prompts.jsonl`,
        `${base}/a/my.session.v2.bak`,
        `${base}/b/my.session.checkpoints.jsonl`
      ])
      const other = write(home, [`${base}/a/my.jsonl`, `${base}/a/my.meta.json`])
      write(home, [`${base}/a/my.notes.md`, `${base}/a/mcp.json`, ".commandcode/history.jsonl"])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(commandcode, home, "my.session"), own)
      assert.deepStrictEqual<unknown>(yield* belongingsOf(commandcode, home, "my"), other)
    }))

  test("opencode: messages, parts and the rest of the tree; rows of a database never", (home) =>
    Effect.gen(function* () {
      const { addToTree, dataDir, first, second, writeDatabase, writeTree } = opencodeStore
      const row = (session: string, n: number) => [
        { table: "message", id: `msg_${n}`, session_id: session, data: { role: "user" } },
        {
          table: "part",
          id: `prt_${n}`,
          message_id: `msg_${n}`,
          session_id: session,
          data: { type: "text", text: "x" }
        }
      ]
      writeTree(home, [
        { id: first, records: [] },
        { id: second, records: [] }
      ])
      addToTree(home, row(first, 1), first)
      addToTree(home, row(second, 2), second)
      const storage = `${dataDir(home)}/storage`.slice(home.length + 1)
      const own = write(home, [
        `${storage}/session/global/${first}.json`,
        `${storage}/message/${first}/msg_1.json`,
        `${storage}/part/msg_1/prt_1.json`,
        `${storage}/todo/${first}.json`,
        `${storage}/session_diff/${first}.json`
      ])
      write(home, [`${storage}/todo/${second}.json`, `${storage}/project/global.json`, `${storage}/migration`])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(opencode, home, first), own)
      writeDatabase("1.18")(home, [{ id: first, records: [] }])
      assert.include(String(yield* belongingsOf(opencode, home, first)), "opencode.db")
    }))

  test("goose: files of before 1.10, unless a database has them too", (home) =>
    Effect.gen(function* () {
      const { databasePath, first, linesPath } = gooseStore
      writeFile(linesPath(home, "20250901_101010"), "{}\n")
      const own = [linesPath(home, "20250901_101010").slice(home.length + 1)]
      assert.deepStrictEqual<unknown>(yield* belongingsOf(goose, home, "20250901_101010"), own)
      gooseStore.writeDatabase(17)(home, [{ id: first, records: [] }])
      assert.include(String(yield* belongingsOf(goose, home, first)), databasePath(home))
    }))

  test("kiro: a conversation that moved from the database into files is in both, and stays", (home) =>
    Effect.gen(function* () {
      const { first, turnsPath, writeDatabase, writeTurns } = kiroStore
      writeTurns(home, [{ id: first, records: [kiroStore.prompt("count")] }])
      const stem = turnsPath(home, first).slice(home.length + 1, -".jsonl".length)
      const own = write(home, [`${stem}.json`, `${stem}.jsonl`, `${stem}.history`])
      assert.deepStrictEqual<unknown>(yield* belongingsOf(kiro, home, first), own)
      write(home, [`${stem}.lock`])
      assert.include(String(yield* belongingsOf(kiro, home, first)), ".lock says that it is open")
      fs.rmSync(`${home}/${stem}.lock`)
      writeDatabase(home, [{ id: first, records: [] }])
      assert.include(String(yield* belongingsOf(kiro, home, first)), "data.sqlite3")
      fs.writeFileSync(
        kiroStore.databasePath(home),
        "no database at all, but long enough to be taken for one ".repeat(20)
      )
      assert.include(String(yield* belongingsOf(kiro, home, first)), "cannot be told")
    }))

  test("kiro: executions of the IDE that are no other session's, and every file of an older chat", (home) =>
    Effect.gen(function* () {
      const { first, hash32, idePath, ideStorage, second, writeChats, writeIde } = kiroStore
      const item = (execution: string) => ({
        message: { role: "assistant", content: "On it." },
        executionId: execution
      })
      writeIde(home, [
        { id: first, records: [item("e1"), item("e2")] },
        { id: second, records: [item("e2")] }
      ])
      const folder = `${ideStorage(home)}/${hash32}/${hash32}`
      const execution = (id: string, session: string | null) =>
        writeFile(`${folder}/0${id}aaaaaaaa`, JSON.stringify({ executionId: id, chatSessionId: session }))
      execution("e1", first)
      execution("e2", second)
      const relative = (path: string) => path.slice(home.length + 1)
      assert.deepStrictEqual<unknown>(
        yield* belongingsOf(kiro, home, first),
        [relative(idePath(home, first)), relative(`${folder}/0e1aaaaaaaa`)].toSorted()
      )
      writeChats(home, [{ id: "flow", records: [{ role: "human", content: "count" }] }])
      const chat = `${ideStorage(home)}/${hash32}/x-flow.chat`
      fs.copyFileSync(chat, chat.replace("x-flow", "y-flow"))
      assert.deepStrictEqual<unknown>(yield* belongingsOf(kiro, home, "flow"), [
        relative(chat),
        relative(chat).replace("x-flow", "y-flow")
      ])
    }))

  test("cursor: the folder of its store and its transcripts; not while it is a chat of the IDE too", (home) =>
    Effect.gen(function* () {
      const { child, first, idePath, second, storeDir, transcriptPath, writeChats, writeTranscripts } = cursorStore
      writeTranscripts(home, [
        { id: first, records: [] },
        { id: second, records: [] }
      ])
      const relative = (path: string) => path.slice(home.length + 1)
      const own = write(home, [
        relative(`${storeDir(home, first)}/store.db`),
        relative(`${storeDir(home, first)}/store.db-wal`),
        relative(`${storeDir(home, first)}/meta.json`),
        relative(`${storeDir(home, first)}/prompt_history.json`),
        relative(transcriptPath(home, first)),
        relative(transcriptPath(home, first)).replace(`${first}.jsonl`, `subagents/${child}.jsonl`)
      ])
      fs.writeFileSync(`${storeDir(home, first)}/store.db-wal`, "")
      assert.deepStrictEqual<unknown>(yield* belongingsOf(cursorAgent, home, first), own)
      writeChats(home, [{ id: first, records: [] }])
      assert.include(String(yield* belongingsOf(cursorAgent, home, first)), idePath(home))
      assert.notInclude(String(yield* belongingsOf(cursorAgent, home, second)), idePath(home))
    }))
})
