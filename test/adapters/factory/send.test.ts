import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/factory/send.ts"
import { permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const init = { type: "system", subtype: "init", cwd: "/srv/zebra", session_id: sessionId, tools: [], model: "m-1" }
const said = { type: "message", role: "assistant", id: "a", text: "Seven.", session_id: sessionId }
const loop = { type: "error", source: "agent_loop", message: "401 bad key", session_id: sessionId }
const ended = { type: "error", source: "cli", message: "Exec failed", session_id: sessionId }
const completion = { type: "completion", finalText: "Seven.", numTurns: 1, session_id: sessionId }

describe("factory: plans", () => {
  it("says what the tool may do, as far as it can be told", () => {
    const full = ["--skip-permissions-unsafe"]
    assert.deepStrictEqual(permitted(sender, { kind: "new" }), { plan: ["--use-spec"], edit: ["--auto=low"], full })
    assert.deepStrictEqual(permitted(sender), { plan: "refused", edit: ["--auto=low"], full })
    assert.deepStrictEqual(permitted(sender, { kind: "fork" }), { plan: "refused", edit: ["--auto=low"], full })
    assert.deepStrictEqual(planned(sender, { model: "custom:m", extra: ["--tag", "zebra"] }).args, [
      "exec",
      "-o",
      "stream-json",
      "-s",
      sessionId,
      "--model=custom:m",
      "--tag",
      "zebra"
    ])
  })

  it("forks whole sessions only, and says so", () => {
    assert.deepStrictEqual(planned(sender, { kind: "fork", forkAt: "a1" }).notices, [
      "Droid cannot fork in the middle of a session: the whole session is forked"
    ])
  })

  it("refuses what may be a custom command or a skill", () => {
    for (const prompt of ["/zebra", " /zebra x", "/ zebra", "//zebra x", "\n/zebra"]) {
      assert.include(refused(sender, { prompt }).reason, "/zebra", prompt)
    }
    for (const prompt of ["/", "/usr/bin/env", "@file", "!ls", "see /zebra"]) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
  })
})

describe("factory: output", () => {
  it("tells the session first of all", () => {
    assert.deepStrictEqual(told(sender, [init]), { sessionId, failure: null })
    assert.deepStrictEqual(told(sender, [init, said, completion]), { sessionId, failure: null })
  })

  it("tells the cause, not only that it failed", () => {
    assert.deepStrictEqual(told(sender, [init, loop, ended]).failure, {
      kind: "auth",
      message: "401 bad key",
      retryAfter: null
    })
    const early = "Exec ended early: insufficient permission to proceed. Re-run with --auto medium or --auto high."
    assert.strictEqual(told(sender, [init, { ...ended, message: early }]).failure?.message, early)
    assert.isNull(told(sender, [init, loop, said, completion]).failure)
    const flags = "Invalid flags: --session-id cannot be used with --use-spec."
    assert.strictEqual(told(sender, [], [flags]).failure?.message, flags)
  })

  it("lives through anything", () => surviving(sender, [init, said, loop, ended, completion]))
})
