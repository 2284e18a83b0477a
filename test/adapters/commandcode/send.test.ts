import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/commandcode/send.ts"
import { permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const start = { type: "event", event: { type: "run_start", sessionId } }
const retry = { type: "event", event: { type: "api_retry", attempt: 1, error: "429 slow down", delayMs: 3200 } }
const broken = { type: "event", event: { type: "run_error", error: { name: "TransportError", message: "no" } } }
const result = { type: "result", subtype: "success", sessionId, stopReason: "end_turn", finalText: "Seven." }
const failed = (error: unknown) => ({ type: "result", subtype: "error", finalText: "", error })

describe("commandcode: plans", () => {
  it("is never called by the name of the shell of Windows", () => {
    assert.notInclude([...sender.binaries], "cmd")
    assert.strictEqual(planned(sender).bin, "command-code")
  })

  it("says what the tool may do, as far as it can be told", () => {
    assert.deepStrictEqual(permitted(sender), { plan: ["--permission-mode=plan"], edit: "refused", full: ["--yolo"] })
    assert.include(refused(sender, { permission: "edit" }).reason, "full")
    assert.deepStrictEqual(planned(sender, { kind: "fork", model: "a/b", extra: ["--max-turns", "3"] }).args, [
      "-p",
      "--output-format",
      "json",
      "--resume",
      sessionId,
      "--fork-session",
      "--skip-onboarding",
      "--model=a/b",
      "--max-turns",
      "3"
    ])
  })

  it("forks whole sessions only, and says so", () => {
    assert.deepStrictEqual(planned(sender, { kind: "fork", forkAt: "a1" }).notices, [
      "Command Code cannot fork in the middle of a session: the whole session is forked"
    ])
  })

  it("takes every prompt as it is", () => {
    for (const prompt of ["/help", "@file", "!ls", "-"]) assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
  })
})

describe("commandcode: output", () => {
  it("tells the session first of all", () => {
    assert.deepStrictEqual(told(sender, [start]), { sessionId, failure: null })
    assert.deepStrictEqual(told(sender, [result]), { sessionId, failure: null })
  })

  it("tells what went wrong", () => {
    const limit = "Error: Rate limit exceeded. Please wait a moment and try again."
    assert.deepStrictEqual(told(sender, [start, broken, failed(limit)]).failure, {
      kind: "rate_limit",
      message: limit,
      retryAfter: null
    })
    const login = 'Error: Authentication failed. Please run "cmd login" first.'
    assert.strictEqual(told(sender, [start, failed(login)], [login]).failure?.kind, "auth")
    const key = "Error: API key environment variable MY_KEY is not set"
    assert.strictEqual(told(sender, [failed(key)]).failure?.kind, "auth")
    const gone = 'Error: No session "0" found to resume.'
    assert.deepStrictEqual(told(sender, [failed(gone)]), {
      sessionId: null,
      failure: { kind: "tool", message: gone, retryAfter: null }
    })
    assert.strictEqual(told(sender, [{ type: "result", subtype: "max_turns" }]).failure?.message, "max_turns")
    assert.strictEqual(told(sender, [start, retry]).failure?.kind, "rate_limit")
    assert.isNull(told(sender, [start, retry, result]).failure)
  })

  it("lives through anything", () => surviving(sender, [start, retry, broken, failed("no"), result]))
})
