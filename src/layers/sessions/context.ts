import * as Effect from "effect/Effect"
import { collect } from "../../domain/context/collect.ts"
import { type Fitted, fit } from "../../domain/context/fit.ts"
import type { Action, ContextResult, ContextSession, Warning } from "../../domain/results.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import type { ContextRequest } from "../../services/Sessions.ts"
import { type Catalog, commandLine, type Found, sessionWords } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { handOver } from "./hand-over.ts"
import { load, resolve } from "./resolve.ts"
import { skippedWarnings } from "./rows.ts"

/** No list item is printed in fewer tokens. */
const leastTokens = 4

const sessionOf = ({ entry, shelf }: Found, { count, facts, head, totalTokens }: Transcript): ContextSession => ({
  id: entry.id,
  source: entry.source,
  sourceName: shelf.adapter.displayName,
  title: entry.indexTitle ?? head.title,
  model: head.model,
  cwd: head.cwd,
  gitBranch: head.gitBranch,
  parentId: head.parentId ?? entry.parentId,
  forkedFrom: facts.forkedFrom,
  createdAt: head.createdAt,
  updatedAt: head.updatedAt,
  totalMessages: count,
  totalTokens
})

/** Where to read what had no room: inside a message that was cut, or the messages before those shown. */
const readOn = ({ body }: Fitted, withMessages: boolean, read: (words: ReadonlyArray<string>) => string) => {
  const { messages, omitted, summary } = body
  const shown = [
    ...(summary?.task == null ? [] : [summary.task]),
    ...(summary?.latestExchange.messages ?? []),
    ...messages
  ]
  const cut = shown.find(({ nextChar }) => nextChar !== null)
  const actions: Array<Action> = []
  if (cut !== undefined) {
    const words = ["--after", String(cut.index - 1), "--char-offset", String(cut.nextChar)]
    actions.push({ command: read(words), description: `Message ${cut.index} from where it was cut` })
  }
  const first = messages[0] ?? summary?.latestExchange.messages[0]
  if (withMessages && omitted.messages > 0 && first !== undefined && first.index > 1) {
    actions.push({ command: read(["--before", String(first.index)]), description: "The messages before those shown" })
  }
  return actions
}

const answer = Effect.fnUntraced(function* (
  catalog: Catalog,
  found: Found,
  transcript: Transcript,
  request: ContextRequest
) {
  const { adapters } = yield* AdapterRegistry
  const command = yield* commandLine
  const { id, source: needed } = sessionWords(catalog, found.entry)
  // Among the sessions of one source an id may look unique that is not.
  const source = request.source === null ? needed : ["--source", request.source]
  const collected = collect(transcript, {
    includeSystem: request.includeSystem,
    includeTools: request.includeTools,
    keep: Math.ceil(request.tokens / leastTokens)
  })
  const session = sessionOf(found, transcript)
  const target = adapters.find((adapter) => adapter.source === request.target)?.displayName ?? null
  const fitted = fit(transcript, collected, { session, target }, request.tokens, request.printing)
  const words = (more: ReadonlyArray<string>) => command(["context", id, ...source, ...request.words, ...more])
  const markdown = words(["--format", "markdown", "--output", "text"])
  const handing = yield* handOver({ found, transcript, target: request.target, print: markdown })
  const warnings: ReadonlyArray<Warning> = [
    ...catalog.warnings,
    ...request.notices.map((message) => ({ source: null, code: "BUDGET_CLAMPED", message })),
    ...skippedWarnings(transcript),
    ...(fitted.body.summary === null
      ? [{ source: null, code: "BUDGET_TOO_SMALL", message: `not even an empty context fits ${request.tokens} tokens` }]
      : []),
    ...handing.warnings
  ]
  return {
    _tag: "context",
    format: request.format,
    targetSource: request.target,
    body: fitted.body,
    tokenBudget: request.tokens,
    returnedTokens: fitted.tokens,
    partial: fitted.partial,
    handOver: handing.ways,
    warnings,
    actions: [
      ...readOn(fitted, request.printing.withMessages, (more) => command(["read", id, ...more, ...source])),
      { command: markdown, description: "The context as one text to give to another agent" },
      { command: command(["read", id, ...source, "--anchor", "tail"]), description: "The end of the session" },
      { command: command(["stats", id, ...source]), description: "Tools, files and tokens of this session" }
    ]
  } satisfies ContextResult
})

/** `context`: what another agent needs to carry on with a session, within a budget. */
export const context = Effect.fn("Sessions.context")(function* (request: ContextRequest) {
  const { catalog, found } = yield* resolve(request.id, request.source)
  const transcript = yield* load(found)
  return yield* answer(catalog, found, transcript, request).pipe(fromStore(found.entry))
})
