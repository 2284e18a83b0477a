import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ApiVersion } from "../domain/output.ts"

/** The JSON Schemas of what is printed. */
export class Contract extends Context.Service<
  Contract,
  {
    /** Every schema of `schemaNames` in a version of the envelope, by its name. */
    readonly schemas: (apiVersion: ApiVersion) => Effect.Effect<Readonly<Record<string, unknown>>>
  }
>()("sessionr/services/Contract") {}
