import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { opencode } from "../../../src/adapters/opencode/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import { parts, rows } from "./conversation.ts"
import { child, first, fixtureRows, type Row, second, writeDatabase, writeTree } from "./store.ts"

const records = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_120)
      const sources = [
        (id: string) => fixtureRows("parts", id),
        (id: string) => fixtureRows("messages", id),
        (id: string) => [...fixtureRows("early", id), ...parts.growth(id)],
        (id: string) => [...rows.conversation(id), ...rows.growth(id)]
      ]
      let number = 0
      const harvest = new Harvest()
      /** A row with an id of its own, whose JSON a crash may have torn. */
      const mutated = (source: ReadonlyArray<Row>): Row => {
        const record = source[Math.floor(random() * source.length)]!
        const row = mutateRecord(random, record) as Row
        const { data } = row
        const torn = typeof data === "object" && random() < 0.3 ? mutateLine(random, JSON.stringify(data)) : data
        const isSession = record["table"] === "session" || record["table"] === "session_v2"
        return {
          ...row,
          ...(data === undefined ? {} : { data: torn }),
          ...(isSession || random() < 0.2 ? {} : { id: `${String(record["id"])}${number++}` })
        }
      }
      for (let run = 0; run * perRun < records; run++) {
        const home = yield* temporaryHome
        const rowsOf = (id: string, count: number) => {
          const source = sources[run % sources.length]!(id)
          return {
            id,
            records: Array.from({ length: count }, (_, at) => (at < source.length ? source[at]! : mutated(source)))
          }
        }
        const write = run === 4 || run === 6 ? writeTree : writeDatabase("2")
        write(home, [rowsOf(first, perRun), rowsOf(second, 100), { id: child, records: parts.child(first) }])
        const discovery = yield* discoverIn(opencode, home)
        assert.isAtLeast(discovery.entries.length, 3)
        for (const entry of discovery.entries) {
          const head = yield* opencode.survey(entry)
          const transcript = yield* opencode.load(entry, discovery, { retainedChars: run % 2 === 0 ? -1 : 1_000_000 })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, records / 10)
      assert.isAbove(harvest.skipped, records / 50)
      assert.includeMembers(Array.from(harvest.reasons), [
        "part that is no JSON object",
        "message that is no JSON object",
        "reverted message",
        "text part without text"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
