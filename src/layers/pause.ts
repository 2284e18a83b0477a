import * as Effect from "effect/Effect"

/** A pause by the clock of the machine, in milliseconds: what is waited for is another process. */
export const pause = (ms: number): Effect.Effect<void> =>
  Effect.callback((resume) => {
    const timer = setTimeout(() => resume(Effect.void), ms)
    return Effect.sync(() => clearTimeout(timer))
  })
