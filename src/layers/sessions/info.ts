import * as Effect from "effect/Effect"
import type { Action, InfoResult, StatsResult } from "../../domain/results.ts"
import { type Catalog, commandLine, type Found, sessionWords } from "./catalog.ts"
import { labelsOrWarning } from "./labels.ts"
import { load, resolve } from "./resolve.ts"
import { makeRow, skippedWarnings } from "./rows.ts"

const actionsFor = Effect.fnUntraced(function* (catalog: Catalog, { entry }: Found, parentId: string | null) {
  const command = yield* commandLine
  const { id, source } = sessionWords(catalog, entry)
  const actions: ReadonlyArray<Action> = [
    { command: command(["read", id, ...source]), description: "Read it from the beginning" },
    { command: command(["read", id, ...source, "--anchor", "tail"]), description: "Read its end" },
    ...(parentId === null
      ? []
      : [{ command: command(["info", parentId, "--source", entry.source]), description: "The session it belongs to" }])
  ]
  return { actions, command, id, source }
})

/** `info`: the metadata of a session. */
export const info = Effect.fn("Sessions.info")(function* (id: string, source: string | null) {
  const { catalog, found } = yield* resolve(id, source)
  const transcript = yield* load(found)
  const labelled = yield* labelsOrWarning
  const row = makeRow(catalog, found.entry, transcript.head, transcript.count, labelled.labelsOf(found.entry))
  const next = yield* actionsFor(catalog, found, row.parentId)
  return {
    _tag: "info",
    row,
    byRole: transcript.byRole,
    tokenUsage: transcript.facts.tokenUsage,
    durationMs: transcript.facts.durationMs,
    bytes: found.entry.file.size,
    warnings: [...catalog.warnings, ...labelled.warnings, ...skippedWarnings(transcript)],
    actions: [
      ...next.actions,
      { command: next.command(["stats", next.id, ...next.source]), description: "Tools, files and tokens" }
    ]
  } satisfies InfoResult
})

/** `stats <id>`: everything about a session but its messages. */
export const stats = Effect.fn("Sessions.stats")(function* (id: string, source: string | null) {
  const { catalog, found } = yield* resolve(id, source)
  const transcript = yield* load(found)
  const row = makeRow(catalog, found.entry, transcript.head, transcript.count)
  const next = yield* actionsFor(catalog, found, row.parentId)
  const child = transcript.facts.subagents.find(({ kind }) => kind === "file")
  return {
    _tag: "stats",
    row,
    byRole: transcript.byRole,
    totalMessages: transcript.count,
    totalTokens: transcript.totalTokens,
    facts: transcript.facts,
    archived: found.entry.archived,
    bytes: found.entry.file.size,
    warnings: [...catalog.warnings, ...skippedWarnings(transcript)],
    actions: [
      ...next.actions,
      ...(child === undefined
        ? []
        : [{ command: next.command(["read", child.id, ...next.source]), description: "Read its first subagent" }])
    ]
  } satisfies StatsResult
})
