import * as Effect from "effect/Effect"
import type { SessionRow, Warning } from "../../domain/results.ts"
import type { SessionEntry, SessionHead } from "../../domain/session.ts"
import { oneLine } from "../../domain/text.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { DigestCache } from "../../services/DigestCache.ts"
import { type Catalog, type Found, sessionWords } from "./catalog.ts"
import { load } from "./resolve.ts"

const summaryChars = 100

/** Files up to this many bytes are read whole for a row's message count. */
const countableBytes = 1024 * 1024

export const makeRow = (
  catalog: Catalog,
  entry: SessionEntry,
  head: SessionHead,
  totalMessages: number | null
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
  parentId: head.parentId ?? entry.parentId,
  totalMessages
})

/** A row with its message count: from the digest, from the whole file where that is small, else unknown. */
export const describe = Effect.fnUntraced(function* (catalog: Catalog, found: Found, head: SessionHead) {
  const cache = yield* DigestCache
  const { entry } = found
  const digest = yield* cache.get(entry.source, entry.file)
  if (digest !== null) return makeRow(catalog, entry, head, digest.totalMessages)
  if (entry.file.size > countableBytes) return makeRow(catalog, entry, head, null)
  return yield* load(found).pipe(
    Effect.map((transcript) => makeRow(catalog, entry, head, transcript.count)),
    Effect.catch(() => Effect.succeed(makeRow(catalog, entry, head, null)))
  )
})

/** What a transcript had to pass over, as warnings. */
export const skippedWarnings = (transcript: Transcript): ReadonlyArray<Warning> =>
  transcript.skipped.map(({ count, reason }) => ({
    source: transcript.entry.source,
    code: "RECORDS_SKIPPED",
    message: `${count} ${count === 1 ? "record" : "records"} skipped: ${reason}`
  }))
