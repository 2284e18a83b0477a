import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import { align, commonPrefix, type Numbered, numberMessages, steps } from "../../src/domain/diff/align.ts"
import { afterSplit, compareTools, relationOf, sharedPart } from "../../src/domain/diff/compare.ts"
import { type Draft, toolUseText } from "../../src/domain/message.ts"
import { transcriptOf } from "../support/transcripts.ts"

const said = (role: "user" | "assistant" | "system", text: string, time: number | null = null): Draft => ({
  role,
  time,
  text,
  blocks: []
})

const call = (id: string | null, name: string, input: unknown = {}): Draft => ({
  role: "tool_use",
  time: null,
  text: toolUseText(name, input),
  blocks: [{ type: "tool_use", id, name, input }]
})

const failed = (id: string): Draft => ({
  role: "tool_result",
  time: null,
  text: "no",
  blocks: [{ type: "tool_result", toolUseId: id, isError: true }]
})

const numbers = Arbitrary.array(Arbitrary.schema(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 }))), {
  minLength: 0,
  maxLength: 16
})

/** Length of the longest common subsequence by the table that everybody knows. */
const longest = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): number => {
  let row = Array.from({ length: b.length + 1 }, () => 0)
  for (const x of a) {
    const next = [0]
    b.forEach((y, j) => next.push(x === y ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!)))
    row = next
  }
  return row.at(-1)!
}

const numbered = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): Numbered => ({
  a: Int32Array.from(a),
  b: Int32Array.from(b)
})

/** Goes through the steps and puts both sides together again. */
const replay = (both: Numbered, from: number, limit?: number) => {
  const sides = { a: Array.from(both.a.subarray(0, from)), b: Array.from(both.b.subarray(0, from)) }
  let same = 0
  let last = ""
  for (const step of steps(both, from, align(both, from, limit))) {
    if (step.side === "same") {
      assert.notStrictEqual(last, "same")
      assert.strictEqual(step.a, sides.a.length + 1)
      assert.strictEqual(step.b, sides.b.length + 1)
      for (let n = 0; n < step.count; n++) {
        assert.strictEqual(both.a[step.a - 1 + n], both.b[step.b - 1 + n])
        sides.a.push(both.a[step.a - 1 + n]!)
        sides.b.push(both.b[step.b - 1 + n]!)
      }
      same += step.count
    } else {
      assert.isFalse(step.side === "a" && last === "b")
      assert.strictEqual(step.index, sides[step.side].length + 1)
      sides[step.side].push(both[step.side][step.index - 1]!)
    }
    last = step.side
  }
  assert.deepStrictEqual(sides, { a: Array.from(both.a), b: Array.from(both.b) })
  return same
}

describe("aligning two sessions", () => {
  it.prop(
    "finds as much in common as there is, and its steps lead from one to the other",
    { a: numbers, b: numbers },
    ({ a, b }) => {
      const both = numbered(a, b)
      const from = commonPrefix(both)
      assert.strictEqual(replay(both, from), longest(a.slice(from), b.slice(from)))
      assert.strictEqual(replay(both, 0), longest(a, b))
    },
    { arbitrary: { runs: 1000, seed: 20261123 } }
  )

  it.prop(
    "beyond the limit still leads from one to the other, by what occurs once",
    { a: numbers, b: numbers },
    ({ a, b }) => {
      const both = numbered([9, ...a, 100, 101, 102, ...a], [8, ...b, 100, 102, 101, ...b, 7])
      assert.isFalse(align(both, 0, 1).isExact)
      assert.isAtLeast(replay(both, 0, 1), 2)
    },
    { arbitrary: { runs: 300, seed: 20261124 } }
  )

  it("is exact up to the limit", () => {
    const both = numbered([1, 2, 2, 5], [3, 2, 2, 6])
    assert.isTrue(align(both, 0, 4).isExact)
    assert.isFalse(align(both, 0, 3).isExact)
    assert.strictEqual(replay(both, 0, 3), 0)
  })

  it("of long sessions is quick: nothing alike, everything alike but the first, one message over and over", () => {
    const n = 20_000
    const counted = Array.from({ length: n }, (_, at) => at + 1)
    const started = performance.now()
    assert.strictEqual(
      replay(
        numbered(
          counted,
          counted.map((x) => -x)
        ),
        0
      ),
      0
    )
    assert.strictEqual(replay(numbered([0, ...counted], [-1, ...counted]), 0), n)
    const again = numbered([1, ...counted.map(() => 7), 2], [3, ...counted.map(() => 7), 4])
    assert.isFalse(align(again, 0).isExact)
    assert.strictEqual(replay(again, 0), 0)
    assert.isBelow(performance.now() - started, 5000)
  })
})

describe("what two sessions share", () => {
  const start = [said("user", "a"), said("assistant", "b"), call("1", "Bash", { command: "x" })]

  it("is by role and text, not by what a call is called by", () => {
    const [a, b] = [transcriptOf(start), transcriptOf([...start.slice(0, 2), call("2", "Bash", { command: "x" })])]
    assert.strictEqual(commonPrefix(numberMessages(a, b)), 3)
    const shared = sharedPart(a, b, 3)
    assert.deepStrictEqual([shared.sameCalls, shared.otherCalls], [0, 1])
    assert.strictEqual(relationOf(a, transcriptOf([]), shared), "same_session")
  })

  it("ends where a role differs, though the text does not", () => {
    const numbers = numberMessages(transcriptOf([said("user", "a")]), transcriptOf([said("system", "a")]))
    assert.strictEqual(commonPrefix(numbers), 0)
  })

  it("is the same whether or not the messages are kept in memory", () => {
    const [a, b] = [transcriptOf(start), transcriptOf(start, -1)]
    assert.strictEqual(commonPrefix(numberMessages(a, b)), 3)
  })

  it("is nothing of an empty session", () => {
    const empty = transcriptOf([])
    assert.strictEqual(commonPrefix(numberMessages(empty, transcriptOf(start))), 0)
    assert.deepStrictEqual(afterSplit(empty, 0), {
      messages: 0,
      byRole: { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 },
      tokens: 0,
      toolCalls: 0,
      toolErrors: 0,
      durationMs: null
    })
  })

  it("counts behind the split, with the errors at the tool that was called", () => {
    const a = transcriptOf([
      ...start,
      call("2", "Read"),
      failed("2"),
      call("3", "Read"),
      said("user", "c", 2000),
      said("assistant", "d", 5000)
    ])
    const b = transcriptOf([...start, call("9", "Edit")])
    assert.deepStrictEqual(compareTools(a, b, 3), [
      { name: "Read", a: { count: 2, errors: 1 }, b: { count: 0, errors: 0 } },
      { name: "Edit", a: { count: 0, errors: 0 }, b: { count: 1, errors: 0 } }
    ])
    const after = afterSplit(a, 3)
    assert.deepStrictEqual([after.messages, after.toolCalls, after.toolErrors, after.durationMs], [5, 2, 1, 3000])
  })
})
