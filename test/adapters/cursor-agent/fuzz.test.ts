import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cursorAgent } from "../../../src/adapters/cursor-agent/index.ts"
import { fieldsOf } from "../../../src/adapters/cursor-agent/protobuf.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import { field, first, fixture, number, second, writeChats, writeStores, writeTranscripts } from "./store.ts"

const records = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_121)
      const kinds = [
        [fixture("store"), writeStores],
        [fixture("transcript"), writeTranscripts],
        [fixture("bubbles"), writeChats]
      ] as const
      const harvest = new Harvest()
      for (let run = 0; run * perRun < records; run++) {
        const home = yield* temporaryHome
        const [source, write] = kinds[run % kinds.length]!
        const mutated = () => mutateRecord(random, source[Math.floor(random() * source.length)]!)
        write(home, [
          { id: first, records: Array.from({ length: perRun }, mutated) },
          { id: second, records: source }
        ])
        const discovery = yield* discoverIn(cursorAgent, home)
        assert.lengthOf(discovery.entries, 2)
        for (const entry of discovery.entries) {
          const head = yield* cursorAgent.survey(entry)
          const transcript = yield* cursorAgent.load(entry, discovery, {
            retainedChars: run % 2 === 0 ? -1 : 1_000_000
          })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, records / 10)
      assert.isAbove(harvest.skipped, records / 50)
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)

it("broken protobuf ends the list of fields, and never throws", () => {
  const random = seeded(7)
  const whole = Buffer.concat([field(1, "abc"), number(3, 300), field(2, Buffer.alloc(200, 1))])
  assert.deepStrictEqual(
    fieldsOf(whole).map((found) => found.number),
    [1, 3, 2]
  )
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from(whole.subarray(0, Math.floor(random() * whole.length)))
    if (bytes.length > 0) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    for (const found of fieldsOf(bytes)) assert.isAbove(found.number, 0)
  }
})
