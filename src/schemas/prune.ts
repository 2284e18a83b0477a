import * as Schema from "effect/Schema"
import { restoreStatuses } from "../domain/results/prune.ts"
import { Actions, apiVersion, Count, NullableString, Time, timing, Warnings } from "./common.ts"

const meta = { meta: Schema.optionalKey(Schema.Struct({ warnings: Schema.optionalKey(Warnings), ...timing })) }

/** A session with everything that belongs to it. */
export const PruneItem = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  file_path: Schema.String,
  bytes: Count,
  updated_at: Time
})

const Refusal = Schema.Struct({ id: Schema.String, source: Schema.String, reason: Schema.String })

/** `prune --dry-run`. */
export const PruneEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  dry_run: Schema.Literal(true),
  would_delete: Schema.Array(PruneItem),
  count: Count,
  bytes: Count,
  refused: Schema.Array(Refusal),
  actions: Actions
})

/** `prune --yes`. */
export const PrunedEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  dry_run: Schema.Literal(false),
  /** What `prune --undo` takes. */
  trash: NullableString,
  deleted: Schema.Array(PruneItem),
  count: Count,
  bytes: Count,
  refused: Schema.Array(Refusal),
  skipped: Schema.Array(Refusal),
  actions: Actions
})

/** `prune --undo`. */
export const RestoredEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  trash: Schema.String,
  sessions: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      source: Schema.String,
      file_path: Schema.String,
      status: Schema.Literals(restoreStatuses)
    })
  ),
  count: Count,
  conflicts: Schema.Array(
    Schema.Struct({ id: Schema.String, source: Schema.String, path: Schema.String, reason: Schema.String })
  ),
  actions: Actions
})

/** `prune --empty-trash`. */
export const TrashEnvelope = Schema.Struct({
  api_version: apiVersion,
  ...meta,
  dry_run: Schema.Boolean,
  items: Schema.Array(
    Schema.Struct({ trash: Schema.String, moved_at: Time, sessions: Count, files: Count, bytes: Count })
  ),
  count: Count,
  bytes: Count,
  refused: Schema.Array(Schema.Struct({ trash: Schema.String, reason: Schema.String })),
  actions: Actions
})
