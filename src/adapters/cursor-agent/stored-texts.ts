import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { StoredTexts, StoredTextSource } from "../../services/Adapter.ts"
import { Sqlite, type SqliteDatabase } from "../../services/Sqlite.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { asText } from "../support/json.ts"
import { byStore, bytesOf, fewShare } from "../support/stored-texts.ts"
import { type CursorEntry, isCursorEntry } from "./format.ts"
import { bubbleRange, chatOfBubble, eachComposerText, hasChats, table } from "./ide.ts"
import { listedNames, metaOf, summaryTitle } from "./info.ts"
import { isPlain } from "./plain.ts"
import { reading } from "./reading.ts"
import { eachRootText, openStore } from "./store.ts"

/** The texts of a store of the terminal: names, and what its list of messages leads to, as far as it is read itself. */
const takeStore = Effect.fnUntraced(function* (entry: CursorEntry, to: StoredTexts) {
  const files = yield* StoreFiles
  to.take(entry, asText(metaOf(files, entry)?.["title"]) ?? undefined)
  to.take(entry, (yield* summaryTitle(entry)) ?? undefined)
  const usable = yield* reading(entry, (database) => {
    const { find, meta, root } = openStore(database)
    to.take(entry, asText(meta?.["name"]) ?? undefined)
    if (root !== null) eachRootText(root, find, (text) => to.take(entry, text))
    return root !== null
  })
  const path = entry.transcript?.path
  if (usable || path === undefined) return
  // Then it is the transcript that is read. Messages of one that is text go over several lines.
  if (isPlain(path)) to.unsure(entry)
  else yield* files.lines(path, ({ bytes }) => to.take(entry, bytes))
})

/** What lies in the chats themselves, in one pass: their bubbles are under keys of their own. */
const takeChats = Effect.fnUntraced(function* (
  path: string,
  own: ReadonlyArray<CursorEntry>,
  total: number,
  to: StoredTexts
) {
  const sqlite = yield* Sqlite
  const chats = new Map(own.map((entry) => [entry.id, entry]))
  const withBubbles = new Set<CursorEntry>()
  const value = yield* sqlite.read(path, (database) => (hasChats(database) ? bytesOf(database, "value") : null))
  if (value === null) return
  const ranges = own.length < total * fewShare ? own.map(({ id }) => bubbleRange(id)) : [bubbleRange(null)]
  for (const range of ranges) {
    yield* sqlite.each(
      path,
      `SELECT key, ${value} FROM ${table} WHERE key >= ? AND key < ?`,
      range,
      ([key, bubble]) => {
        const entry = chats.get(chatOfBubble(key!))
        if (entry === undefined) return
        withBubbles.add(entry)
        to.take(entry, bubble)
      }
    )
  }
  yield* sqlite.read(path, (database: SqliteDatabase) => {
    const names = listedNames(database)
    for (const entry of own) {
      to.take(entry, names.get(entry.id))
      eachComposerText(database, entry.id, withBubbles.has(entry), (text) => to.take(entry, text))
    }
  })
})

const each = (entries: ReadonlyArray<SessionEntry>, discovery: Discovery, to: StoredTexts) =>
  byStore(entries.filter(isCursorEntry), discovery, to, (path, own, total) =>
    own[0]!.kept === "ide"
      ? takeChats(path, own, total, to)
      : Effect.forEach(own, (entry) => takeStore(entry, to), { discard: true })
  )

/**
 * The texts of stores and of the IDE's chats. Without names of their own, tools have names made up; chats of the IDE have
 * a mark in their title, and a title that is cut from a prompt ends so.
 */
export const storedTexts: StoredTextSource = { coined: ["unknown", "tool", "(Cursor", "IDE)", "…"], each }
