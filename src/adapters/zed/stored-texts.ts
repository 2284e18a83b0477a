import type { Discovery, SessionEntry } from "../../domain/session.ts"
import * as Effect from "effect/Effect"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import type { SqlValue } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asArray } from "../support/json.ts"
import { byStore, eachText } from "../support/stored-texts.ts"
import { documentLimit, documentOf, unpacked } from "./document.ts"
import { partsOf } from "./drafts.ts"
import { isZedEntry, type ZedEntry } from "./format.ts"

/** Where one of these is, a message may be pieces of text that stand together without anything in between. */
const pieceMarks: ReadonlyArray<string> = ['"Mention"', '"Image"', '"image"', '"segments"']

const takeDocument = (files: StoreFiles["Service"], entry: ZedEntry, data: SqlValue, to: StoredTexts): void => {
  const document = unpacked(files, entry.file.path, data)
  if (document === null || !to.take(entry, document) || !to.contains(document, pieceMarks)) return
  for (const message of asArray(documentOf(document)?.["messages"])) {
    for (const { draft } of partsOf(message, null)) to.take(entry, draft.text)
  }
}

const each = (entries: ReadonlyArray<SessionEntry>, discovery: Discovery, to: StoredTexts) =>
  Effect.flatMap(StoreFiles, (files) =>
    byStore(entries.filter(isZedEntry), discovery, to, (path, own, total) => {
      for (const entry of own) to.take(entry, entry.thread.summary ?? undefined)
      const wanted = new Map(own.map((entry) => [entry.id, entry]))
      const all = `SELECT id, CASE WHEN length(data) <= ${documentLimit} THEN data END FROM threads`
      const queries = [{ all, one: `${all} WHERE id = ?` }]
      return eachText(
        path,
        wanted,
        total,
        () => queries,
        (entry, [, data]) => {
          try {
            if (data === null && entry.thread.bytes > 0) to.unsure(entry)
            else if (data !== undefined) takeDocument(files, entry, data, to)
          } catch {
            // A damaged document cannot be read either, and reading it says so.
            to.unsure(entry)
          }
        }
      )
    })
  )

/** The texts of threads: one document each, most of them compressed. */
export const storedTexts: StoredTextSource = { coined: ["unknown"], each }
