import * as Effect from "effect/Effect"
import { FileError, ParseError } from "../../domain/errors.ts"
import type { SessionEntry } from "../../domain/session.ts"

/**
 * A transcript makes messages again from their records on demand, in plain code that throws `FileError` when the file
 * has gone meanwhile: here that becomes the failure it is.
 */
export const fromStore =
  (entry: SessionEntry) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | ParseError, R> =>
    Effect.catchDefect(self, (defect) =>
      defect instanceof FileError
        ? Effect.fail(
            new ParseError({
              message: `cannot read ${defect.path} any more: ${defect.reason}`,
              suggestion: "sessionr doctor",
              path: defect.path,
              source: entry.source,
              reason: defect.reason
            })
          )
        : Effect.die(defect)
    )
