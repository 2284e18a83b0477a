import * as Effect from "effect/Effect"
import type { OpenSession } from "../../services/Sessions.ts"
import { commandLine, sessionWords } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { load, resolve } from "./resolve.ts"
import { makeRow, skippedWarnings } from "./rows.ts"

/** Opens a session for who wants all of its messages, one at a time. */
export const open = Effect.fn("Sessions.open")(function* (id: string, source: string | null) {
  const { catalog, found } = yield* resolve(id, source)
  const transcript = yield* load(found)
  const command = yield* commandLine
  const { id: shortId, source: sourceWords } = sessionWords(catalog, found.entry)
  const lineFor = (verb: string, words: ReadonlyArray<string>) => command([verb, shortId, ...sourceWords, ...words])
  return {
    row: makeRow(catalog, found.entry, transcript.head, transcript.count),
    transcript,
    tool: found.shelf.adapter.displayName,
    warnings: [...catalog.warnings, ...skippedWarnings(transcript)],
    commandLine: lineFor,
    actions: [
      { command: lineFor("read", []), description: "Read it within a budget" },
      { command: lineFor("stats", []), description: "Tools, files and tokens" }
    ],
    reading: fromStore(found.entry)
  } satisfies OpenSession
})
