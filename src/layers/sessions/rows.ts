import * as Effect from "effect/Effect"
import type { SessionRow, Warning } from "../../domain/results.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { noLabels, type SessionLabels } from "../../domain/tags.ts"
import { oneLine } from "../../domain/text.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { DigestCache } from "../../services/DigestCache.ts"
import { type Catalog, sessionWords } from "./catalog.ts"
import { load } from "./resolve.ts"
import type { Surveyed } from "./survey.ts"

const summaryChars = 100

/** Bytes of files that one list reads whole for their message counts; the next list finds those counts remembered. */
const countableBytes = 2 * 1024 * 1024

export const makeRow = (
  catalog: Catalog,
  entry: SessionEntry,
  head: SessionHead,
  totalMessages: number | null,
  labels: SessionLabels = noLabels
): SessionRow => ({
  id: entry.id,
  shortId: sessionWords(catalog, entry).id,
  source: entry.source,
  cwd: head.cwd,
  updatedAt: head.updatedAt,
  createdAt: head.createdAt,
  summary: oneLine(head.firstPrompt ?? "", summaryChars),
  filePath: entry.file.path,
  isEmpty: head.isEmpty,
  title: entry.indexTitle ?? head.title,
  gitBranch: head.gitBranch,
  model: head.model,
  name: labels.name,
  tags: labels.tags,
  parentId: head.parentId ?? entry.parentId,
  totalMessages
})

/**
 * Rows with everything that a list shows. A message count comes from the digest, or from the whole file as long as that
 * costs little, else it is unknown; the rest from whichever was read.
 */
export const describe = Effect.fnUntraced(function* (
  catalog: Catalog,
  page: ReadonlyArray<Surveyed>,
  labelsOf: (entry: SessionEntry) => SessionLabels
) {
  const cache = yield* DigestCache
  const rows: Array<SessionRow> = []
  let left = countableBytes
  for (const { found, head } of page) {
    const { entry, shelf } = found
    // What the rows were sorted and filtered by stays, so that a row is where it says that it is.
    const push = (full: SessionHead, count: number | null) =>
      rows.push(makeRow(catalog, entry, { ...full, cwd: head.cwd, updatedAt: head.updatedAt }, count, labelsOf(entry)))
    const digest = yield* cache.get(entry)
    if (digest === null && entry.file.size <= left) {
      left -= entry.file.size
      const transcript = yield* load(found).pipe(Effect.catch(() => Effect.succeed(null)))
      if (transcript !== null) {
        push(transcript.head, transcript.count)
        continue
      }
    }
    const full = yield* shelf.adapter.survey(entry).pipe(Effect.catch(() => Effect.succeed(head)))
    push(full, digest?.totalMessages ?? null)
  }
  return rows
})

/** What a transcript had to pass over, as warnings. */
export const skippedWarnings = (transcript: Transcript): ReadonlyArray<Warning> =>
  transcript.skipped.map(({ count, reason }) => ({
    source: transcript.entry.source,
    code: "RECORDS_SKIPPED",
    message: `${count} ${count === 1 ? "record" : "records"} skipped: ${reason}`
  }))
