import * as Effect from "effect/Effect"
import type { FileError } from "../../domain/errors.ts"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { StoredTexts } from "../../services/Adapter.ts"
import { Sqlite, type SqliteDatabase, type SqlValue } from "../../services/Sqlite.ts"

/** A SELECT of texts; the first column is the key of the session that a row belongs to. */
export interface TextQuery {
  /** The rows of all sessions. */
  readonly all: string
  /** Those of one session, whose key is the only parameter. */
  readonly one: string
}

/**
 * An expression for the bytes of a column of text, which cost less than the text; the text itself in a database whose
 * bytes are not UTF-8.
 */
export const bytesOf = (database: SqliteDatabase, column: string): string => {
  const [row] = database.all("SELECT encoding FROM pragma_encoding")
  return row?.["encoding"] === "UTF-8" ? `CAST(${column} AS BLOB)` : column
}

/** Below this share of a database's sessions each is asked for by its key; above, one pass over the table costs less. */
export const fewShare = 1 / 4

/** Gives the rows of the sessions wanted, by key, of the `total` that the database has. */
export const eachText = Effect.fnUntraced(function* <Key extends string | number, A>(
  path: string,
  wanted: ReadonlyMap<Key, A>,
  total: number,
  queriesIn: (database: SqliteDatabase) => ReadonlyArray<TextQuery>,
  onRow: (of: A, row: ReadonlyArray<SqlValue>) => void
): Effect.fn.Return<void, FileError, Sqlite> {
  if (wanted.size === 0) return
  const sqlite = yield* Sqlite
  const queries = (yield* sqlite.read(path, queriesIn)) ?? []
  const isFew = wanted.size < total * fewShare
  for (const { all, one } of queries) {
    if (isFew) {
      for (const [key, of] of wanted) yield* sqlite.each(path, one, [key], (row) => onRow(of, row))
      continue
    }
    yield* sqlite.each(path, all, [], (row) => {
      const of = wanted.get(row[0] as Key)
      if (of !== undefined) onRow(of, row)
    })
  }
})

/**
 * Runs `each` for every file with the sessions that lie in it and the number of all that do; where it fails, its
 * sessions are unsure.
 */
export const byStore = <A extends SessionEntry, R>(
  entries: ReadonlyArray<A>,
  discovery: Discovery,
  to: StoredTexts,
  each: (path: string, entries: ReadonlyArray<A>, total: number) => Effect.Effect<void, FileError, R>
): Effect.Effect<void, never, R> =>
  Effect.gen(function* () {
    const totals = new Map<string, number>()
    for (const { file } of discovery.entries) totals.set(file.path, (totals.get(file.path) ?? 0) + 1)
    for (const [path, own] of Map.groupBy(entries, ({ file }) => file.path)) {
      yield* each(path, own, totals.get(path) ?? own.length).pipe(
        Effect.catch(() => Effect.sync(() => own.forEach(to.unsure)))
      )
    }
  })
