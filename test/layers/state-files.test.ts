import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { StateError } from "../../src/domain/errors.ts"
import { holderHere } from "../../src/layers/holder.ts"
import * as StateFilesLive from "../../src/layers/StateFilesLive.ts"
import { Settings } from "../../src/services/Settings.ts"
import { readDocument, type StateDocument, StateFiles, updateDocument } from "../../src/services/StateFiles.ts"
import { memoryLayer, memoryState } from "../support/state-files.ts"
import { temporaryHome, writeFile } from "../support/store.ts"

const settings = (stateDir: string) =>
  Layer.succeed(
    Settings,
    Settings.of({
      home: null,
      stateDir,
      cacheDir: stateDir,
      version: "0",
      defaultTokens: 1,
      tokenCap: 1,
      inheritedWords: []
    })
  )

const within = <A, E>(stateDir: string, use: Effect.Effect<A, E, StateFiles>, links = true) =>
  Effect.provide(use, Layer.provide(StateFilesLive.layerWith({ links }), settings(stateDir)))

const Note = Schema.Struct({ version: Schema.Literal(1), words: Schema.Array(Schema.String) })
const note: StateDocument<typeof Note.Type, typeof Note.Encoded> = {
  name: "notes/note.json",
  schema: Note,
  empty: { version: 1, words: [] }
}

const addWord = (word: string) =>
  updateDocument(note, (known) => [{ ...known, words: [...known.words, word] }, known.words.length])

const failureOf = <A, E>(effect: Effect.Effect<A, E, StateFiles>, dir: string) =>
  within(dir, Effect.flip(effect)) as unknown as Effect.Effect<StateError>

const worker = nodePath.resolve(import.meta.dirname, "../support/state-worker.ts")

const start = (...args: ReadonlyArray<string>): ChildProcess =>
  spawn(process.execPath, [worker, ...args], { stdio: ["ignore", "pipe", "inherit"] })

const saying = (child: ChildProcess) =>
  Effect.promise(() => new Promise<void>((resolve) => child.stdout!.once("data", () => resolve())))

const ended = (child: ChildProcess) =>
  Effect.promise(() =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => child.once("exit", () => resolve()))
  )

const modeOf = (path: string): number => fs.statSync(path).mode & 0o777

describe("our own state on the disk", () => {
  it.live("is for the user alone, and is written as a whole", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const dir = nodePath.join(home, "deep/state")
      yield* within(dir, addWord("one"))
      assert.strictEqual(yield* within(dir, addWord("two")), 1)
      assert.deepStrictEqual((yield* within(dir, readDocument(note))).words, ["one", "two"])
      for (const path of ["deep", "deep/state", "deep/state/notes", "deep/state/locks"]) {
        assert.strictEqual(modeOf(nodePath.join(home, path)), 0o700, path)
      }
      assert.strictEqual(modeOf(nodePath.join(dir, "notes/note.json")), 0o600)
      assert.deepStrictEqual(fs.readdirSync(nodePath.join(dir, "notes")), ["note.json"])
      assert.deepStrictEqual(fs.readdirSync(nodePath.join(dir, "locks")), [])
    }).pipe(Effect.scoped)
  )

  it.live("lists and removes; what is missing is nothing, and nothing is made for the asking", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const dir = nodePath.join(home, "state")
      const files = yield* within(dir, Effect.service(StateFiles))
      assert.isNull(yield* files.text("jobs/a.json"))
      assert.deepStrictEqual(yield* files.names("jobs"), [])
      yield* files.remove("jobs")
      assert.isFalse(fs.existsSync(dir))
      yield* files.put("jobs/b.json", "{}")
      yield* files.put("jobs/a.json", "{}")
      writeFile(nodePath.join(dir, "jobs/.a.json.0123.tmp"), "half")
      assert.deepStrictEqual(yield* files.names("jobs"), ["a.json", "b.json"])
      yield* files.remove("jobs/a.json")
      assert.deepStrictEqual(yield* files.names("jobs"), ["b.json"])
      yield* files.remove("jobs")
      assert.deepStrictEqual(yield* files.names("jobs"), [])
    }).pipe(Effect.scoped)
  )

  for (const [what, text] of [
    ["no JSON", '{"version":1,"words":["a"'],
    ["of another shape", '{"version":1,"words":[7]}'],
    ["of a newer version", '{"version":2,"words":["a"]}'],
    ["empty", ""]
  ] as const) {
    it.live(`a document that is ${what} fails and stays as it is`, () =>
      Effect.gen(function* () {
        const dir = yield* temporaryHome
        const path = nodePath.join(dir, "notes/note.json")
        writeFile(path, text)
        for (const effect of [readDocument(note), addWord("b")]) {
          const error = yield* failureOf<unknown, StateError>(effect, dir)
          assert.strictEqual(error._tag, "StateError")
          assert.strictEqual(error.path, path)
          assert.notStrictEqual(error.reason, "")
        }
        assert.strictEqual(fs.readFileSync(path, "utf8"), text)
      }).pipe(Effect.scoped)
    )
  }

  it.live("a place where nothing can be written says where and why", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeFile(nodePath.join(home, "file"), "x")
      const error = yield* failureOf(addWord("a"), nodePath.join(home, "file/state"))
      assert.strictEqual(error._tag, "StateError")
      assert.include(error.path, nodePath.join(home, "file/state"))
      assert.include(error.reason, "ENOTDIR")
    }).pipe(Effect.scoped)
  )

  it.live("a name that leaves the directory is a defect", () =>
    Effect.gen(function* () {
      const dir = yield* temporaryHome
      for (const name of ["../x", "/etc/passwd", "a/../../x", ".hidden", "a//b", ""]) {
        const exit = yield* within(
          dir,
          Effect.exit(Effect.flatMap(Effect.service(StateFiles), (files) => files.put(name, "x")))
        ).pipe(Effect.exit)
        assert.isTrue(JSON.stringify(exit).includes("Die"), name)
      }
    }).pipe(Effect.scoped)
  )

  it.live("takes a file in as another name of it, or as a copy with mode and times", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const path = nodePath.join(home, "foreign.jsonl")
      writeFile(path, "x".repeat(3_000_000))
      fs.chmodSync(path, 0o640)
      fs.utimesSync(path, 1_700_000_000, 1_700_000_000.25)
      const before = fs.statSync(path, { bigint: true })
      for (const links of [true, false]) {
        const dir = nodePath.join(home, `state-${links}`)
        const files = yield* within(dir, Effect.service(StateFiles), links)
        yield* files.take(path, "trash/0")
        const taken = fs.statSync(nodePath.join(dir, "trash/0"), { bigint: true })
        assert.strictEqual(taken.ino === before.ino, links)
        assert.strictEqual(taken.mode, before.mode)
        assert.strictEqual(taken.mtimeNs, before.mtimeNs)
        assert.lengthOf(yield* files.hash("trash/0"), 64)
        // A name that is taken is never written over.
        assert.strictEqual((yield* Effect.flip(files.take(path, "trash/0")))._tag, "StateError")
        const gone = yield* Effect.flip(files.take(`${path}.gone`, "trash/1"))
        assert.strictEqual(gone._tag, "FileError")
        assert.isFalse(fs.existsSync(nodePath.join(dir, "trash/1")))
      }
      const after = fs.statSync(path, { bigint: true })
      assert.strictEqual(after.mtimeNs, before.mtimeNs)
      assert.strictEqual(after.size, before.size)
    }).pipe(Effect.scoped)
  )
})

describe("locks between processes", () => {
  it.live("four processes count without losing one, also when others are killed while they count", () =>
    Effect.gen(function* () {
      const dir = yield* temporaryHome
      const victims = [start(dir, "count", "100000"), start(dir, "count", "100000")]
      const workers = [1, 2, 3, 4].map(() => start(dir, "count", "25"))
      let victimCounts = 0
      for (const victim of victims) victim.stdout!.on("data", (data: Buffer) => (victimCounts += data.length))
      yield* Effect.all(victims.map(saying), { concurrency: "unbounded" })
      for (const victim of victims) {
        yield* Effect.sleep("150 millis")
        victim.kill("SIGKILL")
        yield* ended(victim)
      }
      yield* Effect.all(workers.map(ended), { concurrency: "unbounded" })
      assert.deepStrictEqual(
        workers.map(({ exitCode }) => exitCode),
        [0, 0, 0, 0]
      )
      const { count } = JSON.parse(fs.readFileSync(nodePath.join(dir, "counter.json"), "utf8"))
      // A victim may have died between the writing and the saying.
      assert.isAtLeast(count, 100 + victimCounts)
      assert.isAtMost(count, 100 + victimCounts + victims.length)
    }).pipe(Effect.scoped)
  )

  it.live("a holder that lives is named, one that was killed does not block", () =>
    Effect.gen(function* () {
      const dir = yield* temporaryHome
      const holder = start(dir, "hold")
      yield* saying(holder)
      const held = Effect.flatMap(Effect.service(StateFiles), (files) =>
        files.locked("held", { waitMs: 300 })(Effect.succeed("mine"))
      )
      const error = yield* failureOf(held, dir)
      assert.strictEqual(error._tag, "StateError")
      assert.include(error.reason, `process ${holder.pid}`)
      holder.kill("SIGKILL")
      yield* ended(holder)
      assert.strictEqual(yield* within(dir, held), "mine")
      assert.deepStrictEqual(fs.readdirSync(nodePath.join(dir, "locks")), [])
    }).pipe(Effect.scoped)
  )

  const lockFile = (dir: string, holder: object | string, ageMs: number) => {
    const path = nodePath.join(dir, "locks/held")
    writeFile(path, typeof holder === "string" ? holder : JSON.stringify(holder), Date.now() - ageMs)
  }

  const attempt = Effect.flatMap(Effect.service(StateFiles), (files) =>
    files.locked("held", { waitMs: 100 })(Effect.succeed(true))
  ).pipe(Effect.catch(() => Effect.succeed(false)))

  const here = holderHere("0123456789ab")
  const cases: ReadonlyArray<readonly [what: string, holder: object | string, ageMs: number, free: boolean]> = [
    ["this process, which lives, however old it is", here, 3_600_000, false],
    ["a process that had the same number and is another one", { ...here, started: "1" }, 0, true],
    ["a process of a number that nobody has", { ...here, pid: 2 ** 22 + 1 }, 0, true],
    ["another machine, just now", { ...here, place: "elsewhere", host: "far" }, 0, false],
    ["another machine, long silent", { ...here, place: "elsewhere", host: "far" }, 120_000, true],
    ["nobody knows, just now", "", 0, false],
    ["nobody knows, long ago", "{", 120_000, true]
  ]
  for (const [what, holder, ageMs, free] of cases) {
    it.live(`the lock of ${what} ${free ? "does not block" : "blocks"}`, () =>
      Effect.gen(function* () {
        // Without /proc the start of a process is not told: then only its number speaks.
        if (here.place === null && what.includes("same number")) return
        const dir = yield* temporaryHome
        lockFile(dir, holder, ageMs)
        assert.strictEqual(yield* within(dir, attempt), free)
        assert.deepStrictEqual(fs.readdirSync(nodePath.join(dir, "locks")), free ? [] : ["held"])
      }).pipe(Effect.scoped)
    )
  }

  it.live("a process that died while it took over from a dead one does not block either", () =>
    Effect.gen(function* () {
      const dir = yield* temporaryHome
      const dead = { ...here, started: "1" }
      lockFile(dir, dead, 0)
      writeFile(nodePath.join(dir, `locks/held.${dead.token}`), JSON.stringify({ ...dead, token: "ba9876543210" }))
      assert.isTrue(yield* within(dir, attempt))
      assert.deepStrictEqual(fs.readdirSync(nodePath.join(dir, "locks")), [])
    }).pipe(Effect.scoped)
  )
})

describe("our own state in memory", () => {
  it.effect("keeps documents, and fails where it is told to", () =>
    Effect.gen(function* () {
      const state = memoryState()
      const layer = memoryLayer(state)
      yield* Effect.provide(addWord("one"), layer)
      assert.deepStrictEqual((yield* Effect.provide(readDocument(note), layer)).words, ["one"])
      state.fail = (step) => (step === "write" ? "the disk is full (ENOSPC)" : null)
      const error = yield* Effect.flip(Effect.provide(addWord("two"), layer))
      assert.strictEqual(error.reason, "the disk is full (ENOSPC)")
      assert.deepStrictEqual((yield* Effect.provide(readDocument(note), layer)).words, ["one"])
    })
  )
})
