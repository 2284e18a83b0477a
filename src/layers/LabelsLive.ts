import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { noLabels, type SessionLabels, sortedTags } from "../domain/tags.ts"
import { Labels, type SessionKey, type TagChange } from "../services/Labels.ts"
import { nameBook } from "./NamesLive.ts"
import { readDocument, type StateDocument, type StateFiles, updateDocument } from "../services/StateFiles.ts"

const Tagged = Schema.Struct({ source: Schema.String, id: Schema.String, tags: Schema.Array(Schema.String) })

const TagBook = Schema.Struct({ version: Schema.Literal(1), sessions: Schema.Array(Tagged) })

type TagBook = typeof TagBook.Type

/** `tags.json`: the sessions that have a tag, by source and id. */
const book: StateDocument<TagBook, typeof TagBook.Encoded> = {
  name: "tags.json",
  schema: TagBook,
  empty: { version: 1, sessions: [] }
}

const keyOf = ({ id, source }: SessionKey): string => `${source}\0${id}`

const lookup = Effect.gen(function* () {
  const { sessions } = yield* readDocument(book)
  const { names } = yield* readDocument(nameBook)
  const byKey = new Map<string, SessionLabels>(
    sessions.map((session) => [keyOf(session), { name: null, tags: sortedTags(session.tags) }])
  )
  // Of several names the first by the alphabet is shown; a checkpoint names a message, not the session.
  for (const { at, id, name, source } of names.toReversed()) {
    const key = keyOf({ source, id })
    if (at === null) byKey.set(key, { ...(byKey.get(key) ?? noLabels), name })
  }
  return (session: SessionKey): SessionLabels => byKey.get(keyOf(session)) ?? noLabels
})

const isBefore = (a: SessionKey, b: SessionKey): number => (keyOf(a) < keyOf(b) ? -1 : 1)

/** Changes the tags of one session; a session without any is not kept. */
const change = (session: SessionKey, next: (known: ReadonlySet<string>) => TagChange) =>
  updateDocument(book, (known): readonly [TagBook, TagChange] => {
    const key = keyOf(session)
    const own = known.sessions.filter((one) => keyOf(one) === key)
    const result = next(new Set(own.flatMap(({ tags }) => tags)))
    if (result.changed.length === 0) return [known, result]
    const others = known.sessions.filter((one) => keyOf(one) !== key)
    const kept =
      result.tags.length === 0 ? [] : [{ source: session.source, id: session.id, tags: Array.from(result.tags) }]
    return [{ version: 1, sessions: [...others, ...kept].sort(isBefore) }, result]
  })

export const layer = Layer.effect(
  Labels,
  Effect.map(Effect.context<StateFiles>(), (context) =>
    Labels.of({
      lookup: Effect.provideContext(lookup, context),
      addTags: (session, tags) =>
        change(session, (known) => ({
          tags: sortedTags([...known, ...tags]),
          changed: sortedTags(tags.filter((tag) => !known.has(tag)))
        })).pipe(Effect.provideContext(context)),
      removeTags: (session, tags) =>
        change(session, (known) => ({
          tags: sortedTags(Array.from(known).filter((tag) => !tags.includes(tag))),
          changed: sortedTags(tags.filter((tag) => known.has(tag)))
        })).pipe(Effect.provideContext(context))
    })
  )
)
