import * as Schema from "effect/Schema"
import { relations } from "../domain/results/tree.ts"
import { Actions, apiVersion, Count, NullableString, Time, timing, Warnings } from "./common.ts"
import { cwdScopes } from "./list.ts"

/** Ids are only unique within their source. */
const NodeName = Schema.Struct({ id: Schema.String, source: Schema.String })

export const TreeNode = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  kind: Schema.Literals(["session", "subagent"]),
  title: NullableString,
  summary: Schema.String,
  cwd: NullableString,
  created_at: Schema.NullOr(Time),
  /** Null for a session that is missing. */
  updated_at: Schema.NullOr(Time),
  /** Null where it would need a full parse of a large file. */
  total_messages: Schema.NullOr(Count),
  /** Another session names it, but it is not in the store. */
  missing: Schema.Boolean
})

export const TreeEdge = Schema.Struct({
  source: Schema.String,
  from: Schema.String,
  to: Schema.String,
  type: Schema.Literals(relations),
  /** The last message of `from` that a fork has as well, or the message that started a subagent. */
  at: Schema.NullOr(Count)
})

export const TreeEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.Struct({
    cwd_scope: cwdScopes,
    cwd_scope_reason: Schema.String,
    cwd: Schema.String,
    hidden: Schema.Struct({ unrelated: Count, empty: Count }),
    warnings: Schema.optionalKey(Warnings),
    ...timing
  }),
  focus: Schema.NullOr(NodeName),
  total_trees: Count,
  limit: Count,
  has_more: Schema.Boolean,
  roots: Schema.Array(NodeName),
  nodes: Schema.Array(TreeNode),
  edges: Schema.Array(TreeEdge),
  actions: Actions
})
