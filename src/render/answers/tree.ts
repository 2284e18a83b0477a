import type { NodeName, TreeEdge, TreeNode, TreeResult } from "../../domain/results.ts"
import { type Branch, branchesFrom, type Link } from "../../domain/session-graph.ts"
import { formatAge, isoTimeOrNull } from "../../domain/time.ts"
import type { TreeEnvelope } from "../../schemas/tree.ts"
import { fit, sanitizeLine } from "../terminal.ts"
import { type Encoder, nextLine, type Shape, type TextStyle, warningLines, warningsOf } from "./common.ts"

const node = (one: TreeNode): Shape<typeof TreeEnvelope>["nodes"][number] => ({
  id: one.id,
  source: one.source,
  kind: one.kind,
  title: one.title,
  summary: one.summary,
  cwd: one.cwd,
  created_at: isoTimeOrNull(one.createdAt),
  updated_at: isoTimeOrNull(one.updatedAt),
  total_messages: one.totalMessages,
  missing: one.missing
})

const edge = ({ at, from, source, to, type }: TreeEdge) => ({ source, from, to, type, at })

const name = ({ id, source }: NodeName) => ({ id, source })

const treeWire = (result: TreeResult): Shape<typeof TreeEnvelope> => ({
  api_version: 1,
  meta: {
    cwd_scope: result.scope,
    cwd_scope_reason: result.scopeReason,
    cwd: result.cwd,
    hidden: { unrelated: result.hidden.unrelated, empty: result.hidden.empty },
    ...warningsOf(result.warnings)
  },
  focus: result.focus === null ? null : name(result.focus),
  total_trees: result.totalTrees,
  limit: result.limit,
  has_more: result.totalTrees > result.limit,
  roots: result.roots.map(name),
  nodes: result.nodes.map(node),
  edges: result.edges.map(edge),
  actions: result.actions
})

const keyOf = (source: string, id: string): string => `${source}\0${id}`

const indent = (open: ReadonlyArray<boolean>): string => {
  if (open.length === 0) return ""
  return `${open
    .slice(0, -1)
    .map((more) => (more ? "│  " : "   "))
    .join("")}${open.at(-1) === true ? "├─ " : "└─ "}`
}

const label = ({ missing, summary, title }: TreeNode): string =>
  missing ? "(not in the store)" : (title ?? (summary === "" ? "-" : summary))

const branchLine = (
  branch: Branch,
  found: TreeNode,
  at: number | null,
  result: TreeResult,
  style: TextStyle
): string => {
  const { paint } = style
  const { link, open, repeated } = branch
  const isFocus = result.focus?.id === found.id && result.focus.source === found.source
  const relation = link === null ? "" : `${link.type}${at === null ? "" : ` at ${at}`} `
  const facts = [
    found.source,
    found.updatedAt === null ? "" : formatAge(found.updatedAt, result.now),
    found.totalMessages === null ? "" : `${found.totalMessages} messages`
  ]
  const known = (link === null ? facts : facts.slice(1)).filter(Boolean).join(", ")
  const text = repeated ? "(shown above)" : sanitizeLine(known === "" ? label(found) : `${known}: ${label(found)}`)
  const lead = `${indent(open)}${relation}`
  const id = sanitizeLine(found.shortId)
  const left = style.width - lead.length - id.length - (isFocus ? 4 : 2)
  const shown = left < 12 ? text : fit(text, left).trimEnd()
  return `${paint.dim(lead)}${paint.bold(id)}${isFocus ? " *" : ""}  ${shown}\n`
}

const treeText = (result: TreeResult, style: TextStyle): string => {
  const nodes = new Map(result.nodes.map((one) => [keyOf(one.source, one.id), one]))
  const places = new Map<Link, number | null>(
    result.edges.map(({ at, from, source, to, type }) => [
      { from: keyOf(source, from), to: keyOf(source, to), type },
      at
    ])
  )
  const links = Array.from(places.keys())
  const shown = new Set<string>()
  const lines = result.roots.flatMap(({ id, source }) =>
    branchesFrom(keyOf(source, id), links, shown).map((branch) =>
      branchLine(branch, nodes.get(branch.key)!, branch.link === null ? null : places.get(branch.link)!, result, style)
    )
  )
  const { empty, unrelated } = result.hidden
  const count = result.totalTrees > result.limit ? `${result.limit} of ${result.totalTrees} trees` : ""
  const notes = [
    lines.length === 0 ? `No related sessions (${result.scopeReason})` : count,
    result.scope === "fellback_to_global" ? `${result.scopeReason}: all directories` : "",
    unrelated + empty > 0 ? `hidden: ${unrelated} related to none, ${empty} empty` : ""
  ].filter(Boolean)
  return (
    lines.join("") +
    (notes.length === 0 ? "" : `${style.paint.dim(sanitizeLine(notes.join("; ")))}\n`) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

export const tree: Encoder<TreeResult> = { wire: treeWire, text: treeText }
