import type { Line } from "../services/StoreFiles.ts"

const lineFeed = 10
const carriageReturn = 13

/** A buffer for gathered lines that is larger than this is given back after the line. */
const keptBytes = 4 * 1024 * 1024

/**
 * Cuts chunks into lines without copying, except for a line that crosses a chunk border: that one is gathered in a
 * buffer. It grows in place, and after an unusually long line its memory is returned at once, not when the collector
 * comes round: those are the megabytes that decide how much a huge file takes.
 */
export class LineSplitter {
  #memory = new ArrayBuffer(0)
  #carry: Buffer = Buffer.from(this.#memory)
  #carried = 0
  #position: number
  #number = 0
  #stopped = false
  readonly #onLine: (line: Line) => boolean | void
  readonly #line: { bytes: Uint8Array; offset: number; number: number; complete: boolean; text: () => string }

  /** `position` is the byte offset of the first chunk in the file. */
  constructor(onLine: (line: Line) => boolean | void, position: number) {
    this.#onLine = onLine
    this.#position = position
    const line = {
      bytes: new Uint8Array() as Uint8Array,
      offset: 0,
      number: 0,
      complete: true,
      text: (): string => (line.bytes as Buffer).toString("utf8")
    }
    this.#line = line
  }

  /** False once the receiver has asked to stop. */
  push(chunk: Buffer): boolean {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(lineFeed, start)
      if (end < 0) break
      const piece = chunk.subarray(start, end)
      if (this.#carried > 0) {
        this.#append(piece)
        this.#emit(this.#carry.subarray(0, this.#carried), this.#position + end - this.#carried, true)
        this.#carried = 0
        if (this.#carry.length > keptBytes) this.#resize(0)
      } else this.#emit(piece, this.#position + start, true)
      start = end + 1
      if (this.#stopped) return false
    }
    if (start < chunk.length) this.#append(chunk.subarray(start))
    this.#position += chunk.length
    return true
  }

  /** Gives out what follows the last line end. */
  end(): void {
    if (this.#carried === 0 || this.#stopped) return
    this.#emit(this.#carry.subarray(0, this.#carried), this.#position - this.#carried, false)
    this.#carried = 0
  }

  #resize(length: number): void {
    this.#memory = this.#memory.transfer(length)
    this.#carry = Buffer.from(this.#memory)
  }

  #append(piece: Buffer): void {
    const needed = this.#carried + piece.length
    if (needed > this.#carry.length) {
      const growth = this.#carry.length < keptBytes ? 2 : 1.25
      this.#resize(Math.max(needed, Math.ceil(this.#carry.length * growth), 64 * 1024))
    }
    piece.copy(this.#carry, this.#carried)
    this.#carried = needed
  }

  #emit(bytes: Buffer, offset: number, complete: boolean): void {
    let from = 0
    let to = bytes.length
    if (to > 0 && bytes[to - 1] === carriageReturn) to--
    // Claude tolerates NUL bytes that a crash left before a record; a BOM can only be at the very start.
    if (offset === 0 && to >= 3 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) from = 3
    while (from < to && bytes[from] === 0) from++
    const line = this.#line
    line.bytes = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to)
    line.offset = offset + from
    line.number = this.#number++
    line.complete = complete
    if (this.#onLine(line) === false) this.#stopped = true
  }
}
