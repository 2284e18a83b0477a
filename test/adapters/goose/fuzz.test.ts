import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { goose } from "../../../src/adapters/goose/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { conversation, growth, header, sessionRow, start } from "./conversation.ts"
import { first, fixtureRows, linesPath, type Row, second, writeDatabase } from "./store.ts"

const records = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_121)
      const ledger = { table: "usage_ledger", model: "m", input_tokens: 10, output_tokens: 2, total_tokens: 12 }
      const agent = sessionRow({ id: second, session_type: "sub_agent", parent_session_id: first })
      const common = [...conversation, ...growth, ...["items", "compaction", "files", "broken"].flatMap(fixtureRows)]
      const rows = [...common, sessionRow(), agent, ledger]
      const harvest = new Harvest()
      const pick = (from: ReadonlyArray<Row>) => from[Math.floor(random() * from.length)]!
      /** A row whose content a crash may have torn. */
      const mutated = (): Row => {
        const row = mutateRecord(random, pick(rows)) as Row
        const { content, table } = row
        if (table !== undefined || random() < 0.8) return row
        return { ...row, content: `raw:${mutateLine(random, JSON.stringify(content) ?? "")}` }
      }
      for (let run = 0; run * perRun < records; run++) {
        const home = yield* temporaryHome
        if (run % 3 === 2) {
          const line = () => mutateLine(random, JSON.stringify(mutateRecord(random, pick([...common, header]))))
          writeFile(linesPath(home, "old"), Array.from({ length: perRun }, line).join("\n"))
        } else {
          const many = Array.from({ length: perRun }, mutated)
          const last = [sessionRow(), { role: "user", created: start, content: "hi" }]
          writeDatabase(run % 3 === 1 ? 10 : 17)(home, [{ id: first, records: [...many, ...last] }])
        }
        const discovery = yield* discoverIn(goose, home)
        assert.isAtLeast(discovery.entries.length, 1)
        for (const entry of discovery.entries) {
          const head = yield* goose.survey(entry)
          const transcript = yield* goose.load(entry, discovery, { retainedChars: run % 2 === 0 ? -1 : 1_000_000 })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, records / 10)
      assert.isAbove(harvest.skipped, records / 50)
      assert.includeMembers(Array.from(harvest.reasons), [
        "content item that is no object",
        "invalid JSON",
        "message whose content is no JSON list",
        "text item without text"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
