import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { day, ids, small, test } from "../support/prune.ts"
import { copyDemoHome, runCli, runLine, testNow } from "../support/run-cli.ts"
import { filesOf, jsonLines, makeOld, snapshotOf, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId } from "../support/stores.ts"

/** What a fork in the demo home builds on. */
const base = "01a1c0e7-85e8-70e9-9314-84a3cdb4cd7e"

/** The demo home as if nobody had written to it for days, and a state of its own. */
const demo = Effect.gen(function* () {
  const home = yield* copyDemoHome
  makeOld(home)
  return { home, state: yield* temporaryHome }
})

const listed = (options: { home: string; state: string }) =>
  Effect.map(
    runCli(["list", "--cwd", "all", "--include-empty", "--include-subagents", "-n", "1000"], options),
    (list) => ids(list.json.sessions).toSorted()
  )

describe("prune --dry-run", () => {
  test(
    "says what would go, and changes nothing anywhere",
    Effect.gen(function* () {
      const { home, state } = yield* demo
      const before = snapshotOf(home)
      const { exitCode, json } = yield* runCli(["prune", "--older-than", "1d", "--dry-run"], { home, state })
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(Object.keys(json).join(" "), "api_version dry_run would_delete count bytes refused actions")
      assert.strictEqual(Object.keys(json.would_delete[0]).join(" "), "id source file_path bytes updated_at")
      assert.strictEqual(json.count, json.would_delete.length)
      assert.strictEqual(
        json.bytes,
        json.would_delete.reduce((sum: number, { bytes }: { bytes: number }) => sum + bytes, 0)
      )
      // Every session is told of once; subagents go with their parents.
      const { sessions } = (yield* runCli(["list", "--cwd", "all", "--include-empty", "-n", "1000"], { home, state }))
        .json
      assert.deepStrictEqual([...ids(json.would_delete), ...ids(json.refused)].toSorted(), ids(sessions).toSorted())
      for (const { id, reason } of json.refused) {
        if (id === base) assert.include(reason, "01a1c10e-4f98-7a3a-b692-a0efef401afb")
        else assert.include(reason, "lies in a database")
      }
      assert.include(ids(json.refused), base)
      assert.isAbove(json.count, 18)
      assert.deepStrictEqual(snapshotOf(home), before)
      assert.isFalse(fs.existsSync(nodePath.join(state, "state")))
      const hooks = json.would_delete.find(({ id }: { id: string }) => id.startsWith("9e577bdb"))
      const dir = nodePath.join(home, ".claude/projects/-srv-acme-api/9e577bdb-0194-42d2-b711-66e0153e12d1")
      const own = [`${dir}.jsonl`, ...fs.readdirSync(`${dir}/subagents`).map((name) => `${dir}/subagents/${name}`)]
      assert.strictEqual(
        hooks.bytes,
        own.reduce((sum, path) => sum + fs.statSync(path).size, 0)
      )
    })
  )

  test(
    "keeps to age, source and directory; a directory without sessions never stands for all",
    Effect.gen(function* () {
      const { home, state } = yield* demo
      const of = (...words: ReadonlyArray<string>) =>
        Effect.map(runCli(["prune", "--older-than", "1d", "--dry-run", ...words], { home, state }), ({ json }) => json)
      const codex = yield* of("-s", "openai")
      assert.isTrue(codex.would_delete.every(({ source }: { source: string }) => source === "codex"))
      assert.strictEqual(codex.count, 6)
      const shop = yield* of("--cwd", "/srv/acme/shop", "-s", "claude")
      assert.deepStrictEqual(
        ids(shop.would_delete).map((id) => id.slice(0, 8)),
        ["33df6d44", "59347f09", "bfe7aa11"]
      )
      assert.include(shop.actions[0].command, "--source claude --cwd /srv/acme/shop --yes")
      assert.strictEqual((yield* of("--cwd", "auto")).count, 0)
      assert.strictEqual((yield* of("--cwd", "current")).count, 0)
      const { json } = yield* runCli(["prune", "--older-than", "60d", "--dry-run"], { home, state })
      assert.isTrue(
        json.would_delete.every(({ updated_at }: { updated_at: string }) => Date.parse(updated_at) < testNow - 60 * day)
      )
      assert.isAbove(json.count, 0)
    })
  )
})

describe("prune --yes", () => {
  test(
    "moves sessions with all that is theirs; undo brings back every byte and time, and doing it again is nothing",
    Effect.gen(function* () {
      const { home, state } = yield* demo
      const before = filesOf(home)
      const all = yield* listed({ home, state })
      const { exitCode, json } = yield* runCli(["prune", "--older-than", "1d", "--yes"], { home, state })
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(
        Object.keys(json).join(" "),
        "api_version dry_run trash deleted count bytes refused skipped actions"
      )
      assert.strictEqual(json.trash, "20261120T120000Z")
      const left = new Set(yield* listed({ home, state }))
      assert.isTrue(ids(json.refused).every((id) => left.has(id)))
      assert.isFalse(ids(json.deleted).some((id) => left.has(id)))
      assert.isFalse(json.deleted.some(({ file_path }: { file_path: string }) => fs.existsSync(file_path)))
      assert.isFalse(
        fs.existsSync(nodePath.join(home, ".claude/projects/-srv-acme-shop/33df6d44-dd8f-4a44-b953-a787c477423d"))
      )
      const trash = nodePath.join(state, "state/trash")
      for (const name of fs.readdirSync(trash, { recursive: true, encoding: "utf8" })) {
        const stat = fs.statSync(nodePath.join(trash, name))
        assert.strictEqual(stat.mode & 0o777, stat.isDirectory() ? 0o700 : 0o600, name)
      }
      const undone = yield* runLine(json.actions[0].command, { home, state })
      assert.strictEqual(undone.json.count, json.count)
      assert.deepStrictEqual(undone.json.conflicts, [])
      assert.deepStrictEqual(filesOf(home), before)
      assert.deepStrictEqual(yield* listed({ home, state }), all)
      const again = yield* runLine(json.actions[0].command, { home, state })
      assert.strictEqual(again.exitCode, 0)
      assert.strictEqual(again.json.count, 0)
      assert.isTrue(again.json.sessions.every(({ status }: { status: string }) => status === "already_there"))
      assert.deepStrictEqual(filesOf(home), before)
    })
  )

  test(
    "two runs within a second do not mix",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const first = (yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json
      const second = (yield* runCli(["prune", "--older-than", "15d", "--yes"], { home, state })).json
      assert.deepStrictEqual([first.trash, second.trash], ["20261120T120000Z", "20261120T120000Z-2"])
      yield* runCli(["prune", "--undo", second.trash], { home, state })
      assert.deepStrictEqual(
        paths.map((path) => fs.existsSync(path)),
        [true, true, false]
      )
    })
  )

  test(
    "tags survive the way there and back",
    Effect.gen(function* () {
      const { home, state } = yield* small
      yield* runCli(["tag", claudeId(3), "--add", "keep"], { home, state })
      const { json } = yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })
      yield* runCli(["prune", "--undo", json.trash], { home, state })
      assert.deepStrictEqual((yield* runCli(["tag", claudeId(3)], { home, state })).json.tags, ["keep"])
    })
  )

  test(
    "a subagent that was active lately keeps its parent",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const agent = `${paths[2]!.slice(0, -".jsonl".length)}/subagents/agent-a1b2c3d4.jsonl`
      const record = {
        type: "user",
        uuid: "a",
        parentUuid: null,
        isSidechain: true,
        agentId: "a1b2c3d4",
        sessionId: claudeId(3),
        cwd: "/w",
        timestamp: new Date(testNow - day).toISOString(),
        message: { role: "user", content: "look" }
      }
      writeFile(agent, jsonLines([record]), testNow - day)
      const plan = (yield* runCli(["prune", "--older-than", "15d", "--dry-run"], { home, state })).json
      assert.deepStrictEqual(ids(plan.would_delete), [claudeId(2)])
    })
  )
})

describe("prune refuses", () => {
  const refusal = (home: string, state: string, n = 3) =>
    Effect.gen(function* () {
      const before = filesOf(home)
      const { exitCode, json } = yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(json.count, 0)
      assert.deepStrictEqual(ids(json.refused), [claudeId(n)])
      assert.deepStrictEqual(filesOf(home), before)
      return json.refused[0].reason as string
    })

  test(
    "a session that was written within the last minute, a sidecar too",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const sidecar = `${paths[2]!.slice(0, -".jsonl".length)}/tool-results/now.txt`
      writeFile(sidecar, "x", testNow - 59_000)
      assert.include(yield* refusal(home, state), sidecar)
      fs.utimesSync(sidecar, testNow / 1000 - 61, testNow / 1000 - 61)
      assert.strictEqual((yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json.count, 1)
    })
  )

  test(
    "a session that a living process registered; not for one that is gone",
    Effect.gen(function* () {
      const { home, state } = yield* small
      const register = (pid: number) =>
        writeFile(`${home}/.claude/sessions/1.json`, JSON.stringify({ pid, sessionId: claudeId(3) }), 0)
      register(process.pid)
      assert.include(yield* refusal(home, state), `process ${process.pid}`)
      register(2 ** 22 + 1)
      // A home from elsewhere may be in use where its processes cannot be seen.
      const elsewhere = yield* runCli(["--home", home, "prune", "--older-than", "25d", "--dry-run"], { home, state })
      assert.deepStrictEqual(ids(elsewhere.json.refused), [claudeId(3)])
      assert.strictEqual((yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json.count, 1)
    })
  )

  test(
    "what symbolic links lead to: a file, something inside, a directory on the way",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const path = paths[2]!
      const elsewhere = nodePath.join(home, "elsewhere")
      fs.mkdirSync(elsewhere)
      fs.renameSync(path, `${elsewhere}/real.jsonl`)
      fs.symlinkSync(`${elsewhere}/real.jsonl`, path)
      assert.include(yield* refusal(home, state), "symbolic link")
      fs.rmSync(path)
      fs.renameSync(`${elsewhere}/real.jsonl`, path)
      const own = path.slice(0, -".jsonl".length)
      writeFile(`${elsewhere}/secret.txt`, "not yours", 0)
      fs.mkdirSync(own)
      fs.symlinkSync(elsewhere, `${own}/tool-results`)
      assert.include(yield* refusal(home, state), "symbolic link")
      assert.strictEqual(fs.readFileSync(`${elsewhere}/secret.txt`, "utf8"), "not yours")
      fs.rmSync(`${own}/tool-results`)
      // The root itself may be a link: people keep their settings elsewhere.
      fs.renameSync(`${home}/.claude`, `${elsewhere}/claude`)
      fs.symlinkSync(`${elsewhere}/claude`, `${home}/.claude`)
      assert.strictEqual((yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json.count, 1)
      assert.isFalse(fs.existsSync(path))
    })
  )

  test(
    "a lock of a codex thread, and every copy goes that would be found next",
    Effect.gen(function* () {
      const { home, state } = yield* demo
      const id = "01a08b25-b7a0-7a2f-9363-98fe20d1ae6f"
      const lock = `${home}/.codex/thread-writer-locks/${id}.lock`
      writeFile(lock, "", 0)
      const words = ["prune", "--older-than", "1d", "-s", "codex"]
      const refused = (yield* runCli([...words, "--dry-run"], { home, state })).json.refused
      assert.deepStrictEqual(
        refused.filter((one: { id: string }) => one.id === id),
        [{ id, source: "codex", reason: `${lock} says that it is open` }]
      )
      fs.rmSync(lock)
      const rollout = nodePath.join(home, `.codex/sessions/2026/09/10/rollout-2026-09-10T13-48-20-${id}.jsonl`)
      const archived = nodePath.join(home, ".codex/archived_sessions", nodePath.basename(rollout))
      fs.copyFileSync(rollout, archived)
      makeOld(home)
      yield* runCli([...words, "--yes"], { home, state })
      assert.isFalse(fs.existsSync(rollout))
      assert.isFalse(fs.existsSync(archived))
    })
  )
})
