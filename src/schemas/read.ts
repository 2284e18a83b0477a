import * as Schema from "effect/Schema"
import { presets } from "../domain/view.ts"
import {
  Actions,
  apiVersion,
  ByRole,
  Count,
  Cursor,
  NullableString,
  RoleName,
  Time,
  timing,
  Warnings
} from "./common.ts"

const cut = { truncated: Schema.optionalKey(Schema.Literal(true)) }

/** A part of a message that says more than its content. */
export const Block = Schema.Union([
  Schema.Struct({
    type: Schema.Literal("thinking"),
    text: Schema.String,
    ...cut,
    text_chars: Schema.optionalKey(Count)
  }),
  Schema.Struct({
    type: Schema.Literal("tool_use"),
    id: NullableString,
    name: Schema.String,
    /** Verbatim; absent where it was too long, which `input_preview` begins and `input_chars` measures. */
    input: Schema.optionalKey(Schema.Json),
    input_preview: Schema.optionalKey(Schema.String),
    ...cut,
    input_chars: Schema.optionalKey(Count)
  }),
  Schema.Struct({ type: Schema.Literal("tool_result"), toolUseId: NullableString, isError: Schema.Boolean }),
  Schema.Struct({
    type: Schema.Literal("attachment"),
    kind: Schema.String,
    media_type: NullableString,
    bytes: Schema.NullOr(Count)
  })
])

export const Message = Schema.Struct({
  index: Count,
  role: RoleName,
  timestamp: Schema.optionalKey(Time),
  tokens_estimate: Schema.optionalKey(Count),
  tool: Schema.optionalKey(Schema.String),
  ...cut,
  content_chars: Schema.optionalKey(Count),
  next_char: Schema.optionalKey(Count),
  content: Schema.optionalKey(Schema.String),
  blocks: Schema.optionalKey(Schema.Array(Block))
})

export const SessionSummary = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  model: NullableString,
  cwd: NullableString,
  git_branch: NullableString,
  total_messages: Count,
  total_tokens_estimate: Count,
  pages_estimate: Count,
  duration: NullableString,
  by_role: ByRole
})

export const ReadMeta = Schema.Struct({
  session_id: Schema.String,
  source: Schema.String,
  total_messages: Count,
  total_tokens_estimate: Count,
  returned_tokens_estimate: Count,
  token_budget: Count,
  preset: Schema.String,
  anchor: Schema.Literals(["head", "tail", "search", "page"]),
  search: Schema.optionalKey(
    Schema.Struct({
      query: Schema.String,
      matches: Count,
      match_index: Schema.optionalKey(Count),
      match_indices: Schema.optionalKey(Schema.Array(Count))
    })
  ),
  range: Schema.NullOr(Schema.Struct({ from: Count, to: Count })),
  has_more_before: Schema.Boolean,
  has_more_after: Schema.Boolean,
  cursor_before: Schema.NullOr(Count),
  cursor_after: Schema.NullOr(Count),
  cursor: Cursor,
  page: Schema.optionalKey(Schema.Struct({ current: Count, total: Count })),
  etag: Schema.String,
  partial: Schema.Boolean,
  next_action: Schema.NullOr(
    Schema.Struct({
      resume: Schema.String,
      resume_async: Schema.String,
      direct: Schema.String,
      verified: Schema.Boolean,
      tip: Schema.String
    })
  ),
  detail_hint: Schema.Struct({
    current_preset: Schema.String,
    hidden_tool_calls: Count,
    truncated_results: Count,
    thinking_hidden: Schema.Boolean,
    upgrade_options: Schema.Array(
      Schema.Struct({
        preset: Schema.Literals(presets),
        estimated_tokens: Count,
        will_fit: Schema.Boolean,
        command: Schema.String
      })
    )
  }),
  warnings: Schema.optionalKey(Warnings),
  ...timing
})

export const ReadEnvelope = Schema.Struct({
  api_version: apiVersion,
  session: Schema.optionalKey(SessionSummary),
  meta: ReadMeta,
  messages: Schema.Array(Message),
  actions: Actions
})

export const UnchangedEnvelope = Schema.Struct({
  api_version: apiVersion,
  unchanged: Schema.Literal(true),
  etag: Schema.String,
  meta: Schema.Struct({
    session_id: Schema.String,
    source: Schema.String,
    total_messages: Count,
    updated_at: Time,
    ...timing
  }),
  actions: Actions
})
