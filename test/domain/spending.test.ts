import { assert, describe, it } from "@effect/vitest"
import { SpendingTable } from "../../src/adapters/support/spending.ts"
import type { TokenUsage } from "../../src/domain/session.ts"
import { type Answer, dayOf, decodeAnswers, encodeAnswers, splitUsage } from "../../src/domain/spending.ts"
import { tallyOf } from "../../src/domain/tally.ts"
import { TotalsBuilder } from "../../src/domain/totals.ts"
import { transcriptOf } from "../support/transcripts.ts"

const usage = (input: number, output = 0): TokenUsage => ({
  input,
  output,
  cacheRead: 0,
  cacheCreation: 0,
  thinking: 0
})

describe("answers as text", () => {
  it("come back as they were", () => {
    const answers: ReadonlyArray<Answer> = [
      { key: "0abc", row: 0, copied: false, tokens: usage(0, 2_000_000_000) },
      { key: "", row: 35, copied: true, tokens: { input: 1, output: 2, cacheRead: 3, cacheCreation: 4, thinking: 5 } }
    ]
    assert.deepStrictEqual(decodeAnswers(encodeAnswers(answers)), answers)
    assert.deepStrictEqual(decodeAnswers(encodeAnswers([])), [])
  })

  it.each([999, 1000, 1001, 2500])("come back whole when they are %i", (length) => {
    const answers = Array.from({ length }, (_, at) => ({ key: `k${at}`, row: at, copied: false, tokens: usage(at) }))
    assert.deepStrictEqual(decodeAnswers(encodeAnswers(answers)), answers)
  })

  it("that are damaged are left out, the others are read", () => {
    const good = encodeAnswers([{ key: "a", row: 1, copied: false, tokens: usage(7) }])
    assert.deepStrictEqual(decodeAnswers(`x,y ${good} a,1,2 , a,1,-5,0,0,0,0`), decodeAnswers(good))
  })
})

describe("the split of a usage", () => {
  const spent = [{ day: "2026-11-01", model: "m", tokens: usage(10, 3) }]

  it("is what the answers say where they say all", () => {
    assert.deepStrictEqual(splitUsage(usage(10, 3), spent), spent)
  })

  it("leaves the rest without a day and a model", () => {
    assert.deepStrictEqual(splitUsage(usage(15, 3), spent), [...spent, { day: null, model: null, tokens: usage(5) }])
    assert.deepStrictEqual(splitUsage(usage(15), []), [{ day: null, model: null, tokens: usage(15) }])
  })

  it("is none where the answers say more than the tool's own sum", () => {
    assert.deepStrictEqual(splitUsage(usage(9, 3), spent), [{ day: null, model: null, tokens: usage(9, 3) }])
  })
})

describe("a table of spending", () => {
  it("sums by UTC day and model, cached tokens apart from the input", () => {
    const table = new SpendingTable(true)
    const late = Date.parse("2026-11-01T23:59:59.999Z")
    table.add(table.row(late, "a"), [100, 5, 60, 10, 1])
    table.add(table.row(late, "a"), [100, 5, 0, 0, 0])
    table.add(table.row(late + 1, "a"), [1, 1, 0, 0, 0])
    table.add(table.row(null, null), [2, 0, 0, 0, 0])
    assert.deepStrictEqual(table.rows, [
      {
        day: "2026-11-01",
        model: "a",
        tokens: { input: 130, output: 10, cacheRead: 60, cacheCreation: 10, thinking: 1 }
      },
      { day: "2026-11-02", model: "a", tokens: usage(1, 1) },
      { day: null, model: null, tokens: usage(2) }
    ])
  })

  it("does not grow with the models that a hostile file makes up", () => {
    const table = new SpendingTable()
    for (let n = 0; n < 5000; n++) table.add(table.row(0, `model ${n}`), [1, 0, 0, 0, 0])
    assert.isAtMost(table.rows.length, 201)
    assert.strictEqual(
      table.rows.reduce((all, { tokens }) => all + tokens.input, 0),
      5000
    )
    assert.strictEqual(table.rows.at(-1)!.model, null)
  })

  it("has no day for a time that no date can hold", () => {
    assert.isNull(dayOf(9e15))
    assert.strictEqual(dayOf(-1), "1969-12-31")
  })
})

const time = (iso: string): number => Date.parse(iso)

describe("the tally of a session", () => {
  const drafts = [
    { role: "user", time: time("2026-11-01T23:00:00.000Z"), text: "one ".repeat(30), blocks: [] },
    { role: "assistant", time: time("2026-11-02T01:00:00.000Z"), text: "two ".repeat(31), blocks: [] },
    {
      role: "tool_result",
      time: time("2026-11-02T03:00:00.000Z"),
      text: "failed",
      blocks: [{ type: "tool_result", toolUseId: null, isError: true }]
    },
    { role: "assistant", time: null, text: "three", blocks: [] }
  ] as const

  it("puts messages on the day that they were written; what has no time, on the last", () => {
    const transcript = transcriptOf(drafts)
    const { days } = tallyOf({
      ...transcript,
      head: { ...transcript.head, updatedAt: time("2026-11-02T03:00:00.000Z") }
    })
    assert.deepStrictEqual(
      days.map(({ byRole, day, durationMs, errors }) => ({ day, roles: Object.values(byRole), errors, durationMs })),
      [
        { day: "2026-11-01", roles: [1, 0, 0, 0, 0], errors: 0, durationMs: 0 },
        { day: "2026-11-02", roles: [0, 2, 0, 0, 1], errors: 1, durationMs: 7_200_000 }
      ]
    )
    assert.strictEqual(
      days.reduce((sum, { tokens }) => sum + tokens, 0),
      transcript.totalTokens
    )
    assert.isTrue(days.every(({ tokens }) => tokens > 20))
  })

  it("has a day and a model for every token, the session's where nothing says another", () => {
    const transcript = transcriptOf(drafts)
    const head = { ...transcript.head, model: "main", updatedAt: time("2026-11-05T00:00:00.000Z") }
    const facts = {
      ...transcript.facts,
      tokenUsage: usage(15, 1),
      spent: [{ day: "2026-11-01", model: "other", tokens: usage(10, 1) }]
    }
    const tally = tallyOf({ ...transcript, head, facts })
    assert.deepStrictEqual(tally.spent, [
      { day: "2026-11-01", model: "other", tokens: usage(10, 1) },
      { day: "2026-11-05", model: null, tokens: usage(5) }
    ])
    const builder = new TotalsBuilder()
    builder.add({ source: "s", cwd: null, isSubagent: false, tally })
    const { groups, total } = builder.build("model")
    assert.deepStrictEqual(total.tokens, usage(15, 1))
    assert.deepStrictEqual(
      groups.map(({ key, messages, tokens }) => [key, messages, tokens?.input]),
      [
        ["other", 0, 10],
        ["main", 4, 5]
      ]
    )
  })
})
