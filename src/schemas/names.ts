import * as Schema from "effect/Schema"
import { nameStatuses } from "../domain/results/names.ts"
import { Actions, apiVersion, Count, Time, timing, Warnings } from "./common.ts"

/** `name` and `checkpoint`. */
export const NamesEnvelope = Schema.Struct({
  api_version: apiVersion,
  meta: Schema.optionalKey(Schema.Struct({ warnings: Schema.optionalKey(Warnings), ...timing })),
  status: Schema.Literals(nameStatuses),
  names: Schema.Array(
    Schema.Struct({
      name: Schema.String,
      session_id: Schema.String,
      source: Schema.String,
      /** Message that a checkpoint pins. */
      at: Schema.optionalKey(Count),
      created_at: Time
    })
  ),
  actions: Actions
})
