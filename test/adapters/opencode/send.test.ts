import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/opencode/send.ts"
import { permitted, planned, refused, surviving, told } from "../../support/sender.ts"

const id = "ses_e029570aeffexeN092m2Jg9MXJ"
const step = { type: "step_start", sessionID: id, part: { type: "step-start" } }
const text = { type: "text", sessionID: id, part: { type: "text", text: "Seven." } }
const finish = { type: "step_finish", sessionID: id, part: { type: "step-finish", reason: "stop" } }
const error = (name: string, data: unknown) => ({ type: "error", sessionID: id, error: { name, data } })

describe("opencode: plans", () => {
  it("names the directory where the version is known to have the flag", () => {
    const base = ["run", "--format", "json", "--session", id]
    assert.deepStrictEqual(planned(sender, { sessionId: id, toolVersion: "1.18.33" }).args, [
      ...base,
      "--dir",
      "/srv/zebra"
    ])
    for (const toolVersion of ["2.0.1", "opencode2 2.1", null, "?"]) {
      assert.deepStrictEqual(planned(sender, { sessionId: id, toolVersion }).args, base)
    }
  })

  it("says what the tool may do, as far as it can be told", () => {
    assert.deepStrictEqual(permitted(sender), { plan: ["--agent=plan"], edit: "refused", full: ["--auto"] })
    assert.deepStrictEqual(planned(sender, { permission: "plan" }).notices, [
      "the plan agent of OpenCode edits no files, but may run commands"
    ])
    assert.deepStrictEqual(planned(sender, { kind: "new", model: "a/b", extra: ["--title", "Zebra"] }).args, [
      "run",
      "--format",
      "json",
      "--model=a/b",
      "--title",
      "Zebra"
    ])
  })

  it("forks whole sessions only, and says so", () => {
    assert.deepStrictEqual(planned(sender, { kind: "fork", sessionId: id, forkAt: "msg_1" }).notices, [
      "OpenCode cannot fork in the middle of a session: the whole session is forked"
    ])
  })

  it("resumes a session of 1.1 with the versions that still see it", () => {
    const sessionFile = "/home/ann/.local/share/opencode/storage/session/global/ses_1.json"
    for (const toolVersion of [null, "1.17.0", "1.18.33", "2.0.0"]) {
      assert.strictEqual(refused(sender, { sessionFile, toolVersion }).refused, "operation")
    }
    planned(sender, { sessionFile, toolVersion: "1.16.4" })
    planned(sender, { sessionFile: "/home/ann/.local/share/opencode/opencode.db", toolVersion: "1.18.33" })
  })

  it("takes every prompt as it is", () => {
    for (const prompt of ["/help", "@file", "!ls", "-", '"quoted"']) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
  })
})

describe("opencode: output", () => {
  it("tells the session with every event", () => {
    assert.deepStrictEqual(told(sender, [step, text, finish]), { sessionId: id, failure: null })
    assert.isNull(told(sender, [{ type: "error", sessionID: "", error: {} }]).sessionId)
  })

  it("tells what went wrong", () => {
    const headers = { "retry-after": "20" }
    const limited = error("APIError", { message: "slow down", statusCode: 429, responseHeaders: headers })
    assert.deepStrictEqual(told(sender, [limited]), {
      sessionId: id,
      failure: { kind: "rate_limit", message: "slow down", retryAfter: 20 }
    })
    assert.strictEqual(told(sender, [error("APIError", { message: "no", statusCode: 401 })]).failure?.kind, "auth")
    assert.strictEqual(told(sender, [error("ProviderAuthError", { message: "no" })]).failure?.kind, "auth")
    assert.deepStrictEqual(told(sender, [error("UnknownError", null)]).failure, {
      kind: "tool",
      message: "UnknownError",
      retryAfter: null
    })
    const coloured = "\u001b[91m\u001b[1mError: \u001b[0mSession not found"
    assert.strictEqual(told(sender, [], [coloured]).failure?.message, "Error: Session not found")
  })

  it("lives through anything", () =>
    surviving(sender, [step, text, error("APIError", { message: "x", responseHeaders: {} }), finish]))
})
