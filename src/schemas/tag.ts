import * as Schema from "effect/Schema"
import { tagStatuses } from "../domain/results/tag.ts"
import { Actions, apiVersion, timing, Warnings } from "./common.ts"

export const TagEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.optionalKey(Schema.Struct({ warnings: Schema.optionalKey(Warnings), ...timing })),
  status: Schema.Literals(tagStatuses),
  id: Schema.String,
  source: Schema.String,
  tags: Schema.Array(Schema.String),
  actions: Actions
})
