import { afterAll, assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { expectTypeOf } from "vitest"
import {
  isSessionrError,
  type JobResult,
  type OpenSessions,
  openSessions,
  type SentResult,
  SessionNotFound,
  type SessionrError,
  type Surroundings
} from "../../src/library/promise.ts"
import { type AgentHome, installFromSource, makeAgentHome, startsOf } from "../support/agent-home.ts"
import { demoHome } from "../support/run-cli.ts"
import { isAlive } from "../support/processes.ts"

const scratch = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "sessionr-promise-")))

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }))

/** The library where the stand-in for an agent is installed. */
const withAgent = (fake: Readonly<Record<string, string>> = {}, more: Surroundings = {}) => {
  const agent = makeAgentHome(fs.mkdtempSync(path.join(scratch, "home-")))
  const sessions = openSessions({ cwd: agent.project, env: { ...agent.env, ...fake }, ...more })
  return { agent, sessions }
}

const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise
  } catch (error) {
    return error
  }
  return assert.fail("it did not reject")
}

/** Ends when the agent has been started. */
const started = async (agent: AgentHome): Promise<number> => {
  for (let tries = 0; tries < 500; tries++) {
    const [first] = startsOf(agent)
    if (first !== undefined) return first.pid
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return assert.fail("the agent was not started")
}

describe("promises", () => {
  it("read what is there", async () => {
    await using sessions = openSessions({ home: demoHome, stateDir: scratch, cacheDir: scratch, env: {} })
    const { sessions: rows } = await sessions.list({ cwd: "all", limit: 2 })
    assert.lengthOf(rows, 2)
    const read = await sessions.read(rows[0]!.id, { anchor: "tail", tokens: 500 })
    assert.strictEqual(read.sessionId, rows[0]!.id)
  })

  it("reject with the error, its code, exit code and detail", async () => {
    await using sessions = openSessions({ home: demoHome, stateDir: scratch, cacheDir: scratch, env: {} })
    const error = await rejection(sessions.info("ffffffff"))
    assert.instanceOf(error, SessionNotFound)
    assert.instanceOf(error, Error)
    assert.isTrue(isSessionrError(error))
    const { code, detail, exitCode, retry } = error as SessionrError
    assert.deepStrictEqual([code, exitCode, retry], ["SESSION_NOT_FOUND", 3, false])
    assert.deepInclude(detail, { session_id: "ffffffff", prefix_matches: [] })
    assert.notProperty(detail, "code")
    assert.include(String(error), "no session matches ffffffff")
    assert.isFalse(isSessionrError(new Error("another")))
  })

  it("reject where the home is none", async () => {
    await using sessions = openSessions({ home: "/nowhere/at/all", env: {} })
    const error = (await rejection(sessions.list())) as SessionrError
    assert.strictEqual(error.code, "FILE_NOT_READABLE")
  })

  it("reject after the end", async () => {
    const sessions = openSessions({ home: demoHome, env: {} })
    await sessions.close()
    await sessions.close()
    assert.strictEqual(((await rejection(sessions.list())) as Error).name, "AbortError")
  })

  it("have the types of what is asked", () => {
    const types = ({ close, resume, start }: OpenSessions) => {
      expectTypeOf(start({ source: "claude", prompt: "x" })).toEqualTypeOf<Promise<SentResult>>()
      const { signal } = new AbortController()
      expectTypeOf(resume("a", { prompt: "x", async: true, signal })).toEqualTypeOf<Promise<JobResult>>()
      expectTypeOf(close()).toEqualTypeOf<Promise<void>>()
    }
    expectTypeOf(types).toBeFunction()
  })
})

describe("an agent", () => {
  it("answers, and what it prints is told to who asked for it", async () => {
    let output = ""
    const { agent, sessions } = withAgent({ FAKE_STDERR: "thinking" }, { onOutput: (text) => void (output += text) })
    await using _ = sessions
    const answer = await sessions.start({ source: "claude", prompt: "hello", name: "main" })
    assert.deepInclude(answer, { delivery: "delivered", isNewSession: true, newMessages: 2 })
    const rows = await sessions.list({ cwd: "current" })
    assert.deepInclude(rows.sessions[0], { id: answer.sessionId, name: "main", cwd: agent.project })
    assert.include(output, "thinking")
    assert.include(output, answer.sessionId)
  })

  it("is ended by the signal of the call", async () => {
    const { agent, sessions } = withAgent({ FAKE_DELAY_MS: "60000" })
    await using _ = sessions
    const controller = new AbortController()
    const send = sessions.start({ source: "claude", prompt: "slow", signal: controller.signal })
    const pid = await started(agent)
    const reason = new Error("no longer wanted")
    controller.abort(reason)
    assert.strictEqual(await rejection(send), reason)
    assert.isFalse(isAlive(pid))
  })

  it("is ended by the end of the library", async () => {
    const { agent, sessions } = withAgent({ FAKE_DELAY_MS: "60000" })
    const send = rejection(sessions.start({ source: "claude", prompt: "slow" }))
    const pid = await started(agent)
    await sessions.close()
    assert.strictEqual(((await send) as Error).name, "AbortError")
    assert.isFalse(isAlive(pid))
  })
})

describe("a job", () => {
  it("is looked after by the program on PATH, in the directory of who asked, and outlives the library", async () => {
    const { agent, sessions } = withAgent({ FAKE_DELAY_MS: "500" })
    installFromSource(agent)
    const { job } = await sessions.start({ source: "claude", prompt: "by yourself", name: "tests", async: true })
    assert.strictEqual(job.status, "running")
    await sessions.close()
    await using later = openSessions({ cwd: agent.project, env: agent.env })
    const done = await later.wait(job.jobId, { timeoutMs: 30_000, intervalMs: 1000 })
    assert.deepInclude(done.job, { status: "completed", delivery: "delivered", exitCode: 0 })
    const read = await later.read("tests", { anchor: { after: done.job.messageCountBefore } })
    assert.strictEqual(read.messages[0]?.content, "by yourself")
    assert.strictEqual(read.session?.cwd ?? (await later.info("tests")).row.cwd, agent.project)
  })

  it("is not begun where the program is missing", async () => {
    const { agent, sessions } = withAgent({}, { binary: "sessionr-of-nobody" })
    await using _ = sessions
    const error = (await rejection(sessions.start({ source: "claude", prompt: "x", async: true }))) as SessionrError
    assert.strictEqual(error.code, "SPAWN_ERROR")
    assert.include(error.message, "sessionr-of-nobody is not on PATH")
    assert.lengthOf(startsOf(agent), 0)
  })
})
