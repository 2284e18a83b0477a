import * as Schema from "effect/Schema"
import { Actions, apiVersion, Count, NullableString, timing } from "./common.ts"

const meta = { meta: Schema.optionalKey(Schema.Struct(timing)) }

export const FlagHelp = Schema.Struct({
  name: Schema.String,
  alias: NullableString,
  /** Null for a switch. */
  value: NullableString,
  description: Schema.String,
  default: NullableString,
  env: Schema.Array(Schema.String)
})

export const CommandHelp = Schema.Struct({
  name: Schema.String,
  usage: Schema.String,
  summary: Schema.String,
  description: Schema.String,
  arguments: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      description: Schema.String,
      required: Schema.Boolean,
      variadic: Schema.Boolean
    })
  ),
  flags: Schema.Array(FlagHelp),
  exit_codes: Schema.Array(Count),
  examples: Schema.Array(Schema.Struct({ command: Schema.String, description: Schema.String }))
})

export const HelpEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  name: Schema.Literal("sessionr"),
  version: Schema.String,
  summary: Schema.String,
  workflow: Schema.Array(Schema.Struct({ step: Schema.String, command: Schema.String })),
  commands: Schema.Array(CommandHelp),
  global_flags: Schema.Array(FlagHelp),
  environment: Schema.Array(Schema.Struct({ name: Schema.String, description: Schema.String })),
  exit_codes: Schema.Array(Schema.Struct({ code: Count, name: Schema.String, meaning: Schema.String })),
  error_codes: Schema.Array(
    Schema.Struct({ code: Schema.String, class: Schema.String, exit_code: Count, retry: Schema.Boolean })
  ),
  actions: Actions
})

export const SchemaEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  schemas: Schema.Record(Schema.String, Schema.Json),
  actions: Actions
})

export const CompletionsEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  shell: Schema.Literals(["bash", "zsh", "fish", "powershell"]),
  script: Schema.String,
  actions: Actions
})

export const DocsEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  topics: Schema.Array(Schema.Struct({ topic: Schema.String, title: Schema.String, summary: Schema.String })),
  actions: Actions
})

/** A page of the manual. */
export const TopicEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  topic: Schema.String,
  title: Schema.String,
  markdown: Schema.String,
  actions: Actions
})

export const VersionEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  version: Schema.String,
  runtime: Schema.String,
  actions: Actions
})
