import * as Schema from "effect/Schema"
import { jobStatuses } from "../domain/job.ts"
import { Actions, apiVersion, Count, NullableString, Time, timing, Warnings } from "./common.ts"
import { Message } from "./read.ts"

const Delivery = Schema.Literals(["delivered", "unanswered", "not_delivered"])

const warnings = { warnings: Schema.optionalKey(Warnings), ...timing }

const meta = { meta: Schema.optionalKey(Schema.Struct(warnings)) }

/** `send` in the foreground. */
export const SendEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.Struct({
    session_id: Schema.String,
    /** The id that was asked for, where the tool answered under another. */
    previous_session_id: Schema.optionalKey(Schema.String),
    source: Schema.String,
    delivery: Delivery,
    total_messages: Count,
    message_count_before: Count,
    message_count_after: Count,
    new_messages: Count,
    total_tokens_estimate: Count,
    returned_tokens_estimate: Count,
    range: Schema.NullOr(Schema.Struct({ from: Count, to: Count })),
    is_new_session: Schema.Boolean,
    partial: Schema.Boolean,
    tool_exit_code: Schema.Int,
    ...warnings
  }),
  messages: Schema.Array(Message),
  actions: Actions
})

/** `send --dry-run`. */
export const DryRunEnvelope = Schema.Struct({
  api_version: apiVersion,
  ok: Schema.Literal(true),
  ...meta,
  result: Schema.Struct({
    dry_run: Schema.Literal(true),
    source: Schema.String,
    cwd: Schema.String,
    command: Schema.Struct({
      bin: Schema.String,
      args: Schema.Array(Schema.String),
      /** `prompt`: the prompt goes to standard input. */
      stdin: Schema.NullOr(Schema.Literal("prompt"))
    }),
    environment: Schema.Array(Schema.Struct({ name: Schema.String, value: Schema.String })),
    would_spawn: Schema.String,
    session_id: NullableString,
    estimated_input_tokens: Count
  }),
  actions: Actions
})

export const Job = Schema.Struct({
  job_id: Schema.String,
  session_id: NullableString,
  /** The id that was asked for, where the tool answered under another. */
  previous_session_id: Schema.optionalKey(Schema.String),
  source: Schema.String,
  status: Schema.Literals(jobStatuses),
  pid: Schema.NullOr(Count),
  exit_code: Schema.NullOr(Schema.Int),
  started_at: Time,
  completed_at: Schema.NullOr(Time),
  is_new_session: Schema.Boolean,
  message_count_before: Count,
  delivery: Schema.NullOr(Delivery),
  last_error: NullableString,
  read_back: Schema.Struct({ source: Schema.String, tokens: Count, preset: Schema.String })
})

/** `send --async`, `job`, `wait`, `cancel`. */
export const JobEnvelope = Schema.Struct({ api_version: apiVersion, ...meta, data: Job, actions: Actions })

/** `jobs`. */
export const JobsEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  jobs: Schema.Array(Job),
  total: Count,
  /** With `--prune`: the jobs that were forgotten. */
  pruned: Schema.optionalKey(Schema.Array(Schema.String)),
  actions: Actions
})
