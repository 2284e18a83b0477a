import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

/** Programs of other makers on this machine. */
export class Programs extends Context.Service<
  Programs,
  {
    /** Absolute path of a program on PATH; null where there is none that can be executed. */
    readonly find: (name: string) => Effect.Effect<string | null>
    /** What `<path> --version` says first, within two seconds; null where it says nothing. */
    readonly version: (path: string) => Effect.Effect<string | null>
  }
>()("sessionr/services/Programs") {}
