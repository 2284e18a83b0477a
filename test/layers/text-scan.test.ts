import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Path from "effect/Path"
import { once } from "node:events"
import { Worker } from "node:worker_threads"
import * as zlib from "node:zlib"
import { parseQuery } from "../../src/domain/query.ts"
import { type RawPattern, rawPatterns } from "../../src/domain/raw-pattern.ts"
import { makeKernel } from "../../src/layers/scan-kernel.ts"
import { makeMatcher } from "../../src/layers/scan-pattern.ts"
import { type ScanPlan, ScanShare, sharedFor } from "../../src/layers/scan-share.ts"
import * as TextScanLive from "../../src/layers/TextScanLive.ts"
import { type ScanJob, type ScanResult, TextScan } from "../../src/services/TextScan.ts"
import { seeded } from "../support/fuzz.ts"

const patterns = (typed: string): ReadonlyArray<RawPattern> => {
  const query = parseQuery(typed)
  if ("error" in query) throw new Error(query.error)
  return rawPatterns(query)!
}

/** Writes files into a directory of the test and gives their jobs in the order of the keys. */
const store = Effect.fnUntraced(function* (files: { readonly [name: string]: string | Uint8Array }) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const dir = yield* fs.makeTempDirectoryScoped()
  const jobs: Array<ScanJob> = []
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(dir, name)
    yield* fs.writeFile(file, typeof content === "string" ? Buffer.from(content) : content)
    jobs.push({ path: file })
  }
  return { dir, jobs }
})

const scan = (jobs: ReadonlyArray<ScanJob>, typed: string, linkMarker: string | null = null) =>
  TextScan.use((service) => service.scan(jobs, typed === "" ? [] : patterns(typed), { linkMarker }))

const found = (results: ReadonlyArray<ScanResult>): ReadonlyArray<number> => results.map((result) => result.found)

const withThreads = (threads: number) => Layer.merge(NodeServices.layer, TextScanLive.layerWith(threads))

const alone = withThreads(1)

const mebibyte = 1024 * 1024

describe("TextScan", () => {
  it.effect("looks through texts in memory, whatever their size, and adds to what is known", () =>
    Effect.gen(function* () {
      const look = (yield* TextScan).looker(patterns("alpha beta"))
      assert.strictEqual(look("", 0), 0)
      assert.strictEqual(look('{"text":"ALPHA"}', 0), 1)
      assert.strictEqual(look(Buffer.from("beta"), 1), 3)
      assert.strictEqual(look("nothing", 2), 2)
      // Nothing is left of what was looked through before.
      assert.strictEqual(look("alph", 0), 0)
      for (let shift = 0; shift <= 5; shift++) {
        const text = " ".repeat(mebibyte - shift) + "alpha" + " ".repeat(mebibyte) + "é beta"
        assert.strictEqual(look(text, 0), 3, `${shift}`)
        assert.strictEqual(look(Buffer.from(text.slice(0, -1)), 0), 1, `${shift}`)
      }
    }).pipe(Effect.provide(alone))
  )

  it.effect("gives the bits of each file in the order of the jobs", () =>
    Effect.gen(function* () {
      const { jobs } = yield* store({
        "small.jsonl": `{"text":"Alpha only"}\n`,
        "larger.jsonl": `{"text":"ALPHA, \\u0062eta is escaped, caf\\u00e9"}\n`.repeat(3),
        "empty.jsonl": "",
        "both.jsonl": `{"a":"beta"}\n{"b":"alpha"}`
      })
      assert.deepStrictEqual(found(yield* scan(jobs, "alpha beta")), [1, 1, 0, 3])
      assert.deepStrictEqual(found(yield* scan(jobs, "café")), [0, 1, 0, 0])
    }).pipe(Effect.provide(alone))
  )

  it.effect("finds a hit wherever it lies between two windows of a file", () =>
    Effect.gen(function* () {
      const hit = `{"text":"rate \\n\\t limit exceeded"}`
      const files: Record<string, string> = {}
      for (let shift = 0; shift <= hit.length; shift += 3) {
        files[`${shift}.jsonl`] = " ".repeat(mebibyte - shift) + hit + " ".repeat(mebibyte)
      }
      const { jobs } = yield* store(files)
      const results = yield* scan(jobs, `"rate limit exceeded" 日本`)
      assert.deepStrictEqual(new Set(found(results)), new Set([1]))
      assert.isAbove(results.length, 10)
    }).pipe(Effect.provide(alone))
  )

  it.effect("finds a hit at the very end and not in what an earlier file left behind", () =>
    Effect.gen(function* () {
      const { jobs } = yield* store({ "a.jsonl": "x".repeat(100) + "needle", "b.jsonl": "x".repeat(103) })
      assert.deepStrictEqual(found(yield* scan(jobs, "needle")), [1, 0])
      assert.deepStrictEqual(found(yield* scan(jobs, "needles")), [0, 0])
    }).pipe(Effect.provide(alone))
  )

  it.effect("looks into compressed files", () =>
    Effect.gen(function* () {
      const text = " ".repeat(2 * mebibyte) + "needle"
      const { jobs } = yield* store({
        "a.jsonl.zst": zlib.zstdCompressSync(Buffer.from(text)),
        "b.jsonl.zst": "no zstd at all"
      })
      const [good, bad] = yield* scan(jobs, "needle")
      assert.deepStrictEqual(good, { found: 1, linked: false, unreadable: null })
      assert.isString(bad!.unreadable)
    }).pipe(Effect.provide(alone))
  )

  it.effect("says of each file that cannot be read why", () =>
    Effect.gen(function* () {
      const { dir, jobs } = yield* store({ "a.jsonl": "needle" })
      const results = yield* scan([{ path: `${dir}/gone` }, { path: dir }, ...jobs], "needle")
      assert.deepStrictEqual(
        results.map(({ unreadable }) => unreadable),
        ["ENOENT", "not a regular file", null]
      )
      assert.deepStrictEqual(found(results), [0, 0, 1])
    }).pipe(Effect.provide(alone))
  )

  it.effect("sees the marker in the first 64 KiB only, with and without patterns", () =>
    Effect.gen(function* () {
      const { jobs } = yield* store({
        "head.jsonl": `${" ".repeat(65536 - 6)}marker`,
        "late.jsonl": `${" ".repeat(65536 - 5)}marker`,
        "none.jsonl": "needle"
      })
      const linked = (results: ReadonlyArray<ScanResult>) => results.map((result) => result.linked)
      assert.deepStrictEqual(linked(yield* scan(jobs, "needle", "marker")), [true, false, false])
      assert.deepStrictEqual(linked(yield* scan(jobs, "", "marker")), [true, false, false])
      assert.deepStrictEqual(linked(yield* scan(jobs, "needle")), [false, false, false])
    }).pipe(Effect.provide(alone))
  )

  const many = (count: number) =>
    store(
      Object.fromEntries(
        Array.from({ length: count }, (_, i) => [
          `${String(i).padStart(3, "0")}.jsonl`,
          `{"text":"${"some words of no interest ".repeat(i % 7 === 0 ? 80_000 : 40)}"}\n${i % 3 === 0 ? "needle" : ""}`
        ])
      )
    )

  it.effect("shares a large scan with worker threads", () =>
    Effect.gen(function* () {
      const { dir, jobs } = yield* many(210)
      // The sizes that a caller states decide alone how many threads are worth it.
      const large = jobs.map((job) => ({ ...job, size: mebibyte }))
      const progress: Array<number> = []
      const results = yield* TextScan.use((service) =>
        service.scan([...large, { path: `${dir}/gone`, size: 1 }], patterns("needle"), {
          linkMarker: null,
          onProgress: (done, total) => progress.push(done / total)
        })
      )
      assert.deepStrictEqual(found(results), [...jobs.map((_, i) => (i % 3 === 0 ? 1 : 0)), 0])
      assert.strictEqual(results.at(-1)!.unreadable, "ENOENT")
      assert.strictEqual(progress.at(-1), 1)
      assert.deepStrictEqual(progress, progress.toSorted())
    }).pipe(Effect.provide(withThreads(3)))
  )

  it.effect("can be interrupted", () =>
    Effect.gen(function* () {
      const { jobs } = yield* many(60)
      const large = Array.from({ length: 40 }, () => jobs.map((job) => ({ ...job, size: mebibyte }))).flat()
      const progress = { done: 0 }
      const fiber = yield* Effect.forkChild(
        TextScan.use((service) =>
          service.scan(large, patterns("absent"), {
            linkMarker: null,
            onProgress: (done) => Object.assign(progress, { done })
          })
        )
      )
      while (progress.done === 0) yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      const after = progress.done
      for (let i = 0; i < 20; i++) yield* Effect.yieldNow
      assert.strictEqual(progress.done, after)
      assert.isBelow(after, large.length)
    }).pipe(Effect.provide(withThreads(2)))
  )
})

describe("ScanShare", () => {
  const plan = (jobs: ReadonlyArray<ScanJob>): ScanPlan => ({
    paths: jobs.map(({ path }) => path),
    patterns: patterns("needle"),
    linkMarker: null,
    shared: sharedFor(jobs.length)
  })

  it.effect("is all that the code of a worker needs", () =>
    Effect.gen(function* () {
      const { jobs } = yield* store({ "a.jsonl": "needle", "b.jsonl": "hay" })
      const shared = plan([...jobs, { path: "/nowhere/at/all" }])
      const exit = yield* Effect.promise(async () => {
        const worker = new Worker(new URL("../../src/layers/scan-worker.ts", import.meta.url), {
          workerData: shared,
          execArgv: []
        })
        return once(worker, "exit")
      })
      assert.deepStrictEqual(exit, [0])
      const share = new ScanShare(shared)
      assert.strictEqual(share.done, 3)
      assert.deepStrictEqual(
        [0, 1, 2].map((index) => share.finding(index)),
        [{ found: 1, linked: false }, { found: 0, linked: false }, null]
      )
    }).pipe(Effect.provide(NodeServices.layer))
  )

  it.effect("knows what a thread that died has left undone", () =>
    Effect.gen(function* () {
      const { jobs } = yield* store({ "long.jsonl": " ".repeat(2 * mebibyte) + "needle", "b.jsonl": "hay" })
      const shared = plan(jobs)
      const dying = new ScanShare(shared).steps()
      assert.isFalse(dying.next().done)
      const share = new ScanShare(shared)
      const steps = share.steps()
      while (!steps.next().done);
      assert.strictEqual(share.done, 1)
      assert.isNull(share.finding(0))
      assert.deepStrictEqual(share.again(0), { found: 1, linked: false })
      assert.deepStrictEqual(share.finding(1), { found: 0, linked: false })
      dying.return()
    }).pipe(Effect.provide(NodeServices.layer))
  )
})

describe("makeMatcher", () => {
  it("finds with the kernel just what the regular expression finds", () => {
    const kernel = makeKernel(65536)!
    assert.isNotNull(kernel)
    const random = seeded(7)
    const letters = "abAB_-.z 1q"
    const word = (length: number) =>
      Array.from({ length }, () => letters[Math.floor(random() * letters.length)]!).join("")
    let hits = 0
    for (let round = 0; round < 3000; round++) {
      const [pattern] = patterns(`"x${word(1 + Math.floor(random() * 4)).trim()}y"`)
      const text = word(200)
      const at = Math.floor(random() * 200)
      const core = random() < 0.5 ? pattern!.core : pattern!.core.toUpperCase()
      const planted = (text.slice(0, at) + core + text.slice(at)).slice(0, 200)
      const length = kernel.window.write(planted, "latin1")
      const window = { length, text: () => planted }
      const expected = new RegExp(pattern!.source).test(planted)
      if (expected) hits++
      assert.strictEqual(makeMatcher(pattern!, kernel)(window), expected, JSON.stringify([pattern, planted]))
      assert.strictEqual(makeMatcher(pattern!, null)(window), expected)
    }
    assert.isAbove(hits, 500)
  })
})
