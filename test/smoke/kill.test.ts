import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import { json, type Sandbox, sandbox } from "./sandbox.ts"

/** How many moments are tried; the acceptance of a release tries 200. */
const rounds = Number(process.env["SESSIONR_KILL_ROUNDS"] ?? 12)

/** The latest moment, in milliseconds after the start of what is killed. */
const window = 700

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const kill = (pid: number | undefined): void => {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL")
  } catch {
    // It had ended by itself.
  }
}

/** Pids of supervisors of this sandbox. */
const supervisors = (box: Sandbox): ReadonlyArray<number> =>
  fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return (
          fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("__supervise") &&
          fs.readFileSync(`/proc/${pid}/environ`, "utf8").includes(`HOME=${box.home}\0`)
        )
      } catch {
        return false
      }
    })
    .map(Number)

/** Every record can be read, by us and by the program. */
const checkRecords = async (box: Sandbox): Promise<void> => {
  const directory = path.join(box.stateDir, "jobs")
  if (!fs.existsSync(directory)) return
  for (const name of fs.readdirSync(directory).filter((one) => one.endsWith(".json") && !one.startsWith("."))) {
    JSON.parse(fs.readFileSync(path.join(directory, name), "utf8"))
    const job = json(await box.call(["wait", name.slice(0, -5), "--timeout", "20"]))
    assert.include(["completed", "failed"], job.data.status, JSON.stringify(job))
    if (job.data.status === "completed") assert.strictEqual(job.data.exit_code, 0)
  }
}

const once = async (box: Sandbox, id: string, round: number, victim: "caller" | "supervisor", afterMs: number) => {
  const prompt = `round ${round}`
  const words = ["send", id, "-m", prompt, "--async", "--queue", "--idempotency-key", prompt]
  const fake = { FAKE_DELAY_MS: "120" }
  const calling = box.call(words, {
    fake,
    started: (child) => {
      setTimeout(() => {
        if (victim === "caller") kill(child.pid)
        else supervisors(box).forEach(kill)
      }, afterMs)
    }
  })
  await calling
  await sleep(Math.max(0, afterMs - 300))
  // Whoever calls again under the key is given the truth, and the prompt is never sent twice.
  let last: unknown = null
  for (let attempt = 0; attempt < 40; attempt++) {
    const again = await box.call(words, { fake })
    last = again.stdout
    if (again.exit === 0) {
      const { data } = JSON.parse(again.stdout) as { data: { job_id: string } }
      const job = json(await box.call(["wait", data.job_id, "--timeout", "30"]))
      assert.notStrictEqual(job.data.status, "running")
      break
    }
    await sleep(50)
  }
  const sent = box.prompts().filter((one) => one === prompt).length
  assert.strictEqual(sent, 1, `${prompt}, ${victim} killed after ${afterMs} ms: sent ${sent} times; ${String(last)}`)
}

describe("kill -9", () => {
  for (const victim of ["caller", "supervisor"] as const) {
    it(
      `of the ${victim} at ${rounds} random moments loses no record and delivers nothing twice`,
      { timeout: 60_000 + rounds * 10_000 },
      async () => {
        const box = sandbox()
        const id = json(await box.call(["send", "--new", "-s", "claude", "-m", "first", "--quiet"])).meta.session_id
        for (let round = 0; round < rounds; round++) {
          await once(box, id as string, round, victim, Math.round(Math.random() * window))
        }
        await checkRecords(box)
      }
    )
  }

  it("of a wait at random moments leaves the job alone", { timeout: 120_000 }, async () => {
    const box = sandbox()
    for (let round = 0; round < Math.ceil(rounds / 4); round++) {
      const fake = { FAKE_DELAY_MS: "200" }
      const { data } = json(await box.call(["send", "--new", "-s", "claude", "-m", `w${round}`, "--async"], { fake }))
      await box.call(["wait", data.job_id], {
        started: (child) => void setTimeout(() => kill(child.pid), Math.random() * 300)
      })
      const job = json(await box.call(["wait", data.job_id, "--timeout", "20"]))
      assert.deepInclude(job.data, { status: "completed", exit_code: 0 })
    }
  })
})
