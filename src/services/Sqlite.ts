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

/** A database of which only the last checkpoint was read: too large to be copied together with its write-ahead log. */
export interface BehindLog {
  readonly path: string
  /** Size of the log, bytes. */
  readonly logBytes: number
  /** What a database may be so large as to be copied, bytes. */
  readonly limit: number
}

/**
 * Foreign SQLite databases, read by query and left byte-identical: no `-wal` or `-shm` file of theirs is created or
 * touched, while rows that only sit in the write-ahead log are seen, but for those of the databases that are `behind`.
 */
export class Sqlite extends Context.Service<
  Sqlite,
  {
    /** Runs `use` with the database as it is now; nothing of it may be kept. A missing database is null. */
    readonly read: <A>(path: string, use: (database: SqliteDatabase) => A) => Effect.Effect<A | null, FileError>
    /**
     * The rows of a SELECT, each a list of its columns, one after the other: no more than one of them is in memory, and
     * other work has its turn now and then. A missing database has no rows.
     */
    readonly each: (
      path: string,
      sql: string,
      params: ReadonlyArray<SqlValue>,
      onRow: (row: ReadonlyArray<SqlValue>) => void
    ) => Effect.Effect<void, FileError>
    /** The databases, of those read so far, whose logs were left out. */
    readonly behind: Effect.Effect<ReadonlyArray<BehindLog>>
  }
>()("sessionr/services/Sqlite") {}
