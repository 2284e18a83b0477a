import * as Effect from "effect/Effect"
import type { Warning } from "../../domain/results.ts"
import { noLabels, type SessionLabels } from "../../domain/tags.ts"
import { Labels, type SessionKey } from "../../services/Labels.ts"

interface Labelled {
  readonly labelsOf: (session: SessionKey) => SessionLabels
  readonly warnings: ReadonlyArray<Warning>
}

/** Names and tags for answers that only show them: where they cannot be read there are none, and a warning. */
export const labelsOrWarning: Effect.Effect<Labelled, never, Labels> = Effect.gen(function* () {
  const labels = yield* Labels
  return yield* labels.lookup.pipe(
    Effect.map((labelsOf): Labelled => ({ labelsOf, warnings: [] })),
    Effect.catch(({ message }) =>
      Effect.succeed<Labelled>({
        labelsOf: () => noLabels,
        warnings: [{ source: null, code: "STATE_ERROR", message }]
      })
    )
  )
})
