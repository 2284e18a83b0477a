import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { byStore, bytesOf, eachText, type TextQuery } from "../support/stored-texts.ts"
import { documentLimit, isGooseEntry } from "./format.ts"
import { isReadable, messageTables } from "./sessions.ts"

/** Both tables, where a database has both: which of them a session is read from makes no difference here. */
const queriesIn = (database: SqliteDatabase): ReadonlyArray<TextQuery> =>
  messageTables
    .filter((table) => isReadable(database, table))
    .map((table) => {
      const content = bytesOf(database, "content_json")
      const all = `SELECT session_id, CASE WHEN octet_length(content_json) <= ${documentLimit} THEN ${content} END FROM ${table}`
      return { all, one: `${all} WHERE session_id = ?` }
    })

const each = (entries: ReadonlyArray<SessionEntry>, discovery: Discovery, to: StoredTexts) =>
  byStore(entries.filter(isGooseEntry), discovery, to, (path, own, total) => {
    for (const entry of own) to.take(entry, entry.info?.title ?? undefined)
    const wanted = new Map(own.map((entry) => [entry.id, entry]))
    return eachText(path, wanted, total, queriesIn, (entry, [, content]) => void to.take(entry, content))
  })

/** The texts of the sessions in databases: each message is made of the JSON of its own row. */
export const storedTexts: StoredTextSource = { coined: [], each }
