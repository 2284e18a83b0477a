import type { RawPattern } from "../domain/raw-pattern.ts"
import { FileScanner, type Finding } from "./scan-file.ts"

/** Everything that a thread needs for its share of a scan; can be posted to a worker. */
export interface ScanPlan {
  /** Largest first, so that the threads end at about the same time. */
  readonly paths: ReadonlyArray<string>
  readonly patterns: ReadonlyArray<RawPattern>
  readonly linkMarker: string | null
  /** Two counters, next and done, then two cells per path: its state and what was found. */
  readonly shared: SharedArrayBuffer
}

const nextCell = 0
const doneCell = 1
const firstCell = 2

/** `failed` files are read again by the main thread, which so learns the reason. */
export const state = { pending: 0, read: 1, linked: 2, failed: 3 } as const

export const sharedFor = (count: number): SharedArrayBuffer =>
  new SharedArrayBuffer((firstCell + 2 * count) * Int32Array.BYTES_PER_ELEMENT)

/** One thread's view of the plan: takes the next file that nobody has, until there is none. */
export class ScanShare {
  readonly #plan: ScanPlan
  readonly #cells: Int32Array
  readonly #scanner: FileScanner

  constructor(plan: ScanPlan) {
    this.#plan = plan
    this.#cells = new Int32Array(plan.shared)
    this.#scanner = new FileScanner(plan.patterns, plan.linkMarker)
  }

  /** Files that some thread has finished. */
  get done(): number {
    return Atomics.load(this.#cells, doneCell)
  }

  /** Pauses between files and between the windows of a large one. */
  *steps(): Generator<void, void> {
    for (;;) {
      const index = Atomics.add(this.#cells, nextCell, 1)
      const path = this.#plan.paths[index]
      if (path === undefined) return
      try {
        this.#finish(index, yield* this.#scanner.steps(path))
      } catch {
        this.#finish(index, null)
      }
      yield
    }
  }

  /** What a thread has found in a file; null when it could not read it, or never came to it. */
  finding(index: number): Finding | null {
    const at = firstCell + 2 * index
    const was = Atomics.load(this.#cells, at)
    if (was === state.pending || was === state.failed) return null
    return { found: Atomics.load(this.#cells, at + 1), linked: was === state.linked }
  }

  /** Reads a file here and now; throws what the file system throws. */
  again(index: number): Finding {
    return this.#scanner.scan(this.#plan.paths[index]!)
  }

  #finish(index: number, finding: Finding | null): void {
    const at = firstCell + 2 * index
    if (finding !== null) Atomics.store(this.#cells, at + 1, finding.found)
    Atomics.store(this.#cells, at, finding === null ? state.failed : finding.linked ? state.linked : state.read)
    Atomics.add(this.#cells, doneCell, 1)
  }
}
