import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../../src/adapters/claude/index.ts"
import { parseJson } from "../../../src/adapters/support/json.ts"
import { messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { first, sessionFile } from "./records.ts"

const total = 20_000
const perSession = 500

it.effect(`${total} mutated records: no crash, and what cannot be used is counted`, () =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    const random = seeded(20261101)
    const records = fixtures.flatMap((fixture) => fixture.records(first))
    let read = 0
    let counted = 0
    for (let done = 0; done < total; done += perSession) {
      const lines = Array.from({ length: perSession }, (_, at) =>
        mutateLine(random, JSON.stringify(mutateRecord(random, records[(done + at) % records.length])))
      )
      writeFile(sessionFile(home, first), lines.join("\n"))
      const { transcript } = yield* readIn(claude, home, first)
      read += messagesOf(transcript).length
      const broken = lines.filter(
        (line) => line.trim() !== "" && parseJson(line.replace(/^[\0\ufeff]+/, "")) === undefined
      )
      const skipped = skippedOf(transcript)
      const noJson = (skipped["invalid JSON"] ?? 0) + (skipped["torn last line"] ?? 0)
      // Metadata and attachments that still look whole at both ends are passed over without a parse.
      const mustCount = broken.filter((line) => !line.endsWith("}") || !/^\{"(type|parentUuid)":/.test(line))
      assert.isAtMost(noJson, broken.length)
      assert.isAtLeast(noJson, mustCount.length)
      counted += Object.values(skipped).reduce((sum, count) => sum + count, 0)
    }
    assert.isAbove(read, total / 50)
    assert.isAbove(counted, total / 20)
  }).pipe(Effect.scoped, Effect.provide(storeLayer))
)
