import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import type { Agent } from "./agents.ts"
import {
  assertConversation,
  deliver,
  delivered,
  failed,
  messagesOf,
  requestOf,
  sendWords,
  timesAsked,
  toNew,
  until
} from "./checks.ts"
import { plainAnswer } from "./mock/script.ts"
import { type Sandbox, sandbox } from "./sandbox.ts"

/** What is particular to one agent. */
export interface Facts {
  readonly forks: boolean
  /** Prompts that the agent would not take as they are, and that are refused therefore. */
  readonly refuses: ReadonlyArray<string>
  /** What a session is in the store, to see that a fork leaves it as it was. */
  readonly contentOf: (box: Sandbox, id: string, file: string) => string
  /** HTTP statuses of the model, and what a send makes of them; `timeout` is for agents that go on trying for minutes. */
  readonly failures: ReadonlyArray<{ readonly status: number; readonly code: string; readonly timeout?: number }>
  /** What `--permission plan` makes of a command that writes a file: it is denied, ends the run, or runs all the same. */
  readonly underPlan: "denied" | "fatal" | "run"
}

const exits: Readonly<Record<string, number>> = { TOOL_ERROR: 1, SEND_TIMEOUT: 1, AUTH_REQUIRED: 4, RATE_LIMITED: 5 }

/** The bytes of the file that a session is. */
export const bytesOf = (_box: Sandbox, _id: string, file: string): string => fs.readFileSync(file, "latin1")

/** Prompts that shells, argument parsers and the agents' own little languages like to change. */
const awkward: Readonly<Record<string, string>> = {
  "quotes, newlines and emoji": '"it\'s" `x` $HOME $(id) \\ %s\n\n\tsecond — 👩‍💻 é 中文\n  third',
  "a leading dash": "--help me, -n",
  "a path": "/usr/bin/env is a path",
  "a command": "/help",
  "a mention": "@nobody said so",
  "a bang": "!true is not false",
  "a word": "word"
}

const listed = async (box: Sandbox, { source }: Agent): Promise<ReadonlyArray<string>> => {
  const { sessions } = (await box.sessionr(["list", source, "--cwd", "all", "--limit", "100"])).json()
  return sessions.map(({ id }: { readonly id: string }) => id)
}

const fileOf = async (box: Sandbox, { source }: Agent, id: string): Promise<string> =>
  (await box.sessionr(["info", id, "--source", source])).json().file_path

const conversations = (agent: Agent, facts: Facts): void => {
  it("starts a session and resumes it three times", async () => {
    await using box = await sandbox(agent)
    const prompts = ["the first words", "the second words", "the third words", "the fourth words"]
    const first = await deliver(box, agent, toNew(agent), prompts[0]!)
    assert.strictEqual(first.before, 0)
    let before = first.after
    for (const [at, prompt] of prompts.slice(1).entries()) {
      const sent = await deliver(box, agent, [first.id], prompt)
      assert.strictEqual(sent.id, first.id)
      assert.strictEqual(sent.before, before)
      before = sent.after
      const request = requestOf(box, prompt)
      for (const earlier of prompts.slice(0, at + 1)) {
        assert.strictEqual(timesAsked(request, earlier), 1, `${earlier} in the request of ${prompt}`)
      }
      const answers = request.request.turns.filter(({ role }) => role === "assistant").map(({ text }) => text)
      assert.lengthOf(answers, at + 1)
    }
    await assertConversation(box, agent, first.id, prompts)
    assert.deepStrictEqual(await listed(box, agent), [first.id])
  })

  it(facts.forks ? "forks a session, which stays as it is" : "says that it cannot fork", async () => {
    await using box = await sandbox(agent)
    const { id } = await deliver(box, agent, toNew(agent), "where both begin")
    const file = await fileOf(box, agent, id)
    const before = facts.contentOf(box, id, file)
    if (!facts.forks) {
      const ran = await box.sessionr(sendWords(agent, [id, "--fork"], "another way"))
      const error = failed(ran, "UNSUPPORTED_OPERATION", 2)
      assert.include(error.suggestion, "context")
      assert.deepInclude(error.detail, { source: agent.source, operation: "fork" })
    } else {
      const fork = await deliver(box, agent, [id, "--fork"], "another way")
      assert.notStrictEqual(fork.id, id)
      assert.strictEqual(timesAsked(requestOf(box, "another way"), "where both begin"), 1)
      await assertConversation(box, agent, fork.id, ["where both begin", "another way"])
      const resumed = await deliver(box, agent, [fork.id], "further on it")
      assert.strictEqual(resumed.id, fork.id)
    }
    assert.strictEqual(facts.contentOf(box, id, file), before)
    await assertConversation(box, agent, id, ["where both begin"])
  })

  it("continues the newest session of the directory", async () => {
    await using box = await sandbox(agent)
    const older = await deliver(box, agent, toNew(agent), "the older one")
    const newer = await deliver(box, agent, toNew(agent), "the newer one")
    const sent = await deliver(box, agent, ["--continue", "--source", agent.source], "go on")
    assert.strictEqual(sent.id, newer.id)
    await assertConversation(box, agent, newer.id, ["the newer one", "go on"])
    await assertConversation(box, agent, older.id, ["the older one"])
  })

  it("runs tools as far as it is permitted to", async () => {
    await using box = await sandbox(agent)
    const prompt = "make it [[think:how?]] [[tool:shell:echo made > made.txt]]"
    const made = path.join(box.project, "made.txt")
    const planning = [...toNew(agent), "--permission", "plan"]
    if (facts.underPlan === "denied") await deliver(box, agent, planning, prompt)
    if (facts.underPlan === "fatal") failed(await box.sessionr(sendWords(agent, planning, prompt)), "TOOL_ERROR", 1)
    assert.isFalse(fs.existsSync(made))
    const { id } = await deliver(box, agent, [...toNew(agent), "--permission", "full"], prompt)
    assert.strictEqual(fs.readFileSync(made, "utf8"), "made\n")
    const roles = (await messagesOf(box, agent, id)).map(({ role }) => role)
    assert.includeMembers(roles, ["user", "assistant", "tool_use", "tool_result"])
  })
}

const jobs = (agent: Agent): void => {
  it("answers in the background", async () => {
    await using box = await sandbox(agent)
    const prompt = "take your time [[slow:1]]"
    const { data } = (await box.sessionr([...sendWords(agent, toNew(agent), prompt), "--async"])).json()
    assert.deepInclude(data, { status: "running", source: agent.source, is_new_session: true })
    const waited = (await box.sessionr(["wait", data.job_id])).json()
    assert.deepInclude(waited.data, { status: "completed", exit_code: 0, delivery: "delivered", last_error: null })
    const id = waited.data.session_id
    await assertConversation(box, agent, id, [prompt])
    const action = waited.actions.find(
      ({ description }: { readonly description: string }) => description === "Read new messages"
    )
    const words = action.command.split(" ").slice(1)
    const { messages } = (await box.sessionr(words)).json()
    const contents = messages.map(({ content }: { readonly content: string }) => content).join("\n")
    assert.include(contents, prompt)
    assert.include(contents, plainAnswer(prompt))
    const again = await deliver(box, agent, [id], "and once more")
    assert.strictEqual(again.id, id)
  })

  it("is cancelled in the middle of its answer", async () => {
    await using box = await sandbox(agent)
    const { id } = await deliver(box, agent, toNew(agent), "begin")
    const slow = "a long story [[slow:90]]"
    const { data } = (await box.sessionr([...sendWords(agent, [id], slow), "--async"])).json()
    const request = await until("request", () => box.mock.conversations().find((one) => timesAsked(one, slow) > 0))
    const cancelled = await box.sessionr(["cancel", data.job_id])
    assert.isBelow(cancelled.took, 6000)
    assert.deepInclude(cancelled.json().data, { status: "cancelled", exit_code: 130 })
    assert.deepStrictEqual(box.processes(), [])
    assert.isTrue(request.wasLeft)
    const job = (await box.sessionr(["job", data.job_id])).json()
    assert.deepInclude(job.data, { status: "cancelled", exit_code: 130 })
    const after = await deliver(box, agent, [id], "never mind")
    assert.strictEqual(after.id, id)
    await assertConversation(box, agent, id, ["begin", "never mind"])
  })

  it("is interrupted in the middle of its answer", async () => {
    await using box = await sandbox(agent)
    const prompt = "another long story [[slow:90]]"
    let interrupted = 0
    const ran = await box.sessionr(sendWords(agent, toNew(agent), prompt), {
      started: (child) =>
        void until("request", () => box.mock.conversations().some((one) => timesAsked(one, prompt) > 0)).then(() => {
          interrupted = performance.now()
          child.kill("SIGINT")
        })
    })
    assert.strictEqual(ran.exit, 130)
    assert.isBelow(performance.now() - interrupted, 6000)
    assert.deepStrictEqual(box.processes(), [])
  })
}

const trouble = (agent: Agent, facts: Facts): void => {
  for (const { code, status, timeout = 100 } of facts.failures) {
    it(`says that the model failed with ${status}: ${code}`, async () => {
      await using box = await sandbox(agent)
      const target = [...toNew(agent), "--timeout", String(timeout)]
      const ran = await box.sessionr(sendWords(agent, target, `this will fail [[fail:${status}]]`))
      const error = failed(ran, code, exits[code]!)
      assert.isAbove(box.mock.requests.length, 0)
      if (code !== "SEND_TIMEOUT") assert.include(error.message, agent.displayName)
      assert.deepStrictEqual(box.processes(), [])
    })
  }

  it("has no second writer in a session", async () => {
    await using box = await sandbox(agent)
    const { id } = await deliver(box, agent, toNew(agent), "begin")
    const slow = "the first of two [[slow:4]]"
    const first = box.sessionr(sendWords(agent, [id], slow))
    await until("request", () => box.mock.conversations().some((one) => timesAsked(one, slow) > 0))
    const second = await box.sessionr(sendWords(agent, [id], "the second of two"))
    const error = failed(second, "SESSION_BUSY", 1)
    assert.isTrue(error.retry)
    const queued = box.sessionr(sendWords(agent, [id, "--queue"], "the one that waits"))
    await delivered(box, agent, await first, slow)
    await delivered(box, agent, await queued, "the one that waits")
    await assertConversation(box, agent, id, ["begin", slow, "the one that waits"])
    assert.isFalse(box.mock.requests.some((one) => timesAsked(one, "the second of two") > 0))
  })

  it("starts ten sessions at once in one directory", async () => {
    await using box = await sandbox(agent)
    // Not for the first time: ten OpenCodes that find no database get in each other's way while they create it.
    const first = await deliver(box, agent, toNew(agent), "the one before them")
    const prompts = Array.from({ length: 10 }, (_, at) => `number ${at} of ten`)
    const sent = await Promise.all(prompts.map((prompt) => deliver(box, agent, toNew(agent), prompt)))
    assert.strictEqual(new Set(sent.map(({ id }) => id)).size, 10)
    for (const [at, prompt] of prompts.entries()) {
      const { id } = sent[at]!
      await assertConversation(box, agent, id, [prompt])
      const asked = (await messagesOf(box, agent, id)).filter(({ content }) => /number \d of ten/.test(content))
      assert.lengthOf(asked, 1)
    }
    assert.sameMembers(
      [...(await listed(box, agent))],
      [first, ...sent].map(({ id }) => id)
    )
  })
}

const prompts = (agent: Agent, facts: Facts): void => {
  for (const [name, prompt] of Object.entries(awkward)) {
    const isRefused = facts.refuses.includes(prompt)
    it(`${isRefused ? "refuses" : "takes"} a prompt with ${name}`, async () => {
      await using box = await sandbox(agent)
      if (isRefused) {
        const ran = await box.sessionr(sendWords(agent, toNew(agent), prompt))
        const error = failed(ran, "INVALID_ARG", 2)
        assert.include(error.message, agent.displayName)
        assert.isEmpty(box.mock.requests)
        return
      }
      const { id } = await deliver(box, agent, toNew(agent), prompt)
      await assertConversation(box, agent, id, [prompt])
    })
  }

  it("takes a prompt of 300 KB", async () => {
    await using box = await sandbox(agent)
    const line = "a line of a prompt that is far too long for one argument\n"
    const prompt = `${line.repeat(Math.ceil(300_000 / line.length))}the end`
    const words = ["send", ...toNew(agent), "--file", box.write("prompt.md", prompt), "--quiet", "--tokens", "400000"]
    const ran = await box.sessionr([...words, "--preset", "full", ...agent.words])
    const { id } = await delivered(box, agent, ran, prompt)
    await assertConversation(box, agent, id, [prompt])
  })
}

/** Everything that a send promises, with one agent. */
export const agentSuite = (agent: Agent, facts: Facts): void => {
  describe(`conversations with ${agent.displayName}`, () => conversations(agent, facts))
  describe(`jobs of ${agent.displayName}`, () => jobs(agent))
  describe(`${agent.displayName} in trouble`, () => trouble(agent, facts))
  describe(`prompts of ${agent.displayName}`, () => prompts(agent, facts))
}
