import { assert, describe, it } from "@effect/vitest"
import { sender } from "../../../src/adapters/codex/send.ts"
import { permitted, planned, sessionId, surviving, told } from "../../support/sender.ts"

const started = { type: "thread.started", thread_id: sessionId }
const note = { type: "item.completed", item: { id: "item_0", type: "error", message: "Model metadata not found" } }
const reconnecting = {
  type: "error",
  message: "Reconnecting... 1/5 (unexpected status 401 Unauthorized: no key, url: http://127.0.0.1/v1)"
}
const completed = { type: "turn.completed", usage: { input_tokens: 1 } }
const failed = (message: unknown) => ({ type: "turn.failed", error: { message } })

describe("codex: plans", () => {
  it("puts the flags of exec before its verb, the caller's first", () => {
    assert.deepStrictEqual(
      planned(sender, { model: "gpt-5.2", permission: "edit", extra: ["-i", "a.png", "b.png"] }).args,
      [
        "exec",
        "-i",
        "a.png",
        "b.png",
        "--json",
        "--skip-git-repo-check",
        "--sandbox=workspace-write",
        "--model=gpt-5.2",
        "resume",
        sessionId,
        "-"
      ]
    )
    assert.deepStrictEqual(permitted(sender, { kind: "new" }), {
      plan: ["--sandbox=read-only"],
      edit: ["--sandbox=workspace-write"],
      full: ["--dangerously-bypass-approvals-and-sandbox"]
    })
  })

  it("forks whole sessions only, and says so", () => {
    const plan = planned(sender, { kind: "fork", forkAt: "item_3" })
    assert.strictEqual(plan.sessionId, null)
    assert.deepStrictEqual(plan.notices, ["Codex cannot fork in the middle of a session: the whole session is forked"])
  })

  it("takes every prompt as it is", () => {
    for (const prompt of ["/help", "@file", "!ls", "-", "--last", "$skill"]) {
      assert.strictEqual(planned(sender, { prompt }).stdin, prompt)
    }
  })
})

describe("codex: output", () => {
  it("tells the thread first of all", () => {
    assert.deepStrictEqual(told(sender, [started]), { sessionId, failure: null })
    assert.deepStrictEqual(told(sender, [started, note, completed]), { sessionId, failure: null })
  })

  it("tells what made a turn fail", () => {
    const body = '{"error":{"message":"no such model","type":"invalid_request_error"}}'
    assert.deepStrictEqual(told(sender, [started, { type: "error", message: body }, failed(body)]).failure, {
      kind: "tool",
      message: "no such model",
      retryAfter: null
    })
    const limit = "exceeded retry limit, last status: 429 Too Many Requests, request id: r-1"
    assert.deepStrictEqual(told(sender, [failed(limit)]).failure, {
      kind: "rate_limit",
      message: limit,
      retryAfter: null
    })
    const spent = "You've hit your usage limit. Try again in 3 hours 20 minutes."
    assert.deepStrictEqual(told(sender, [failed(spent)]).failure?.retryAfter, 12_000)
    assert.strictEqual(told(sender, [failed("unexpected status 401 Unauthorized: no")]).failure?.kind, "auth")
    assert.strictEqual(told(sender, [failed("Missing environment variable: `OPENAI_API_KEY`.")]).failure?.kind, "auth")
  })

  it("counts a new attempt only while nothing better follows", () => {
    assert.strictEqual(told(sender, [started, reconnecting]).failure?.kind, "auth")
    assert.isNull(told(sender, [started, reconnecting, completed]).failure)
    assert.strictEqual(told(sender, [started, reconnecting, failed("stream closed")]).failure?.message, "stream closed")
  })

  it("reads standard error where no event says how it went", () => {
    const warning = "WARNING: proceeding, even though we could not create PATH aliases"
    const gone = "Error: thread/resume: thread/resume failed: no rollout found for thread id 0 (code -32600)"
    assert.deepStrictEqual(told(sender, [], [warning, gone]).failure, { kind: "tool", message: gone, retryAfter: null })
    assert.isNull(told(sender, [], [warning]).failure)
    assert.isNull(told(sender, [started, completed], [gone]).failure)
  })

  it("lives through anything", () => surviving(sender, [started, note, reconnecting, failed("no"), completed]))
})
