import { assert, describe, it } from "@effect/vitest"
import type { Role } from "../../src/domain/message.ts"
import { prove } from "../../src/domain/proof.ts"
import type { Transcript } from "../../src/domain/transcript.ts"

/** As much of a transcript as a proof looks at. */
const transcript = (...messages: ReadonlyArray<readonly [role: Role, text: string]>): Transcript =>
  ({
    count: messages.length,
    role: (index: number) => messages[index - 1]![0],
    chars: (index: number) => messages[index - 1]![1].length,
    message: (index: number) => ({ text: messages[index - 1]![1] })
  }) as unknown as Transcript

const past = [
  ["user", "go on"],
  ["assistant", "Done."]
] as const

describe("prove", () => {
  it("finds a prompt with an answer behind it", () => {
    const now = transcript(...past, ["user", "next"], ["assistant", "Yes."])
    assert.deepStrictEqual(prove(now, "next", 2), { delivery: "delivered", promptIndex: 3 })
  })

  it("takes a call of a tool for an answer, and thinking alone for none", () => {
    assert.strictEqual(prove(transcript(["user", "x"], ["tool_use", "Bash {}"]), "x", 0).delivery, "delivered")
    assert.strictEqual(prove(transcript(["user", "x"], ["assistant", ""]), "x", 0).delivery, "unanswered")
  })

  it("is not content with the same prompt of before", () => {
    assert.deepStrictEqual(prove(transcript(...past), "go on", 2), { delivery: "not_delivered", promptIndex: null })
    const other = transcript(...past, ["user", "something else"], ["assistant", "Hm."])
    assert.strictEqual(prove(other, "go on", 2).delivery, "not_delivered")
  })

  it("finds a prompt that the tool has wrapped, trimmed, composed or given other line ends", () => {
    const wrapped = transcript(["user", "failed before\n\n  caf\u00e9\nau lait  \n"], ["assistant", "Oui."])
    assert.strictEqual(prove(wrapped, "  cafe\u0301\r\nau lait\n", 0).delivery, "delivered")
  })

  it("takes the last of several messages that hold it", () => {
    const twice = transcript(["user", "x"], ["assistant", "1"], ["user", "x again"])
    assert.deepStrictEqual(prove(twice, "x", 0), { delivery: "unanswered", promptIndex: 3 })
  })

  it("looks at the end of a session that was compacted meanwhile", () => {
    const compacted = transcript(["system", "Summary."], ["user", "next"], ["assistant", "Yes."])
    assert.deepStrictEqual(prove(compacted, "next", 200), { delivery: "delivered", promptIndex: 2 })
  })

  it("does not look at what the agent said", () => {
    assert.strictEqual(prove(transcript(["assistant", "you said next"]), "next", 0).delivery, "not_delivered")
  })
})
