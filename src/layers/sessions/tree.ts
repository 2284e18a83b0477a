import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Action, NodeName, SessionRow, TreeEdge, TreeNode, TreeResult } from "../../domain/results.ts"
import { type Component, type Link, SessionGraph } from "../../domain/session-graph.ts"
import { noLabels } from "../../domain/tags.ts"
import { Host } from "../../services/Host.ts"
import type { TreeRequest } from "../../services/Sessions.ts"
import { type Catalog, commandLine, type Found, openCatalog, sessionWords } from "./catalog.ts"
import { load, resolve } from "./resolve.ts"
import { describe } from "./rows.ts"
import { decideScope, inScope } from "./scope.ts"
import { type Surveyed, surveyAll } from "./survey.ts"
import { addMissing, keyOf, keyOfFound, placesOf, relationsOf } from "./tree-relations.ts"

const nameOf = (key: string): NodeName => {
  const [source, id] = key.split("\0") as [string, string]
  return { id, source }
}

const nodeOf = ({ found, head }: Surveyed, row: SessionRow): TreeNode => ({
  id: row.id,
  source: row.source,
  shortId: row.shortId,
  kind: head.kind === "subagent" || found.entry.kind === "subagent" ? "subagent" : "session",
  title: row.title,
  summary: row.summary,
  cwd: row.cwd,
  createdAt: row.createdAt,
  updatedAt: row.updatedAt,
  totalMessages: row.totalMessages,
  missing: false
})

const missingNode = (key: string): TreeNode => {
  const name = nameOf(key)
  const unknown = { title: null, summary: "", cwd: null, createdAt: null, updatedAt: null, totalMessages: null }
  return { ...name, shortId: name.id, kind: "session", ...unknown, missing: true }
}

/** Everything that is needed to draw trees of some sessions. */
interface Forest {
  readonly sessions: ReadonlyMap<string, Surveyed>
  readonly components: ReadonlyArray<Component>
}

const forestOf = (sessions: ReadonlyMap<string, Surveyed>, links: ReadonlyArray<Link>): Forest => {
  const graph = new SessionGraph()
  for (const [key, { head }] of sessions) graph.add(key, head.createdAt ?? head.updatedAt)
  addMissing(graph, links)
  for (const link of links) graph.link(link)
  return { sessions, components: graph.components() }
}

const newestOf =
  ({ sessions }: Forest) =>
  ({ keys }: Component): number =>
    keys.reduce((newest, key) => Math.max(newest, sessions.get(key)?.head.updatedAt ?? -Infinity), -Infinity)

/** Nodes and edges of the trees that are shown. */
const drawn = Effect.fnUntraced(function* (
  catalog: Catalog,
  { sessions }: Forest,
  shown: ReadonlyArray<Component>,
  places: ReadonlyMap<Link, number>
) {
  const keys = shown.flatMap((component) => component.keys)
  const page = keys.flatMap((key) => sessions.get(key) ?? [])
  const rows = yield* describe(catalog, page, () => noLabels)
  const nodes = new Map(page.map((surveyed, at) => [keyOfFound(surveyed.found), nodeOf(surveyed, rows[at]!)]))
  const edges = shown
    .flatMap(({ links }) => links)
    .map((link): TreeEdge => {
      const { id: from, source } = nameOf(link.from)
      return { source, from, to: nameOf(link.to).id, type: link.type, at: places.get(link) ?? null }
    })
  return {
    nodes: keys.map((key) => nodes.get(key) ?? missingNode(key)),
    edges,
    roots: shown.flatMap(({ roots }) => roots.map(nameOf))
  }
})

const bySession = (surveyed: ReadonlyArray<Surveyed>): ReadonlyMap<string, Surveyed> =>
  new Map(surveyed.map((one) => [keyOfFound(one.found), one]))

/** The tree of one session: all that it came from and all that came from it. */
const treeOf = Effect.fnUntraced(function* (id: string, request: TreeRequest) {
  const now = yield* Clock.currentTimeMillis
  const host = yield* Host
  const command = yield* commandLine
  const { catalog, found } = yield* resolve(id, request.source)
  const { entry } = found
  const key = keyOfFound(found)
  // No tool knows of the sessions of another.
  const { surveyed, warnings } = yield* surveyAll(
    catalog.entries.filter((other) => other.entry.source === entry.source)
  )
  const transcript = yield* load(found)
  const all = bySession([...surveyed.filter((one) => one.found !== found), { found, head: transcript.head }])
  const related = yield* relationsOf(Array.from(all.values()))
  // What only the records of the parent say.
  const started = transcript.facts.subagents
    .filter(({ kind }) => kind === "file")
    .map((link): Link => ({ from: key, to: keyOf(entry.source, link.id), type: "subagent" }))
  const links = [...related.links, ...started.filter(({ to }) => all.has(to))]
  const forest = forestOf(all, links)
  const component = forest.components.find(({ keys }) => keys.includes(key))!
  const foundOf = (other: string): Found | undefined => all.get(other)?.found
  const places = yield* placesOf(found, transcript, component.links, foundOf)
  const shown = yield* drawn(catalog, forest, [component], places)
  const words = sessionWords(catalog, entry)
  const fork = component.links.find(({ from, to, type }) => type === "fork" && (from === key || to === key))
  const other = fork === undefined ? undefined : foundOf(fork.from === key ? fork.to : fork.from)
  return {
    _tag: "tree",
    scope: "all",
    scopeReason: "all that is related to the session",
    cwd: host.cwd,
    focus: { id: entry.id, source: entry.source },
    ...shown,
    totalTrees: 1,
    limit: 1,
    hidden: { unrelated: 0, empty: 0 },
    warnings: [...catalog.warnings, ...warnings, ...related.warnings],
    actions: [
      { command: command(["read", words.id, ...words.source]), description: "Read it from the beginning" },
      ...(other === undefined
        ? []
        : [
            {
              command: command(["diff", words.id, sessionWords(catalog, other.entry).id, ...words.source]),
              description: "Where it and its fork part"
            }
          ]),
      { command: command(["tree", "-s", entry.source, "--cwd", "all"]), description: "Every tree of its source" }
    ],
    now
  } satisfies TreeResult
})

/** The trees of a directory or of all, newest first. */
const trees = Effect.fnUntraced(function* (request: TreeRequest) {
  const now = yield* Clock.currentTimeMillis
  const command = yield* commandLine
  const catalog = yield* openCatalog(request.source)
  const { surveyed, warnings } = yield* surveyAll(catalog.entries)
  const spoken = surveyed.filter(({ head }) => !head.isEmpty)
  const all = bySession(spoken)
  const scope = yield* decideScope(
    request.cwd,
    spoken.map(({ head }) => head.cwd)
  )
  const related = yield* relationsOf(spoken)
  const forest = forestOf(all, related.links)
  const newest = newestOf(forest)
  const isHere = ({ keys }: Component) =>
    keys.some((key) => {
      const session = all.get(key)
      return session !== undefined && inScope(scope, session.head.cwd)
    })
  const here = forest.components.filter(isHere)
  const grown = request.all ? here : here.filter(({ keys }) => keys.length > 1)
  const sorted = grown
    .map((component) => ({ component, at: newest(component) }))
    .sort((a, b) => b.at - a.at || (a.component.keys[0]! < b.component.keys[0]! ? -1 : 1))
    .map(({ component }) => component)
  const shown = sorted.slice(0, request.limit)
  const first = shown[0]?.keys.flatMap((key) => all.get(key)?.found ?? [])[0]
  const words = first === undefined ? null : sessionWords(catalog, first.entry)
  const again = (more: ReadonlyArray<string>) => command(["tree", ...request.words, ...more])
  const hidden = here.length - grown.length
  const empty = surveyed.filter(({ head }) => head.isEmpty && inScope(scope, head.cwd)).length
  const actions: ReadonlyArray<Action> = [
    ...(words === null
      ? []
      : [
          { command: command(["tree", words.id, ...words.source]), description: "The newest tree, with its places" },
          { command: command(["read", words.id, ...words.source]), description: "Read the session it began with" }
        ]),
    ...(sorted.length > shown.length && request.limit < 1000
      ? [
          {
            command: again([...(request.all ? ["--all"] : []), "--limit", String(Math.min(1000, sorted.length))]),
            description: "All of them"
          }
        ]
      : []),
    ...(hidden > 0 ? [{ command: again(["--all"]), description: "With the sessions that are related to none" }] : []),
    ...(here.length === 0
      ? [{ command: command(["tree", "--cwd", "all"]), description: "Trees of every directory" }]
      : [])
  ]
  return {
    _tag: "tree",
    scope: scope.scope,
    scopeReason: scope.reason,
    cwd: scope.cwd,
    focus: null,
    ...(yield* drawn(catalog, forest, shown, new Map())),
    totalTrees: sorted.length,
    limit: request.limit,
    hidden: { unrelated: hidden, empty },
    warnings: [...catalog.warnings, ...warnings, ...related.warnings],
    actions,
    now
  } satisfies TreeResult
})

/** `tree`: forks, subagents and continuations, of one session or of many. */
export const tree = Effect.fn("Sessions.tree")(function* (request: TreeRequest) {
  return yield* request.id === null ? trees(request) : treeOf(request.id, request)
})
