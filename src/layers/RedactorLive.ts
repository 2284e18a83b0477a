import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { makeRedact } from "../domain/redaction.ts"
import { findGenericSecrets } from "../domain/secret-patterns.ts"
import { Redactor } from "../services/Redactor.ts"
import { loadLateModule } from "./late-module.ts"
import type * as SecretRules from "./late/secret-rules.ts"

/** The rules of secretlint, and ours for what is told by its shape or by the name before it. */
export const layer = Layer.effect(
  Redactor,
  Effect.map(
    Effect.cached(
      Effect.map(
        Effect.promise(() =>
          loadLateModule<typeof SecretRules>("secret-rules", () => new URL("./late/secret-rules.ts", import.meta.url))
        ),
        ({ findKnownSecrets }) => makeRedact([findKnownSecrets, findGenericSecrets])
      )
    ),
    (load) => Redactor.of({ load })
  )
)
