import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { copilot } from "../../../src/adapters/copilot/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  agent,
  eventsPath,
  first,
  fixtureRecords,
  historyPath,
  historyText,
  second,
  sessionDir,
  workspace
} from "./records.ts"

const names = ["current", "subagent", "fork", "compaction", "old", "silent"]
const total = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_120)
      const records = names.flatMap((name) => fixtureRecords(name))
      const document = JSON.parse(historyText) as unknown
      const harvest = new Harvest()
      for (let run = 0; run * perRun < total; run++) {
        const home = yield* temporaryHome
        const lines = Array.from({ length: perRun }, (_, at) =>
          mutateLine(random, JSON.stringify(mutateRecord(random, records[(run * perRun + at) % records.length])))
        )
        writeFile(eventsPath(home, first), lines.join("\n"))
        writeFile(`${sessionDir(home, first)}/workspace.yaml`, mutateLine(random, workspace(first, 'name: "a\\x"\n')))
        writeFile(historyPath(home, second), mutateLine(random, JSON.stringify(mutateRecord(random, document))))
        const discovery = yield* discoverIn(copilot, home)
        assert.strictEqual(discovery.entries.length, 2)
        for (const entry of discovery.entries) {
          const head = yield* copilot.survey(entry)
          const retained = run % 2 === 0 ? { retainedChars: -1 } : {}
          const transcript = yield* copilot.load(entry, discovery, retained)
          assert.deepStrictEqual(
            { ...transcript.head, cwd: "", gitBranch: "", model: "" },
            { ...head, cwd: "", gitBranch: "", model: "" }
          )
          yield* copilot.load(entry, discovery, { branchOf: agent })
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, total / 10)
      assert.isAbove(harvest.skipped, total / 20)
      assert.includeMembers(Array.from(harvest.reasons), [
        "invalid JSON",
        "record cut off by the next",
        "record without data"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
