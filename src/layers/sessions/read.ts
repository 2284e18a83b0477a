import * as Effect from "effect/Effect"
import { InvalidArg } from "../../domain/errors.ts"
import { makeEtag } from "../../domain/etag.ts"
import type { ReadResult, SessionSummary, UnchangedResult, Warning } from "../../domain/results.ts"
import type { SessionEntry } from "../../domain/session.ts"
import { backward, forward, pageStarts, type Slicing, type Window } from "../../domain/slice.ts"
import type { Transcript } from "../../domain/transcript.ts"
import { DigestCache } from "../../services/DigestCache.ts"
import type { ReadAnchor, ReadRequest } from "../../services/Sessions.ts"
import { commandLine, type Catalog, type Found, sessionWords } from "./catalog.ts"
import { fromStore } from "./from-store.ts"
import { nextAction } from "./next-action.ts"
import { detailHint } from "./read-hints.ts"
import { type Cursors, readCursors } from "./read-cursors.ts"
import { searchWindow, type SearchReport } from "./read-search.ts"
import { load, resolve } from "./resolve.ts"
import { skippedWarnings } from "./rows.ts"

const etagOf = (entry: SessionEntry, contentHash: string, request: ReadRequest): string => {
  const { anchor, view } = request
  return makeEtag(contentHash, [
    entry.source,
    entry.id,
    view.preset,
    view.detail,
    request.tokens,
    JSON.stringify(anchor),
    request.charOffset,
    request.roles === null ? null : request.roles.join(","),
    request.branchOf,
    request.includeSummary,
    request.printing.name
  ])
}

const unchanged = (
  entry: SessionEntry,
  etag: string,
  session: { totalMessages: number; updatedAt: number },
  poll: string
): UnchangedResult => ({
  _tag: "unchanged",
  etag,
  sessionId: entry.id,
  source: entry.source,
  totalMessages: session.totalMessages,
  updatedAt: session.updatedAt,
  actions: [{ command: poll, description: "Ask again later" }]
})

/** Messages that no preset cuts: the leading run of user and system messages, and the last answer. */
const exemptions = (transcript: Transcript): ((index: number) => boolean) => {
  let leading = 0
  while (leading < transcript.count) {
    const role = transcript.role(leading + 1)
    if (role !== "user" && role !== "system") break
    leading++
  }
  let lastAnswer = transcript.count
  while (lastAnswer > 0 && transcript.role(lastAnswer) !== "assistant") lastAnswer--
  return (index) => index <= leading || index === lastAnswer
}

/** The messages that may be shown at all, in order: those of the asked-for roles, without tool calls if hidden. */
const selectIndices = (transcript: Transcript, request: ReadRequest): Uint32Array => {
  const indices = new Uint32Array(transcript.count)
  let n = 0
  for (let index = 1; index <= transcript.count; index++) {
    const role = transcript.role(index)
    if (request.roles !== null && !request.roles.includes(role)) continue
    if (!request.view.tools && (role === "tool_use" || role === "tool_result")) continue
    indices[n++] = index
  }
  return indices.subarray(0, n)
}

/** How many of the ascending `indices` are below `index`. */
export const countBelow = (indices: ArrayLike<number>, index: number): number => {
  let low = 0
  let high = indices.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (indices[middle]! < index) low = middle + 1
    else high = middle
  }
  return low
}

/** What an anchor selects: the window, and the stretch of the selection it was cut from. */
interface Selected {
  readonly window: Window
  readonly from: number
  readonly until: number
  readonly page: { current: number; total: number; starts: number } | null
  readonly search: SearchReport | null
}

const outOfRange = (argument: string, value: number, min: number, max: number) =>
  new InvalidArg({
    message: `${argument} is ${value}, and this session has messages ${min} to ${max}`,
    argument,
    value: String(value),
    min,
    max
  })

const select = Effect.fnUntraced(function* (slicing: Slicing, anchor: ReadAnchor, charOffset: number) {
  const { indices, transcript } = slicing
  const end = indices.length
  const stretch = (window: Window, from: number, until: number): Selected => ({
    window,
    from,
    until,
    page: null,
    search: null
  })
  switch (anchor.kind) {
    case "head":
      return stretch(forward(slicing, { at: 0, char: charOffset }, end), 0, end)
    case "tail":
      return stretch(backward(slicing, 0, end), 0, end)
    case "after": {
      const from = countBelow(indices, anchor.index + 1)
      return stretch(forward(slicing, { at: from, char: charOffset }, end), from, end)
    }
    case "before": {
      const until = countBelow(indices, anchor.index)
      return stretch(backward(slicing, 0, until), 0, until)
    }
    case "range": {
      if (anchor.from > Math.max(1, transcript.count)) {
        return yield* outOfRange("from", anchor.from, 1, transcript.count)
      }
      const from = countBelow(indices, anchor.from)
      const until = anchor.to === null ? end : countBelow(indices, anchor.to + 1)
      return stretch(forward(slicing, { at: from, char: charOffset }, until), from, until)
    }
    case "page": {
      const starts = pageStarts(slicing)
      const start = starts[anchor.page - 1]
      if (start === undefined) {
        if (anchor.page > 1 || end > 0) {
          return yield* new InvalidArg({
            message: `--page is ${anchor.page}, and at this budget the session has ${starts.length} pages`,
            argument: "--page",
            value: String(anchor.page),
            min: 1,
            max: starts.length
          })
        }
        return stretch(forward(slicing, { at: 0, char: 0 }, end), 0, end)
      }
      const page = { current: anchor.page, total: starts.length, starts: starts.length }
      return { ...stretch(forward(slicing, start, end), 0, end), page }
    }
    case "search": {
      const from = anchor.after === null ? 0 : countBelow(indices, anchor.after + 1)
      const { report, window } = searchWindow(slicing, anchor.query, from)
      return { ...stretch(window, 0, end), search: report }
    }
  }
})

const summaryOf = (transcript: Transcript, tokens: number): SessionSummary => ({
  id: transcript.entry.id,
  source: transcript.entry.source,
  model: transcript.head.model,
  cwd: transcript.head.cwd,
  gitBranch: transcript.head.gitBranch,
  totalMessages: transcript.count,
  totalTokens: transcript.totalTokens,
  pagesEstimate: Math.max(1, Math.ceil(transcript.totalTokens / tokens)),
  durationMs: transcript.facts.durationMs,
  byRole: transcript.byRole
})

const isPartial = ({ from, search, until, window }: Selected): boolean =>
  search !== null && search.matches === 0
    ? false
    : window.start.at > from || window.next.at < until || (window.next.at === until - 1 && window.next.char > 0)

const answer = Effect.fnUntraced(function* (
  catalog: Catalog,
  found: Found,
  request: ReadRequest,
  transcript: Transcript,
  etag: string
) {
  const { printing, view } = request
  const slicing: Slicing = {
    transcript,
    view,
    indices: selectIndices(transcript, request),
    isExempt: exemptions(transcript),
    budget: request.tokens,
    weigh: printing.weigh,
    frame: printing.frame
  }
  const selected = yield* select(slicing, request.anchor, request.charOffset)
  const { window } = selected
  const { messages } = window
  const command = yield* commandLine
  const words = sessionWords(catalog, found.entry)
  const cursors: Cursors = readCursors(slicing, selected, request, (rest) =>
    command(["read", words.id, ...rest, ...words.source, ...request.words, "--tokens", String(request.tokens)])
  )
  const first = messages[0]
  const last = messages.at(-1)
  const partial = isPartial(selected)
  const stuck = messages.length === 0 && partial
  const next = yield* nextAction(found, transcript, words.id)
  const warnings: ReadonlyArray<Warning> = [
    ...catalog.warnings,
    ...request.notices.map((message) => ({ source: null, code: "BUDGET_CLAMPED", message })),
    ...skippedWarnings(transcript),
    ...(stuck
      ? [{ source: null, code: "BUDGET_TOO_SMALL", message: `not one character fits ${request.tokens} tokens; 50 do` }]
      : []),
    ...next.warnings
  ]
  return {
    _tag: "read",
    session:
      request.includeSummary || (window.start.at === 0 && window.start.char === 0)
        ? summaryOf(transcript, request.tokens)
        : null,
    sessionId: found.entry.id,
    source: found.entry.source,
    totalMessages: transcript.count,
    totalTokens: transcript.totalTokens,
    returnedTokens: printing.total(messages),
    tokenBudget: request.tokens,
    preset: view.detail ?? view.preset,
    anchor:
      request.anchor.kind === "before"
        ? "tail"
        : request.anchor.kind === "after" || request.anchor.kind === "range"
          ? "head"
          : request.anchor.kind,
    search: selected.search,
    range: first === undefined || last === undefined ? null : { from: first.index, to: last.index },
    ...cursors,
    page: selected.page === null ? null : { current: selected.page.current, total: selected.page.total },
    etag,
    partial,
    nextAction: next.action,
    detailHint: detailHint(slicing, window, (preset) =>
      command([
        "read",
        words.id,
        ...(first === undefined || last === undefined ? [] : [String(first.index), String(last.index)]),
        ...words.source,
        "--preset",
        preset,
        "--tokens",
        String(request.tokens)
      ])
    ),
    warnings,
    messages,
    actions: [
      ...(cursors.cursor.next === null
        ? []
        : [{ command: cursors.cursor.next.command, description: selected.search === null ? "Read on" : "Next match" }]),
      {
        command: command(["stats", words.id, ...words.source]),
        description: "Tools, files and tokens of this session"
      },
      { command: command(["read", words.id, ...words.source, "--anchor", "tail"]), description: "The end of it" }
    ]
  } satisfies ReadResult
})

/** Whether the text of every message is looked at before it is known which are shown. */
const looksAtAll = ({ kind }: ReadAnchor): boolean => kind === "search" || kind === "page"

/**
 * UTF-16 units of text kept while a session is read for one stretch of it. The head of a session is in them; what lies
 * behind is made again for the few messages that are shown. To keep it all would cost every collection on the way.
 */
const stretchChars = 256 * 1024

/** `read`: the messages of a session that fit the budget. */
export const read = Effect.fn("Sessions.read")(function* (request: ReadRequest) {
  const { catalog, found } = yield* resolve(request.id, request.source)
  const { entry } = found
  const command = yield* commandLine
  const words = sessionWords(catalog, entry)
  const poll = (etag: string) =>
    command([
      "read",
      words.id,
      ...words.source,
      ...request.words,
      "--tokens",
      String(request.tokens),
      "--if-changed",
      etag
    ])
  if (request.ifChanged !== null && request.branchOf === null) {
    const cache = yield* DigestCache
    const digest = yield* cache.get(entry)
    if (digest !== null && etagOf(entry, digest.contentHash, request) === request.ifChanged) {
      return unchanged(entry, request.ifChanged, digest, poll(request.ifChanged))
    }
  }
  const transcript = yield* load(found, {
    ...(request.branchOf === null ? {} : { branchOf: request.branchOf }),
    ...(looksAtAll(request.anchor) ? {} : { retainedChars: stretchChars })
  })
  if (request.branchOf !== null && transcript.count === 0) {
    return yield* new InvalidArg({
      message: `--branch-of is ${JSON.stringify(request.branchOf)}, and no record of the session has that id`,
      argument: "--branch-of",
      value: request.branchOf,
      min: null,
      max: null
    })
  }
  const etag = etagOf(entry, transcript.contentHash, request)
  if (request.ifChanged === etag) {
    const session = { totalMessages: transcript.count, updatedAt: transcript.head.updatedAt }
    return unchanged(entry, etag, session, poll(etag))
  }
  return yield* answer(catalog, found, request, transcript, etag).pipe(fromStore(entry))
})
