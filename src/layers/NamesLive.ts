import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import type { NamedSession } from "../domain/names.ts"
import { Names } from "../services/Names.ts"
import { readDocument, type StateDocument, type StateFiles, updateDocument } from "../services/StateFiles.ts"

const Named = Schema.Struct({
  name: Schema.String,
  source: Schema.String,
  id: Schema.String,
  at: Schema.NullOr(Schema.Int),
  createdAt: Schema.Finite
})

const NameBook = Schema.Struct({ version: Schema.Literal(1), names: Schema.Array(Named) })

type NameBook = typeof NameBook.Type

/** `names.json`: every name, sorted. */
export const nameBook: StateDocument<NameBook, typeof NameBook.Encoded> = {
  name: "names.json",
  schema: NameBook,
  empty: { version: 1, names: [] }
}

const sorted = (names: ReadonlyArray<NamedSession>): NameBook => ({
  version: 1,
  names: names.toSorted((a, b) => (a.name < b.name ? -1 : 1))
})

const without = (names: ReadonlyArray<NamedSession>, name: string) => names.filter((one) => one.name !== name)

/** Names as one document of our state. */
export const layer = Layer.effect(
  Names,
  Effect.map(Effect.context<StateFiles>(), (context) => {
    const provided = Effect.provideContext(context)
    const all = Effect.map(readDocument(nameBook), ({ names }) => names)
    return Names.of({
      all: provided(all),
      find: (name) => provided(Effect.map(all, (names) => names.find((one) => one.name === name) ?? null)),
      set: (named) =>
        provided(
          updateDocument(nameBook, ({ names }): readonly [NameBook, NamedSession | null] => [
            sorted([...without(names, named.name), named]),
            names.find((one) => one.name === named.name) ?? null
          ])
        ),
      remove: (name) =>
        provided(
          updateDocument(nameBook, (book): readonly [NameBook, NamedSession | null] => {
            const known = book.names.find((one) => one.name === name) ?? null
            return [known === null ? book : sorted(without(book.names, name)), known]
          })
        ),
      move: (source, from, to) =>
        provided(
          updateDocument(nameBook, (book): readonly [NameBook, void] => {
            const isMeant = (one: NamedSession) => one.source === source && one.id === from
            if (!book.names.some(isMeant)) return [book, undefined]
            return [sorted(book.names.map((one) => (isMeant(one) ? { ...one, id: to } : one))), undefined]
          })
        )
    })
  })
)
