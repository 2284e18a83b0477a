import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { hashTexts } from "../../src/layers/hash.ts"
import type * as StoreTrashLive from "../../src/layers/StoreTrashLive.ts"
import { day, ids, small, test, withTrash } from "../support/prune.ts"
import { runCli, runLine, testNow } from "../support/run-cli.ts"
import { filesOf, snapshotOf, writeFile } from "../support/store.ts"
import { claudeId } from "../support/stores.ts"

describe("a session that changes meanwhile", () => {
  const moments: ReadonlyArray<
    readonly [when: string, layer: (path: string, write: () => void) => typeof StoreTrashLive.layer]
  > = [
    [
      "before it is copied",
      (path, write) => {
        let looks = 0
        return withTrash((trash) => ({
          inventory: (paths, roots) =>
            Effect.suspend(() => {
              if (paths.includes(path) && ++looks === 2) write()
              return trash.inventory(paths, roots)
            })
        }))
      }
    ],
    [
      "while it is copied",
      (path, write) =>
        withTrash((trash) => ({
          hash: (asked) => Effect.tap(trash.hash(asked), () => Effect.sync(() => asked === path && write()))
        }))
    ],
    [
      "as it is removed",
      (_path, write) =>
        withTrash((trash) => ({
          remove: (file) =>
            Effect.suspend(() => {
              if (file.path.endsWith("out.txt")) write()
              return trash.remove(file)
            })
        }))
    ]
  ]
  for (const [when, layer] of moments) {
    test(
      `${when} is skipped, keeps what was written, and leaves nothing in the trash`,
      Effect.gen(function* () {
        const { home, paths, state } = yield* small
        const path = paths[2]!
        const sidecar = `${path.slice(0, -".jsonl".length)}/tool-results/out.txt`
        writeFile(sidecar, "out", 0)
        const target = when === "as it is removed" ? sidecar : path
        const write = () => fs.appendFileSync(target, "\n")
        const { exitCode, json } = yield* runCli(["prune", "--older-than", "15d", "--yes"], {
          home,
          state,
          storeTrash: layer(path, write)
        })
        assert.strictEqual(exitCode, 10)
        assert.deepStrictEqual(ids(json.skipped), [claudeId(3)])
        assert.include(json.skipped[0].reason, target)
        assert.deepStrictEqual(ids(json.deleted), [claudeId(2)])
        assert.isTrue(fs.existsSync(path))
        assert.isTrue(fs.readFileSync(target, "utf8").endsWith("\n"))
        assert.deepStrictEqual(fs.readdirSync(nodePath.join(state, "state/trash", json.trash)).sort(), [
          "00001",
          "00001.json"
        ])
      })
    )
  }
})

describe("a session that is being sent to", () => {
  test(
    "is skipped as long as the sender lives",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const subject = claudeId(3)
      const words = ["prune", "--older-than", "25d", "--yes"]
      const path = nodePath.join(state, "state/leases", `${hashTexts("claude", subject).slice(0, 32)}.json`)
      // The one process that the fake says is alive.
      const holder = { pid: 4_000_000, startedAt: "0", bootId: "test" }
      writeFile(
        path,
        JSON.stringify({
          version: 1,
          token: "t",
          source: "claude",
          subject,
          holders: [holder],
          command: "claude",
          jobId: null,
          since: testNow
        })
      )
      const busy = yield* runCli(words, { home, state, agent: { runs: true } })
      assert.strictEqual(busy.exitCode, 10)
      assert.include(busy.json.skipped[0].reason, "pid 4000000")
      assert.isTrue(fs.existsSync(paths[2]!))
      const free = yield* runCli(words, { home, state })
      assert.strictEqual(free.json.count, 1)
      assert.isFalse(fs.existsSync(path))
    })
  )
})

describe("prune --undo", () => {
  test(
    "replaces no file: what is in the way is named, the rest comes back, and once it is gone so does that",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const before = filesOf(home)
      const { trash } = (yield* runCli(["prune", "--older-than", "15d", "--yes"], { home, state })).json
      writeFile(paths[2]!, "something new")
      const undone = yield* runCli(["prune", "--undo", trash], { home, state })
      assert.strictEqual(undone.exitCode, 10)
      assert.deepStrictEqual(undone.json.conflicts, [
        { id: claudeId(3), source: "claude", path: paths[2], reason: "another file is there now" }
      ])
      assert.deepStrictEqual(
        undone.json.sessions.map(({ status }: { status: string }) => status),
        ["restored", "partial"]
      )
      assert.strictEqual(fs.readFileSync(paths[2]!, "utf8"), "something new")
      fs.rmSync(paths[2]!)
      const again = yield* runLine(undone.json.actions[0].command, { home, state })
      assert.strictEqual(again.exitCode, 0)
      assert.strictEqual(again.json.count, 1)
      assert.deepStrictEqual(filesOf(home), before)
    })
  )

  test(
    "a copy that has changed in the trash is not put back",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const { trash } = (yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json
      fs.appendFileSync(nodePath.join(state, "state/trash", trash, "00001/0"), "x")
      const { exitCode, json } = yield* runCli(["prune", "--undo", trash], { home, state })
      assert.strictEqual(exitCode, 10)
      assert.strictEqual(json.conflicts[0].reason, "its copy in the trash has changed")
      assert.isFalse(fs.existsSync(paths[2]!))
    })
  )

  test(
    "a damaged manifest is an error with its path, and stays",
    Effect.gen(function* () {
      const { home, state } = yield* small
      const { trash } = (yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state })).json
      const path = nodePath.join(state, "state/trash", trash, "00001.json")
      fs.writeFileSync(path, "{")
      const { json } = yield* runCli(["prune", "--undo", trash], { home, state })
      assert.strictEqual(json.error.code, "STATE_ERROR")
      assert.strictEqual(json.error.detail.path, path)
      assert.strictEqual(fs.readFileSync(path, "utf8"), "{")
      const emptied = (yield* runCli(["prune", "--empty-trash", "--older-than", "1s", "--yes"], { home, state })).json
      assert.strictEqual(emptied.count, 0)
      const plan = (yield* runCli(["prune", "--older-than", "1d", "--dry-run"], { home, state })).json
      assert.include(JSON.stringify(plan.meta.warnings), "STATE_ERROR")
    })
  )
})

describe("prune --empty-trash", () => {
  const emptying = ["prune", "--empty-trash", "--older-than"]

  /** As if everything in the trash had been moved there some days before. */
  const age = (state: string, days: number) => {
    const trash = nodePath.join(state, "state/trash")
    const name = `${new Date(testNow - days * day).toISOString().slice(0, 10).replaceAll("-", "")}T120000Z`
    for (const run of fs.readdirSync(trash)) fs.renameSync(nodePath.join(trash, run), nodePath.join(trash, name))
    return name
  }

  test(
    "deletes what is old enough, and only then",
    Effect.gen(function* () {
      const { home, state } = yield* small
      const { bytes } = (yield* runCli(["prune", "--older-than", "15d", "--yes"], { home, state })).json
      const name = age(state, 5)
      assert.strictEqual((yield* runCli([...emptying, "6d", "--yes"], { home, state })).json.count, 0)
      const before = snapshotOf(state)
      const plan = (yield* runCli([...emptying, "4d", "--dry-run"], { home, state })).json
      assert.deepStrictEqual(plan.items, [
        { trash: name, moved_at: "2026-11-15T12:00:00.000Z", sessions: 2, files: 2, bytes }
      ])
      assert.deepStrictEqual(snapshotOf(state), before)
      const done = (yield* runLine(plan.actions.at(-1).command, { home, state })).json
      assert.deepStrictEqual(done.items, plan.items)
      assert.deepStrictEqual(fs.readdirSync(nodePath.join(state, "state/trash")), [])
      assert.strictEqual((yield* runCli(["prune", "--undo", name], { home, state })).json.error.code, "INVALID_ARG")
    })
  )

  test(
    "keeps what was moved by half, and says how to mend it; so do later runs",
    Effect.gen(function* () {
      const { home, paths, state } = yield* small
      const storeTrash = withTrash((trash) => ({
        remove: (file) => Effect.andThen(trash.remove(file), Effect.die("killed"))
      }))
      const path = paths[2]!
      writeFile(`${path.slice(0, -".jsonl".length)}/tool-results/out.txt`, "out", 0)
      const before = filesOf(home)
      yield* runCli(["prune", "--older-than", "25d", "--yes"], { home, state, storeTrash })
      assert.isFalse(fs.existsSync(path))
      const name = age(state, 5)
      const emptied = (yield* runCli([...emptying, "1d", "--yes"], { home, state })).json
      assert.strictEqual(emptied.count, 0)
      assert.include(emptied.refused[0].reason, `sessionr prune --undo ${name}`)
      const plan = (yield* runCli(["prune", "--older-than", "1d", "--dry-run"], { home, state })).json
      assert.include(plan.meta.warnings[0].error.message, `sessionr prune --undo ${name}`)
      yield* runCli(["prune", "--undo", name], { home, state })
      assert.deepStrictEqual(filesOf(home), before)
      assert.strictEqual((yield* runCli([...emptying, "1d", "--yes"], { home, state })).json.count, 1)
    })
  )

  test(
    "doctor warns of a trash of more than a gigabyte",
    Effect.gen(function* () {
      const { home, state } = yield* small
      const warned = Effect.map(runCli(["doctor"], { home, state }), ({ json }) =>
        json.result.warnings.some((line: string) => line.includes("--empty-trash"))
      )
      const path = nodePath.join(state, "state/trash/20261101T120000Z/00001/0")
      writeFile(path, "")
      fs.truncateSync(path, 999_999_999)
      assert.isFalse(yield* warned)
      fs.truncateSync(path, 1_000_000_001)
      assert.isTrue(yield* warned)
    })
  )
})

describe("prune asks", () => {
  for (const words of [
    ["prune", "--older-than", "15d"],
    ["prune", "--empty-trash", "--older-than", "1s"]
  ]) {
    test(
      `before ${words.slice(0, 2).join(" ")}: nobody there, no and yes`,
      Effect.gen(function* () {
        const { home, paths, state } = yield* small
        const empties = words.includes("--empty-trash")
        if (empties) {
          yield* runCli(["prune", "--older-than", "15d", "--yes"], { home, state })
          const trash = nodePath.join(state, "state/trash")
          fs.renameSync(nodePath.join(trash, "20261120T120000Z"), nodePath.join(trash, "20261101T120000Z"))
        }
        const seen = () => [
          ...filesOf(home),
          ...(fs.existsSync(`${state}/state`) ? filesOf(nodePath.join(state, "state")) : [])
        ]
        const before = seen()
        const unchanged = () => assert.deepStrictEqual(seen(), before)
        const terminal = { home, state, terminal: true }
        for (const options of [{ home, state }, terminal]) {
          const { exitCode, stdout, stderr } = yield* runCli(words, options)
          assert.strictEqual(exitCode, 2)
          assert.include(stdout + stderr, "CONFIRMATION_REQUIRED")
          unchanged()
        }
        // A program at a terminal would wait for ever.
        const asked = yield* runCli([...words, "--output", "json"], { ...terminal, answer: true })
        assert.strictEqual(asked.json.error.code, "CONFIRMATION_REQUIRED")
        assert.strictEqual(asked.stderr, "")
        unchanged()
        // With nothing to do there is nothing to ask.
        const nothing = yield* runCli([...words.slice(0, -1), "2000d"], { ...terminal, answer: true })
        assert.strictEqual(nothing.exitCode, 0)
        assert.notInclude(nothing.stderr, "[y/N]")
        const no = yield* runCli(words, { ...terminal, answer: false })
        assert.strictEqual(no.exitCode, 2)
        assert.include(no.stderr, "[y/N]")
        assert.include(no.stderr, "not confirmed")
        unchanged()
        const yes = yield* runCli(words, { ...terminal, answer: true })
        assert.strictEqual(yes.exitCode, 0)
        assert.include(yes.stderr, empties ? "for good? [y/N]" : "Move 2 sessions")
        assert.strictEqual(fs.existsSync(paths[2]!), false)
        if (empties) assert.deepStrictEqual(fs.readdirSync(nodePath.join(state, "state/trash")), [])
      })
    )
  }
})
