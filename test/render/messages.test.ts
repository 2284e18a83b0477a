import { assert, describe, it } from "@effect/vitest"
import { textMessage } from "../../src/render/text-message.ts"
import { errorToVersion2, snakeKeys } from "../../src/render/version-2.ts"
import { wireMessage } from "../../src/render/wire-message.ts"
import type { MessageView } from "../../src/domain/view.ts"

const view = (more: Partial<MessageView> = {}): MessageView => ({
  index: 4,
  role: "assistant",
  time: Date.parse("2026-11-01T10:20:30.400Z"),
  tokens: 12,
  content: "Hello",
  blocks: [],
  tool: null,
  isCut: false,
  contentChars: null,
  nextChar: null,
  ...more
})

describe("a message as text", () => {
  it("has a head with index, role and time, and its content", () => {
    assert.strictEqual(textMessage(view()), "[4] assistant 2026-11-01 10:20:30\nHello\n\n")
    assert.strictEqual(textMessage(view({ time: null })), "[4] assistant\nHello\n\n")
  })

  it("says where a cut one goes on, or how long it was", () => {
    assert.include(
      textMessage(view({ isCut: true, contentChars: 90, nextChar: 5 })),
      "Hello … goes on at character 5 of 90\n"
    )
    assert.include(textMessage(view({ isCut: true, nextChar: 5 })), "Hello … goes on at character 5\n")
    assert.include(textMessage(view({ isCut: true, contentChars: 90 })), "Hello … of 90 characters\n")
  })

  it("shows thinking before and everything else after the content, all of it clean", () => {
    const text = textMessage(
      view({
        content: "\u001b[31m",
        tool: "Ba\u0007sh",
        blocks: [
          { type: "attachment", kind: "image", mediaType: "image/png", bytes: null },
          { type: "thinking", text: "hm\u202e", textChars: 400 },
          { type: "tool_use", id: null, name: "Bash", input: { whole: { command: "ls\u009b" } } },
          { type: "tool_use", id: null, name: "Bash", input: { preview: "", chars: 70 } },
          { type: "tool_use", id: null, name: "Bash", input: { preview: '{"a', chars: 70 } },
          { type: "tool_result", toolUseId: null, isError: true }
        ]
      })
    )
    assert.deepStrictEqual(text.split("\n").slice(0, -2), [
      "[4] assistant Ba␇sh 2026-11-01 10:20:30",
      "(thinking) hm<U+202E> … of 400 characters",
      "␛[31m",
      "[image image/png]",
      '{"command":"ls<U+009B>"}',
      "… input of 70 characters",
      '{"a … of 70 characters',
      "(failed)"
    ])
  })
})

describe("a message as JSON", () => {
  it("leaves out what does not apply", () => {
    assert.deepStrictEqual(wireMessage(view({ time: null, tokens: null })), {
      index: 4,
      role: "assistant",
      content: "Hello"
    })
    assert.deepStrictEqual(wireMessage(view({ content: null, tool: "Bash", time: null })), {
      index: 4,
      role: "assistant",
      tokens_estimate: 12,
      tool: "Bash"
    })
  })

  it("passes a call's input on verbatim in both versions, whatever its keys are", () => {
    const input = { filePath: "/x", toolUseId: { isError: [{ camelCase: 1 }] }, input: { nestedKey: null } }
    const blocks: MessageView["blocks"] = [
      { type: "tool_use", id: "t", name: "Edit", input: { whole: input } },
      { type: "tool_result", toolUseId: "t", isError: false }
    ]
    const wire = wireMessage(view({ blocks }))
    assert.deepStrictEqual(wire.blocks?.[0], { type: "tool_use", id: "t", name: "Edit", input: input as never })
    assert.deepStrictEqual(wire.blocks?.[1], { type: "tool_result", toolUseId: "t", isError: false })
    const second = snakeKeys(wire) as { blocks: ReadonlyArray<object> }
    assert.deepStrictEqual(second.blocks, [
      { type: "tool_use", id: "t", name: "Edit", input },
      { type: "tool_result", tool_use_id: "t", is_error: false }
    ])
  })

  it("an input that is missing is null, and one that is too long says so", () => {
    const blocks: MessageView["blocks"] = [
      { type: "tool_use", id: null, name: "A", input: { whole: undefined } },
      { type: "tool_use", id: null, name: "B", input: { preview: "{", chars: 99 } },
      { type: "thinking", text: "t", textChars: 50 }
    ]
    assert.deepStrictEqual(wireMessage(view({ blocks })).blocks, [
      { type: "tool_use", id: null, name: "A", input: null },
      { type: "tool_use", id: null, name: "B", input_preview: "{", truncated: true, input_chars: 99 },
      { type: "thinking", text: "t", truncated: true, text_chars: 50 }
    ])
  })
})

describe("version 2", () => {
  it("says retryable for retry", () => {
    const envelope = errorToVersion2({ code: "X", retry: true, exit_code: 1 }, {}, [])
    assert.deepStrictEqual(envelope.error, { code: "X", retryable: true, exit_code: 1 })
  })
})
