import { assert, describe, it } from "@effect/vitest"
import type { Message } from "../../src/domain/message.ts"
import { toolUseText } from "../../src/domain/message.ts"
import { makeView, presets, viewMessage, viewPiece, visibleText } from "../../src/domain/view.ts"

const long = "0123456789".repeat(300)

const said = (role: Message["role"], text: string, blocks: Message["blocks"] = []): Message => ({
  index: 3,
  role,
  time: 0,
  text,
  blocks
})

const call = (input: unknown): Message =>
  said("tool_use", toolUseText("Bash", input), [{ type: "tool_use", id: "t1", name: "Bash", input }])

const shownLength = (message: Message, preset: (typeof presets)[number], json: boolean): number =>
  viewMessage(message, 1, makeView(preset, null, json), false).content?.length ?? -1

describe("presets", () => {
  it("limit texts and results; JSON shows texts whole under verbose", () => {
    const text = said("assistant", long)
    const result = said("tool_result", long)
    assert.deepStrictEqual(
      presets.map((preset) => shownLength(text, preset, false)),
      [80, 500, 2000, 3000]
    )
    assert.deepStrictEqual(
      presets.map((preset) => shownLength(text, preset, true)),
      [80, 500, 3000, 3000]
    )
    for (const json of [true, false]) {
      assert.deepStrictEqual(
        presets.map((preset) => shownLength(result, preset, json)),
        [0, 80, 500, 3000]
      )
    }
  })

  it("say how long a cut text is, and nothing where it is whole", () => {
    const cut = viewMessage(said("user", long), 7, makeView("standard", null, true), false)
    assert.deepInclude(cut, { isCut: true, contentChars: 3000, nextChar: null, tokens: 7 })
    const whole = viewMessage(said("user", "hi"), 7, makeView("standard", null, true), false)
    assert.deepInclude(whole, { isCut: false, contentChars: null, content: "hi" })
  })

  it("leave exempt messages whole", () => {
    const shown = viewMessage(said("user", long), 7, makeView("minimal", null, true), true)
    assert.strictEqual(shown.content, long)
    assert.isFalse(shown.isCut)
  })

  it("cut thinking, or hide it", () => {
    const message = said("assistant", "so", [{ type: "thinking", text: long }])
    const block = (preset: (typeof presets)[number]) =>
      viewMessage(message, 1, makeView(preset, null, true), false).blocks[0]
    assert.isUndefined(block("minimal"))
    assert.isUndefined(block("standard"))
    assert.deepStrictEqual(block("verbose"), { type: "thinking", text: long.slice(0, 200), textChars: 3000 })
    assert.deepStrictEqual(block("full"), { type: "thinking", text: long, textChars: null })
  })

  it("show a call as its name and its input, or the beginning of that", () => {
    const input = { command: long }
    const shown = viewMessage(call(input), 1, makeView("standard", null, true), false)
    assert.strictEqual(shown.content, "Bash")
    assert.deepStrictEqual(shown.blocks, [
      {
        type: "tool_use",
        id: "t1",
        name: "Bash",
        input: { preview: JSON.stringify(input).slice(0, 60), chars: JSON.stringify(input).length }
      }
    ])
    const short = viewMessage(call({ a: 1 }), 1, makeView("standard", null, true), false)
    assert.deepStrictEqual(short.blocks[0], { type: "tool_use", id: "t1", name: "Bash", input: { whole: { a: 1 } } })
    assert.strictEqual(visibleText(call(input), makeView("full", null, true), false), call(input).text)
    assert.strictEqual(visibleText(call(input), makeView("minimal", null, true), false), "Bash")
  })
})

describe("details", () => {
  it("win over the preset", () => {
    const of = (detail: "full" | "condensed" | "skeleton" | "meta") =>
      viewMessage(said("assistant", long), 1, makeView("minimal", detail, true), false)
    assert.strictEqual(of("full").content, long)
    assert.strictEqual(of("condensed").content?.length, 500)
    assert.strictEqual(of("skeleton").content?.length, 60)
    assert.isNull(of("meta").content)
  })

  it("meta shows a call's name and no content", () => {
    const shown = viewMessage(call({ a: 1 }), 1, makeView("full", "meta", true), false)
    assert.deepInclude(shown, { content: null, tool: "Bash", blocks: [], isCut: false })
  })
})

describe("pieces", () => {
  it("get leaner step by step", () => {
    const piece = (lean: 0 | 1 | 2 | 3) => viewPiece(said("user", long), 9, long, 10, 20, lean)
    assert.deepInclude(piece(0), {
      content: "0123456789",
      time: 0,
      tokens: 9,
      isCut: true,
      contentChars: 3000,
      nextChar: 20
    })
    assert.deepInclude(piece(1), { time: null, tokens: null, isCut: true, contentChars: 3000, nextChar: 20 })
    assert.deepInclude(piece(2), { isCut: true, contentChars: null, nextChar: 20 })
    assert.deepInclude(piece(3), { isCut: false, contentChars: null, nextChar: 20 })
  })

  it("the last one goes nowhere, and one that is all is not cut", () => {
    assert.deepInclude(viewPiece(said("user", long), 9, long, 10, 3000, 0), { nextChar: null, isCut: true })
    assert.deepInclude(viewPiece(said("user", "all"), 9, "all", 0, 3, 1), { isCut: false, contentChars: null })
  })
})
