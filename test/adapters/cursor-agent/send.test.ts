import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/cursor-agent/send.ts"
import { permitted, planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const init = { type: "system", subtype: "init", session_id: sessionId, cwd: "/srv/zebra", permissionMode: "default" }
const said = { type: "assistant", message: { role: "assistant", content: [] }, session_id: sessionId }
const result = { type: "result", subtype: "success", is_error: false, result: "7", session_id: sessionId }

describe("cursor-agent: plans", () => {
  it("says what the tool may do, as far as it can be told", () => {
    assert.deepStrictEqual(permitted(sender), { plan: ["--mode=plan"], edit: "refused", full: ["--force"] })
    assert.deepStrictEqual(planned(sender, { kind: "continue", model: "m-1", extra: ["--trust"] }).args, [
      "-p",
      "--output-format",
      "stream-json",
      "--continue",
      "--model=m-1",
      "--trust"
    ])
  })

  it("resumes only what the tool keeps itself", () => {
    planned(sender, { sessionFile: `/home/ann/.cursor/chats/0/${sessionId}/store.db` })
    planned(sender, { sessionFile: `C:\\Users\\ann\\.cursor\\chats\\0\\${sessionId}\\store.db` })
    for (const sessionFile of [
      "/home/ann/.config/Cursor/User/globalStorage/state.vscdb",
      `/home/ann/.cursor/projects/zebra/agent-transcripts/${sessionId}.jsonl`
    ]) {
      assert.strictEqual(refused(sender, { sessionFile }).refused, "operation")
    }
  })

  it("refuses what its documentation calls commands", () => {
    for (const prompt of ["/plan it", "& fix it in the cloud", " &x"]) {
      assert.strictEqual(refused(sender, { prompt }).refused, "prompt", prompt)
    }
    for (const prompt of ["/usr/bin/env", "a & b", "@file"])
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
  })

  it("claims no more than the documentation", () => {
    assert.deepStrictEqual(new Set(Object.values(sender.evidence)), new Set(["documentation"]))
  })
})

describe("cursor-agent: output", () => {
  it("tells the session first of all, and goes by is_error", () => {
    assert.deepStrictEqual(told(sender, [init, said, result]), { sessionId, failure: null })
    const failed = { ...result, is_error: true, result: "Rate limit exceeded, try again in 2 minutes" }
    assert.deepStrictEqual(told(sender, [init, failed]).failure, {
      kind: "rate_limit",
      message: "Rate limit exceeded, try again in 2 minutes",
      retryAfter: 120
    })
  })

  it("reads standard error, since a failure has no result", () => {
    const login = "Error: Authentication required. Please run 'cursor-agent login' first, or set CURSOR_API_KEY."
    assert.deepStrictEqual(told(sender, [init], [login]).failure, { kind: "auth", message: login, retryAfter: null })
  })

  it("lives through anything", () => surviving(sender, [init, said, result]))
})
