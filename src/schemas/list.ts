import * as Schema from "effect/Schema"
import { Action, Actions, apiVersion, Count, Cursor, NullableString, Time, timing, Warnings } from "./common.ts"

export const SessionRow = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  cwd: NullableString,
  updatedAt: Time,
  summary: Schema.String,
  filePath: Schema.String,
  isEmpty: Schema.Boolean,
  created_at: Schema.NullOr(Time),
  title: NullableString,
  git_branch: NullableString,
  model: NullableString,
  name: NullableString,
  tags: Schema.Array(Schema.String),
  parent_id: NullableString,
  total_messages: Schema.NullOr(Count)
})

export const cwdScopes = Schema.Literals(["auto", "current", "all", "explicit", "fellback_to_global"])

export const ListMeta = Schema.Struct({
  cwd_scope: cwdScopes,
  cwd_scope_reason: Schema.String,
  cwd: Schema.String,
  search: Schema.optionalKey(
    Schema.Struct({
      query: Schema.String,
      sessions_scanned: Count,
      sessions_available: Count,
      truncated: Schema.Boolean
    })
  ),
  hidden: Schema.Struct({ subagents: Count, empty: Count }),
  warnings: Schema.optionalKey(Warnings),
  next_action: Action,
  ...timing
})

export const ListEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: ListMeta,
  sessions: Schema.Array(SessionRow),
  total_available: Count,
  limit: Count,
  offset: Count,
  has_more: Schema.Boolean,
  available_sources: Schema.Array(Schema.String),
  cursor: Cursor,
  actions: Actions
})
