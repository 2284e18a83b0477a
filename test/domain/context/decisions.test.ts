import { assert, describe, it } from "@effect/vitest"
import { decisionsIn } from "../../../src/domain/context/decisions.ts"

describe("sentences that read like decisions", () => {
  it("are those with the wordings that are documented", () => {
    const said: ReadonlyArray<readonly [sentence: string, kind: string]> = [
      ["Decision: keep the integers in the export.", "decided"],
      ["**Decided**: one index per column.", "decided"],
      ["Noted: the export keeps the integers.", "decided"],
      ["I decided to leave the cache alone.", "decided"],
      ["We've chosen Postgres for the search.", "decided"],
      ["I went with a queue per tenant.", "decided"],
      ["I used a Map instead of an object here.", "over"],
      ["Switched to pnpm rather than npm for this.", "over"],
      ["I would stay in Postgres for now.", "proposed"],
      ["I'd leave the retry limit at 48.", "proposed"],
      ["I recommend two indexes, not one.", "proposed"]
    ]
    for (const [sentence, kind] of said) {
      assert.deepStrictEqual(
        decisionsIn(sentence).map((found) => found.kind),
        [kind],
        sentence
      )
    }
  })

  it("are told word for word, one by one, without list marks", () => {
    const text = "Done.\n\n1. I went with **uuid** keys. They sort.\n- I chose   batches\tof 5000 rows."
    assert.deepStrictEqual(
      decisionsIn(text).map((found) => found.text),
      ["I went with uuid keys.", "I chose batches of 5000 rows."]
    )
  })

  it("are not questions, code, quotes, tables, nor what only sounds alike", () => {
    const texts = [
      "Should I have decided to keep it?",
      "```ts\n// I decided to keep this one\n```",
      "~~~\nI decided to keep this one\n",
      "> I decided to keep this one",
      "| I decided to keep this one |",
      "The team decided nothing yet.",
      "I would like to see the log.",
      "The invoice used line.net instead of netOf(line).",
      "I decided.",
      `I decided to ${"x".repeat(400)}.`
    ]
    for (const text of texts) assert.deepStrictEqual(decisionsIn(text), [], text)
  })

  it("behind a code block are found", () => {
    assert.lengthOf(decisionsIn("```\ncode\n```\nI decided to keep this one."), 1)
  })

  it("are looked for in linear time", () => {
    const started = performance.now()
    for (const text of [
      "I ".repeat(200_000),
      "```\n".repeat(50_000),
      "a. ".repeat(100_000),
      "I instead ".repeat(30_000),
      " ".repeat(300_000)
    ]) {
      decisionsIn(text)
    }
    assert.isBelow(performance.now() - started, 3000)
  })
})
