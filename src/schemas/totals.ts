import * as Schema from "effect/Schema"
import { breakdowns } from "../domain/results/totals.ts"
import { Actions, apiVersion, ByRole, Count, NullableString, Time, timing, Warnings } from "./common.ts"
import { cwdScopes } from "./list.ts"

/** Of each group, and of all sessions together. */
const sums = {
  /** Sessions that people began. */
  sessions: Count,
  /** Sessions that other sessions began. */
  subagents: Count,
  messages: Count,
  by_role: ByRole,
  tool_calls: Count,
  /** Tool results that failed. */
  tool_errors: Count,
  /** As the tools counted them; null where none of the sessions has a count. */
  tokens: Schema.NullOr(
    Schema.Struct({ input: Count, output: Count, cache_read: Count, cache_creation: Count, thinking: Count })
  ),
  /** Sessions and subagents without a count of tokens. */
  sessions_without_usage: Count,
  /** Estimated tokens of the messages. */
  tokens_estimate: Count,
  duration_ms: Count
}

export const TotalsEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.Struct({
    cwd_scope: cwdScopes,
    cwd_scope_reason: Schema.String,
    cwd: Schema.String,
    since: Schema.NullOr(Time),
    until: Schema.NullOr(Time),
    hidden: Schema.Struct({ empty: Count }),
    warnings: Schema.optionalKey(Warnings),
    ...timing
  }),
  by: Schema.NullOr(Schema.Literals(breakdowns)),
  total: Schema.Struct(sums),
  groups: Schema.Array(Schema.Struct({ by: Schema.Literals(breakdowns), key: NullableString, ...sums })),
  actions: Actions
})
