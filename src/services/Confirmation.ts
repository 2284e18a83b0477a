import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** Asks the person at the terminal. */
export class Confirmation extends Context.Service<
  Confirmation,
  {
    /** Whether there is somebody to ask. */
    readonly available: Effect.Effect<boolean>
    /** The answer to a question of yes or no, where anything but yes is no. */
    readonly ask: (question: string) => Effect.Effect<boolean>
  }
>()("sessionr/services/Confirmation") {}
