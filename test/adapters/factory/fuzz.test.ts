import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { factory } from "../../../src/adapters/factory/index.ts"
import { parseJson } from "../../../src/adapters/support/json.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { child, first, fixtureRecords, second, settings, transcriptPath } from "./records.ts"

const total = 20_000
const perRun = 1000

it.effect(
  `${total} mutated records: no crash, and what cannot be used is counted`,
  () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const random = seeded(20_261_120)
      const records = [
        ...fixtures.flatMap((fixture) => fixture.records(first)),
        ...fixtureRecords("files"),
        ...fixtureRecords("child")
      ]
      const harvest = new Harvest()
      let counted = 0
      for (let done = 0; done < total; done += perRun) {
        const lines = Array.from({ length: perRun }, (_, at) => {
          const record = mutateRecord(random, records[(done + at) % records.length])
          // Ids of their own: a message that is written again would take the place of another.
          if (typeof record === "object" && record !== null && "id" in record) record.id = `${done}-${at}`
          return mutateLine(random, JSON.stringify(record))
        })
        writeFile(transcriptPath(home, first), lines.join("\n"))
        const odd = JSON.stringify(mutateRecord(random, { ...settings, worktree: { branch: "b" } }))
        writeFile(transcriptPath(home, first).replace(/\.jsonl$/, ".settings.json"), mutateLine(random, odd))
        writeFile(transcriptPath(home, child), JSON.stringify(mutateRecord(random, fixtureRecords("child")[0])))
        const invocations = [{ parentSessionId: first, childSessionId: child, parentToolUseId: "t", description: "d" }]
        writeFile(
          `${home}/.factory/task-invocations.json`,
          mutateLine(random, JSON.stringify(mutateRecord(random, { invocations, at: second })))
        )
        const discovery = yield* discoverIn(factory, home)
        assert.strictEqual(discovery.entries.length, 2)
        for (const entry of discovery.entries) {
          const head = yield* factory.survey(entry)
          const retainedChars = done % (2 * perRun) === 0 ? -1 : 1_000_000
          const transcript = yield* factory.load(entry, discovery, { retainedChars })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
          if (entry.id !== first) continue
          const skipped = Object.fromEntries(transcript.skipped.map(({ count, reason }) => [reason, count]))
          const broken = lines.filter(
            (line) => line.trim() !== "" && parseJson(line.replace(/^[\0\ufeff]+/, "")) === undefined
          )
          assert.strictEqual((skipped["invalid JSON"] ?? 0) + (skipped["torn last line"] ?? 0), broken.length)
          counted += Object.values(skipped).reduce((sum, count) => sum + count, 0)
        }
      }
      assert.isAbove(harvest.messages, total / 3)
      assert.isAbove(counted, total / 20)
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
