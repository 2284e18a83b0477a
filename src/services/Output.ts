import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** The only way to the terminal. Writing waits for a slow reader; a reader that has gone is not an error. */
export class Output extends Context.Service<
  Output,
  {
    readonly stdout: (text: string) => Effect.Effect<void>
    readonly stderr: (text: string) => Effect.Effect<void>
    /** Whether the reader of stdout has gone away: nothing more needs to be computed. */
    readonly closed: Effect.Effect<boolean>
  }
>()("sessionr/services/Output") {}
