import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/goose/send.ts"
import { mintedId, planned, refused, surviving, told } from "../../support/sender.ts"

const id = "20261101_3"
const message = { type: "message", message: { id: "m", role: "assistant", created: 1, content: [] } }
const complete = { type: "complete", total_tokens: 7 }
const error = (text: unknown) => ({ type: "error", error: text })

describe("goose: plans", () => {
  it("gives a new session a name that no other has", () => {
    const plan = planned(sender, { kind: "new", model: "m-1", extra: ["--max-turns", "3"] })
    const name = `sessionr-${mintedId}`
    assert.deepStrictEqual(plan.args, [
      "run",
      "-n",
      name,
      "--output-format",
      "stream-json",
      "-q",
      "--model=m-1",
      "--max-turns",
      "3",
      "-i",
      "-"
    ])
    assert.strictEqual(plan.sessionName, name)
    assert.strictEqual(planned(sender, { sessionId: id }).sessionName, null)
  })

  it("says by its mode what the tool may do", () => {
    assert.deepStrictEqual(planned(sender, { permission: "full" }).env, { GOOSE_MODE: "auto" })
    assert.deepStrictEqual(planned(sender, { permission: null }).env, {})
    for (const permission of ["plan", "edit"] as const) {
      assert.strictEqual(refused(sender, { permission }).refused, "operation")
    }
  })

  it("refuses a session that goose no longer opens", () => {
    const sessionFile = "/home/ann/.local/share/goose/sessions/20250901_101500.jsonl"
    assert.strictEqual(refused(sender, { sessionFile }).refused, "operation")
    planned(sender, { sessionId: id, sessionFile: "/home/ann/.local/share/goose/sessions/sessions.db" })
  })

  it("refuses commands", () => {
    for (const prompt of ["/clear", " /my-recipe x\n", "Please compact this conversation"]) {
      assert.strictEqual(refused(sender, { prompt }).refused, "prompt", prompt)
    }
    for (const prompt of ["/usr/bin/env", "@file", "!ls"]) assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
  })
})

describe("goose: output", () => {
  it("tells no session, but how it went", () => {
    assert.deepStrictEqual(told(sender, [message, complete]), { sessionId: null, failure: null })
    assert.deepStrictEqual(told(sender, [message, error("Authentication error: 401")]).failure, {
      kind: "auth",
      message: "Authentication error: 401",
      retryAfter: null
    })
    const gone = "Error: Cannot resume session 20261101_9 - no such session exists"
    assert.strictEqual(told(sender, [], [gone]).failure?.message, gone)
  })

  it("lives through anything", () => surviving(sender, [message, error("no"), complete]))
})
