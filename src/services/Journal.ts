import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StateError } from "../domain/errors.ts"
import type { ProcessId } from "./Processes.ts"

/** What was done under an idempotency key. */
export interface JournalEntry {
  readonly key: string
  /** Hash of the request: the same key with another one is a conflict. */
  readonly request: string
  readonly jobId: string
  /** Who began it. */
  readonly by: ProcessId
}

/** Intents that are on disk before anything is started. */
export class Journal extends Context.Service<
  Journal,
  {
    /** Writes the entry if its key is new; gives back the one that stands. */
    readonly begin: (entry: JournalEntry) => Effect.Effect<JournalEntry, StateError>
    /** Puts another job in the place of one that is known never to have started. */
    readonly replace: (entry: JournalEntry, instead: string) => Effect.Effect<JournalEntry, StateError>
  }
>()("sessionr/services/Journal") {}
