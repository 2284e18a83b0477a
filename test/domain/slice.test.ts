import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Draft } from "../../src/domain/message.ts"
import { around, backward, forward, pageStarts, type Position, type Slicing } from "../../src/domain/slice.ts"
import { snapBack } from "../../src/domain/text.ts"
import { details, makeView, presets, type View, visibleText } from "../../src/domain/view.ts"
import { messagePrinting } from "../../src/render/printing.ts"
import { draftArbitrary, transcriptOf } from "../support/transcripts.ts"

const setup = Schema.Struct({
  preset: Schema.Literals(presets),
  detail: Schema.NullOr(Schema.Literals(details)),
  apiVersion: Schema.Literals([1, 2]),
  format: Schema.Literals(["json", "jsonl", "text"]),
  budget: Schema.Int.check(Schema.isBetween({ minimum: 50, maximum: 400 })),
  large: Schema.Literals([1, 1, 4, 20]),
  filter: Schema.Literals(["all", "no tools", "odd"]),
  place: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 1000 }))
})

const cases = Arbitrary.all({
  drafts: Arbitrary.array(draftArbitrary, { minLength: 0, maxLength: 9 }),
  how: Arbitrary.schema(setup)
})

type How = typeof setup.Type

const slicingOf = (drafts: ReadonlyArray<Draft>, how: How) => {
  const transcript = transcriptOf(drafts)
  const view: View = makeView(how.preset, how.detail, how.format !== "text")
  const printing = messagePrinting(how.format, how.apiVersion)
  const every = Array.from({ length: transcript.count }, (_, at) => at + 1)
  const kept = every.filter((index) =>
    how.filter === "all" ? true : how.filter === "odd" ? index % 2 === 1 : !transcript.role(index).startsWith("tool")
  )
  const slicing: Slicing = {
    transcript,
    view,
    indices: kept,
    isExempt: (index) => index % 3 === 1 && !transcript.role(index).startsWith("tool"),
    budget: how.budget * how.large,
    weigh: printing.weigh,
    frame: printing.frame
  }
  return { slicing, total: printing.total }
}

/** Every window from the first message on, checked on the way for what holds of each. */
const walk = (slicing: Slicing, total: (messages: ReturnType<typeof forward>["messages"]) => number) => {
  const { indices, transcript, view } = slicing
  const starts: Array<Position> = []
  const shown = new Map<number, string>()
  const done: Array<number> = []
  let position: Position = { at: 0, char: 0 }
  while (position.at < indices.length) {
    const { messages, next, start } = forward(slicing, position, indices.length)
    assert.deepStrictEqual(start, position)
    assert.isAtMost(total(messages), slicing.budget)
    assert.isTrue(next.at > position.at || next.char > position.char, `no progress at ${JSON.stringify(position)}`)
    messages.forEach((message, nth) => {
      assert.strictEqual(message.index, indices[position.at + nth])
      const before = shown.get(message.index)
      assert.strictEqual(before !== undefined, nth === 0 && position.char > 0)
      const original = transcript.message(message.index)
      const visible = visibleText(original, view, slicing.isExempt(message.index))
      const call = message.blocks.find(({ type }) => type === "tool_use")
      // A call that is shown whole has its input in the block; its pieces are pieces of the canonical text.
      const text = call !== undefined && view.content ? visible : (message.content ?? "")
      shown.set(message.index, (before ?? "") + text)
      if (message.nextChar === null) done.push(message.index)
      else {
        assert.strictEqual(nth, messages.length - 1)
        assert.deepStrictEqual(next, { at: position.at + nth, char: message.nextChar })
        assert.strictEqual(snapBack(visible, message.nextChar), message.nextChar)
      }
    })
    starts.push(position)
    position = next
  }
  return { starts, shown, done }
}

/** Windows that end, begin and lie around a place; `char` is where a message that is too long is shown from. */
const checkWindows = (
  slicing: Slicing,
  total: (messages: ReturnType<typeof forward>["messages"]) => number,
  place: number,
  char: number
) => {
  const { indices, transcript, view } = slicing
  const from = Math.min(place, char % 3)
  const windows = [
    backward(slicing, from, place + 1),
    around(slicing, place, char, from, indices.length),
    forward(slicing, { at: place, char }, indices.length)
  ]
  windows.forEach(({ messages, next, start }, nth) => {
    assert.isAtMost(total(messages), slicing.budget)
    assert.isAtLeast(start.at, from)
    const last = next.char > 0 ? next.at : next.at - 1
    const expected = Array.from(indices).slice(start.at, last + 1)
    const shown = messages.map(({ index }) => index)
    // A continuation at the very end of a message has nothing left to show of it.
    assert.deepStrictEqual(shown, nth === 2 ? expected.slice(expected.length - shown.length) : expected)
    const [first] = messages
    if (start.char === 0 || first === undefined || first.index !== indices[start.at]) return
    const visible = visibleText(transcript.message(first.index), view, slicing.isExempt(first.index))
    assert.isTrue(visible.startsWith(first.content ?? "", snapBack(visible, start.char)))
  })
  assert.isTrue(windows[0]!.messages.some(({ index }) => index === indices[place]))
  assert.isTrue(windows[1]!.messages.some(({ index }) => index === indices[place]))
}

describe("slicing", () => {
  it.prop(
    "walking from the head shows every character of every message once, in order and within the budget",
    { each: cases },
    ({ each: { drafts, how } }) => {
      const { slicing, total } = slicingOf(drafts, how)
      const { done, shown, starts } = walk(slicing, total)
      assert.deepStrictEqual(done, Array.from(slicing.indices))
      for (const [index, text] of shown) {
        const original = slicing.transcript.message(index)
        assert.strictEqual(text, visibleText(original, slicing.view, slicing.isExempt(index)))
      }
      assert.deepStrictEqual(pageStarts(slicing), starts)
    },
    { arbitrary: { runs: 400, seed: 20261120 } }
  )

  it.prop(
    "windows from behind and around a place are contiguous and within the budget",
    { each: cases },
    ({ each: { drafts, how } }) => {
      const { slicing, total } = slicingOf(drafts, how)
      for (let place = 0; place < slicing.indices.length; place++) checkWindows(slicing, total, place, how.place)
    },
    { arbitrary: { runs: 300, seed: 20261121 } }
  )

  it("a cut message says so, with its length and where it goes on", () => {
    const text = "The quick brown fox jumps over the lazy dog. ".repeat(100)
    const how: How = {
      preset: "full",
      detail: null,
      apiVersion: 1,
      format: "json",
      budget: 200,
      large: 1,
      filter: "all",
      place: 0
    }
    const { slicing } = slicingOf([{ role: "user", time: 0, text, blocks: [] }], how)
    const [message] = forward(slicing, { at: 0, char: 0 }, 1).messages
    assert.isTrue(message?.isCut)
    assert.strictEqual(message?.contentChars, text.length)
    assert.strictEqual(message?.nextChar, message?.content?.length)
    assert.isAbove(message?.nextChar ?? 0, 400)
  })

  it("a budget of 50 keeps making progress through a message at a high index and a high offset", () => {
    const drafts = Array.from({ length: 12_345 }, (): Draft => ({ role: "tool_result", time: 0, text: "", blocks: [] }))
    drafts.push({ role: "tool_result", time: 0, text: "𠮷".repeat(2_000_000), blocks: [] })
    const how = { preset: "full", detail: null, apiVersion: 2, format: "json", budget: 50, large: 1 } as const
    const { slicing, total } = slicingOf(drafts, { ...how, filter: "all", place: 0 })
    const { messages, next } = forward(slicing, { at: 12_345, char: 3_999_000 }, 12_346)
    assert.isAtMost(total(messages), 50)
    assert.isAbove(next.char, 3_999_000)
    assert.strictEqual(messages[0]?.content, "𠮷".repeat((next.char - 3_999_000) / 2))
  })
})
