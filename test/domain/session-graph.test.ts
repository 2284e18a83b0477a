import { assert, describe, it } from "@effect/vitest"
import { branchesFrom, type Link, SessionGraph } from "../../src/domain/session-graph.ts"

const fork = (from: string, to: string): Link => ({ from, to, type: "fork" })

const graphOf = (keys: ReadonlyArray<string>, links: ReadonlyArray<Link>): SessionGraph => {
  const graph = new SessionGraph()
  keys.forEach((key, at) => graph.add(key, at))
  for (const link of links) graph.link(link)
  return graph
}

const names = (graph: SessionGraph) =>
  graph.components().map(({ keys, roots }) => `${roots.join(" ")}: ${keys.join(" ")}`)

describe("a graph of sessions", () => {
  it("has a component for each group of related sessions, parents first, children by age", () => {
    const graph = graphOf(
      ["a", "b", "c", "d", "e", "alone"],
      [
        fork("a", "c"),
        { from: "a", to: "b", type: "subagent" },
        fork("c", "e"),
        { from: "e", to: "d", type: "continuation" }
      ]
    )
    assert.deepStrictEqual(names(graph), ["a: a b c e d", "alone: alone"])
  })

  it("takes a relation once, none of a session to itself, and none to a session that is not there", () => {
    const graph = graphOf(
      ["a", "b"],
      [fork("a", "b"), fork("a", "b"), fork("a", "a"), fork("a", "zzz"), fork("zzz", "b")]
    )
    const [component] = graph.components()
    assert.deepStrictEqual(component!.links, [fork("a", "b")])
  })

  it("begins a circle with its oldest session", () => {
    const graph = graphOf(["b", "a", "c"], [fork("a", "b"), fork("b", "c"), fork("c", "a")])
    assert.deepStrictEqual(names(graph), ["b: b c a"])
    // A circle that hangs on nothing beside a tree that leads into it.
    const mixed = graphOf(["r", "x", "y"], [fork("r", "x"), fork("x", "y"), fork("y", "x")])
    assert.deepStrictEqual(names(mixed), ["r: r x y"])
  })

  it("has several roots where a session comes from two", () => {
    const graph = graphOf(["a", "b", "c"], [fork("a", "c"), { from: "b", to: "c", type: "continuation" }])
    assert.deepStrictEqual(names(graph), ["a b: a c b"])
    const { links, roots } = graph.components()[0]!
    const shown = new Set<string>()
    const lines = roots.flatMap((root) => branchesFrom(root, links, shown))
    assert.deepStrictEqual(
      lines.map(({ key, repeated }) => `${key}${repeated ? " again" : ""}`),
      ["a", "c", "b", "c again"]
    )
  })

  it("draws which levels go on below a line", () => {
    const links = [fork("a", "b"), fork("a", "d"), fork("b", "c")]
    const { roots } = graphOf(["a", "b", "c", "d"], links).components()[0]!
    assert.deepStrictEqual(
      branchesFrom(roots[0]!, links, new Set()).map(({ key, open }) => [key, ...open]),
      [["a"], ["b", true], ["c", true, false], ["d", false]]
    )
  })

  it("survives a chain of 20,000 sessions and a circle of as many", () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => `s${at}`)
    const chain = keys.slice(1).map((key, at) => fork(keys[at]!, key))
    const [component] = graphOf(keys, chain).components()
    assert.lengthOf(component!.keys, keys.length)
    const [circle] = graphOf(keys, [...chain, fork(keys.at(-1)!, keys[0]!)]).components()
    assert.deepStrictEqual(circle!.roots, ["s0"])
    assert.lengthOf(circle!.keys, keys.length)
    const lines = branchesFrom("s0", chain, new Set())
    assert.lengthOf(lines, keys.length)
    assert.isBelow(lines.at(-1)!.open.length, 30)
  })
})
