import type { Action, CwdScope, Warning } from "./common.ts"

export const relations = ["fork", "subagent", "continuation"] as const

/** How a session came from another: copied from it, started by it, or going on where it ended under a new id. */
export type TreeRelation = (typeof relations)[number]

/** Names a session: ids are only unique within their source. */
export interface NodeName {
  readonly id: string
  readonly source: string
}

/** A session of a tree. Times are milliseconds since the epoch. */
export interface TreeNode extends NodeName {
  readonly shortId: string
  readonly kind: "session" | "subagent"
  readonly title: string | null
  readonly summary: string
  readonly cwd: string | null
  readonly createdAt: number | null
  /** Null for a session that is missing. */
  readonly updatedAt: number | null
  readonly totalMessages: number | null
  /** Another session names it, but it is not in the store (any more). */
  readonly missing: boolean
}

export interface TreeEdge {
  readonly source: string
  readonly from: string
  readonly to: string
  readonly type: TreeRelation
  /** The last message of `from` that a fork has as well, or the message of `from` that started the subagent. */
  readonly at: number | null
}

export interface TreeResult {
  readonly _tag: "tree"
  readonly scope: CwdScope
  readonly scopeReason: string
  readonly cwd: string
  /** The session that was asked for. */
  readonly focus: NodeName | null
  /** Where the trees begin, newest tree first. */
  readonly roots: ReadonlyArray<NodeName>
  /** Tree by tree, each parent before its children. */
  readonly nodes: ReadonlyArray<TreeNode>
  readonly edges: ReadonlyArray<TreeEdge>
  readonly totalTrees: number
  readonly limit: number
  readonly hidden: { readonly unrelated: number; readonly empty: number }
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
  /** Milliseconds since the epoch: what ages are counted from. */
  readonly now: number
}
