import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** The bundled manual. */
export class Manual extends Context.Service<
  Manual,
  {
    /** The page of a topic of `manualTopics`, as markdown. Dies where the program was bundled without it. */
    readonly page: (topic: string) => Effect.Effect<string>
  }
>()("sessionr/services/Manual") {}
