import * as Schema from "effect/Schema"
import { Actions, apiVersion, Count, NullableString, RoleName, Time, timing, Warnings } from "./common.ts"

export const SearchHit = Schema.Struct({
  id: Schema.String,
  source: Schema.String,
  cwd: NullableString,
  updated_at: Time,
  summary: Schema.String,
  parent_id: NullableString,
  match_count: Count,
  matches: Schema.Array(
    Schema.Struct({ message_index: Count, role: RoleName, snippet: Schema.String, char_offset: Count })
  )
})

export const SearchEnvelope = Schema.Struct({
  api_version: apiVersion,
  query: Schema.String,
  sessions_scanned: Count,
  sessions_available: Count,
  meta: Schema.Struct({
    warnings: Schema.optionalKey(Warnings),
    /** Nothing is indexed: every search reads the stores as they are. */
    freshness: Schema.Literal("live"),
    ...timing
  }),
  results: Schema.Array(SearchHit),
  total_matches: Count,
  actions: Actions
})
