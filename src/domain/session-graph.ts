import { type TreeRelation, relations } from "./results/tree.ts"

/** A relation between two sessions, by their keys. */
export interface Link {
  readonly from: string
  readonly to: string
  readonly type: TreeRelation
}

/** Sessions that are related, directly or through others. */
export interface Component {
  /** Sessions that come from no other; in a circle, which nothing forbids a store to hold, the oldest. */
  readonly roots: ReadonlyArray<string>
  /** Each parent before its children, as far as there are no circles. */
  readonly keys: ReadonlyArray<string>
  readonly links: ReadonlyArray<Link>
}

/** One line of a tree as it is printed. */
export interface Branch {
  readonly key: string
  /** How it came from the line above it in the tree; null for a root. */
  readonly link: Link | null
  /** For every level above, up to a number of them: whether it goes on below this line. The last is its own level. */
  readonly open: ReadonlyArray<boolean>
  /** It was shown before, with all that comes from it. */
  readonly repeated: boolean
}

/**
 * The relations between sessions. They come from files that anybody may have written: parents can be missing, sessions
 * can come from each other in circles, and chains can be long, so that nothing here recurses.
 */
export class SessionGraph {
  readonly #created = new Map<string, number>()
  readonly #links = new Map<string, Link>()
  readonly #children = new Map<string, Array<Link>>()
  readonly #neighbours = new Map<string, Array<string>>()
  readonly #hasOrigin = new Set<string>()

  /** A session and when it began, in milliseconds since the epoch; unknown counts as the beginning of time. */
  add(key: string, createdAt: number | null): void {
    this.#created.set(key, createdAt ?? -Infinity)
  }

  has(key: string): boolean {
    return this.#created.has(key)
  }

  /** Both sessions have to be there. A session that comes from itself comes from none. */
  link(link: Link): void {
    const { from, to, type } = link
    const name = `${from}\0${to}\0${type}`
    if (from === to || this.#links.has(name) || !this.has(from) || !this.has(to)) return
    this.#links.set(name, link)
    push(this.#children, from, link)
    push(this.#neighbours, from, to)
    push(this.#neighbours, to, from)
    this.#hasOrigin.add(to)
  }

  #older = (a: string, b: string): number => this.#created.get(a)! - this.#created.get(b)! || (a < b ? -1 : 1)

  /** Children of a session in the order in which they began. */
  #below(key: string): ReadonlyArray<Link> {
    return (this.#children.get(key) ?? []).toSorted(
      (a, b) => this.#older(a.to, b.to) || relations.indexOf(a.type) - relations.indexOf(b.type)
    )
  }

  /** Every group of related sessions; a session without relations is a group of its own. */
  components(): ReadonlyArray<Component> {
    const seen = new Set<string>()
    const components: Array<Component> = []
    for (const start of this.#created.keys()) {
      if (seen.has(start)) continue
      seen.add(start)
      const keys = [start]
      for (let at = 0; at < keys.length; at++) {
        for (const next of this.#neighbours.get(keys[at]!) ?? []) {
          if (seen.has(next)) continue
          seen.add(next)
          keys.push(next)
        }
      }
      components.push(this.#component(keys.sort(this.#older)))
    }
    return components
  }

  #component(members: ReadonlyArray<string>): Component {
    const roots = members.filter((key) => !this.#hasOrigin.has(key))
    const keys: Array<string> = []
    const links: Array<Link> = []
    const visited = new Set<string>()
    const visit = (root: string) => {
      const stack = [root]
      while (stack.length > 0) {
        const key = stack.pop()!
        if (visited.has(key)) continue
        visited.add(key)
        keys.push(key)
        const below = this.#below(key)
        links.push(...below)
        for (const { to } of below.toReversed()) stack.push(to)
      }
    }
    for (const root of roots) visit(root)
    // What only a circle leads to.
    for (const key of members) {
      if (visited.has(key)) continue
      roots.push(key)
      visit(key)
    }
    return { roots, keys, links }
  }
}

const push = <A>(lists: Map<string, Array<A>>, key: string, item: A): void => {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [item])
  else list.push(item)
}

/** Levels above a line that are drawn; what lies deeper is put below the last of them. */
const drawnLevels = 20

/** The lines of a tree from one of its roots; `shown` remembers sessions across the trees of an answer. */
export const branchesFrom = (root: string, links: ReadonlyArray<Link>, shown: Set<string>): ReadonlyArray<Branch> => {
  const children = new Map<string, Array<Link>>()
  for (const link of links) push(children, link.from, link)
  const branches: Array<Branch> = []
  const stack: Array<{ key: string; link: Link | null; open: ReadonlyArray<boolean> }> = [
    { key: root, link: null, open: [] }
  ]
  while (stack.length > 0) {
    const { key, link, open } = stack.pop()!
    const repeated = shown.has(key)
    branches.push({ key, link, open, repeated })
    if (repeated) continue
    shown.add(key)
    const below = children.get(key) ?? []
    for (let at = below.length - 1; at >= 0; at--) {
      stack.push({
        key: below[at]!.to,
        link: below[at]!,
        open: [...open.slice(0, drawnLevels), at < below.length - 1]
      })
    }
  }
  return branches
}
