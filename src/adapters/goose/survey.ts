import * as Effect from "effect/Effect"
import { FileError } from "../../domain/errors.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import type { SqliteDatabase } from "../../services/Sqlite.ts"
import { asText } from "../support/json.ts"
import { draftsOf } from "./drafts.ts"
import { type GooseEntry, isGooseEntry, type SessionInfo, type SurveyDetails } from "./format.ts"
import { surveyFile } from "./legacy.ts"
import { firstUserMessages, ledgerOf, reading } from "./reader.ts"

/** How many messages of the user the first prompt is looked for in: results of tools are such messages too. */
const promptDepth = 50

/** Sessions surveyed with one opening of their database: one with a log is copied every time. */
const batchSize = 32
/** Prompts longer than this, in UTF-16 units, are not kept for a survey that may never come. */
const keptChars = 20_000

const firstPromptOf = (database: SqliteDatabase, id: string): string | null => {
  const { at, rows } = firstUserMessages(database, id, promptDepth)
  for (const row of rows) {
    for (const { role, text } of draftsOf(at(row), null)) if (role === "user" && asText(text) !== null) return text
  }
  return null
}

const detailsIn = (database: SqliteDatabase, { id, model }: SessionInfo): SurveyDetails => ({
  firstPrompt: firstPromptOf(database, id),
  model:
    model ??
    ledgerOf(database, id)
      .map((row) => asText(row["model"]))
      .findLast((name) => name !== null) ??
    null
})

/** The details of a session, and on the way those of the sessions that a list will ask for next. */
const detailsOf = Effect.fnUntraced(function* (entry: GooseEntry, info: SessionInfo) {
  const { entries, known } = entry.batch
  const kept = known.get(entry.id)
  if (kept !== undefined) return kept
  const keep = (id: string, details: SurveyDetails) => {
    if ((details.firstPrompt?.length ?? 0) <= keptChars) known.set(id, details)
  }
  return yield* reading(entry.file.path, (database) => {
    const own = detailsIn(database, info)
    keep(entry.id, own)
    const from = Math.max(0, entries.indexOf(entry))
    for (const other of entries.slice(from + 1, from + batchSize)) {
      if (other.info !== null && !known.has(other.id)) keep(other.id, detailsIn(database, other.info))
    }
    return own
  })
})

/** The entry as `discover` made it. */
export const ownEntry = (entry: SessionEntry): Effect.Effect<GooseEntry, FileError> =>
  isGooseEntry(entry)
    ? Effect.succeed(entry)
    : Effect.fail(new FileError({ path: entry.file.path, reason: "no entry of goose" }))

/** The head of a session: from its row; only the first prompt and a model that the row lacks are looked up. */
export const survey = Effect.fnUntraced(function* (given: SessionEntry, brief = false) {
  const entry = yield* ownEntry(given)
  const { info } = entry
  if (info === null) return (yield* surveyFile(entry)).head
  const details = brief ? { firstPrompt: null, model: info.model } : yield* detailsOf(entry, info)
  return {
    cwd: info.cwd,
    createdAt: info.createdAt,
    updatedAt: info.updatedAt ?? info.createdAt ?? Math.floor(entry.file.mtimeMs),
    isEmpty: info.isEmpty,
    kind: entry.kind,
    parentId: entry.parentId,
    gitBranch: null,
    model: details.model,
    title: info.title,
    firstPrompt: details.firstPrompt,
    forkedFrom: null
  } satisfies SessionHead
})
