import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { kiro } from "../../../src/adapters/kiro/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  child,
  conversationValue,
  createDatabase,
  eventsFolder,
  eventsMetadata,
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
  second,
  start,
  turnsMetadata,
  turnsPath
} from "./records.ts"

const total = 20_000
const perRun = 1000

const actions = execution()["actions"] as ReadonlyArray<unknown>

it.effect(
  `${total} mutated records: no crash in any store, and what cannot be used is counted`,
  () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const random = seeded(20_261_120)
      const many = (records: ReadonlyArray<unknown>, count: number): ReadonlyArray<unknown> =>
        Array.from({ length: count }, (_, at) => mutateRecord(random, records[at % records.length]))
      const lines = (records: ReadonlyArray<unknown>, count: number): string =>
        many(records, count)
          .map((record) => mutateLine(random, JSON.stringify(record)))
          .join("\n")
      const odd = (record: unknown): string => mutateLine(random, JSON.stringify(mutateRecord(random, record)))
      const messages = [
        { message: { role: "user", content: [{ type: "text", text: "count" }] } },
        { message: { role: "assistant", content: "On it." }, executionId: "x1" }
      ]
      const chat = [
        { role: "human", content: "count" },
        { role: "bot", content: "12" },
        { role: "tool", content: "x" }
      ]
      const harvest = new Harvest()
      const found = new Set<string>()
      for (let done = 0; done < total; done += perRun) {
        writeFile(eventsPath(home, firstEvents), lines(fixtureRecords("events"), 300))
        writeFile(`${eventsFolder(home, firstEvents)}/session.json`, odd({ id: firstEvents, ...eventsMetadata }))
        writeFile(turnsPath(home, first), lines(fixtureRecords("turns"), 300))
        const reason = { parent_session_id: second, session_created_reason: "subagent" }
        writeFile(turnsPath(home, first).slice(0, -1), odd(turnsMetadata(first, start, reason)))
        createDatabase(home, (database) => {
          const value = conversationValue(second, many(fixtureRecords("history"), 200))
          insertConversation(database, second, value)
          insertConversation(database, "odd", odd(value), start, "/odd")
          const more = { latest_summary: ["so far", {}], file_line_tracker: { a: {} }, next_message: { content: {} } }
          insertConversation(database, "odder", odd(conversationValue("odder", [], more)), start, "/odder")
          database
            .prepare("INSERT INTO conversations VALUES (?, ?)")
            .run("/older", odd({ ...value, conversation_id: "v1" }))
        })
        const executions = [execution(), execution({ executionId: "x2", actions: many(actions, 50) })]
        writeFile(`${ideStorage(home)}/${hash32}/${hash32}`, odd(executions[0]))
        writeFile(`${ideStorage(home)}/${hash32}/${hash32.replace("0", "f")}`, odd(executions[1]))
        writeFile(idePath(home, child), JSON.stringify(ideDocument(child, many(messages, 100))))
        writeFile(idePath(home, "odd-document"), odd(ideDocument("odd-document", messages)))
        writeFile(idePath(home, "sessions"), odd([{ sessionId: child, title: "t", dateCreated: "1772359200000" }]))
        const metadata = { workflowId: "w1", startTime: start, endTime: start, modelId: "m" }
        writeFile(`${ideStorage(home)}/${hash32}/a.chat`, JSON.stringify({ chat: many(chat, 100), metadata }))
        writeFile(`${ideStorage(home)}/${hash32}/b.chat`, odd({ executionId: "x9", chat, metadata }))
        const discovery = yield* discoverIn(kiro, home)
        assert.isAtLeast(discovery.entries.length, 7)
        for (const entry of discovery.entries) {
          found.add((entry as { generation?: string }).generation ?? "")
          const head = yield* kiro.survey(entry)
          yield* kiro.survey(entry, true)
          const retainedChars = done % (2 * perRun) === 0 ? -1 : 1_000_000
          const transcript = yield* kiro.load(entry, discovery, { retainedChars })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
          assert.isArray(yield* kiro.linkedFiles(entry, discovery))
        }
      }
      assert.deepStrictEqual(Array.from(found).sort(), ["chat", "database", "events", "ide", "turns"])
      assert.isAbove(harvest.messages, total / 3)
      assert.isAbove(harvest.skipped, total / 20)
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  60_000
)
