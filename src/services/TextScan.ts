import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { RawPattern } from "../domain/raw-pattern.ts"

/** A file to look through. `*.zst` is decompressed. */
export interface ScanJob {
  readonly path: string
  /** Bytes, where the caller knows them; only used to share out the work. */
  readonly size?: number
}

export interface ScanResult {
  /** Bit `1 << i`: pattern `i` has a hit in the file. */
  readonly found: number
  /** The marker is in the first 64 KiB. */
  readonly linked: boolean
  /** Why the file could not be looked through; null when it was. */
  readonly unreadable: string | null
}

export interface ScanOptions {
  /** Bytes to look for at the start of each file, as UTF-8; null for none. */
  readonly linkMarker: string | null
  /** Called now and then with how many of the files are done. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Looks for the patterns in a text that is in memory, and gives the bits of those that have a hit. The patterns whose bits
 * are in `known` need not be looked for, and are in the answer.
 */
export type Look = (text: string | Uint8Array, known: number) => number

/**
 * Looks for raw patterns in many files, in parallel where it pays. Memory does not grow with the files, but for
 * compressed ones. Never fails: a file that cannot be read says so in its result.
 */
export class TextScan extends Context.Service<
  TextScan,
  {
    /**
     * Results in the order of the jobs; at most 31 patterns. A file is left as soon as all patterns have a hit, so
     * that with no pattern only its start is read, for the marker.
     */
    readonly scan: (
      jobs: ReadonlyArray<ScanJob>,
      patterns: ReadonlyArray<RawPattern>,
      options: ScanOptions
    ) => Effect.Effect<ReadonlyArray<ScanResult>>
    /** For texts that are no files, such as the rows of a database; at most 31 patterns. */
    readonly looker: (patterns: ReadonlyArray<RawPattern>) => Look
  }
>()("sessionr/services/TextScan") {}
