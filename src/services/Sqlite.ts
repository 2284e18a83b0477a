import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { FileError } from "../domain/errors.ts"

export type SqlValue = string | number | bigint | null | Uint8Array

export interface SqliteDatabase {
  /** Rows of a SELECT as plain objects; integers beyond 2^53 as bigint. */
  readonly all: (sql: string, ...params: ReadonlyArray<SqlValue>) => ReadonlyArray<Record<string, SqlValue>>
  /** Column names of a table, empty when there is no such table: columns are probed, never assumed. */
  readonly columns: (table: string) => ReadonlySet<string>
}

/**
 * Foreign SQLite databases, read by query and left byte-identical: no `-wal` or `-shm` file of theirs is created or
 * touched, while rows that only sit in the write-ahead log are seen (but for databases of hundreds of megabytes).
 */
export class Sqlite extends Context.Service<
  Sqlite,
  {
    /** Runs `use` with the database as it is now; nothing of it may be kept. A missing database is null. */
    readonly read: <A>(path: string, use: (database: SqliteDatabase) => A) => Effect.Effect<A | null, FileError>
  }
>()("sessionr/services/Sqlite") {}
