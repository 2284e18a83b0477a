import * as Schema from "effect/Schema"
import { roles } from "../domain/message.ts"

/** ISO 8601 in UTC with milliseconds. */
export const Time = Schema.String.check(Schema.isPattern(/^[+-]?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))

export const Count = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

export const NullableString = Schema.NullOr(Schema.String)

export const Action = Schema.Struct({ command: Schema.String, description: Schema.String })

export const Actions = Schema.Array(Action)

export const Warning = Schema.Struct({
  source: NullableString,
  error: Schema.Struct({ code: Schema.String, message: Schema.String })
})

export const Warnings = Schema.Array(Warning)

export const RoleName = Schema.Literals(roles)

export const ByRole = Schema.Struct({
  user: Count,
  assistant: Count,
  system: Count,
  tool_use: Count,
  tool_result: Count
})

export const TokenUsage = Schema.Struct({
  input: Count,
  output: Count,
  cacheRead: Count,
  cacheCreation: Count,
  thinking: Count
})

/** Cursors of version 1 are commands. */
export const Cursor = Schema.Struct({ next: NullableString, prev: NullableString, first: NullableString })

export const apiVersion = Schema.Literal(1)

/** `--timing`: wall clock in milliseconds. */
export const timing = { timing_ms: Schema.optionalKey(Count) }

/** What a session is, before anything is counted. */
export const sessionHead = {
  id: Schema.String,
  source: Schema.String,
  title: NullableString,
  cwd: NullableString,
  git_branch: NullableString,
  model: NullableString,
  parent_id: NullableString,
  forked_from: NullableString,
  created_at: Schema.NullOr(Time),
  updated_at: Time
}
