import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { gemini } from "../../../src/adapters/gemini/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { first, fixtureText, project, second, sessionFile } from "./records.ts"

const total = 20_000
const perRun = 1000

it.effect(
  `${total} mutated records: no crash, and what cannot be used is counted`,
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_120)
      const records = fixtures.flatMap((fixture) => fixture.records(first))
      const document = JSON.parse(fixtureText("document.json", second)) as unknown
      const harvest = new Harvest()
      for (let run = 0; run * perRun < total; run++) {
        const home = yield* temporaryHome
        const lines = Array.from({ length: perRun }, (_, at) =>
          mutateLine(random, JSON.stringify(mutateRecord(random, records[(run * perRun + at) % records.length])))
        )
        // Short files are surveyed whole, long ones from both ends.
        writeFile(sessionFile(home, first), lines.join("\n"))
        writeFile(`${project(home)}/chats/${first}/agent.jsonl`, lines.slice(0, 50).join("\n"))
        writeFile(
          sessionFile(home, second).replace(/l$/, ""),
          mutateLine(random, JSON.stringify(mutateRecord(random, document), null, 2))
        )
        writeFile(`${project(home)}/.project_root`, mutateLine(random, "/home/dev/workshop"))
        writeFile(
          `${home}/.gemini/projects.json`,
          jsonLines([mutateRecord(random, { projects: { "/a": "workshop" } })])
        )
        const discovery = yield* discoverIn(gemini, home)
        assert.isAtLeast(discovery.entries.length, 2)
        for (const entry of discovery.entries) {
          const head = yield* gemini.survey(entry)
          const transcript = yield* gemini.load(entry, discovery, { retainedChars: run % 2 === 0 ? -1 : 1_000_000 })
          if (entry.file.size <= 128 * 1024) assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, total / 100)
      assert.isAbove(harvest.skipped, total / 20)
      assert.includeMembers(Array.from(harvest.reasons), [
        "invalid JSON",
        "message without a type",
        "record of unknown shape"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
