const pageBits = 14
const pageSize = 1 << pageBits
const pageMask = pageSize - 1
const firstSize = 512

/** What a page of a column may be. */
type Page = Uint8Array | Int32Array | Uint32Array | Float64Array

/**
 * Numbers by position; what was never set reads as 0. It grows by pages of 16,384, so that a million of them takes the
 * memory of a million: an array that is copied into one of twice its size takes up to three times that.
 */
export class Column<A extends Page> {
  readonly #make: (length: number) => A
  readonly #pages: Array<A> = []
  #capacity = 0

  constructor(make: (length: number) => A) {
    this.#make = make
  }

  get(at: number): number {
    return at < this.#capacity ? this.#pages[at >>> pageBits]![at & pageMask]! : 0
  }

  set(at: number, value: number): void {
    if (at >= this.#capacity) this.#grow(at)
    this.#pages[at >>> pageBits]![at & pageMask] = value
  }

  #grow(at: number): void {
    if (this.#capacity < pageSize) {
      // Most sessions are far smaller than a page: the first one begins small and is copied.
      let size = Math.max(firstSize, this.#capacity * 2)
      while (size <= at && size < pageSize) size *= 2
      const first = this.#make(size)
      if (this.#pages[0] !== undefined) first.set(this.#pages[0])
      this.#pages[0] = first
      this.#capacity = size
    }
    while (this.#capacity <= at) {
      this.#pages.push(this.#make(pageSize))
      this.#capacity += pageSize
    }
  }
}

/** 32 bits with a sign each. */
export class IntColumn extends Column<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length))
  }
}

/** 32 bits without a sign each. */
export class WordColumn extends Column<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length))
  }
}

/** 8 bits each. */
export class ByteColumn extends Column<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length))
  }
}

/** Doubles. */
export class FloatColumn extends Column<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length))
  }
}
