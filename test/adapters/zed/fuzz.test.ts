import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { zed } from "../../../src/adapters/zed/index.ts"
import { discoverIn } from "../../support/adapter-kit.ts"
import { Harvest, mutateRecord, seeded } from "../../support/fuzz.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import { current, old } from "./conversation.ts"
import {
  child,
  type Document,
  first,
  fixtureDocument,
  fixtureMessages,
  oldRowOf,
  rowOf,
  second,
  writeRows
} from "./store.ts"

const records = 20_000
const perRun = 2000

it.effect(
  "20,000 mutated records, and documents around them: no crash, every one read, silent or counted",
  () =>
    Effect.gen(function* () {
      const random = seeded(20_261_120)
      const pick = <A>(from: ReadonlyArray<A>): A => from[Math.floor(random() * from.length)]!
      const sources = [
        [...fixtureMessages("current"), ...current.conversation()],
        [...fixtureMessages("0.3.0-2025"), ...current.growth()],
        [...fixtureMessages("0.2.0"), ...old.conversation()],
        [...fixtureMessages("0.1.0"), ...fixtureMessages("unversioned"), ...fixtureMessages("current")]
      ]
      const harvest = new Harvest()
      for (let run = 0; run * perRun < records; run++) {
        const home = yield* temporaryHome
        const source = sources[run % sources.length]!
        const mutated = Array.from({ length: perRun }, () => mutateRecord(random, pick(source)))
        // What is around the messages is mutated without them, and keeps them.
        const around = (name: string, list: ReadonlyArray<unknown>): Document => {
          const { messages: _, ...rest } = fixtureDocument(name)
          return { ...(mutateRecord(random, rest) as Document), messages: list }
        }
        const bent = Array.from({ length: 40 }, (_, at) =>
          rowOf(`bent-${at}`, mutateRecord(random, fixtureDocument(pick(["current", "0.2.0"]))), { parent_id: second })
        )
        const name = pick(["current", "0.2.0"])
        const rows = [rowOf(first, around(name, mutated)), oldRowOf(second, around(name, source)), ...bent]
        writeRows(home, "2026", [...rows, rowOf(child, around(name, source), { folder_paths: null })])
        const discovery = yield* discoverIn(zed, home)
        assert.strictEqual(discovery.entries.length, 43)
        for (const entry of discovery.entries) {
          const head = yield* zed.survey(entry)
          const transcript = yield* zed.load(entry, discovery, { retainedChars: run % 2 === 0 ? -1 : 1_000_000 })
          assert.deepStrictEqual(transcript.head, head)
          harvest.take(transcript)
        }
      }
      assert.isAbove(harvest.messages, records)
      assert.isAbove(harvest.skipped, records / 50)
      assert.includeMembers(Array.from(harvest.reasons), [
        "message that is no object",
        "messages that are no list",
        "text without text",
        "tool call that is no object",
        "unknown message role"
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer)),
  30_000
)
