import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as FileOutputLive from "../../src/layers/FileOutputLive.ts"
import * as HostLive from "../../src/layers/HostLive.ts"
import { FileOutput, type WritePiece } from "../../src/services/FileOutput.ts"
import { temporaryHome } from "../support/store.ts"

const live = Layer.provide(FileOutputLive.layer, HostLive.layer)

const pieces =
  (...texts: ReadonlyArray<string>) =>
  (write: WritePiece) =>
    Effect.forEach(texts, write, { discard: true })

const put = (path: string, never: ReadonlyArray<string> = [], produce = pieces("one ", "zwö\n")) =>
  FileOutput.use((files) => files.write(path, never, produce)).pipe(Effect.provide(live))

const modeOf = (path: string): number => fs.statSync(path).mode & 0o777

const reasonOf = (path: string, never: ReadonlyArray<string> = []) =>
  Effect.map(Effect.flip(put(path, never)), (error) => {
    assert.strictEqual(error._tag, "FileNotWritable")
    assert.strictEqual(error.path, path)
    assert.include(error.message, path)
    return error.reason
  })

describe("a file that the caller asks for", () => {
  it.effect("is written in pieces, for its owner only, and nothing else is left", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const path = nodePath.join(directory, "a.html")
      assert.deepStrictEqual(yield* put(path), { path, bytes: 9 })
      assert.strictEqual(fs.readFileSync(path, "utf8"), "one zwö\n")
      assert.strictEqual(modeOf(path), 0o600)
      assert.deepStrictEqual(fs.readdirSync(directory), ["a.html"])
    })
  )

  it.effect("replaces the one that was there, and keeps its mode and the links to it", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const path = nodePath.join(directory, "a.html")
      const link = nodePath.join(directory, "link.html")
      fs.writeFileSync(path, "old", { mode: 0o644 })
      fs.chmodSync(path, 0o644)
      fs.symlinkSync("a.html", link)
      assert.strictEqual((yield* put(link)).path, link)
      assert.isTrue(fs.lstatSync(link).isSymbolicLink())
      assert.strictEqual(fs.readFileSync(path, "utf8"), "one zwö\n")
      assert.strictEqual(modeOf(path), 0o644)
    })
  )

  it.effect("is not there until it is whole, and leaves the old one when it fails or is interrupted", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const path = nodePath.join(directory, "a.html")
      fs.writeFileSync(path, "old")
      const failed = yield* Effect.flip(
        put(path, [], (write) =>
          Effect.gen(function* () {
            yield* write("new")
            assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
            return yield* Effect.fail("broken" as never)
          })
        )
      )
      assert.strictEqual<unknown>(failed, "broken")
      const begun = yield* Deferred.make<void>()
      const fiber = yield* Effect.forkChild(
        put(path, [], (write) =>
          write("new").pipe(Effect.andThen(Deferred.succeed(begun, undefined)), Effect.andThen(Effect.never))
        )
      )
      yield* Deferred.await(begun)
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
      assert.deepStrictEqual(fs.readdirSync(directory), ["a.html"])
    })
  )

  it.effect("says why it cannot be written", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const file = nodePath.join(directory, "file")
      fs.writeFileSync(file, "x")
      assert.strictEqual(yield* reasonOf(directory), "EISDIR")
      assert.strictEqual(yield* reasonOf(nodePath.join(directory, "no/where.html")), "ENOENT")
      assert.strictEqual(yield* reasonOf(nodePath.join(file, "below.html")), "ENOTDIR")
      assert.strictEqual(yield* reasonOf(nodePath.join(directory, "x".repeat(300))), "ENAMETOOLONG")
      const loop = nodePath.join(directory, "loop")
      fs.symlinkSync("loop", loop)
      assert.strictEqual(yield* reasonOf(loop), "ELOOP")
      assert.deepStrictEqual(fs.readdirSync(directory).toSorted(), ["file", "loop"])
    })
  )

  it.effect.skipIf(process.platform !== "linux")("says so when the disk is full, and writes to a device as it is", () =>
    Effect.gen(function* () {
      assert.strictEqual(yield* reasonOf("/dev/full"), "ENOSPC")
      assert.deepStrictEqual(yield* put("/dev/null"), { path: "/dev/null", bytes: 9 })
      assert.isTrue(fs.statSync("/dev/null").isCharacterDevice())
    })
  )

  // Root may write everywhere.
  it.effect.skipIf(process.getuid?.() === 0)("respects who may write", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const path = nodePath.join(directory, "a.html")
      fs.writeFileSync(path, "old", { mode: 0o400 })
      assert.strictEqual(yield* reasonOf(path), "EACCES")
      assert.strictEqual(fs.readFileSync(path, "utf8"), "old")
    })
  )

  it.effect("never lies in a tool's store, not by a link either", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const store = nodePath.join(directory, ".tool")
      fs.mkdirSync(nodePath.join(store, "sessions"), { recursive: true })
      fs.symlinkSync(".tool/sessions", nodePath.join(directory, "innocent"))
      fs.mkdirSync(`${store}-exports`)
      for (const path of [".tool/a.html", ".tool/sessions/b.jsonl", "innocent/c.html"]) {
        assert.strictEqual(yield* reasonOf(nodePath.join(directory, path), [store]), "a tool's own store")
      }
      assert.deepStrictEqual(fs.readdirSync(store, { recursive: true }), ["sessions"])
      yield* put(nodePath.join(`${store}-exports`, "d.html"), [store])
    })
  )
})
