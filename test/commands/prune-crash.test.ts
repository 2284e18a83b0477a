import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Fault, faulty, noFault } from "../support/faults.ts"
import { runCli } from "../support/run-cli.ts"
import { filesOf, makeOld, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"

const main = nodePath.resolve(import.meta.dirname, "../../src/main.ts")

/** A session with a moved output and an empty folder, and one without. */
const writeHome = (home: string): void => {
  const path = writeClaude(home, claudeId(1), [
    ["user", "count the loaves"],
    ["assistant", "seven"]
  ])
  const own = path.slice(0, -".jsonl".length)
  writeFile(`${own}/tool-results/out.txt`, "x".repeat(100_000))
  fs.mkdirSync(`${own}/empty`)
  writeClaude(home, claudeId(2), [["user", "and the rolls"]])
  makeOld(home)
}

const prune = ["prune", "--older-than", "1d", "--yes"]

const runsIn = (state: string): ReadonlyArray<string> => {
  const trash = nodePath.join(state, "state/trash")
  return fs.existsSync(trash) ? fs.readdirSync(trash).filter((name) => !name.startsWith(".")) : []
}

const hashOf = (path: string): string => createHash("sha256").update(fs.readFileSync(path)).digest("hex")

/** Where every file of the home is to be found: at its place, or in the trash under a manifest that names it. */
const everyFileIsSomewhere = (home: string, state: string, before: ReadonlyArray<string>): void => {
  const kept = new Map<string, string>()
  for (const run of runsIn(state)) {
    const dir = nodePath.join(state, "state/trash", run)
    for (const name of fs.readdirSync(dir).filter((file) => /^\d+\.json$/.test(file))) {
      const manifest = JSON.parse(fs.readFileSync(nodePath.join(dir, name), "utf8"))
      for (const [at, file] of manifest.files.entries()) {
        const copy = nodePath.join(dir, name.slice(0, -5), String(at))
        if (file.sha256 !== null && fs.existsSync(copy)) kept.set(file.path, hashOf(copy))
      }
    }
  }
  const here = new Set(filesOf(home))
  for (const line of before) {
    const [name = "", sha256 = ""] = [line.split(" ")[0], line.split(" ").at(-1)]
    assert.isTrue(here.has(line) || kept.get(nodePath.join(home, name)) === sha256, `${name} is lost`)
  }
}

/** Everything back, by the command that the answer would have named. */
const undoAll = (home: string, state: string) =>
  Effect.gen(function* () {
    for (const run of runsIn(state)) {
      const { exitCode, json } = yield* runCli(["prune", "--undo", run], { home, state })
      assert.strictEqual(exitCode, 0, JSON.stringify(json))
      assert.deepStrictEqual(json.conflicts, [])
    }
  })

/** A run with a fault, in a home and state of its own; ends with everything undone and compared. */
const attempt = (fault: Fault, links: boolean, words: ReadonlyArray<string> = prune) =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    const state = yield* temporaryHome
    writeHome(home)
    const before = filesOf(home)
    if (words !== prune) {
      yield* runCli(prune, { home, state })
      assert.notDeepEqual(filesOf(home), before)
    }
    const { count, ...services } = faulty(fault, links)
    const line = words === prune ? words : ["prune", "--undo", runsIn(state)[0]!]
    const answer = yield* runCli(line, { home, state, ...services })
    everyFileIsSomewhere(home, state, before)
    yield* undoAll(home, state)
    assert.deepStrictEqual(filesOf(home), before)
    assert.isTrue(fs.existsSync(nodePath.join(home, ".claude/projects/-w", claudeId(1), "empty")))
    return { answer, ...count }
  }).pipe(Effect.scoped)

const undo = ["prune", "--undo"]

describe("prune ended by force, or by a failing disk, at every step", () => {
  const cases = [
    ["moving", "names", "killed after"],
    ["moving", "names", "fails"],
    ["moving", "copies", "killed after"],
    ["moving", "copies", "killed within"],
    ["undoing", "names", "killed after"],
    ["undoing", "names", "fails"],
    ["undoing", "copies", "killed after"]
  ] as const
  for (const [what, by, kind] of cases) {
    it.live(`${what} by ${by}: ${kind}`, () =>
      Effect.gen(function* () {
        const words = what === "moving" ? prune : undo
        const links = by === "names"
        const { names, steps } = yield* attempt(noFault, links, words)
        assert.isAbove(steps, 8)
        for (let step = 1; step <= steps; step++) {
          // Only a copy can be there by half.
          if (kind === "killed within" && names[step - 1] !== "take") continue
          const { answer, killed } = yield* attempt({ kind, step }, links, words)
          assert.strictEqual(killed, kind !== "fails", `${kind} ${step}`)
          const code = answer.json.error?.code
          if (kind !== "fails") assert.strictEqual(code, "UNKNOWN_ERROR")
          else if (code !== undefined) assert.strictEqual(code, "STATE_ERROR")
        }
      })
    )
  }

  it.live("a real process, killed while it moves", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const state = yield* temporaryHome
      const old = Date.now() - 10 * 86_400_000
      for (let n = 0; n < 80; n++) {
        const id = `${String(n).padStart(8, "0")}-1111-4222-8333-444444444444`
        const path = writeClaude(home, id, [["user", `question ${n}`]], { startMs: old })
        writeFile(`${path.slice(0, -".jsonl".length)}/tool-results/a.txt`, String(n).repeat(1000))
      }
      makeOld(home, old)
      const before = filesOf(home)
      const env = {
        ...process.env,
        SESSIONR_STATE_DIR: nodePath.join(state, "state"),
        SESSIONR_CACHE_DIR: nodePath.join(state, "cache")
      }
      for (const enough of [1, 40]) {
        const child = spawn(process.execPath, [main, "--home", home, "prune", "--older-than", "1s", "--yes"], {
          stdio: "ignore",
          env
        })
        const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
        const moved = () =>
          runsIn(state).reduce(
            (all, run) => all + fs.readdirSync(nodePath.join(state, "state/trash", run)).length / 2,
            0
          )
        while (child.exitCode === null && moved() < enough) yield* Effect.sleep("2 millis")
        child.kill("SIGKILL")
        yield* Effect.promise(() => ended)
        assert.strictEqual(child.signalCode, "SIGKILL")
        everyFileIsSomewhere(home, state, before)
        yield* undoAll(home, state)
        assert.deepStrictEqual(filesOf(home), before)
        fs.rmSync(nodePath.join(state, "state/trash"), { recursive: true })
      }
    }).pipe(Effect.scoped)
  )
})
