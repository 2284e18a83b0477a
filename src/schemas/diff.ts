import * as Schema from "effect/Schema"
import {
  Actions,
  apiVersion,
  ByRole,
  Count,
  Cursor,
  sessionHead,
  Time,
  timing,
  TokenUsage,
  Warnings
} from "./common.ts"
import { Message } from "./read.ts"

export const DiffSession = Schema.Struct({
  ...sessionHead,
  total_messages: Count,
  total_tokens_estimate: Count,
  token_usage: Schema.NullOr(TokenUsage),
  duration_ms: Schema.NullOr(Count),
  after_split: Schema.Struct({
    messages: Count,
    by_role: ByRole,
    tokens_estimate: Count,
    tool_calls: Count,
    tool_errors: Count,
    duration_ms: Schema.NullOr(Count)
  })
})

const Range = Schema.Struct({ from: Count, to: Count })

const Calls = Schema.Struct({ count: Count, errors: Count })

/** A run of messages that both have (`a` and `b` say where), or a message that only one has. */
export const Difference = Schema.Struct({
  number: Count,
  side: Schema.Literals(["same", "a", "b"]),
  a: Schema.optionalKey(Range),
  b: Schema.optionalKey(Range),
  message: Schema.optionalKey(Message)
})

export const DiffEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.Struct({
    relation: Schema.Literals([
      "same_session",
      "a_forked_from_b",
      "b_forked_from_a",
      "forks_of_one",
      "a_subagent_of_b",
      "b_subagent_of_a",
      "shared_history",
      "unrelated"
    ]),
    identical: Schema.Boolean,
    partial: Schema.Boolean,
    /** These only with `--messages`. */
    total_differences: Schema.optionalKey(Count),
    alignment: Schema.optionalKey(Schema.Literals(["exact", "unique_only"])),
    token_budget: Schema.optionalKey(Count),
    returned_tokens_estimate: Schema.optionalKey(Count),
    cursor: Schema.optionalKey(Cursor),
    warnings: Schema.optionalKey(Warnings),
    ...timing
  }),
  sessions: Schema.Struct({ a: DiffSession, b: DiffSession }),
  shared: Schema.Struct({
    messages: Count,
    tokens_estimate: Count,
    same_call_ids: Count,
    other_call_ids: Count,
    until: Schema.Struct({ a: Schema.NullOr(Time), b: Schema.NullOr(Time) })
  }),
  /** Behind the split. */
  tools: Schema.Array(Schema.Struct({ name: Schema.String, a: Calls, b: Calls })),
  /** Of the whole sessions. */
  files: Schema.Struct({
    only_a: Schema.Array(Schema.String),
    only_b: Schema.Array(Schema.String),
    both: Schema.Array(Schema.String)
  }),
  differences: Schema.optionalKey(Schema.Array(Difference)),
  actions: Actions
})
