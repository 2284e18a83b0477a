import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { codex } from "../../../src/adapters/codex/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { base, first, fixtureRecords, rolloutPath, second, segment } from "./records.ts"

const files = [
  "paginated",
  "bare",
  "envelope",
  "legacy",
  "legacy-fork",
  "events-only",
  "agent",
  "chain-fork",
  "chain-segment",
  "chain-base"
]

const records = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_120)
      const sources = files.map((name) => fixtureRecords(name))
      const harvest = new Harvest()
      for (let run = 0; run * perRun < records; run++) {
        const home = yield* temporaryHome
        const source = sources[run % sources.length]!
        const lines: Array<string> = []
        while (lines.length < perRun) {
          const from = lines.length < source.length ? source : sources[Math.floor(random() * sources.length)]!
          const record = from[lines.length < source.length ? lines.length : Math.floor(random() * from.length)]!
          lines.push(mutateLine(random, JSON.stringify(mutateRecord(random, record))))
        }
        const content = lines.join("\n")
        writeFile(rolloutPath(home, first, "02"), content)
        writeFile(rolloutPath(home, first, "03", `_${segment}`), content)
        writeFile(rolloutPath(home, base), content)
        writeFile(
          rolloutPath(home, second),
          fixtureRecords("chain-fork", second)
            .map((line) => JSON.stringify(line))
            .join("\n")
        )
        const discovery = yield* discoverIn(codex, home)
        assert.strictEqual(discovery.entries.length, 3)
        for (const entry of discovery.entries) {
          const head = yield* codex.survey(entry)
          yield* codex.linkedFiles(entry, discovery)
          const transcript = yield* codex.load(entry, discovery, { retainedChars: run % 2 === 0 ? -1 : 1_000_000 })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, records / 4)
      assert.isAbove(harvest.skipped, records / 20)
      assert.includeMembers(Array.from(harvest.reasons), [
        "invalid JSON",
        "record without payload",
        "record without a type"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
