import * as Schema from "effect/Schema"
import { Actions, apiVersion, Count, NullableString, timing } from "./common.ts"

const meta = { meta: Schema.optionalKey(Schema.Struct(timing)) }

export const DoctorSource = Schema.Struct({
  name: Schema.String,
  /** The root in use: the first that exists, else the first that was looked for. */
  data_dir: NullableString,
  data_dirs: Schema.Array(Schema.String),
  data_dir_exists: Schema.Boolean,
  session_count: Count,
  unreadable: Schema.Array(Schema.Struct({ path: Schema.String, reason: Schema.String })),
  spawn_bin: NullableString,
  spawn_bin_resolvable: Schema.Boolean,
  spawn_bin_path: NullableString,
  spawn_bin_version: NullableString,
  notes: Schema.Array(Schema.String)
})

export const DoctorEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  result: Schema.Struct({
    node_version: Schema.String,
    sessionr_version: Schema.String,
    runtime: Schema.String,
    platform: Schema.String,
    cwd: Schema.String,
    state_dir: Schema.String,
    state_bytes: Schema.NullOr(Count),
    cache_dir: Schema.String,
    cache_bytes: Schema.NullOr(Count),
    cache_entries: Count,
    sources: Schema.Array(DoctorSource),
    warnings: Schema.Array(Schema.String)
  }),
  actions: Actions
})

export const SourceRow = Schema.Struct({
  name: Schema.String,
  display_name: Schema.String,
  aliases: Schema.Array(Schema.String),
  storage: Schema.Literals(["jsonl", "json", "sqlite", "mixed"]),
  capabilities: Schema.Struct({
    read: Schema.Boolean,
    new: Schema.Boolean,
    resume: Schema.Boolean,
    fork: Schema.Boolean,
    continue: Schema.Boolean,
    live: Schema.Boolean
  })
})

export const SourcesEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  sources: Schema.Array(SourceRow),
  actions: Actions
})
