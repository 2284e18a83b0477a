import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { adapters } from "../../src/layers/adapters.ts"
import { demoHome, runCli, runLine } from "../support/run-cli.ts"
import { snapshotOf, temporaryHome, writeFile } from "../support/store.ts"

const vat = "33df6d44-dd8f-4a44-b953-a787c477423d"
const hooks = "9e577bdb-0194-42d2-b711-66e0153e12d1"

const main = nodePath.resolve(import.meta.dirname, "../../src/main.ts")

/** One call as a process of its own; its exit code. */
const runProcess = (state: string, words: ReadonlyArray<string>) =>
  Effect.promise(
    () =>
      new Promise<number | null>((resolve) => {
        const child = spawn(process.execPath, [main, "--home", demoHome, ...words], {
          stdio: "ignore",
          env: { ...process.env, SESSIONR_STATE_DIR: nodePath.join(state, "state"), SESSIONR_CACHE_DIR: state }
        })
        child.once("exit", resolve)
      })
  )

describe("tag", () => {
  it.effect("adds, shows and removes; doing it again changes nothing", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const tag = (...words: ReadonlyArray<string>) =>
        Effect.map(runCli(["tag", "33df6d44", ...words], { state }), ({ json }) => json)
      const shown = yield* tag()
      assert.deepStrictEqual([shown.status, shown.tags], ["shown", []])
      assert.isFalse(fs.existsSync(nodePath.join(state, "state")))
      const added = yield* tag("--add", "vat,release/7.0", "--add", "Grüße")
      assert.deepStrictEqual([added.status, added.tags], ["added", ["Grüße", "release/7.0", "vat"]])
      assert.deepStrictEqual([added.id, added.source], [vat, "claude"])
      const before = snapshotOf(nodePath.join(state, "state"))
      const again = yield* tag("--add", "vat")
      assert.deepStrictEqual([again.status, again.tags], ["already_tagged", added.tags])
      const not = yield* tag("--remove", "Vat")
      assert.deepStrictEqual([not.status, not.tags], ["not_tagged", added.tags])
      assert.deepStrictEqual(
        snapshotOf(nodePath.join(state, "state")).filter((line) => line.startsWith("tags")),
        before.filter((line) => line.startsWith("tags"))
      )
      const some = yield* tag("--add", "vat,new")
      assert.deepStrictEqual([some.status, some.tags], ["added", ["Grüße", "new", "release/7.0", "vat"]])
      const removed = yield* tag("--remove", "vat", "--remove=new")
      assert.deepStrictEqual([removed.status, removed.tags], ["removed", ["Grüße", "release/7.0"]])
      assert.deepStrictEqual((yield* tag()).tags, ["Grüße", "release/7.0"])
    }).pipe(Effect.scoped)
  )

  it.effect("its actions work: the list of a tag, and the way back", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const { json } = yield* runCli(["tag", vat, "--add", "a:b", "--add", "c"], { state })
      const [listed, back] = json.actions
      const list = yield* runLine(listed.command, { state })
      assert.deepStrictEqual(
        list.json.sessions.map(({ id }: { id: string }) => id),
        [vat]
      )
      assert.deepStrictEqual((yield* runLine(back.command, { state })).json.tags, [])
    }).pipe(Effect.scoped)
  )

  it.effect("list and info show tags; --tag filters by one, to the letter", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      yield* runCli(["tag", vat, "--add", "vat,shared"], { state })
      yield* runCli(["tag", hooks, "--add", "shared"], { state })
      const ids = (...words: ReadonlyArray<string>) =>
        Effect.map(runCli(["list", "--cwd", "all", ...words], { state }), ({ json }) =>
          json.sessions.map(({ id }: { id: string }) => id).toSorted()
        )
      assert.deepStrictEqual(yield* ids("--tag", "shared"), [vat, hooks])
      assert.deepStrictEqual(yield* ids("--tag", "vat"), [vat])
      assert.deepStrictEqual(yield* ids("--tag", "Vat"), [])
      assert.deepStrictEqual(yield* ids("codex", "--tag", "vat"), [])
      const all = (yield* runCli(["list", "--cwd", "all"], { state })).json.sessions
      for (const row of all) {
        assert.deepStrictEqual(row.tags, row.id === vat ? ["shared", "vat"] : row.id === hooks ? ["shared"] : [])
        assert.isNull(row.name)
      }
      assert.deepStrictEqual((yield* runCli(["info", vat], { state })).json.tags, ["shared", "vat"])
      assert.include((yield* runCli(["info", vat, "--output", "text"], { state })).stdout, "shared vat")
      const page = (yield* runCli(["list", "--cwd", "all", "--tag", "shared", "-n", "1"], { state })).json
      assert.include(page.cursor.next, "--tag shared")
      const next = (yield* runLine(page.cursor.next, { state })).json
      assert.strictEqual(next.total_available, 2)
      assert.notStrictEqual(next.sessions[0].id, page.sessions[0].id)
    }).pipe(Effect.scoped)
  )

  it.effect("the same id in two sources has tags of its own in each", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const twin = { ...adapters[0]!, source: "twin", aliases: [] }
      const discover: typeof twin.discover = (roots) =>
        Effect.map(adapters[0]!.discover(roots), (found) => ({
          ...found,
          entries: found.entries.map((entry) => ({ ...entry, source: "twin" }))
        }))
      const options = { state, adapters: [adapters[0]!, { ...twin, discover }] }
      const { json } = yield* runCli(["tag", vat, "--add", "x", "--source", "twin"], options)
      assert.strictEqual(json.source, "twin")
      assert.deepStrictEqual((yield* runCli(["tag", vat, "-s", "claude"], options)).json.tags, [])
      assert.deepStrictEqual((yield* runCli(["tag", vat, "-s", "twin"], options)).json.tags, ["x"])
      assert.strictEqual((yield* runCli(["tag", vat], options)).json.error.code, "SESSION_NOT_FOUND")
    }).pipe(Effect.scoped)
  )

  it.effect("a damaged file fails what needs it, warns where it is only shown, and is not written over", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const path = nodePath.join(state, "state/tags.json")
      writeFile(path, '{"version":1,"sessions":[{"source":"cl')
      for (const words of [
        ["tag", vat],
        ["tag", vat, "--add", "x"],
        ["tag", vat, "--remove", "x"],
        ["list", "--tag", "x"]
      ]) {
        const { exitCode, json } = yield* runCli(words, { state })
        assert.strictEqual(exitCode, 1, words.join(" "))
        assert.strictEqual(json.error.code, "STATE_ERROR")
        assert.strictEqual(json.error.detail.path, path)
      }
      for (const words of [
        ["list", "--cwd", "all"],
        ["info", vat]
      ]) {
        const { exitCode, json } = yield* runCli(words, { state })
        assert.strictEqual(exitCode, 0)
        assert.strictEqual(json.meta.warnings[0].error.code, "STATE_ERROR")
      }
      assert.strictEqual(fs.readFileSync(path, "utf8"), '{"version":1,"sessions":[{"source":"cl')
    }).pipe(Effect.scoped)
  )

  it.live("processes that tag at once lose nothing", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const names = Array.from({ length: 8 }, (_, n) => `t${n}`)
      const exits = yield* Effect.forEach(names, (name) => runProcess(state, ["tag", vat, "--add", name]), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(
        exits,
        names.map(() => 0)
      )
      assert.deepStrictEqual((yield* runCli(["tag", vat], { state })).json.tags, names)
    }).pipe(Effect.scoped)
  )
})
