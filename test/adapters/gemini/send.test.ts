import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/gemini/send.ts"
import { permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const file = "/home/ann/.gemini/tmp/zebra/chats/session-2026-11-01T10-00-11111111.jsonl"
const init = { type: "init", timestamp: "2026-11-01T10:00:00.000Z", session_id: sessionId, model: "auto" }
const said = { type: "message", role: "assistant", content: "Seven.", delta: true }
const loop = { type: "error", severity: "warning", message: "Loop detected, stopping execution" }
const success = { type: "result", status: "success", stats: { total_tokens: 1 } }
const failed = (message: string) => ({ type: "result", status: "error", error: { type: "unknown", message } })

describe("gemini: plans", () => {
  it("trusts a folder only for a caller who allows edits", () => {
    assert.deepStrictEqual(permitted(sender), {
      plan: ["--approval-mode=plan"],
      edit: ["--skip-trust", "--approval-mode=auto_edit"],
      full: ["--skip-trust", "--approval-mode=yolo"]
    })
    assert.notInclude(planned(sender, { kind: "new" }).args, "--skip-trust")
    assert.deepStrictEqual(planned(sender, { model: "m-1", extra: ["--skip-trust"] }).args, [
      "--output-format",
      "stream-json",
      "--resume",
      sessionId,
      "--model=m-1",
      "--skip-trust"
    ])
  })

  it("forks from the session's file", () => {
    const plan = planned(sender, { kind: "fork", sessionFile: file, forkAt: "m3" })
    assert.deepStrictEqual(plan.args.slice(2), ["--session-file", file])
    assert.strictEqual(plan.sessionId, null)
    assert.include(plan.notices, "Gemini CLI cannot fork in the middle of a session: the whole session is forked")
    assert.strictEqual(refused(sender, { kind: "fork", sessionFile: null }).refused, "operation")
    assert.strictEqual(refused(sender, { kind: "fork", sessionFile: "--yolo" }).refused, "operation")
  })

  it("warns of the deletion of what is resumed, and does not start itself again", () => {
    assert.deepStrictEqual(planned(sender, { kind: "new" }).notices, [])
    for (const kind of ["resume", "continue"] as const) {
      const { env, notices } = planned(sender, { kind })
      assert.include(notices.join(), "general.sessionRetention.enabled")
      assert.deepStrictEqual(env, { GEMINI_CLI_NO_RELAUNCH: "true" })
    }
  })

  it("refuses commands, mentions of files and what it would cut", () => {
    for (const prompt of ["/exit", "/ exit", "/plan it", "/my:command"]) {
      assert.include(refused(sender, { prompt }).reason, "command", prompt)
    }
    for (const prompt of ["@file", "see @src/a.ts", "ann@example.org", "a (@b)", '@"a b"']) {
      assert.include(refused(sender, { prompt }).reason, "@", prompt)
    }
    for (const prompt of [" /exit", "//", "/* a */", "/usr/bin/env", "/", "a @ b", "\\@file", "!ls", "@"]) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
    assert.strictEqual(
      refused(sender, { prompt: "é".repeat(4 * 1024 * 1024 + 1) }).reason,
      "Gemini CLI cuts a prompt after 8 MiB"
    )
    planned(sender, { prompt: "é".repeat(4 * 1024 * 1024) })
  })
})

describe("gemini: output", () => {
  it("tells the session first of all", () => {
    assert.deepStrictEqual(told(sender, [init, said, success]), { sessionId, failure: null })
  })

  it("goes by the result, not by warnings", () => {
    assert.isNull(told(sender, [init, loop]).failure)
    assert.isNull(told(sender, [init, { ...loop, severity: "error" }, success]).failure)
    assert.strictEqual(told(sender, [init, { ...loop, severity: "error" }]).failure?.message, loop.message)
    const denied = '[API Error: {"error":{"code":401,"message":"bad key","status":"UNAUTHENTICATED"}}]'
    assert.deepStrictEqual(told(sender, [init, failed(denied)]).failure, {
      kind: "auth",
      message: denied,
      retryAfter: null
    })
    const spent =
      '[API Error: {"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"34.07s"}]}}]'
    assert.deepStrictEqual(told(sender, [failed(spent)]).failure, {
      kind: "rate_limit",
      message: spent,
      retryAfter: 35
    })
    assert.strictEqual(told(sender, [failed("[API Error: boom]")]).failure?.kind, "tool")
  })

  it("reads standard error where there was no result", () => {
    const key = "When using Gemini API, you must specify the GEMINI_API_KEY environment variable."
    assert.deepStrictEqual(told(sender, [], [key]).failure, { kind: "auth", message: key, retryAfter: null })
    const gone = "Error resuming session: No previous sessions found for this project."
    assert.strictEqual(told(sender, [], [gone]).failure?.message, gone)
    const dumb = "Warning: Basic terminal detected (TERM=dumb). Visual rendering will be limited."
    assert.isNull(told(sender, [init, success], [dumb, key]).failure)
    assert.isNull(told(sender, [], [dumb]).failure)
  })

  it("lives through anything", () => surviving(sender, [init, said, loop, failed("no"), success]))
})
