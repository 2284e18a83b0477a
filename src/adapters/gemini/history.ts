import { IntColumn } from "../../domain/columns.ts"
import { IdTable } from "../support/id-table.ts"

/** Steps of merging after which a hostile file's lists are taken as they are. */
const mergeLimit = 50_000_000

/**
 * Which messages of a session are the conversation, and in which order.
 *
 * Messages are numbered in the order of their first appearance. The tool appends, takes back (`$rewindTo`) and replaces
 * the whole list (`$set.messages`). It replaces it after a failed turn, which takes back the end; when it starts or
 * resumes, which leaves out notices and commands; and when it compresses its context, which puts a summary in the place
 * of the beginning. Only the first takes back what was said: otherwise everything that was said stays, in its place.
 */
export class History {
  readonly #ids = new IdTable()
  /** 1 for numbers of ids that the context was seen under. */
  readonly #namesContext = new IntColumn()
  /** 1 for messages that are shown. */
  readonly #isShown = new IntColumn()
  /** 1 for messages that a rebuilt list leaves out. */
  readonly #isAside = new IntColumn()
  #context = -1
  #shown: Array<number> = []
  #starts = 0
  #isStarting = false
  #work = 0

  get shown(): ReadonlyArray<number> {
    return this.#shown
  }

  /**
   * The number of a message. `isContext`: the one that every start of the tool writes again, in lists; a copy of it on a
   * line of its own is known by its id.
   */
  number(id: string, isContext: boolean, isOwnLine: boolean, isAside: boolean): number {
    let number = this.#ids.intern(id)
    if (isContext && (!isOwnLine || this.#context < 0 || this.#namesContext.get(number) === 1)) {
      this.#namesContext.set(number, 1)
      if (this.#context < 0) this.#context = this.#ids.reserve()
      number = this.#context
    }
    this.#isAside.set(number, isAside ? 1 : 0)
    return number
  }

  /** A metadata line. Each but the first says that the tool was started again on the same file. */
  start(): void {
    this.#isStarting = this.#starts++ > 0
  }

  append(number: number): void {
    this.#isStarting = false
    if (this.#isShown.get(number) === 1) return
    this.#isShown.set(number, 1)
    this.#shown.push(number)
  }

  /** Takes back a message and all that follow it; all there are where it is not known. */
  rewind(id: string): void {
    const own = this.#ids.find(id)
    const isOwnShown = own >= 0 && this.#isShown.get(own) === 1
    const number = own >= 0 && !isOwnShown && this.#namesContext.get(own) === 1 ? this.#context : own
    const at = number < 0 || this.#isShown.get(number) === 0 ? 0 : this.#shown.lastIndexOf(number)
    for (const gone of this.#shown.splice(Math.max(0, at))) this.#isShown.set(gone, 0)
  }

  /** A new list. `isEcho` says of a message that it only repeats results, which a rebuilt list has more of. */
  replace(list: ReadonlyArray<number>, isEcho: (number: number) => boolean): void {
    const old = this.#shown
    // The list of a tool that starts is empty but for the context; the one that it resumes comes next.
    if (this.#isStarting) {
      this.#isStarting = false
      for (const number of list) this.append(number)
      return
    }
    this.#work += old.length + list.length
    const isMerged = this.#work < mergeLimit
    const kept = new Set(list)
    const hasNews = list.some((number) => this.#isShown.get(number) === 0 && !isEcho(number))
    const places = new Map(old.map((number, at) => [number, at]))
    const merged: Array<number> = []
    let waiting: Array<number> = []
    let next = 0
    for (const number of kept) {
      const at = places.get(number)
      if (at === undefined) {
        waiting.push(number)
        continue
      }
      for (; next <= at; next++) if (isMerged && !kept.has(old[next]!)) merged.push(old[next]!)
      for (const fresh of waiting) merged.push(fresh)
      waiting = []
      merged.push(number)
    }
    for (; next < old.length; next++) {
      const number = old[next]!
      if (isMerged && !kept.has(number) && (hasNews || this.#isAside.get(number) === 1)) merged.push(number)
    }
    for (const fresh of waiting) merged.push(fresh)
    for (const number of old) this.#isShown.set(number, 0)
    for (const number of merged) this.#isShown.set(number, 1)
    this.#shown = merged
  }
}
