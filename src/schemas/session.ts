import * as Schema from "effect/Schema"
import { Actions, apiVersion, ByRole, Count, NullableString, Time, timing, TokenUsage, Warnings } from "./common.ts"

/** Present where there is something to say: records that were skipped, or `--timing`. */
const meta = { meta: Schema.optionalKey(Schema.Struct({ warnings: Schema.optionalKey(Warnings), ...timing })) }

export const InfoEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  id: Schema.String,
  source: Schema.String,
  cwd: NullableString,
  model: NullableString,
  git_branch: NullableString,
  title: NullableString,
  name: NullableString,
  tags: Schema.Array(Schema.String),
  parent_id: NullableString,
  created_at: Schema.NullOr(Time),
  updated_at: Time,
  total_messages: Count,
  by_role: ByRole,
  token_usage: Schema.NullOr(TokenUsage),
  duration_ms: Schema.NullOr(Count),
  file_path: Schema.String,
  bytes: Count,
  actions: Actions
})

/** Everything below `stats` is camelCase in version 1. */
export const StatsEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  id: Schema.String,
  source: Schema.String,
  filePath: Schema.String,
  metadata: Schema.Struct({
    cwd: NullableString,
    model: NullableString,
    git_branch: NullableString,
    title: NullableString,
    parent_id: NullableString,
    forked_from: NullableString,
    archived: Schema.Boolean,
    created_at: Schema.NullOr(Time),
    updated_at: Time,
    bytes: Count
  }),
  stats: Schema.Struct({
    totalMessages: Count,
    totalTokensEstimate: Count,
    byRole: ByRole,
    byBlockType: Schema.Record(Schema.String, Count),
    tokenUsage: Schema.NullOr(TokenUsage),
    toolFrequency: Schema.Array(Schema.Struct({ name: Schema.String, count: Count, errors: Count })),
    filesModified: Schema.Array(Schema.String),
    subagents: Schema.Array(
      Schema.Struct({
        id: Schema.String,
        kind: Schema.Literals(["file", "inline"]),
        description: NullableString,
        toolUseId: NullableString
      })
    ),
    durationMs: Schema.NullOr(Count)
  }),
  actions: Actions
})
