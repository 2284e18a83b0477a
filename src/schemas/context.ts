import * as Schema from "effect/Schema"
import { Actions, apiVersion, Count, NullableString, Time, timing, Warnings } from "./common.ts"
import { Message } from "./read.ts"

export const Todo = Schema.Struct({
  /** The message that said so last. */
  index: Count,
  status: Schema.Literals(["pending", "in_progress"]),
  text: Schema.String,
  /** The agent's own list, or an unchecked box in its last answer. */
  from: Schema.Literals(["tool", "text"])
})

export const Decision = Schema.Struct({
  index: Count,
  kind: Schema.Literals(["decided", "over", "proposed"]),
  /** A sentence of the assistant, word for word. */
  text: Schema.String
})

export const CommandRun = Schema.Struct({
  index: Count,
  tool: Schema.String,
  command: Schema.String,
  truncated: Schema.optionalKey(Schema.Literal(true)),
  command_chars: Schema.optionalKey(Count),
  /** Null where no result was recorded. */
  failed: Schema.NullOr(Schema.Boolean),
  /** Null where the tool does not say it. */
  exit_code: Schema.NullOr(Schema.Int),
  output_end: Schema.optionalKey(Schema.String)
})

export const ContextSummary = Schema.Struct({
  task: Schema.NullOr(Message),
  latest_exchange: Schema.Struct({ request_index: Schema.NullOr(Count), messages: Schema.Array(Message) }),
  todos: Schema.Array(Todo),
  decisions: Schema.Array(Decision),
  files: Schema.Array(Schema.String),
  commands: Schema.Array(CommandRun)
})

export const HandOver = Schema.Struct({
  /** For a POSIX shell. */
  command: Schema.String,
  description: Schema.String,
  target_source: NullableString,
  /** Whether the tool's program is on PATH and the directory exists. */
  verified: Schema.Boolean
})

export const ContextEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.Struct({
    session_id: Schema.String,
    source: Schema.String,
    format: Schema.Literals(["messages", "summary", "markdown"]),
    target_source: NullableString,
    total_messages: Count,
    total_tokens_estimate: Count,
    returned_tokens_estimate: Count,
    token_budget: Count,
    partial: Schema.Boolean,
    /** What had no room. */
    omitted: Schema.Struct({ messages: Count, todos: Count, decisions: Count, files: Count, commands: Count }),
    /** Shell calls of the whole session. */
    command_count: Schema.Struct({ total: Count, failed: Count }),
    warnings: Schema.optionalKey(Warnings),
    ...timing
  }),
  session: Schema.Struct({
    id: Schema.String,
    source: Schema.String,
    title: NullableString,
    model: NullableString,
    cwd: NullableString,
    git_branch: NullableString,
    parent_id: NullableString,
    forked_from: NullableString,
    created_at: Schema.NullOr(Time),
    updated_at: Time
  }),
  hand_over: Schema.Array(HandOver),
  /** Null where the budget is too small for even an empty one; absent beside `markdown`. */
  summary: Schema.optionalKey(Schema.NullOr(ContextSummary)),
  messages: Schema.optionalKey(Schema.Array(Message)),
  markdown: Schema.optionalKey(Schema.String),
  actions: Actions
})
