import { assert, describe, it } from "@effect/vitest"
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { json, type Sandbox, sandbox } from "./sandbox.ts"
import { isAlive } from "../support/processes.ts"

/** Starts a session and gives its id. */
const begin = async (box: Sandbox): Promise<string> =>
  json(await box.call(["send", "--new", "-s", "claude", "-m", "first", "--quiet"])).meta.session_id as string

const filesBelow = (directory: string): ReadonlyArray<string> =>
  fs.existsSync(directory) ? fs.readdirSync(directory, { recursive: true, encoding: "utf8" }).sort() : []

describe("send", () => {
  it("starts, resumes and forks a session, and shows the new messages only", async () => {
    const box = sandbox()
    const id = await begin(box)
    const resumed = json(await box.call(["send", id, "-m", "second", "--quiet"]))
    assert.deepInclude(resumed.meta, {
      session_id: id,
      delivery: "delivered",
      message_count_before: 2,
      new_messages: 2,
      is_new_session: false
    })
    assert.deepStrictEqual(
      resumed.messages.map(({ content, role }: { content: string; role: string }) => [role, content]),
      [
        ["user", "second"],
        ["assistant", "You said 6 characters."]
      ]
    )
    const before = fs.readFileSync(
      path.join(
        box.home,
        ".claude/projects",
        filesBelow(path.join(box.home, ".claude/projects")).find((name) => name.endsWith(`${id}.jsonl`))!
      )
    )
    const forked = json(await box.call(["send", id, "--fork", "-m", "other way", "--quiet"]))
    assert.notStrictEqual(forked.meta.session_id, id)
    assert.deepInclude(forked.meta, { message_count_before: 4, new_messages: 2, is_new_session: true })
    const after = fs.readFileSync(
      path.join(
        box.home,
        ".claude/projects",
        filesBelow(path.join(box.home, ".claude/projects")).find((name) => name.endsWith(`${id}.jsonl`))!
      )
    )
    assert.isTrue(before.equals(after))
  })

  it("shows a dry run and writes nothing, starts nothing", async () => {
    const box = sandbox()
    const id = await begin(box)
    const before = filesBelow(box.home)
    const starts = box.starts().length
    const { result } = json(await box.call(["send", id, "-m", "never", "--dry-run"]))
    assert.deepInclude(result, { dry_run: true, source: "claude", session_id: id, cwd: box.project })
    assert.include(result.would_spawn, `--resume ${id}`)
    assert.deepStrictEqual(filesBelow(box.home), before)
    assert.lengthOf(box.starts(), starts)
  })

  it("sends a prompt of 300 KB with quotes, newlines and emoji unchanged", async () => {
    const box = sandbox()
    const prompt = `"it's" $HOME \`x\` 👩‍💻\n${"line of text\n".repeat(24_000)}end`
    const file = path.join(box.home, "prompt.md")
    fs.writeFileSync(file, prompt)
    const { meta } = json(await box.call(["send", "--new", "-s", "claude", "-f", file, "--tokens", "200", "--quiet"]))
    assert.strictEqual(meta.delivery, "delivered")
    assert.deepStrictEqual(box.prompts(), [prompt])
    assert.isTrue(box.starts().every(({ argv }) => argv.join(" ").length < 1000))
  })

  it("mirrors the tool's output to stderr, and only there", async () => {
    const box = sandbox()
    const ran = await box.call(["send", "--new", "-s", "claude", "-m", "x"], { fake: { FAKE_STDERR: "careful" } })
    assert.include(ran.stderr, "careful")
    assert.include(ran.stderr, '"subtype":"init"')
    assert.strictEqual(json(ran).meta.delivery, "delivered")
  })
})

describe("a tool that misbehaves", () => {
  const failing = async (fake: Readonly<Record<string, string>>, more: ReadonlyArray<string> = []) => {
    const box = sandbox()
    const id = await begin(box)
    const started = performance.now()
    const ran = await box.call(["send", id, "-m", "again", "--quiet", "--detect-timeout-ms", "300", ...more], { fake })
    return { box, id, ran, answer: json(ran), took: performance.now() - started }
  }

  it("exits 0 without having written the prompt", async () => {
    const { answer, id, ran } = await failing({ FAKE_NO_WRITE: "1" })
    assert.strictEqual(ran.exit, 1)
    assert.deepInclude(answer.error, { code: "NOT_DELIVERED", retry: true })
    assert.strictEqual(answer.error.detail.session_id, id)
  })

  it("exits 0 without an answer", async () => {
    const { answer, ran } = await failing({ FAKE_NO_ANSWER: "1" })
    assert.strictEqual(ran.exit, 10)
    assert.deepInclude(answer.meta, { delivery: "unanswered", partial: true })
  })

  it("leaves half a line behind", async () => {
    const { answer, ran } = await failing({ FAKE_HALF_LINE: "1" })
    assert.strictEqual(ran.exit, 10)
    assert.strictEqual(answer.meta.delivery, "unanswered")
  })

  it("fails, and says so only in its events", async () => {
    const { answer, ran } = await failing({ FAKE_FAIL: "the model is on fire" })
    assert.strictEqual(ran.exit, 1)
    assert.strictEqual(answer.error.code, "TOOL_ERROR")
    assert.include(answer.error.message, "the model is on fire")
    assert.strictEqual(answer.error.detail.exit_code, 0)
  })

  it("fails with an exit code", async () => {
    const { answer } = await failing({ FAKE_EXIT: "7", FAKE_STDERR: "no such luck" })
    assert.strictEqual(answer.error.code, "TOOL_ERROR")
    assert.deepInclude(answer.error.detail, { exit_code: 7, signal: null, stderr_tail: ["no such luck"] })
  })

  it("is ended by a signal", async () => {
    const { answer } = await failing({ FAKE_DIE: "SIGKILL" })
    assert.deepInclude(answer.error.detail, { exit_code: null, signal: "SIGKILL" })
  })

  it("answers under another id", async () => {
    const { answer, id } = await failing({ FAKE_ROTATE: "1" })
    assert.notStrictEqual(answer.meta.session_id, id)
    assert.deepInclude(answer.meta, { previous_session_id: id, delivery: "delivered", new_messages: 2 })
  })

  it("answers under another id without saying so", async () => {
    const { answer, id } = await failing({ FAKE_ROTATE: "1", FAKE_SILENT: "1" })
    assert.deepInclude(answer.meta, { previous_session_id: id, delivery: "delivered" })
  })

  it("leaves a descendant that holds its stdout", async () => {
    const { answer, took } = await failing({ FAKE_HOLD_STDOUT: "20" })
    assert.strictEqual(answer.meta.delivery, "delivered")
    assert.isBelow(took, 8000)
  })

  it("takes longer than it may, and ignores SIGTERM", async () => {
    const { answer, box, ran, took } = await failing({ FAKE_DELAY_MS: "60000", FAKE_IGNORE_TERM: "1" }, [
      "--timeout",
      "1"
    ])
    assert.strictEqual(ran.exit, 1)
    assert.deepInclude(answer.error, { code: "SEND_TIMEOUT", retry: true })
    assert.deepInclude(answer.error.detail, { timeout_s: 1, delivery: "unanswered" })
    assert.isBelow(took, 12_000)
    assert.isFalse(isAlive(box.starts().at(-1)!.pid))
  })

  it("is not installed", async () => {
    const box = sandbox()
    const id = await begin(box)
    fs.rmSync(path.join(box.home, "bin/claude"))
    const { error } = json(await box.call(["send", id, "-m", "x"], { fake: { PATH: "/nowhere" } }))
    assert.strictEqual(error.code, "SPAWN_ERROR")
    assert.deepStrictEqual(error.detail.searched, ["/nowhere"])
  })
})

describe("interruption", () => {
  it("SIGINT ends the tool's whole group and the send with 130", async () => {
    const box = sandbox()
    const id = await begin(box)
    const ran = await box.call(["send", id, "-m", "slow", "--quiet"], {
      fake: { FAKE_DELAY_MS: "60000" },
      started: (child) => {
        const timer = setInterval(() => {
          if (box.starts().length < 2) return
          clearInterval(timer)
          child.kill("SIGINT")
        }, 20)
      }
    })
    assert.strictEqual(ran.exit, 130)
    assert.isFalse(isAlive(box.starts().at(-1)!.pid))
    // The lease is gone with its holder.
    assert.strictEqual(json(await box.call(["send", id, "-m", "next", "--quiet"])).meta.delivery, "delivered")
  })
})

describe("jobs", () => {
  it("run on their own, are waited for, and read back", async () => {
    const box = sandbox()
    const fake = { FAKE_DELAY_MS: "300" }
    const { data } = json(
      await box.call(["send", "--new", "-s", "claude", "-m", "in the background", "--async"], { fake })
    )
    assert.strictEqual(data.status, "running")
    const done = json(await box.call(["wait", data.job_id]))
    assert.deepInclude(done.data, { status: "completed", exit_code: 0, delivery: "delivered", is_new_session: true })
    const action = done.actions.find(({ description }: { description: string }) => description === "Read new messages")
    const read = json(await box.call((action.command as string).split(" ").slice(1)))
    assert.strictEqual(read.messages[0].content, "in the background")
    assert.lengthOf(json(await box.call(["jobs", "--status", "completed"])).jobs, 1)
    const pruned = json(await box.call(["jobs", "--prune", "--older-than", "1s"]))
    assert.isArray(pruned.pruned)
  })

  it("keep directories 0700 and files 0600", async () => {
    const box = sandbox()
    const { data } = json(await box.call(["send", "--new", "-s", "claude", "-m", "x", "--async"]))
    await box.call(["wait", data.job_id])
    for (const name of filesBelow(box.stateDir)) {
      const stat = fs.statSync(path.join(box.stateDir, name))
      assert.strictEqual(stat.mode & 0o777, stat.isDirectory() ? 0o700 : 0o600, name)
    }
  })

  it("cancel ends the whole group within 6 s and records 130, also where SIGTERM is ignored", async () => {
    const box = sandbox()
    const fake = { FAKE_DELAY_MS: "60000", FAKE_IGNORE_TERM: "1" }
    const { data } = json(await box.call(["send", "--new", "-s", "claude", "-m", "x", "--async"], { fake }))
    const started = performance.now()
    const cancelled = json(await box.call(["cancel", data.job_id]))
    assert.isBelow(performance.now() - started, 6500)
    assert.deepInclude(cancelled.data, { status: "cancelled", exit_code: 130 })
    assert.isFalse(isAlive(data.pid as number))
    const again = json(await box.call(["cancel", data.job_id]))
    assert.strictEqual(again.data.status, "cancelled")
    assert.strictEqual(again.meta.warnings[0].error.code, "JOB_ENDED")
  })

  it("a wait that runs out says how to wait longer", async () => {
    const box = sandbox()
    const fake = { FAKE_DELAY_MS: "5000" }
    const { data } = json(await box.call(["send", "--new", "-s", "claude", "-m", "x", "--async"], { fake }))
    const ran = await box.call(["wait", data.job_id, "--timeout", "1"])
    assert.strictEqual(ran.exit, 1)
    assert.deepInclude(json(ran).error, { code: "JOB_TIMEOUT", suggestion: `sessionr wait ${data.job_id} --timeout 2` })
    await box.call(["cancel", data.job_id])
  })

  it("fail with the tool, and keep why", async () => {
    const box = sandbox()
    const fake = { FAKE_FAIL: "no credit left", FAKE_EXIT: "3" }
    const { data } = json(await box.call(["send", "--new", "-s", "claude", "-m", "x", "--async"], { fake }))
    const done = json(await box.call(["wait", data.job_id]))
    assert.deepInclude(done.data, { status: "failed", exit_code: 3 })
    assert.include(done.data.last_error, "no credit left")
  })
})

describe("one writer a session", () => {
  it("turns a second one away at once, or lets it queue", async () => {
    const box = sandbox()
    const id = await begin(box)
    const { data } = json(await box.call(["send", id, "-m", "slow", "--async"], { fake: { FAKE_DELAY_MS: "1500" } }))
    const busy = await box.call(["send", id, "-m", "no", "--quiet"])
    assert.strictEqual(busy.exit, 1)
    assert.deepInclude(json(busy).error, { code: "SESSION_BUSY", retry: true })
    assert.strictEqual(json(busy).error.detail.job_id, data.job_id)
    const queued = json(await box.call(["send", id, "-m", "patient", "--queue", "--quiet"]))
    assert.strictEqual(queued.meta.delivery, "delivered")
    assert.deepStrictEqual(box.prompts(), ["first", "slow", "patient"])
  })

  it("twelve at once with --queue: every prompt once", async () => {
    const box = sandbox()
    const id = await begin(box)
    const texts = Array.from({ length: 12 }, (_, at) => `prompt ${at}`)
    const ran = await Promise.all(texts.map((text) => box.call(["send", id, "-m", text, "--queue", "--quiet"])))
    assert.deepStrictEqual(
      ran.map(({ exit }) => exit),
      texts.map(() => 0)
    )
    assert.deepStrictEqual(box.prompts().toSorted(), ["first", ...texts].toSorted())
  })

  it("ten new sessions at once in one directory: every id is right", async () => {
    const box = sandbox()
    const texts = Array.from({ length: 10 }, (_, at) => `new ${at}`)
    const ran = await Promise.all(
      texts.map((text) => box.call(["send", "--new", "-s", "claude", "-m", text, "--quiet"]))
    )
    const answers = ran.map(json)
    assert.lengthOf(new Set(answers.map(({ meta }) => meta.session_id)), 10)
    assert.deepStrictEqual(
      answers.map(({ messages }) => messages[0].content),
      texts
    )
  })
})

describe("a session that its tool has open", () => {
  /** Registers a process of these words as having the session open, for as long as `use` takes. */
  const withOpen = async (box: Sandbox, id: string, words: string, use: (pid: number) => Promise<void>) => {
    const child = spawn("sh", ["-c", `sleep 60; : ${words}`], { stdio: "ignore", detached: true })
    const registry = path.join(box.home, ".claude/sessions")
    fs.mkdirSync(registry, { recursive: true })
    fs.writeFileSync(path.join(registry, `${child.pid}.json`), JSON.stringify({ pid: child.pid, sessionId: id }))
    try {
      await use(child.pid!)
    } finally {
      process.kill(-child.pid!, "SIGKILL")
    }
  }

  it("takes no prompt until the tool has gone, and forks all the same", async () => {
    const box = sandbox()
    const id = await begin(box)
    await withOpen(box, id, "claude", async (pid) => {
      const busy = await box.call(["send", id, "-m", "no", "--quiet"])
      assert.strictEqual(busy.exit, 1)
      assert.deepInclude(json(busy).error, { code: "SESSION_BUSY", retry: true })
      assert.strictEqual(json(busy).error.detail.holder.pid, pid)
      assert.strictEqual((await box.call(["send", id, "--fork", "-m", "aside", "--quiet"])).exit, 0)
    })
    assert.strictEqual((await box.call(["send", id, "-m", "yes", "--quiet"])).exit, 0)
    assert.deepStrictEqual(box.prompts().toSorted(), ["aside", "first", "first", "yes"])
  })

  it("is not open in a process that was given the number of one that was killed", async () => {
    const box = sandbox()
    const id = await begin(box)
    await withOpen(box, id, "another program", async () => {
      assert.strictEqual((await box.call(["send", id, "-m", "yes", "--quiet"])).exit, 0)
    })
  })
})

describe("idempotency", () => {
  it("the same key and request send once; the same key with another request is refused", async () => {
    const box = sandbox()
    const id = await begin(box)
    const words = ["send", id, "--quiet", "--idempotency-key", "k1"]
    const first = json(await box.call([...words, "-m", "once"]))
    const second = json(await box.call([...words, "-m", "once"]))
    assert.deepStrictEqual(second.messages, first.messages)
    assert.deepStrictEqual(box.prompts(), ["first", "once"])
    const other = await box.call([...words, "-m", "other"])
    assert.strictEqual(other.exit, 2)
    assert.strictEqual(json(other).error.code, "IDEMPOTENCY_CONFLICT")
  })

  it("eight at once under one key send once", async () => {
    const box = sandbox()
    const id = await begin(box)
    const words = ["send", id, "--queue", "--quiet", "--idempotency-key", "k2", "-m", "once"]
    await Promise.all(Array.from({ length: 8 }, () => box.call(words)))
    assert.deepStrictEqual(box.prompts(), ["first", "once"])
  })
})

describe("a limit on new sessions", () => {
  it("refuses beyond SESSIONR_MAX_NEW_PER_HOUR", async () => {
    const box = sandbox()
    const fake = { SESSIONR_MAX_NEW_PER_HOUR: "1" }
    const words = ["send", "--new", "-s", "claude", "-m", "x", "--quiet"]
    assert.strictEqual((await box.call(words, { fake })).exit, 0)
    const refused = await box.call(words, { fake })
    assert.strictEqual(refused.exit, 5)
    assert.strictEqual(json(refused).error.code, "RATE_LIMITED")
    assert.lengthOf(box.starts(), 1)
  })
})
