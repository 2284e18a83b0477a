import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import { Worker } from "node:worker_threads"
import type { RawPattern } from "../domain/raw-pattern.ts"
import { type Look, type ScanJob, type ScanOptions, type ScanResult, TextScan } from "../services/TextScan.ts"
import { FileScanner } from "./scan-file.ts"
import { besideSource } from "./late-module.ts"
import { type ScanPlan, ScanShare, sharedFor } from "./scan-share.ts"

/** A further thread costs about as much as reading this many bytes. */
const bytesPerWorker = 32 * 1024 * 1024

const mostWorkers = 15

/** How long the main thread works before it lets signals and timers have their turn. */
const sliceMs = 10

/** The name under which the program's single binary carries the bundled code of the worker. */
export const workerAsset = "scan-worker.js"

const startWorker = (plan: ScanPlan): Worker => {
  const sea = process.getBuiltinModule("node:sea")
  const options = { workerData: plan, execArgv: [] }
  if (sea?.isSea()) return new Worker(sea.getAsset(workerAsset, "utf8"), { ...options, eval: true })
  return new Worker(besideSource(new URL("./scan-worker.ts", import.meta.url), import.meta.url), options)
}

interface Helper {
  readonly worker: Worker
  /** Resolved when the thread has done its share or has died; never rejected. */
  readonly ended: Promise<void>
}

/** Starts threads; those that cannot be started are simply not there. */
const startHelpers = (count: number, plan: ScanPlan): ReadonlyArray<Helper> => {
  const helpers: Array<Helper> = []
  for (let i = 0; i < count; i++) {
    try {
      const worker = startWorker(plan)
      const ended = new Promise<void>((resolve) => {
        worker.on("error", () => resolve())
        worker.on("exit", () => resolve())
      })
      helpers.push({ worker, ended })
    } catch {
      break
    }
  }
  return helpers
}

const stopHelpers = (helpers: ReadonlyArray<Helper>): void => {
  for (const { worker } of helpers) {
    worker.unref()
    void worker.terminate()
  }
}

const sizeOf = (job: ScanJob): number => {
  if (job.size !== undefined) return job.size
  try {
    return fs.statSync(job.path).size
  } catch {
    return 0
  }
}

const reason = (cause: unknown): string => {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return code ?? (cause instanceof Error ? cause.message : String(cause))
}

const result = (share: ScanShare, index: number): ScanResult => {
  try {
    return { ...(share.finding(index) ?? share.again(index)), unreadable: null }
  } catch (cause) {
    return { found: 0, linked: false, unreadable: reason(cause) }
  }
}

/** Workers for so many bytes: none where one thread is done before another has started. */
const workersFor = (bytes: number, threads: number): number =>
  Math.max(0, Math.min(threads - 1, mostWorkers, Math.floor(bytes / bytesPerWorker)))

const scanWith = Effect.fnUntraced(function* (
  helpers: ReadonlyArray<Helper>,
  plan: ScanPlan,
  onProgress: ScanOptions["onProgress"]
) {
  const share = new ScanShare(plan)
  const total = plan.paths.length
  const steps = share.steps()
  for (let until = performance.now() + sliceMs; !steps.next().done;) {
    if (performance.now() < until) continue
    onProgress?.(share.done, total)
    yield* Effect.yieldNow
    until = performance.now() + sliceMs
  }
  if (share.done < total) yield* Effect.promise(() => Promise.all(helpers.map(({ ended }) => ended)))
  onProgress?.(total, total)
  return share
})

const scan = Effect.fnUntraced(function* (
  threads: number,
  jobs: ReadonlyArray<ScanJob>,
  patterns: ReadonlyArray<RawPattern>,
  { linkMarker, onProgress }: ScanOptions
) {
  const sizes = jobs.map(sizeOf)
  const order = Array.from(jobs.keys()).sort((a, b) => sizes[b]! - sizes[a]!)
  const plan = { paths: order.map((job) => jobs[job]!.path), patterns, linkMarker, shared: sharedFor(jobs.length) }
  const bytes = patterns.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0)
  const share = yield* Effect.acquireUseRelease(
    Effect.sync(() => startHelpers(workersFor(bytes, threads), plan)),
    (helpers) => scanWith(helpers, plan, onProgress),
    (helpers) => Effect.sync(() => stopHelpers(helpers))
  )
  const results: Array<ScanResult> = Array.from({ length: jobs.length })
  order.forEach((job, index) => (results[job] = result(share, index)))
  return results
})

const looker = (patterns: ReadonlyArray<RawPattern>): Look => {
  const scanner = new FileScanner(patterns, null)
  return (text, known) => scanner.look(text, known)
}

const make = (threads: () => number) =>
  TextScan.of({ scan: (jobs, patterns, options) => scan(threads(), jobs, patterns, options), looker })

/** Scans with up to this many threads, the main one included. */
export const layerWith = (threads: number): Layer.Layer<TextScan> =>
  Layer.succeed(
    TextScan,
    make(() => threads)
  )

/** Scans with all processors of the machine, as they are when a scan begins. */
export const layer: Layer.Layer<TextScan> = Layer.succeed(
  TextScan,
  make(() => os.availableParallelism())
)
