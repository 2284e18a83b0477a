import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { byStore, bytesOf, eachText, type TextQuery } from "../support/stored-texts.ts"
import { messageDrafts } from "./drafts-v2.ts"
import { isOpencodeEntry, objectIn, type OpencodeEntry } from "./format.ts"

const has = (columns: ReadonlySet<string>, ...names: ReadonlyArray<string>): boolean =>
  names.every((name) => columns.has(name))

/** Of 1.x: errors are in the messages, all else in the parts, which are tied to their session by their message alone. */
const partQueries = (database: SqliteDatabase): ReadonlyArray<TextQuery> => {
  const message = `SELECT m.session_id, ${bytesOf(database, "m.data")} FROM message m`
  const queries = [{ all: message, one: `${message} WHERE m.session_id = ?` }]
  if (has(database.columns("part"), "message_id", "data")) {
    const part = `SELECT m.session_id, ${bytesOf(database, "p.data")} FROM`
    queries.push({
      // In this order the larger table is read as it lies in the file.
      all: `${part} part p CROSS JOIN message m ON m.id = p.message_id`,
      one: `${part} message m JOIN part p ON p.message_id = m.id WHERE m.session_id = ?`
    })
  }
  return queries
}

/** Of 2.x: everything is in one table. A command that the user ran is put together from several of its strings. */
const messageQueries = (database: SqliteDatabase): ReadonlyArray<TextQuery> => {
  const all = `SELECT session_id, ${bytesOf(database, "data")}, CASE WHEN type = 'shell' THEN data END FROM session_message`
  return [{ all, one: `${all} WHERE session_id = ?` }]
}

const byId = (entries: ReadonlyArray<OpencodeEntry>, generation: OpencodeEntry["generation"]) =>
  new Map(entries.filter((entry) => entry.generation === generation).map((entry) => [entry.id, entry]))

const each = (entries: ReadonlyArray<SessionEntry>, discovery: Discovery, to: StoredTexts) =>
  byStore(entries.filter(isOpencodeEntry), discovery, to, (path, own, total) =>
    Effect.gen(function* () {
      for (const entry of own) to.take(entry, entry.info.title ?? undefined)
      yield* eachText(path, byId(own, "parts"), total, partQueries, (entry, [, data]) => void to.take(entry, data))
      yield* eachText(path, byId(own, "messages"), total, messageQueries, (entry, [, data, shell]) => {
        const info = to.take(entry, data) ? objectIn(shell) : null
        if (info !== null) for (const { text } of messageDrafts("shell", null, info, null)) to.take(entry, text)
      })
    })
  )

/** The texts of the sessions in databases. */
export const storedTexts: StoredTextSource = { coined: ["unknown"], each }
