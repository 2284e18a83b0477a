import { IntColumn } from "../../domain/columns.ts"
import { IdTable } from "../support/id-table.ts"

/** What a line is to the tree. */
export const nodeFlag = {
  sidechain: 1,
  /** Never the end of a conversation: progress, lines of a team, briefings. */
  inner: 2,
  user: 4,
  assistant: 8,
  /** Holds a tool result. */
  result: 16
} as const

const present = 256
const active = 512
const hasChild = 1024
const visited = 2048
const hidden = 4096
const below = 8192
const nameless = 16384

const talk = nodeFlag.user | nodeFlag.assistant

/** A parent that was not named, or by something that is no id: the line before is taken for it. */
const unnamed = -2
const none = -1

export interface TreeLine {
  /** Null for a line without a usable id: it goes where the line before it goes. */
  readonly uuid: string | null
  /** Null for a root, undefined where the line does not say. */
  readonly parentUuid: string | null | undefined
  readonly flags: number
  /** Number of its first draft, and how many there are. */
  readonly candidate: number
  readonly drafts: number
  /** Number of the API answer that the line is a part of, -1 for none. */
  readonly answer: number
  /** Of a part of an answer: equal for lines that hold the same part. Of a result: a hash of the call, 0 for none. */
  readonly key: number
}

/**
 * The tree of one transcript. Lines name their parents, branches come from edits, rewinds and parallel resumes; only
 * small integers are kept, about 60 bytes per line.
 */
export class RecordTree {
  readonly #ids = new IdTable()
  readonly #parent = new IntColumn()
  readonly #flags = new IntColumn()
  readonly #candidate = new IntColumn()
  readonly #drafts = new IntColumn()
  /** Answer + 1. */
  readonly #answer = new IntColumn()
  readonly #key = new IntColumn()
  /** Where in `#lines` the node first stood. */
  readonly #position = new IntColumn()
  /** Next older node of the same answer + 1. */
  readonly #sibling = new IntColumn()
  /** Newest node of an answer + 1. */
  readonly #newest = new IntColumn()
  /** Node of every line. */
  readonly #lines = new IntColumn()
  #lineCount = 0
  /** Pairs: where both are active, the first takes the place of the second. */
  readonly #replaced: Array<number> = []
  /** Per boundary with a preserved part: the boundary, then what it preserved and what that was hung on. */
  readonly #preserved: Array<ReadonlyArray<number>> = []
  readonly #wholeFile: boolean

  /** `wholeFile`: sidechain lines are the conversation itself, as in the file of a subagent. */
  constructor(wholeFile: boolean) {
    this.#wholeFile = wholeFile
  }

  /** Adds a line and gives back its node; a later line of the same id takes the place of the earlier one. */
  add(line: TreeLine): number {
    const node = line.uuid === null ? this.#ids.reserve() : this.#ids.intern(line.uuid)
    const known = this.#flags.get(node)
    const at = this.#lineCount++
    this.#lines.set(at, node)
    if ((known & present) === 0) this.#position.set(node, at)
    const { parentUuid } = line
    const parent = parentUuid === null ? none : parentUuid === undefined ? unnamed : this.#ids.intern(parentUuid)
    this.#parent.set(node, parent === node ? unnamed : parent)
    this.#flags.set(node, line.flags | present | (line.uuid === null ? nameless : 0))
    this.#candidate.set(node, line.candidate)
    this.#drafts.set(node, line.drafts)
    this.#key.set(node, line.key)
    if (line.answer >= 0 && this.#answer.get(node) === 0) {
      this.#answer.set(node, line.answer + 1)
      this.#sibling.set(node, this.#newest.get(line.answer))
      this.#newest.set(line.answer, node + 1)
    }
    return node
  }

  has(uuid: string): boolean {
    const node = this.#ids.find(uuid)
    return node >= 0 && this.#is(node, present)
  }

  /** `node` takes the place of the line `uuid` where both are on the branch; or the other way round. */
  replaces(node: number, uuid: string, otherWay = false): void {
    const other = this.#ids.intern(uuid)
    if (other !== node) this.#replaced.push(otherWay ? other : node, otherWay ? node : other)
  }

  /** After the boundary `node` the conversation went on from `uuids`, which are lines before it, or its summary. */
  preserves(node: number, uuids: ReadonlyArray<string>): void {
    this.#preserved.push([node, ...uuids.map((uuid) => this.#ids.intern(uuid))])
  }

  /** Whether the sidechain line `node` does not continue another sidechain line. */
  isSideRoot(node: number): boolean {
    if (!this.#is(node, nodeFlag.sidechain)) return false
    const parent = this.#parentOf(node)
    return parent < 0 || !this.#is(parent, nodeFlag.sidechain)
  }

  /** Drafts of the current conversation, from its root to its newest leaf, in file order. */
  activeBranch(): Uint32Array {
    return this.#branch(this.#leaf(false, 0), false)
  }

  /** Drafts of the branch to the newest leaf below a line, be that a sidechain; null where there is no such line. */
  branchOf(uuid: string): Uint32Array | null {
    const target = this.#ids.find(uuid)
    if (target < 0 || !this.#is(target, present)) return null
    this.#markBelow(target)
    const isSide = !this.#wholeFile && this.#is(target, nodeFlag.sidechain)
    const leaf = this.#leaf(isSide, below)
    return this.#branch(leaf < 0 ? target : leaf, isSide)
  }

  #is(node: number, flags: number): boolean {
    return (this.#flags.get(node) & flags) !== 0
  }

  #mark(node: number, flags: number): void {
    this.#flags.set(node, this.#flags.get(node) | flags)
  }

  #onSide(node: number, isSide: boolean): boolean {
    return this.#wholeFile || this.#is(node, nodeFlag.sidechain) === isSide
  }

  /** The line before `node` in the file that belongs to the same conversation. */
  #before(node: number): number {
    const isSide = this.#is(node, nodeFlag.sidechain)
    for (let at = this.#position.get(node) - 1; at >= 0; at--) {
      const candidate = this.#lines.get(at)
      if (candidate !== node && this.#onSide(candidate, isSide)) return candidate
    }
    return none
  }

  /** A parent that was lost with a broken line does not cut off what came before it. */
  #parentOf(node: number): number {
    const parent = this.#parent.get(node)
    if (parent >= 0 && this.#is(parent, present)) return parent
    return parent === none ? none : this.#before(node)
  }

  #leaf(isSide: boolean, wanted: number): number {
    const ends = (node: number) => !this.#is(node, nodeFlag.inner) && this.#onSide(node, isSide)
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      const parent = this.#parent.get(node)
      if (parent >= 0 && ends(node)) this.#mark(parent, hasChild)
    }
    for (let at = this.#lineCount - 1; at >= 0; at--) {
      const node = this.#lines.get(at)
      if (!ends(node) || this.#is(node, hasChild)) continue
      if (wanted === 0 ? this.#reachesTalk(node) : this.#is(node, wanted)) return node
    }
    return none
  }

  #reachesTalk(leaf: number): boolean {
    for (let node = leaf; node >= 0 && !this.#is(node, visited); node = this.#parentOf(node)) {
      if (this.#is(node, talk)) return true
      this.#mark(node, visited)
    }
    return false
  }

  #markBelow(target: number): void {
    this.#mark(target, below | visited)
    for (let at = 0; at < this.#lineCount; at++) {
      const path: Array<number> = []
      let node = this.#lines.get(at)
      while (node >= 0 && !this.#is(node, visited)) {
        this.#mark(node, visited)
        path.push(node)
        node = this.#parentOf(node)
      }
      if (node >= 0 && this.#is(node, below)) for (const passed of path) this.#mark(passed, below)
    }
  }

  #walk(from: number): void {
    for (let node = from; node >= 0 && !this.#is(node, active); node = this.#parentOf(node)) {
      if (this.#is(node, present)) this.#mark(node, active)
    }
  }

  #branch(leaf: number, isSide: boolean): Uint32Array {
    if (leaf < 0) return new Uint32Array()
    this.#walk(leaf)
    // What a compaction kept is part of the conversation on both sides of the boundary.
    for (let changed = true; changed;) {
      changed = false
      for (const nodes of this.#preserved) {
        const known = nodes.filter((node) => this.#is(node, present))
        if (!known.some((node) => this.#is(node, active)) || known.every((node) => this.#is(node, active))) continue
        for (const node of known) this.#walk(node)
        changed = true
      }
    }
    this.#addParallel(isSide)
    for (let at = 0; at < this.#replaced.length; at += 2) {
      if (this.#is(this.#replaced[at]!, active)) this.#mark(this.#replaced[at + 1]!, hidden)
    }
    return this.#emit(isSide)
  }

  /** The other lines of the same answers, and results of their calls that nothing on the branch has answered. */
  #addParallel(isSide: boolean): void {
    const answers = new IntColumn()
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      const answer = this.#answer.get(node)
      if (answer > 0 && this.#is(node, active)) answers.set(answer, 1)
    }
    const open = new Set<number>()
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      const answer = this.#answer.get(node)
      if (answer > 0 && answers.get(answer) === 1 && this.#onSide(node, isSide)) this.#mark(node, active)
    }
    const isStray = (node: number) => {
      if (!this.#is(node, nodeFlag.result) || this.#is(node, active) || this.#key.get(node) === 0) return false
      const parent = this.#parent.get(node)
      return parent >= 0 && this.#is(parent, active) && this.#is(parent, nodeFlag.assistant)
    }
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      if (isStray(node)) open.add(this.#key.get(node))
    }
    if (open.size === 0) return
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      if (this.#is(node, nodeFlag.result) && this.#is(node, active)) open.delete(this.#key.get(node))
    }
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      if (isStray(node) && this.#onSide(node, isSide) && open.delete(this.#key.get(node))) this.#mark(node, active)
    }
  }

  /**
   * The line that speaks for `node`: none where an earlier line of the answer already stands for the same part, else the
   * newest one. An answer has a handful of lines; only so many are compared.
   */
  #spokenBy(node: number): number {
    const answer = this.#answer.get(node)
    if (answer === 0) return node
    let speaker = node
    let steps = 0
    for (
      let other = this.#newest.get(answer - 1) - 1;
      other >= 0 && steps < 256;
      other = this.#sibling.get(other) - 1
    ) {
      steps++
      if (other === node || !this.#is(other, active) || this.#key.get(other) !== this.#key.get(node)) continue
      if (this.#position.get(other) < this.#position.get(node)) return none
      if (this.#position.get(other) > this.#position.get(speaker)) speaker = other
    }
    return speaker
  }

  #emit(isSide: boolean): Uint32Array {
    let order = new Uint32Array(256)
    let length = 0
    let previous = none
    for (let at = 0; at < this.#lineCount; at++) {
      const node = this.#lines.get(at)
      if (!this.#onSide(node, isSide)) continue
      if (this.#is(node, nameless) && previous >= 0 && this.#is(previous, active)) this.#mark(node, active)
      previous = node
      if (this.#position.get(node) !== at || !this.#is(node, active) || this.#is(node, hidden)) continue
      const speaker = this.#spokenBy(node)
      if (speaker < 0) continue
      const first = this.#candidate.get(speaker)
      for (let draft = 0; draft < this.#drafts.get(speaker); draft++) {
        if (length === order.length) {
          const next = new Uint32Array(length * 2)
          next.set(order)
          order = next
        }
        order[length++] = first + draft
      }
    }
    return order.subarray(0, length)
  }
}
