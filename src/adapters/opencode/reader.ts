import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray, asObject, asString, type Json } from "../support/json.ts"
import { asMillis, objectIn, type OpencodeEntry } from "./format.ts"

/** A part of a message; `data` is null where it is no JSON object. */
export interface StoredPart {
  readonly id: string
  readonly data: Json | null
}

/** A message as it is stored, with its parts in their order. */
export interface StoredMessage {
  readonly id: string
  /** The `type` of a message of 2.x; null for the generations that have parts instead. */
  readonly type: string | null
  /** When the row was made. A fork's copies have the time of the copy here and the original one in `info`. */
  readonly createdAt: number | null
  readonly info: Json | null
  readonly parts: ReadonlyArray<StoredPart>
}

/** What a reader goes by. */
export interface Rows {
  /** Rowids of the messages that are shown, or their places among the files, in the order of the conversation. */
  readonly rows: ArrayLike<number>
  /** How many a revert hides. */
  readonly hidden: number
}

/** The messages of one session in their order, each read when asked for. */
export interface MessageReader extends Rows {
  readonly at: (index: number) => StoredMessage
  /** The same without its parts. */
  readonly bare: (index: number) => StoredMessage
}

/** More than this of JSON is not parsed, bytes. */
export const documentLimit = 256 * 1024 * 1024

interface Key {
  readonly row: number
  readonly id: string
}

/** Keys before the revert. Ids ascend with time, and what is hidden is told by its id, as in the tool. */
const visible = (keys: ReadonlyArray<Key>, { info }: OpencodeEntry): ReadonlyArray<Key> => {
  const { revert } = info
  if (revert === null) return keys
  return keys.filter(({ id }) => id < revert.messageId || (id === revert.messageId && revert.partId !== null))
}

const visibleParts = <A extends { readonly id: string }>(
  parts: ReadonlyArray<A>,
  messageId: string,
  { info: { revert } }: OpencodeEntry
): ReadonlyArray<A> =>
  revert === null || revert.partId === null || revert.messageId !== messageId
    ? parts
    : parts.filter(({ id }) => id < revert.partId!)

const keysOf = (rows: ReturnType<SqliteDatabase["all"]>): ReadonlyArray<Key> =>
  rows.map(({ id, row }) => ({ row: Number(row), id: asString(id) ?? "" }))

const shownOf = (all: ReadonlyArray<Key>, shown: ReadonlyArray<Key>): Rows => ({
  rows: Float64Array.from(shown, ({ row }) => row),
  hidden: all.length - shown.length
})

const order = (columns: ReadonlySet<string>, ...wanted: ReadonlyArray<string>): string =>
  [...wanted.filter((name) => columns.has(name)), "rowid"].join(", ")

/** Sessions of 1.x: rows of `message`, and for each its rows of `part`. */
const partsReader = (database: SqliteDatabase, entry: OpencodeEntry, known: Rows | null): MessageReader => {
  const columns = database.columns("message")
  const list = (): Rows => {
    const by = order(columns, "time_created", "id")
    const all = keysOf(
      database.all(`SELECT rowid AS row, id FROM message WHERE session_id = ? ORDER BY ${by}`, entry.id)
    )
    return shownOf(all, visible(all, entry))
  }
  const shown = known ?? list()
  const time = columns.has("time_created") ? "time_created" : "NULL"
  const partColumns = database.columns("part")
  const hasParts = ["id", "message_id", "data"].every((name) => partColumns.has(name))
  const bare = (index: number): StoredMessage => {
    const [found] = database.all(`SELECT id, data, ${time} AS time FROM message WHERE rowid = ?`, shown.rows[index]!)
    return {
      id: asString(found?.["id"]) ?? "",
      type: null,
      createdAt: asMillis(found?.["time"]),
      info: objectIn(found?.["data"]),
      parts: []
    }
  }
  return {
    ...shown,
    bare,
    at: (index) => {
      const message = bare(index)
      const rows = hasParts
        ? database.all("SELECT id, data FROM part WHERE message_id = ? ORDER BY id", message.id)
        : []
      const parts = rows.map(({ data, id }) => ({ id: asString(id) ?? "", data: objectIn(data) }))
      return { ...message, parts: visibleParts(parts, message.id, entry) }
    }
  }
}

/** Sessions of 2.x: rows of `session_message` with everything in them. */
const messagesReader = (database: SqliteDatabase, entry: OpencodeEntry, known: Rows | null): MessageReader => {
  const columns = database.columns("session_message")
  const list = (): Rows => {
    const by = order(columns, "seq")
    const all = keysOf(
      database.all(`SELECT rowid AS row, id FROM session_message WHERE session_id = ? ORDER BY ${by}`, entry.id)
    )
    // Ids of copies in a fork have no order of their own.
    const { revert } = entry.info
    const cut = revert === null ? -1 : all.findIndex(({ id }) => id === revert.messageId)
    return shownOf(all, cut < 0 ? all : all.slice(0, cut))
  }
  const shown = known ?? list()
  const time = columns.has("time_created") ? "time_created" : "NULL"
  const at = (index: number): StoredMessage => {
    const [found] = database.all(
      `SELECT id, type, data, ${time} AS time FROM session_message WHERE rowid = ?`,
      shown.rows[index]!
    )
    return {
      id: asString(found?.["id"]) ?? "",
      type: asString(found?.["type"]) ?? "",
      createdAt: asMillis(found?.["time"]),
      info: objectIn(found?.["data"]),
      parts: []
    }
  }
  return { ...shown, at, bare: at }
}

const stem = (path: string): string => path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1, -5)

/** Sessions of the tree of files. The order of messages is that of their times, which their names follow. */
const filesReader = (files: StoreFiles["Service"], entry: OpencodeEntry): MessageReader => {
  const read = (path: string, size: number): Json | null =>
    size > documentLimit ? null : objectIn(files.textSync(path, documentLimit))
  const all = entry.messages.map(({ id }, row) => ({ row, id }))
  const shown = shownOf(all, visible(all, entry))
  const bare = (index: number): StoredMessage => {
    const { file, id } = entry.messages[shown.rows[index]!]!
    const info = read(file.path, file.size)
    return { id, type: null, createdAt: asMillis(asObject(info?.["time"])?.["created"]), info, parts: [] }
  }
  return {
    ...shown,
    bare,
    at: (index) => {
      const message = bare(index)
      const stored = entry.messages[shown.rows[index]!]!.parts
      // The first versions kept the parts in the message.
      const parts =
        stored.length === 0
          ? asArray(message.info?.["parts"]).map((part) => ({ id: "", data: asObject(part) }))
          : stored.map(({ path, size }) => ({ id: stem(path), data: read(path, size) }))
      return { ...message, parts: visibleParts(parts, message.id, entry) }
    }
  }
}

/** The reader of a session in an open database; `known` spares listing the messages once more. */
export const readerIn = (database: SqliteDatabase, entry: OpencodeEntry, known: Rows | null = null): MessageReader =>
  entry.generation === "messages" ? messagesReader(database, entry, known) : partsReader(database, entry, known)

const fileError = (path: string, cause: unknown): FileError =>
  cause instanceof FileError
    ? cause
    : new FileError({ path, reason: cause instanceof Error ? cause.message : String(cause) })

/** Lets `use` read the messages of a session; its store is open meanwhile and not longer. */
export const reading = <A>(
  entry: OpencodeEntry,
  use: (reader: MessageReader) => A,
  known: Rows | null = null
): Effect.Effect<A, FileError, Sqlite | StoreFiles> =>
  Effect.gen(function* () {
    if (entry.generation === "files") {
      const files = yield* StoreFiles
      return yield* Effect.try({
        try: () => use(filesReader(files, entry)),
        catch: (cause) => fileError(entry.file.path, cause)
      })
    }
    const sqlite = yield* Sqlite
    const result = yield* sqlite.read(entry.file.path, (database) => ({ value: use(readerIn(database, entry, known)) }))
    if (result === null) return yield* new FileError({ path: entry.file.path, reason: "the database has gone" })
    return result.value
  })
