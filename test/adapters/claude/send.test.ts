import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/claude/send.ts"
import { mintedId, permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const base = ["-p", "--output-format", "stream-json", "--verbose"]

const init = { type: "system", subtype: "init", session_id: sessionId, cwd: "/srv/zebra", model: "m-1" }
const answer = { type: "assistant", message: { role: "assistant", content: [] }, session_id: sessionId }
const result = { type: "result", subtype: "success", is_error: false, result: "7", session_id: sessionId }
const retry = { type: "system", subtype: "api_retry", attempt: 1, error_status: 429, error: "rate_limit" }
const limited = {
  ...result,
  is_error: true,
  api_error_status: 429,
  result: "API Error: Request rejected (429) · slow down"
}

describe("claude: plans", () => {
  it("says what the tool may do, the model, and the caller's words last", () => {
    assert.deepStrictEqual(permitted(sender), {
      plan: ["--permission-mode=plan"],
      edit: ["--permission-mode=acceptEdits"],
      full: ["--permission-mode=bypassPermissions"]
    })
    assert.deepStrictEqual(
      planned(sender, { model: "opus", permission: "edit", extra: ["--allowedTools", "Bash(git *)", "Edit"] }).args,
      [
        ...base,
        "--resume",
        sessionId,
        "--permission-mode=acceptEdits",
        "--model=opus",
        "--allowedTools",
        "Bash(git *)",
        "Edit"
      ]
    )
  })

  it("forks at a record", () => {
    const plan = planned(sender, { kind: "fork", forkAt: "a-2" })
    assert.deepStrictEqual(plan.args, [
      ...base,
      "--resume",
      sessionId,
      "--resume-session-at",
      "a-2",
      "--fork-session",
      "--session-id",
      mintedId
    ])
    assert.strictEqual(plan.sessionId, mintedId)
    assert.deepStrictEqual(plan.notices, [])
  })

  it("refuses what the tool takes for a command, and nothing else", () => {
    for (const prompt of ["/help", "/help me", "/my-skill x", "/plugin:skill", "/compact\nnow"]) {
      assert.strictEqual(refused(sender, { prompt }).refused, "prompt", prompt)
    }
    assert.include(refused(sender, { prompt: "/help me" }).reason, "/help")
    for (const prompt of [" /help", "/", "/ help", "//help", "/usr/bin/env x", "@file", "!ls", "# note", "-x"]) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
  })
})

describe("claude: output", () => {
  it("tells the session as soon as anything does, and an init for certain", () => {
    const other = "22222222-2222-4333-8444-555555555555"
    assert.deepStrictEqual(told(sender, [{ type: "system", subtype: "hook_started", session_id: other }]), {
      sessionId: other,
      failure: null
    })
    assert.strictEqual(told(sender, [{ type: "system", session_id: other }, init, answer]).sessionId, sessionId)
    assert.deepStrictEqual(told(sender, [init, answer, result]), { sessionId, failure: null })
  })

  it("goes by is_error, since the subtype is success all the same", () => {
    assert.deepStrictEqual(told(sender, [init, limited]).failure, {
      kind: "rate_limit",
      message: "API Error: Request rejected (429) · slow down",
      retryAfter: null
    })
    const denied = { ...limited, api_error_status: 401, result: "Failed to authenticate. API Error: 401 bad key" }
    assert.strictEqual(told(sender, [init, denied]).failure?.kind, "auth")
    const nobody = { ...limited, api_error_status: null, result: "Not logged in · Please run /login" }
    assert.strictEqual(told(sender, [init, nobody]).failure?.kind, "auth")
    const broken = { ...limited, api_error_status: 400, result: "API Error: 400 bad request" }
    assert.strictEqual(told(sender, [init, broken]).failure?.kind, "tool")
  })

  it("reads why a run could not start", () => {
    const gone = "No conversation found with session ID: 0"
    const unknown = { type: "result", subtype: "error_during_execution", is_error: true, errors: [gone] }
    assert.deepStrictEqual(told(sender, [unknown]).failure, { kind: "tool", message: gone, retryAfter: null })
    assert.strictEqual(told(sender, [], [gone]).failure?.message, gone)
    const bare = { type: "result", subtype: "error_max_turns", is_error: true }
    assert.strictEqual(told(sender, [bare]).failure?.message, "error_max_turns")
  })

  it("forgets an attempt that was mended", () => {
    assert.deepStrictEqual(told(sender, [init, retry]).failure, {
      kind: "rate_limit",
      message: "status 429: rate_limit",
      retryAfter: null
    })
    assert.isNull(told(sender, [init, retry, answer, result]).failure)
  })

  it("lives through anything", () => surviving(sender, [init, answer, retry, limited, result]))
})
