import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/copilot/send.ts"
import { permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const call = { type: "model.call_failure", data: { statusCode: 429, errorType: "rate_limit_error", retryAttempt: 3 } }
const error = {
  type: "session.error",
  data: {
    errorType: "authentication",
    message: "Authentication failed with provider (HTTP 401).\n  Check your key.",
    statusCode: 401
  }
}
const result = (exitCode: unknown) => ({ type: "result", sessionId, exitCode, usage: {} })
const usage = { type: "assistant.usage", data: { accounting: { sourceSessionId: "other" } }, ephemeral: true }

describe("copilot: plans", () => {
  it("joins what is optional to its flag", () => {
    assert.deepStrictEqual(planned(sender, { model: "gpt-5.4", permission: "edit", extra: ["--no-ask-user"] }).args, [
      "--output-format",
      "json",
      "--no-color",
      `--resume=${sessionId}`,
      "--allow-tool=write",
      "--model=gpt-5.4",
      "--no-ask-user"
    ])
    assert.deepStrictEqual(permitted(sender), {
      plan: ["--mode=plan"],
      edit: ["--allow-tool=write"],
      full: ["--allow-all"]
    })
  })

  it("refuses the two commands that it obeys without its screen", () => {
    for (const prompt of ["/compact", " /compact now", "/autopilot go"]) {
      assert.strictEqual(refused(sender, { prompt }).refused, "prompt", prompt)
    }
    for (const prompt of ["/compactor", "/help", "/my-skill", "@file", "!ls"]) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
  })
})

describe("copilot: output", () => {
  it("tells the session with the last line only", () => {
    assert.isNull(told(sender, [usage, { type: "session.idle", data: { sessionId: "other" } }]).sessionId)
    assert.deepStrictEqual(told(sender, [usage, result(0)]), { sessionId, failure: null })
  })

  it("tells what went wrong", () => {
    assert.deepStrictEqual(told(sender, [error, result(1)]).failure, {
      kind: "auth",
      message: "Authentication failed with provider (HTTP 401). Check your key.",
      retryAfter: null
    })
    assert.strictEqual(told(sender, [call]).failure?.kind, "rate_limit")
    assert.isNull(told(sender, [call, result(0)]).failure)
    assert.strictEqual(told(sender, [call, result(1)]).failure?.kind, "rate_limit")
    assert.strictEqual(told(sender, [result(1)]).failure?.message, "Copilot ended with exit code 1")
    assert.strictEqual(told(sender, [result("0")]).failure?.message, "Copilot ended with exit code unknown")
  })

  it("reads standard error where no event says how it went", () => {
    const gone = "Error: No session, task, or name matched '0'."
    assert.strictEqual(told(sender, [], [gone, "To resume by name: copilot --resume=<name>"]).failure?.message, gone)
    assert.strictEqual(told(sender, [], ["Error: No authentication information found."]).failure?.kind, "auth")
  })

  it("lives through anything", () => surviving(sender, [usage, call, error, result(0)]))
})
