import { assert, describe, it } from "@effect/vitest"
import * as Arbitrary from "effect/Arbitrary"
import * as Schema from "effect/Schema"
import type { Block, Draft } from "../../src/domain/message.ts"
import { toolUseText } from "../../src/domain/message.ts"
import { weighText } from "../../src/domain/tokens.ts"
import type { Transcript } from "../../src/domain/transcript.ts"
import { draftArbitrary, transcriptOf } from "../support/transcripts.ts"

const draft = (role: Draft["role"], text: string, more: Partial<Draft> = {}): Draft => ({
  role,
  time: null,
  text,
  blocks: [],
  ...more
})

const thinking = (text: string): Draft =>
  draft("assistant", "", { blocks: [{ type: "thinking", text }], thinkingOnly: true })

const call = (id: string | null, name: string): Draft =>
  draft("tool_use", toolUseText(name, {}), { blocks: [{ type: "tool_use", id, name, input: {} }] })

const result = (toolUseId: string | null, isError: boolean): Draft =>
  draft("tool_result", "out", { blocks: [{ type: "tool_result", toolUseId, isError }] })

const messages = (transcript: Transcript) =>
  Array.from({ length: transcript.count }, (_, at) => transcript.message(at + 1))

const drafts = Arbitrary.array(draftArbitrary, { minLength: 0, maxLength: 12 })

describe("thinking", () => {
  it("rides on the answer or the call that follows it, and stands alone before anything else", () => {
    const transcript = transcriptOf([
      thinking("one"),
      thinking("two"),
      draft("assistant", "answer"),
      thinking("three"),
      call("c", "Bash"),
      thinking("four"),
      draft("user", "wait"),
      thinking("five")
    ])
    assert.deepStrictEqual(
      messages(transcript).map(({ blocks, role, text }) => [
        role,
        text,
        blocks.map((block: Block) => (block.type === "thinking" ? block.text : block.type)).join()
      ]),
      [
        ["assistant", "answer", "one,two"],
        ["tool_use", "Bash {}", "three,tool_use"],
        ["assistant", "", "four"],
        ["user", "wait", ""],
        ["assistant", "", "five"]
      ]
    )
    assert.strictEqual(transcript.facts.byBlockType["thinking"], 5)
    assert.strictEqual(transcript.facts.byBlockType["text"], 2)
    assert.strictEqual(transcript.tokens(1), Math.ceil(weighText("one") + weighText("two") + weighText("answer")))
  })
})

describe("facts", () => {
  it("count a tool's failed results as its errors, and a result without a call nowhere", () => {
    const { facts } = transcriptOf([
      call("a", "Bash"),
      result("a", true),
      call("b", "Bash"),
      result("b", false),
      call("c", "Read"),
      result("c", true),
      result("unknown", true),
      call(null, "Read"),
      result(null, true)
    ])
    assert.deepStrictEqual(facts.toolFrequency, [
      { name: "Bash", count: 2, errors: 1 },
      { name: "Read", count: 2, errors: 1 }
    ])
  })

  it("have the time from the oldest to the newest message, in whatever order", () => {
    const at = (time: number | null) => draft("user", "x", { time })
    assert.strictEqual(transcriptOf([at(500), at(null), at(100), at(300)]).facts.durationMs, 400)
    assert.strictEqual(transcriptOf([at(500)]).facts.durationMs, 0)
    assert.isNull(transcriptOf([at(null)]).facts.durationMs)
    assert.isNull(transcriptOf([]).facts.durationMs)
  })
})

describe("memory", () => {
  const remadeFor = (drafts: ReadonlyArray<Draft>, retainedChars: number, ...indices: ReadonlyArray<number>) => {
    const remade: Array<number> = []
    const transcript = transcriptOf(drafts, retainedChars, remade)
    indices.forEach((index) => transcript.message(index))
    return remade
  }

  it("keeps the text that fits, thinking included", () => {
    const thinks = draft("assistant", "x", { blocks: [{ type: "thinking", text: "t".repeat(600) }] })
    assert.deepStrictEqual(remadeFor([thinks, thinks, draft("user", "x")], 1000, 1, 2, 3), [1])
  })

  it("makes what is shown again only once, as long as that is not much", () => {
    const all = ["a", "b", "c"].map((text) => draft("user", text))
    assert.deepStrictEqual(remadeFor(all, -1, 3, 2, 3, 2, 3), [2, 1])
    const long = ["a", "b"].map((text) => draft("user", text.repeat(200_000)))
    assert.deepStrictEqual(remadeFor(long, -1, 1, 1, 2, 1), [0, 1, 0])
    assert.deepStrictEqual(remadeFor([draft("user", "a".repeat(300_000))], -1, 1, 1), [0, 0])
  })
})

describe("columns", () => {
  it.prop("say of each message what the message says, kept in memory or made again", { all: drafts }, ({ all }) => {
    const kept = transcriptOf(all)
    const again = transcriptOf(all, -1)
    assert.deepStrictEqual(messages(again), messages(kept))
    assert.strictEqual(again.contentHash, kept.contentHash)
    const byRole = { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 }
    messages(kept).forEach((message, at) => {
      const index = at + 1
      byRole[message.role]++
      const named = message.blocks.find((block) => block.type === "tool_use")
      assert.strictEqual(message.index, index)
      assert.strictEqual(kept.role(index), message.role)
      assert.strictEqual(kept.time(index), message.time)
      assert.strictEqual(kept.chars(index), message.text.length)
      assert.strictEqual(kept.toolName(index), named?.name ?? null)
    })
    assert.deepStrictEqual(kept.byRole, byRole)
    const thoughts = all.flatMap(({ blocks }) =>
      blocks.flatMap((block) => (block.type === "thinking" ? [block.text] : []))
    )
    const tokens = [...all.map(({ text }) => text), ...thoughts].reduce((sum, text) => sum + weighText(text), 0)
    // One meter runs over a message's text and its thinking.
    assert.isAtMost(Math.abs(kept.totalTokens - tokens), 2 + 3 * thoughts.length)
  })

  it.prop("keep their indices while the session grows", { all: drafts, more: draftArbitrary }, ({ all, more }) => {
    // Thinking at the very end is not finished: what follows may take it up.
    const before = all.filter(({ thinkingOnly }) => thinkingOnly !== true)
    const shorter = transcriptOf(before)
    const longer = transcriptOf([...before, more])
    assert.deepStrictEqual(messages(longer).slice(0, shorter.count), messages(shorter))
    assert.notStrictEqual(longer.contentHash, shorter.contentHash)
  })

  const place = Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 100 }))
  it.prop(
    "have another hash when any text or role changes, or two messages change places",
    { all: drafts, place },
    (given) => {
      const at = given.place % Math.max(1, given.all.length)
      const one = given.all[at]
      if (one === undefined) return
      const { contentHash } = transcriptOf(given.all)
      assert.match(contentHash, /^[0-9a-f]{32}$/)
      const changed = (next: Draft) => transcriptOf(given.all.with(at, next)).contentHash
      assert.notStrictEqual(changed({ ...one, text: `${one.text}.` }), contentHash)
      const other = given.all[at + 1]
      if (other === undefined || (other.text === one.text && other.role === one.role)) return
      const swapped = given.all.with(at, other).with(at + 1, one)
      assert.notStrictEqual(transcriptOf(swapped).contentHash, contentHash)
    }
  )
})
