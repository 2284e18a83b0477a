import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { Sqlite } from "../../services/Sqlite.ts"
import { asObject, asText } from "../support/json.ts"
import { draftsOf } from "./drafts.ts"
import { isOpencodeEntry, type OpencodeEntry, type SurveyDetails } from "./format.ts"
import { type MessageReader, readerIn, reading } from "./reader.ts"

/** How far the first prompt and the last model are looked for, messages. */
const promptDepth = 500
const modelDepth = 50

/** Sessions surveyed with one opening of their database: a database with a log is copied every time. */
const batchSize = 32
/** Prompts longer than this, in UTF-16 units, are not kept for a survey that may never come. */
const keptChars = 20_000

const firstPromptOf = (reader: MessageReader): string | null => {
  for (let index = 0; index < reader.rows.length && index < promptDepth; index++) {
    const { info, type } = reader.bare(index)
    if (type === null ? info?.["role"] !== "user" : type !== "user") continue
    for (const { role, text } of draftsOf(reader.at(index), null)) {
      if (role === "user" && asText(text) !== null) return text
    }
  }
  return null
}

const lastModelOf = (reader: MessageReader): string | null => {
  for (let index = reader.rows.length - 1; index >= 0 && index >= reader.rows.length - modelDepth; index--) {
    const { info } = reader.bare(index)
    const model = asObject(info?.["model"])
    const id = asText(info?.["modelID"]) ?? asText(model?.["modelID"]) ?? asText(model?.["id"])
    if (id !== null) return id
  }
  return null
}

const detailsIn = (reader: MessageReader, { info }: OpencodeEntry): SurveyDetails => ({
  firstPrompt: firstPromptOf(reader),
  model: info.model ?? lastModelOf(reader)
})

/** The details of a session, and on the way those of the sessions that a list will ask for next. */
const detailsOf = Effect.fnUntraced(function* (entry: OpencodeEntry) {
  const { entries, known } = entry.batch
  const kept = known.get(entry.id)
  if (kept !== undefined) return kept
  if (entry.generation === "files") return yield* reading(entry, (reader) => detailsIn(reader, entry))
  const sqlite = yield* Sqlite
  const from = Math.max(0, entries.indexOf(entry))
  const details = yield* sqlite.read(entry.file.path, (database) => {
    const own = detailsIn(readerIn(database, entry), entry)
    for (const other of entries.slice(from + 1, from + batchSize)) {
      if (known.has(other.id)) continue
      const found = detailsIn(readerIn(database, other), other)
      if ((found.firstPrompt?.length ?? 0) <= keptChars) known.set(other.id, found)
    }
    return own
  })
  if (details === null) return yield* new FileError({ path: entry.file.path, reason: "the database has gone" })
  if ((details.firstPrompt?.length ?? 0) <= keptChars) known.set(entry.id, details)
  return details
})

/** The entry as `discover` made it. */
export const ownEntry = (entry: SessionEntry): Effect.Effect<OpencodeEntry, FileError> =>
  isOpencodeEntry(entry)
    ? Effect.succeed(entry)
    : Effect.fail(new FileError({ path: entry.file.path, reason: "no entry of opencode" }))

/** The head of a session: from its row; only the first prompt and a model that the row lacks are in its messages. */
export const survey = Effect.fnUntraced(function* (given: SessionEntry, brief = false) {
  const entry = yield* ownEntry(given)
  const { info } = entry
  const details = brief ? { firstPrompt: null, model: info.model } : yield* detailsOf(entry)
  return {
    cwd: info.directory,
    createdAt: info.createdAt,
    updatedAt: info.updatedAt ?? info.createdAt ?? Math.floor(entry.file.mtimeMs),
    isEmpty: info.isEmpty,
    kind: entry.kind,
    parentId: entry.parentId,
    gitBranch: null,
    model: details.model,
    title: info.title,
    firstPrompt: details.firstPrompt,
    forkedFrom: info.forkedFrom
  } satisfies SessionHead
})
