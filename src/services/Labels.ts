import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { StateError } from "../domain/errors.ts"
import type { SessionLabels } from "../domain/tags.ts"

/** A session, as labels are kept by: its source and its whole id. */
export interface SessionKey {
  readonly source: string
  readonly id: string
}

/** What a change of tags did. */
export interface TagChange {
  /** All tags that the session has now. */
  readonly tags: ReadonlyArray<string>
  /** Those that were asked for and made a difference. */
  readonly changed: ReadonlyArray<string>
}

/** Names and tags that somebody gave to sessions. They are in our own state, never in a tool's store. */
export class Labels extends Context.Service<
  Labels,
  {
    /** All labels, read once for any number of sessions. Without a file of labels this costs one failed opening. */
    readonly lookup: Effect.Effect<(session: SessionKey) => SessionLabels, StateError>
    /** Adds tags, or takes them away. Two processes that do so at once both get what they asked for. */
    readonly addTags: (session: SessionKey, tags: ReadonlyArray<string>) => Effect.Effect<TagChange, StateError>
    readonly removeTags: (session: SessionKey, tags: ReadonlyArray<string>) => Effect.Effect<TagChange, StateError>
  }
>()("sessionr/services/Labels") {}
