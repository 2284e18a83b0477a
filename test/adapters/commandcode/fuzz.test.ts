import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commandcode } from "../../../src/adapters/commandcode/index.ts"
import { parseJson } from "../../../src/adapters/support/json.ts"
import { messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { mutateLine, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { fixtures } from "./fixtures.ts"
import { first, sessionFile, writeBeside } from "./records.ts"

const total = 20_000
const perSession = 50

const beside = [
  { title: "a", parentSessionId: first, gitBranch: "main", model: "acme/m-1", forkedAt: "2026-11-01T09:00:00.000Z" },
  { id: "k1", turnNumber: 1, prompt: "hello", files: [{ path: "/home/dev/app/a.ts", hash: null }] }
]

it.effect(`${total} mutated records: no crash, and what cannot be used is counted`, () =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    const random = seeded(20261102)
    const records = fixtures.flatMap((fixture) => fixture.records(first))
    let read = 0
    let counted = 0
    let compared = 0
    for (let done = 0; done < total; done += perSession) {
      const lines = Array.from({ length: perSession }, (_, at) =>
        mutateLine(random, JSON.stringify(mutateRecord(random, records[(done + at) % records.length])))
      )
      writeFile(sessionFile(home, first), lines.join("\n"))
      writeBeside(home, first, "meta.json", mutateLine(random, JSON.stringify(mutateRecord(random, beside[0]))))
      writeBeside(home, first, "checkpoints.jsonl", mutateLine(random, JSON.stringify(mutateRecord(random, beside[1]))))
      const { entry, head, transcript } = yield* readIn(commandcode, home, first)
      // Of a longer file, the survey does not see every line.
      if (entry.file.size <= 64 * 1024) {
        assert.deepStrictEqual(transcript.head, head)
        compared++
      }
      const again = yield* readIn(commandcode, home, first, { retainedChars: -1 })
      assert.deepStrictEqual(messagesOf(again.transcript), messagesOf(transcript))
      read += transcript.count
      // A byte order mark belongs to the very beginning of a file.
      const broken = lines.filter(
        (line, at) => line.trim() !== "" && parseJson(line.replace(at === 0 ? /^\ufeff?\0*/ : /^\0*/, "")) === undefined
      )
      const skipped = skippedOf(transcript)
      const noJson = (skipped["invalid JSON"] ?? 0) + (skipped["torn last line"] ?? 0)
      assert.strictEqual(noJson, broken.length)
      counted += Object.values(skipped).reduce((sum, count) => sum + count, 0)
    }
    assert.isAbove(compared, total / perSession / 2)
    assert.isAbove(read, total / 100)
    assert.isAbove(counted, total / 20)
  }).pipe(Effect.scoped, Effect.provide(storeLayer))
)
