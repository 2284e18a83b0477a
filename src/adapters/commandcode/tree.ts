import { IntColumn } from "../../domain/columns.ts"
import { IdTable } from "../support/id-table.ts"

const present = 1
const talk = 2
const visited = 4
const below = 8

const none = -1

export interface TreeLine {
  /** Null for a line that nothing can name. */
  readonly id: string | null
  /** Null for a root; undefined hangs it on the line before. */
  readonly parent: string | null | undefined
  /** Whether it holds something that was said. */
  readonly isTalk: boolean
  /** Number of its first draft, and how many there are. */
  readonly candidate: number
  readonly drafts: number
}

/**
 * The tree of one transcript. The tool goes on from the last line of the file, and the conversation is the way from
 * there to a root; what is not on it was left behind by an edited prompt or a jump. A parent that is not in the file
 * ends the way, as in the tool. Only small integers are kept, about 45 bytes per line.
 */
export class EntryTree {
  readonly #ids = new IdTable()
  /** Parent + 2; 1 for a root. */
  readonly #parent = new IntColumn()
  readonly #flags = new IntColumn()
  readonly #candidate = new IntColumn()
  readonly #drafts = new IntColumn()
  /** Node of every line. */
  readonly #lines = new IntColumn()
  #lineCount = 0

  /** Adds a line and gives back its node; a later line of the same id takes the place of the earlier one. */
  add(line: TreeLine): number {
    const node = line.id === null ? this.#ids.reserve() : this.#ids.intern(line.id)
    const before = this.#lineCount === 0 ? none : this.#lines.get(this.#lineCount - 1)
    const parent = line.parent === null ? none : line.parent === undefined ? before : this.#ids.intern(line.parent)
    this.#lines.set(this.#lineCount++, node)
    this.#parent.set(node, (parent === node ? none : parent) + 2)
    this.#flags.set(node, present | (line.isTalk ? talk : 0))
    this.#candidate.set(node, line.candidate)
    this.#drafts.set(node, line.drafts)
    return node
  }

  has(id: string): boolean {
    return this.#is(this.#ids.find(id), present)
  }

  /** Nodes of the current conversation, from its root on: to the last line that something said leads to. */
  activePath(): ReadonlyArray<number> {
    for (let at = this.#lineCount - 1; at >= 0; at--) {
      const leaf = this.#lines.get(at)
      if (this.#reachesTalk(leaf)) return this.#pathTo(leaf)
    }
    return []
  }

  /** Nodes of the conversation that the last line below `id` belongs to; null where there is no such line. */
  pathThrough(id: string): ReadonlyArray<number> | null {
    const target = this.#ids.find(id)
    if (!this.#is(target, present)) return null
    this.#mark(target, below)
    let leaf = target
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      // Parents are written before their children.
      if (node !== target && this.#is(this.#parentOf(node), below)) this.#mark(node, below)
      if (this.#is(node, below)) leaf = node
    }
    return this.#pathTo(leaf)
  }

  /** Drafts of these nodes, in their order. */
  draftsOf(path: ReadonlyArray<number>): Uint32Array {
    let length = 0
    for (const node of path) length += this.#drafts.get(node)
    const order = new Uint32Array(length)
    let at = 0
    for (const node of path) {
      const first = this.#candidate.get(node)
      for (let draft = 0; draft < this.#drafts.get(node); draft++) order[at++] = first + draft
    }
    return order
  }

  #is(node: number, flags: number): boolean {
    return node >= 0 && (this.#flags.get(node) & flags) !== 0
  }

  #mark(node: number, flags: number): void {
    this.#flags.set(node, this.#flags.get(node) | flags)
  }

  #parentOf(node: number): number {
    const parent = this.#parent.get(node) - 2
    return this.#is(parent, present) ? parent : none
  }

  /** Passes over no line twice: those on a way without anything said are remembered. */
  #reachesTalk(leaf: number): boolean {
    for (let node = leaf; node >= 0 && !this.#is(node, visited); node = this.#parentOf(node)) {
      if (this.#is(node, talk)) return true
      this.#mark(node, visited)
    }
    return false
  }

  #pathTo(leaf: number): ReadonlyArray<number> {
    const path: Array<number> = []
    const seen = new IntColumn()
    for (let node = leaf; node >= 0 && seen.get(node) === 0; node = this.#parentOf(node)) {
      seen.set(node, 1)
      path.push(node)
    }
    return path.reverse()
  }
}
