import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../../src/adapters/claude/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, readIn } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { first, projects, Script, second, sessionFile } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const host = (env: Record<string, string>, ignoreEnv = false) => ({
  env,
  home: "/home/dev",
  platform: "linux",
  ignoreEnv
})

const hello = (id: string) => jsonLines(new Script(id).user("hello").lines)

describe("roots", () => {
  it("are the home's own, the legacy one last", () => {
    assert.deepStrictEqual(claude.roots(host({})), ["/home/dev/.claude", "/home/dev/.config/claude"])
    assert.deepStrictEqual(claude.roots(host({ CLAUDE_CONFIG_DIR: "" })), [
      "/home/dev/.claude",
      "/home/dev/.config/claude"
    ])
  })

  it("are those of the variable where it is set, each once", () => {
    assert.deepStrictEqual(claude.roots(host({ CLAUDE_CONFIG_DIR: "/data/c" })), ["/data/c"])
    assert.deepStrictEqual(claude.roots(host({ CLAUDE_CONFIG_DIR: "/a/, /b,/a" })), ["/a", "/b"])
    assert.deepStrictEqual(claude.roots(host({ CLAUDE_CONFIG_DIR: "/cafe\u0301" })), ["/caf\u00e9"])
  })

  it("are the home's own under --home", () => {
    assert.strictEqual(claude.roots(host({ CLAUDE_CONFIG_DIR: "/data/c" }, true))[0], "/home/dev/.claude")
  })
})

describe("discover", () => {
  test("finds sessions and subagents of every layout, and nothing else", (home) =>
    Effect.gen(function* () {
      const base = projects(home)
      writeFile(sessionFile(home, first), hello(first))
      writeFile(sessionFile(home, second), "")
      writeFile(`${base}/agent-1a2b3c4d.jsonl`, hello(first))
      writeFile(`${base}/${first}/subagents/agent-aaaa.jsonl`, hello(first))
      writeFile(`${base}/${first}/subagents/agent-aaaa.meta.json`, "{}")
      writeFile(`${base}/${first}/subagents/workflows/run-1/agent-bbbb.jsonl`, hello(first))
      writeFile(`${base}/${first}/subagents/workflows/run-1/journal.jsonl`, "{}")
      writeFile(`${base}/${first}/tool-results/out.txt`, "whole output")
      writeFile(`${base}/${first}/custom-title.json`, `{"customTitle":"x"}`)
      for (const phantom of [
        `${base}/notes.jsonl`,
        `${base}/${first}.jsonl.bak`,
        `${base}/memory/${second}.jsonl`,
        `${base}/${first}/file.jsonl`,
        `${home}/.claude/projects/${second}.jsonl`,
        `${home}/.claude/history.jsonl`,
        `${home}/.claude/todos/${second}.jsonl`
      ]) {
        writeFile(phantom, hello(first))
      }
      const { entries, unreadable } = yield* discoverIn(claude, home)
      assert.deepStrictEqual(unreadable, [])
      const rows = entries.map(({ id, kind, parentId }) => `${kind} ${id} of ${parentId}`).sort()
      assert.deepStrictEqual(rows, [
        `session ${first} of null`,
        `session ${second} of null`,
        "subagent agent-1a2b3c4d of null",
        `subagent agent-aaaa of ${first}`,
        `subagent agent-bbbb of ${first}`
      ])
      const session = entries.find(({ id }) => id === first)!
      assert.deepStrictEqual([...session.sidecars].sort(), [
        `${base}/${first}/custom-title.json`,
        `${base}/${first}/tool-results/out.txt`
      ])
      assert.strictEqual(session.root, `${home}/.claude`)
      assert.strictEqual(entries.find(({ id }) => id === second)?.file.size, 0)
    }))

  test("keeps the newest of copies with one id", (home) =>
    Effect.gen(function* () {
      const stamp = Date.UTC(2026, 10, 1)
      const newest = `${home}/.config/claude/projects/-b/${first}.jsonl`
      writeFile(sessionFile(home, first), hello(first), stamp)
      writeFile(newest, hello(first), stamp + 1000)
      writeFile(`${home}/.claude/projects/-c/${first}.jsonl`, hello(first), stamp - 1000)
      const { entries } = yield* discoverIn(claude, home)
      assert.deepStrictEqual(
        entries.map(({ file }) => file.path),
        [newest]
      )
    }))

  test("a session is archived until it is used again", (home) =>
    Effect.gen(function* () {
      const at = Date.UTC(2026, 10, 1)
      for (const id of [first, second]) {
        const mark = { archived: true, at: new Date(at).toISOString(), by: "user" }
        writeFile(`${projects(home)}/${id}/archived.json`, JSON.stringify(mark))
      }
      writeFile(sessionFile(home, first), hello(first), at - 60_000)
      writeFile(sessionFile(home, second), hello(second), at + 60_000)
      const { entries } = yield* discoverIn(claude, home)
      assert.deepStrictEqual(Object.fromEntries(entries.map((entry) => [entry.id, entry.archived])), {
        [first]: true,
        [second]: false
      })
    }))

  test("what cannot be read is told, the rest is found", (home) =>
    Effect.gen(function* () {
      writeFile(sessionFile(home, first), hello(first))
      fs.symlinkSync("/nowhere", sessionFile(home, second))
      const { entries, unreadable } = yield* discoverIn(claude, home)
      assert.deepStrictEqual(
        entries.map(({ id }) => id),
        [first]
      )
      assert.deepStrictEqual(
        unreadable.map(({ path }) => path),
        [sessionFile(home, second)]
      )
    }))

  test("the parent of a flat subagent is named in its lines, a warm-up is empty", (home) =>
    Effect.gen(function* () {
      const flat = (name: string, prompt: string) => {
        const side = { more: { isSidechain: true } }
        writeFile(`${projects(home)}/${name}.jsonl`, jsonLines(new Script(first).user(prompt, side).lines))
      }
      flat("agent-11111111", "look around")
      flat("agent-22222222", "Warmup")
      const agent = yield* readIn(claude, home, "agent-11111111")
      assert.strictEqual(agent.head.parentId, first)
      assert.strictEqual(agent.head.isEmpty, false)
      const warmUp = yield* readIn(claude, home, "agent-22222222")
      assert.strictEqual(warmUp.head.isEmpty, true)
      assert.strictEqual(warmUp.transcript.head.isEmpty, true)
    }))
})

describe("facts about a root", () => {
  test("retention is the tool's default, or a setting", (home) =>
    Effect.gen(function* () {
      const root = `${home}/.claude`
      assert.deepStrictEqual(yield* claude.retention([root]), { days: 30, from: "the tool's default" })
      writeFile(`${root}/settings.json`, `{"cleanupPeriodDays": 90}`)
      assert.deepStrictEqual(yield* claude.retention([root]), { days: 90, from: `${root}/settings.json` })
      writeFile(`${root}/settings.local.json`, `{"cleanupPeriodDays": "x"}`)
      assert.strictEqual((yield* claude.retention([root]))?.days, 90)
      writeFile(`${root}/settings.local.json`, `{"cleanupPeriodDays": 7}`)
      assert.strictEqual((yield* claude.retention([root]))?.days, 7)
    }))

  test("notes name the processes that have sessions open", (home) =>
    Effect.gen(function* () {
      const root = `${home}/.claude`
      writeFile(`${root}/sessions/612.json`, JSON.stringify({ pid: 612, sessionId: first, status: "busy" }))
      writeFile(`${root}/sessions/613.json`, "{")
      writeFile(`${root}/sessions/other.json`, JSON.stringify({ pid: 1, sessionId: second }))
      const notes = yield* claude.notes([root], { entries: [], unreadable: [] })
      assert.deepStrictEqual(notes, [`session ${first} is registered as open in process 612 (busy)`])
    }))
})
