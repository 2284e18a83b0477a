import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as zlib from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { FileError } from "../../src/domain/errors.ts"
import { StoreFiles } from "../../src/services/StoreFiles.ts"
import { storeLayer, temporaryHome, writeFile } from "../support/store.ts"

interface SeenLine {
  readonly text: string
  readonly offset: number
  readonly number: number
  readonly complete: boolean
}

const linesOf = (path: string, range?: { from?: number; to?: number }, most = Infinity) =>
  Effect.gen(function* () {
    const files = yield* StoreFiles
    const seen: Array<SeenLine> = []
    yield* files.lines(
      path,
      (line) => {
        seen.push({ text: line.text(), offset: line.offset, number: line.number, complete: line.complete })
        return seen.length < most
      },
      range
    )
    return seen
  })

const inHome = <A, E>(use: (path: (name: string) => string) => Effect.Effect<A, E, StoreFiles>) =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    return yield* use((name) => nodePath.join(home, name))
  }).pipe(Effect.provide(storeLayer), Effect.scoped)

describe("lines", () => {
  it.effect("come without line ends, BOM and leading NULs, with their place; the torn last one says so", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const file = path("a.jsonl")
        writeFile(file, "\ufeffone\r\n\n\0\0two\nthr\ree\nlast é")
        const expected = [
          { text: "one", offset: 3, number: 0, complete: true },
          { text: "", offset: 8, number: 1, complete: true },
          { text: "two", offset: 11, number: 2, complete: true },
          { text: "thr\ree", offset: 15, number: 3, complete: true },
          { text: "last é", offset: 22, number: 4, complete: false }
        ]
        assert.deepStrictEqual(yield* linesOf(file), expected)
        const packed = path("a.jsonl.zst")
        fs.writeFileSync(packed, zlib.zstdCompressSync(fs.readFileSync(file)))
        assert.deepStrictEqual(yield* linesOf(packed), expected)
        const files = yield* StoreFiles
        for (const { offset, text } of expected) {
          const length = Buffer.byteLength(text)
          for (const name of [file, packed]) {
            assert.strictEqual(Buffer.from(files.readSync(name, offset, length)).toString(), text)
          }
        }
      })
    )
  )

  it.effect("may be longer than any chunk, and cross its borders anywhere", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const mega = 1024 * 1024
        const lengths = [mega - 1, 1, mega, 0, 3 * mega + 7, 2, 5]
        const texts = lengths.map((length, at) => String.fromCharCode(97 + at).repeat(length))
        writeFile(path("big"), texts.map((text) => `${text}\n`).join(""))
        const seen = yield* linesOf(path("big"))
        assert.deepStrictEqual(
          seen.map(({ text }) => text.length),
          lengths
        )
        assert.isTrue(seen.every(({ text }, at) => text === texts[at]))
        let offset = 0
        for (const [at, { offset: found }] of seen.entries()) {
          assert.strictEqual(found, offset)
          offset += lengths[at]! + 1
        }
      })
    )
  )

  it.effect("can be read from an offset, to an offset, and until enough", () =>
    inHome((path) =>
      Effect.gen(function* () {
        writeFile(path("a"), "one\ntwo\nthree\nfour\n")
        const texts = (range: { from?: number; to?: number }, most?: number) =>
          Effect.map(linesOf(path("a"), range, most), (seen) => seen.map(({ offset, text }) => `${offset}:${text}`))
        assert.deepStrictEqual(yield* texts({ from: 4 }), ["4:two", "8:three", "14:four"])
        assert.deepStrictEqual(yield* texts({ from: 4, to: 14 }), ["4:two", "8:three"])
        assert.deepStrictEqual(yield* texts({ to: 6 }), ["0:one", "4:tw"])
        assert.deepStrictEqual(yield* texts({ from: 99 }), [])
        assert.deepStrictEqual(yield* texts({}, 2), ["0:one", "4:two"])
      })
    )
  )
})

describe("single files", () => {
  it.effect("head, tail and text give what there is", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        writeFile(path("a"), "0123456789")
        fs.writeFileSync(path("a.zst"), zlib.zstdCompressSync(Buffer.from("0123456789")))
        const text = (bytes: Uint8Array) => Buffer.from(bytes).toString()
        for (const name of [path("a"), path("a.zst")]) {
          assert.strictEqual(text(yield* files.head(name, 4)), "0123")
          assert.strictEqual(text(yield* files.head(name, 99)), "0123456789")
          const tail = yield* files.tail(name, 4)
          assert.deepStrictEqual([text(tail.bytes), tail.offset], ["6789", 6])
          const all = yield* files.tail(name, 99)
          assert.deepStrictEqual([text(all.bytes), all.offset], ["0123456789", 0])
          assert.strictEqual(files.textSync(name, 3), "012")
        }
      })
    )
  )

  it.effect("that are compressed and were replaced are read as they are now", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        const file = path("a.zst")
        const pack = (text: string) => writeFile(file, zlib.zstdCompressSync(Buffer.from(text)))
        const at = (offset: number, length: number) => Buffer.from(files.readSync(file, offset, length)).toString()
        pack("0123456789")
        assert.deepStrictEqual([at(0, 3), at(7, 9), at(50, 2)], ["012", "789", ""])
        pack("abc")
        assert.deepStrictEqual([at(0, 2), at(1, 9)], ["ab", "bc"])
        fs.rmSync(file)
        assert.throws(() => at(0, 1), FileError)
      })
    )
  )

  it.effect("that are missing are null where that may be, and else a FileError with the path", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        writeFile(path("file"), "")
        assert.isNull(yield* files.stat(path("none")))
        assert.isNull(yield* files.stat(path("file/below")))
        assert.isNull(files.textSync(path("none"), 9))
        const error = yield* Effect.flip(files.head(path("none"), 9))
        assert.deepStrictEqual([error.path, error.reason], [path("none"), "ENOENT"])
        assert.strictEqual((yield* Effect.flip(linesOf(path("none")))).reason, "ENOENT")
        assert.throws(() => files.readSync(path("none"), 0, 1), FileError)
      })
    )
  )

  it.effect("that are no files, or torn archives, are errors and never hang", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        fs.mkdirSync(path("dir"))
        writeFile(path("torn.zst"), zlib.zstdCompressSync(Buffer.from("x".repeat(9999))).subarray(0, 12))
        writeFile(path("fake.zst"), "not compressed")
        yield* Effect.flip(files.head(path("dir"), 9))
        yield* Effect.flip(linesOf(path("dir")))
        yield* Effect.flip(linesOf(path("torn.zst")))
        const error = yield* Effect.flip(files.tail(path("fake.zst"), 9))
        assert.strictEqual(error.path, path("fake.zst"))
      })
    )
  )

  it.effect("stat tells two writes within a millisecond apart", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        writeFile(path("a"), "abc")
        const stat = yield* files.stat(path("a"))
        const real = fs.statSync(path("a"), { bigint: true })
        assert.deepStrictEqual(
          [stat?.size, stat?.mtimeNs, stat?.inode, stat?.path],
          [3, real.mtimeNs, Number(real.ino), path("a")]
        )
      })
    )
  )
})

describe("walk", () => {
  it.effect("lists what is taken, sorted, as deep as asked, following links to files only", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        for (const name of ["b.jsonl", "a.jsonl", "x.txt", "one/c.jsonl", "one/two/d.jsonl", "skip/e.jsonl"]) {
          writeFile(path(`root/${name}`), "1")
        }
        writeFile(path("outside/f.jsonl"), "12")
        fs.symlinkSync(path("outside/f.jsonl"), path("root/link.jsonl"))
        fs.symlinkSync(path("outside"), path("root/linked.jsonl"))
        fs.symlinkSync(path("gone"), path("root/dangling.jsonl"))
        const take = (name: string) => name.endsWith(".jsonl")
        const names = (tree: { files: ReadonlyArray<{ path: string }> }) =>
          tree.files.map((file) => nodePath.relative(path("root"), file.path))
        const flat = yield* files.walk(path("root"), { depth: 0, take })
        assert.deepStrictEqual(names(flat), ["a.jsonl", "b.jsonl", "link.jsonl"])
        assert.deepStrictEqual(flat.unreadable, [{ path: path("root/dangling.jsonl"), reason: "ENOENT" }])
        const enter = (name: string) => name !== "skip"
        const deep = yield* files.walk(path("root"), { depth: 1, take, enter })
        assert.deepStrictEqual(names(deep), ["a.jsonl", "b.jsonl", "link.jsonl", "one/c.jsonl"])
        const deeper = yield* files.walk(path("root"), { depth: 9, take: (name, depth) => take(name) && depth === 2 })
        assert.deepStrictEqual(names(deeper), ["one/two/d.jsonl"])
      })
    )
  )

  it.effect("of nothing is empty, of a file is not", () =>
    inHome((path) =>
      Effect.gen(function* () {
        const files = yield* StoreFiles
        writeFile(path("file"), "")
        const everything = { depth: 9, take: () => true }
        assert.deepStrictEqual(yield* files.walk(path("none"), everything), { files: [], unreadable: [] })
        assert.deepStrictEqual(yield* files.walk(path("file"), everything), { files: [], unreadable: [] })
      })
    )
  )
})
