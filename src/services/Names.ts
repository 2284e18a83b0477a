import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StateError } from "../domain/errors.ts"
import type { NamedSession } from "../domain/names.ts"

/** Names of sessions, usable wherever an id is. */
export class Names extends Context.Service<
  Names,
  {
    /** All of them, by name. */
    readonly all: Effect.Effect<ReadonlyArray<NamedSession>, StateError>
    readonly find: (name: string) => Effect.Effect<NamedSession | null, StateError>
    /** Gives a name; gives back what it was of before, if anything. */
    readonly set: (named: NamedSession) => Effect.Effect<NamedSession | null, StateError>
    /** Takes a name away; null when there was none. */
    readonly remove: (name: string) => Effect.Effect<NamedSession | null, StateError>
    /** Every name of a session follows it to the id that its tool gave it. */
    readonly move: (source: string, from: string, to: string) => Effect.Effect<void, StateError>
  }
>()("sessionr/services/Names") {}
