import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { byStore, bytesOf, eachText, type TextQuery } from "../support/stored-texts.ts"
import { type DatabaseRow, documentLimit, isKiroEntry, type KiroEntry } from "./format.ts"

const queriesIn =
  (table: DatabaseRow["table"]) =>
  (database: SqliteDatabase): ReadonlyArray<TextQuery> => {
    const value = bytesOf(database, "value")
    const all = `SELECT rowid, CASE WHEN octet_length(value) <= ${documentLimit} THEN ${value} END FROM ${table}`
    return [{ all, one: `${all} WHERE rowid = ?` }]
  }

/** By row: one conversation may stand under several folders, and only one of its rows is read. */
const byRow = (entries: ReadonlyArray<KiroEntry>, table: DatabaseRow["table"]) =>
  new Map(entries.flatMap((entry) => (entry.row?.table === table ? [[entry.row.rowid, entry] as const] : [])))

const each = (entries: ReadonlyArray<SessionEntry>, discovery: Discovery, to: StoredTexts) =>
  byStore(entries.filter(isKiroEntry), discovery, to, (path, own, total) =>
    Effect.gen(function* () {
      for (const table of ["conversations", "conversations_v2"] as const) {
        yield* eachText(path, byRow(own, table), total, queriesIn(table), (entry, [, value]) => {
          // One that is too large cannot be read either, and reading it says so.
          if (value === null) to.unsure(entry)
          else to.take(entry, value)
        })
      }
    })
  )

/** The texts of the conversations in the database of the CLI 1.x: one document each, and no titles. */
export const storedTexts: StoredTextSource = { coined: ["unknown"], each }
