import { assert, describe, it } from "@effect/vitest"
import { eventReader } from "../../../src/adapters/support/output.ts"
import { isBefore, senderOf, type Sending, slashCommand, versionOf } from "../../../src/adapters/support/plans.ts"
import { maxArgumentBytes } from "../../../src/domain/sending.ts"
import { order, planned, refused } from "../../support/sender.ts"

const zebra: Sending = {
  displayName: "Zebra",
  binaries: ["zebra"],
  evidence: { resume: "run", new: "documentation" },
  lacks: { fork: "Zebra forks on the moon only" },
  call: ({ prompt }) => ({ args: [`--prompt=${prompt}`], promptInArguments: true }),
  reader: () => eventReader(() => {}),
  login: null
}

describe("senderOf", () => {
  const sender = senderOf(zebra)

  it("supports what there is evidence for, in one order", () => {
    assert.deepStrictEqual(sender.supports, ["new", "resume"])
    assert.strictEqual(refused(sender, { kind: "fork" }).reason, "Zebra forks on the moon only")
    assert.include(refused(sender, { kind: "continue" }).reason, "Zebra")
  })

  it("gives nothing to standard input where the prompt is an argument", () => {
    assert.strictEqual(planned(sender).stdin, null)
    assert.deepStrictEqual(planned(sender, { prompt: "-x" }).args, ["--prompt=-x"])
  })

  it("refuses a prompt that no argument can hold, to the byte", () => {
    const room = maxArgumentBytes - 1 - "--prompt=".length
    planned(sender, { prompt: "x".repeat(room) })
    assert.strictEqual(refused(sender, { prompt: "x".repeat(room + 1) }).refused, "prompt")
    planned(sender, { prompt: "€".repeat(Math.floor(room / 3)) })
    assert.strictEqual(refused(sender, { prompt: "€".repeat(Math.floor(room / 3) + 1) }).refused, "prompt")
    assert.strictEqual(refused(sender, { prompt: "a\0b" }).refused, "prompt")
  })
})

describe("versionOf", () => {
  it("reads what programs say of themselves", () => {
    const version = (toolVersion: string | null) => versionOf(order(senderOf(zebra), { toolVersion }))
    assert.deepStrictEqual(version("2.1.329 (Claude Code)"), [2, 1])
    assert.deepStrictEqual(version("kiro-cli 3.2.0"), [3, 2])
    assert.deepStrictEqual(version("GitHub Copilot CLI 1.0.102."), [1, 0])
    for (const text of [null, "", "zebra", "v7"]) assert.isNull(version(text))
    assert.isTrue(isBefore([1, 16], 1, 17))
    assert.isFalse(isBefore([1, 17], 1, 17))
    assert.isFalse(isBefore([2, 0], 1, 17))
  })
})

describe("slashCommand", () => {
  it("is a word behind a slash at the very start, and no path", () => {
    assert.strictEqual(slashCommand("/help me"), "/help")
    assert.strictEqual(slashCommand("/a:b\nc"), "/a:b")
    for (const prompt of ["", "/", "/ help", " /help", "/usr/bin", "//x", "help"]) assert.isNull(slashCommand(prompt))
  })
})
