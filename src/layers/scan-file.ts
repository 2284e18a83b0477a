import * as fs from "node:fs"
import * as zlib from "node:zlib"
import { maxRawLength, type RawPattern } from "../domain/raw-pattern.ts"
import { makeKernel } from "./scan-kernel.ts"
import { makeMatcher, type Matcher } from "./scan-pattern.ts"

/** Bytes of a file looked at in one go; the last `maxRawLength` of them are looked at again with the next ones. */
const windowBytes = 1024 * 1024

const headBytes = 64 * 1024

/** A compressed file that claims to be larger than this is refused. */
const inflatedLimit = 1024 * 1024 * 1024

/** What was found in a file. */
export interface Finding {
  readonly found: number
  readonly linked: boolean
}

/** Fills `into` from byte `offset` of a file; fewer bytes than asked for are the end of it. */
type Reader = (into: Buffer, offset: number) => number

const descriptorReader =
  (fd: number): Reader =>
  (into, offset) => {
    let filled = 0
    while (filled < into.length) {
      const n = fs.readSync(fd, into, filled, into.length - filled, offset + filled)
      if (n === 0) break
      filled += n
    }
    return filled
  }

const bytesReader =
  (bytes: Buffer): Reader =>
  (into, offset) =>
    bytes.copy(into, 0, offset, offset + into.length)

/** Looks through one file after the other with one set of patterns and one window of memory. */
export class FileScanner {
  readonly #window: Buffer
  readonly #matchers: ReadonlyArray<Matcher>
  readonly #all: number
  readonly #marker: Buffer | null

  constructor(patterns: ReadonlyArray<RawPattern>, linkMarker: string | null) {
    const kernel = makeKernel(windowBytes)
    this.#window = kernel?.window ?? Buffer.allocUnsafeSlow(windowBytes)
    this.#matchers = patterns.map((pattern) => makeMatcher(pattern, kernel))
    this.#all = 2 ** patterns.length - 1
    this.#marker = linkMarker === null ? null : Buffer.from(linkMarker)
  }

  /** Pauses between windows of a file, so that the caller may do something else. Throws what the file system throws. */
  *steps(path: string): Generator<void, Finding> {
    const fd = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK)
    try {
      const stat = fs.fstatSync(fd)
      if (!stat.isFile()) throw new Error("not a regular file")
      if (!path.endsWith(".zst")) return yield* this.#windows(descriptorReader(fd))
      const bytes = zlib.zstdDecompressSync(fs.readFileSync(fd), { maxOutputLength: inflatedLimit })
      return yield* this.#windows(bytesReader(bytes))
    } finally {
      fs.closeSync(fd)
    }
  }

  /** A whole file without a pause. */
  scan(path: string): Finding {
    const steps = this.steps(path)
    for (;;) {
      const { done, value } = steps.next()
      if (done) return value
    }
  }

  /** A text in memory; gives `known` and the bits of what has a hit. */
  look(text: string | Uint8Array, known: number): number {
    if (known === this.#all || text.length === 0) return known
    const bytes = typeof text === "string" ? Buffer.from(text) : text
    let found = known
    let kept = 0
    for (let offset = 0; offset < bytes.length; kept = maxRawLength) {
      if (kept > 0) this.#window.copyWithin(0, this.#window.length - kept, this.#window.length)
      const part = bytes.subarray(offset, offset + this.#window.length - kept)
      this.#window.set(part, kept)
      found |= this.#match(this.#window, kept + part.length, found)
      if (found === this.#all) return found
      offset += part.length
    }
    return found
  }

  *#windows(read: Reader): Generator<void, Finding> {
    const window = this.#all === 0 ? this.#window.subarray(0, headBytes) : this.#window
    let found = 0
    let linked = false
    let kept = 0
    for (let offset = 0; ;) {
      const room = window.length - kept
      const n = read(kept === 0 ? window : window.subarray(kept), offset)
      const length = kept + n
      if (offset === 0 && this.#marker !== null) {
        linked = window.subarray(0, Math.min(n, headBytes)).includes(this.#marker)
      }
      found |= this.#match(window, length, found)
      if (found === this.#all || n < room) return { found, linked }
      offset += n
      kept = maxRawLength
      window.copyWithin(0, length - kept, length)
      yield
    }
  }

  #match(window: Buffer, length: number, before: number): number {
    let text: string | undefined
    const bytes = { length, text: () => (text ??= window.toString("latin1", 0, length)) }
    let found = 0
    for (let i = 0; i < this.#matchers.length; i++) {
      const bit = 1 << i
      if ((before & bit) === 0 && this.#matchers[i]!(bytes)) found |= bit
    }
    return found
  }
}
