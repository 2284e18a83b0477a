import { assert, describe, it } from "@effect/vitest"
import { isJobId, type JobRecord, jobState, makeJobId } from "../../src/domain/job.ts"
import { isName } from "../../src/domain/names.ts"

const record = (change: Partial<JobRecord> = {}): JobRecord => ({
  version: 1,
  jobId: "j-20261120-110000-0a1b2c3d",
  source: "claude",
  kind: "resume",
  sessionId: "s",
  previousSessionId: null,
  cwd: "/",
  bin: "/bin/claude",
  args: [],
  supervisor: null,
  child: null,
  startedAt: 0,
  completedAt: null,
  messageCountBefore: 0,
  delivery: null,
  lastError: null,
  cancelled: false,
  readBack: { source: "claude", tokens: 1, preset: "standard" },
  name: null,
  idempotencyKey: null,
  ...change
})

describe("jobState", () => {
  const status = (change: Partial<JobRecord>, exit: number | null, isAlive: boolean) => {
    const state = jobState(record(change), exit, isAlive)
    return [state.status, state.exitCode, state.lastError]
  }

  it("runs while anything of it is alive", () => {
    assert.deepStrictEqual(status({}, null, true), ["running", null, null])
    // The child has ended; its supervisor still looks for the prompt.
    assert.deepStrictEqual(status({}, 0, true), ["running", null, null])
  })

  it("has completed with exit code 0 and no complaint", () => {
    assert.deepStrictEqual(status({ completedAt: 1 }, 0, false), ["completed", 0, null])
    assert.deepStrictEqual(status({ completedAt: 1 }, 0, true), ["completed", 0, null])
  })

  it("has failed with another code, or when the tool ended well but said that it failed", () => {
    assert.deepStrictEqual(status({ completedAt: 1 }, 3, false), ["failed", 3, null])
    assert.deepStrictEqual(status({ completedAt: 1, lastError: "no credit" }, 0, false), ["failed", 0, "no credit"])
  })

  it("has failed when nothing is alive and nobody wrote how it ended", () => {
    assert.deepStrictEqual(status({}, null, false), ["failed", -1, "exit_code_missing"])
  })

  it("was cancelled, whatever its tool ended with", () => {
    assert.deepStrictEqual(status({ cancelled: true, completedAt: 1 }, 130, false), ["cancelled", 130, null])
    assert.deepStrictEqual(status({ cancelled: true }, null, false), ["cancelled", 130, null])
  })
})

describe("ids and names", () => {
  it("ids of jobs sort by time", () => {
    const early = makeJobId(Date.parse("2026-11-20T10:15:00.000Z"), "ffffffff")
    const late = makeJobId(Date.parse("2026-11-20T10:15:01.000Z"), "00000000")
    assert.isTrue(early < late)
    assert.isTrue([early, late].every(isJobId))
    for (const wrong of ["j-1", "../../etc/passwd", "j-20261120-101500-../x", ""]) assert.isFalse(isJobId(wrong))
  })

  it("a name is no flag, no path, and no beginning of an id", () => {
    for (const name of ["main", "option-a", "v1.2", "try_b", "bed"]) assert.isTrue(isName(name), name)
    for (const wrong of ["", "-x", "a/b", "a b", "deadbeef", "j-20261120-101500-0a1b2c3d", "1st", "x".repeat(65)]) {
      assert.isFalse(isName(wrong), wrong)
    }
  })
})
