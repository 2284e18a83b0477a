import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Redact } from "../domain/redaction.ts"

/** Takes secrets out of texts that leave the program: by known patterns, which is no promise that none is left. */
export class Redactor extends Context.Service<
  Redactor,
  {
    /** Loads the rules, once: who never redacts does not pay for them. */
    readonly load: Effect.Effect<Redact>
  }
>()("sessionr/services/Redactor") {}
