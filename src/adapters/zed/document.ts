import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { SessionEntry } from "../../domain/session.ts"
import { Sqlite, type SqlValue } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { decodeRange } from "../support/bytes.ts"
import { asObject, type Json, parseJson } from "../support/json.ts"
import { isZedEntry, type ZedEntry } from "./format.ts"

/** A document is parsed whole: more than this, in bytes, is refused. */
export const documentLimit = 256 * 1024 * 1024

const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd]

/** The first bytes tell: `data_type` was blank or absent for some, and other programs write text into the column. */
const isCompressed = (data: Uint8Array): boolean => zstdMagic.every((byte, at) => data[at] === byte)

/** The entry as `discover` made it. */
export const ownEntry = (entry: SessionEntry): Effect.Effect<ZedEntry, FileError> =>
  isZedEntry(entry)
    ? Effect.succeed(entry)
    : Effect.fail(new FileError({ path: entry.file.path, reason: "no entry of zed" }))

/** The JSON of a document from its column, null for what cannot be one; throws `FileError` where it is damaged. */
export const unpacked = (files: StoreFiles["Service"], path: string, data: SqlValue): string | Uint8Array | null => {
  if (typeof data === "string") return data
  if (!(data instanceof Uint8Array)) return null
  return isCompressed(data) ? files.inflateSync(path, data, documentLimit) : data
}

export const documentOf = (json: string | Uint8Array): Json | null =>
  asObject(parseJson(typeof json === "string" ? json : decodeRange(json, 0, json.length)))

const decode = (files: StoreFiles["Service"], path: string, data: SqlValue): Json | null => {
  const json = unpacked(files, path, data)
  return json === null ? null : documentOf(json)
}

/** The document of a thread. Fails where its row has gone, is damaged or too large: there is nothing else to read. */
export const readDocument = Effect.fnUntraced(function* (
  entry: ZedEntry
): Effect.fn.Return<Json, FileError, Sqlite | StoreFiles> {
  const files = yield* StoreFiles
  const sqlite = yield* Sqlite
  const { path } = entry.file
  const failed = (reason: string) => new FileError({ path, reason: `thread ${entry.id}: ${reason}` })
  const rows = yield* sqlite.read(path, (database) =>
    database.all(
      "SELECT length(data) AS bytes, CASE WHEN length(data) <= ? THEN data END AS data FROM threads WHERE id = ? LIMIT 1",
      documentLimit,
      entry.id
    )
  )
  const row = rows?.[0]
  if (row === undefined) return yield* failed("no longer in the database")
  const data = row["data"]!
  if (data === null) return yield* failed(`document of ${String(row["bytes"])} bytes`)
  const document = yield* Effect.try({
    try: () => decode(files, path, data),
    catch: (cause) => failed(cause instanceof FileError ? cause.reason : String(cause))
  })
  return document === null ? yield* failed("document that is no JSON object") : document
})
