import { assert, describe, it } from "@effect/vitest"
import { claude } from "./agents.ts"
import { assertConversation, deliver, requestOf, timesAsked, toNew } from "./checks.ts"
import { sandbox } from "./sandbox.ts"
import { agentSuite, bytesOf } from "./suite.ts"

agentSuite(claude, {
  forks: true,
  refuses: ["/help"],
  contentOf: bytesOf,
  failures: [
    { status: 400, code: "TOOL_ERROR" },
    { status: 500, code: "TOOL_ERROR" },
    { status: 401, code: "AUTH_REQUIRED" },
    { status: 429, code: "RATE_LIMITED" }
  ],
  underPlan: "denied"
})

describe("checkpoints of Claude Code", () => {
  it("fork in the middle of a session", async () => {
    await using box = await sandbox(claude)
    const { after, id } = await deliver(box, claude, toNew(claude), "as far as this")
    const pinned = await box.sessionr(["checkpoint", id, "base", "--at", String(after)])
    assert.isUndefined(pinned.json().error, pinned.stdout)
    await deliver(box, claude, [id], "a step in the wrong direction")
    const fork = await deliver(box, claude, ["base", "--fork"], "a better step")
    assert.notStrictEqual(fork.id, id)
    const request = requestOf(box, "a better step")
    assert.strictEqual(timesAsked(request, "as far as this"), 1)
    assert.strictEqual(timesAsked(request, "a step in the wrong direction"), 0)
    await assertConversation(box, claude, fork.id, ["as far as this", "a better step"])
    await assertConversation(box, claude, id, ["as far as this", "a step in the wrong direction"])
  })
})
