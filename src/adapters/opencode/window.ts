import type { Draft } from "../../domain/message.ts"
import { draftsOf } from "./drafts.ts"
import type { MessageReader } from "./reader.ts"

/** Messages made again at one opening of the store: few for one who jumps about, more for one who goes on. */
const fewest = 8
const most = 4096
/** UTF-16 units of text at which it is enough. */
const charsLimit = 2 * 1024 * 1024

/** Drafts that were not kept, made again from the store in runs: opening it costs more than reading a few rows. */
export class DraftWindow {
  #from = 0
  #drafts: Array<ReadonlyArray<Draft>> = []
  #size = fewest
  readonly #open: (use: (reader: MessageReader) => void) => void

  /** `open` lets a function read the messages, and throws `FileError` where that is no longer possible. */
  constructor(open: (use: (reader: MessageReader) => void) => void) {
    this.#open = open
  }

  /** The drafts of the message `index`; none where it has gone meanwhile. */
  at(index: number): ReadonlyArray<Draft> {
    if (this.#drafts[index - this.#from] === undefined) this.#fill(index)
    return this.#drafts[index - this.#from] ?? []
  }

  #fill(from: number): void {
    const goesOn = this.#drafts.length > 0 && from === this.#from + this.#drafts.length
    this.#size = goesOn ? Math.min(most, this.#size * 4) : fewest
    const drafts: Array<ReadonlyArray<Draft>> = []
    this.#open((reader) => {
      let chars = 0
      for (let at = from; at < reader.rows.length && drafts.length < this.#size && chars < charsLimit; at++) {
        const made = draftsOf(reader.at(at), null)
        for (const { text } of made) chars += text.length
        drafts.push(made)
      }
    })
    this.#from = from
    this.#drafts = drafts
  }
}
