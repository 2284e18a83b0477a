import * as Effect from "effect/Effect"
import { bounds, diffView, readPreset } from "../domain/bounds.ts"
import { ConflictingFlags, InvalidPreset, UsageError } from "../domain/errors.ts"
import { contextFormats } from "../domain/results/context.ts"
import { details, makeView, presets } from "../domain/view.ts"
import { contextPrinting } from "../render/context-printing.ts"
import { differencePrinting } from "../render/difference.ts"
import { messagePrinting } from "../render/printing.ts"
import { tokenBudget } from "../services/budget.ts"
import type {
  ContextRequest,
  DiffRequest,
  ListRequest,
  NameRequest,
  ReadAnchor,
  ReadRequest,
  SearchRequest,
  TagRequest
} from "../services/Sessions.ts"
import * as values from "../services/values.ts"
import { flags, format, roles, source, time, typed, version, word } from "./given.ts"
import type {
  Anchor,
  CheckpointOptions,
  ContextOptions,
  DiffOptions,
  ListOptions,
  ReadOptions,
  SearchOptions,
  SourceOption,
  TagOptions
} from "./options.ts"

export const listRequest = Effect.fnUntraced(function* (options: ListOptions) {
  const since = time(options.since)
  const until = time(options.until)
  return {
    source: yield* source(options.source),
    limit: yield* values.boundedNumber("limit", typed(options.limit), bounds.listLimit),
    offset: yield* values.boundedNumber("offset", typed(options.offset), bounds.listOffset),
    search: options.search === undefined ? null : yield* values.searchQuery("search", options.search, {}),
    maxSessions: yield* values.boundedNumber("maxSessions", typed(options.maxSessions), bounds.listMaxSessions),
    cwd: yield* values.cwdChoice(options.cwd ?? null, "auto"),
    since: yield* values.instant("since", since),
    until: yield* values.instant("until", until),
    branch: options.branch ?? null,
    model: options.model ?? null,
    tag: yield* values.tagName("tag", options.tag ?? null),
    includeSubagents: options.includeSubagents ?? false,
    includeEmpty: options.includeEmpty ?? false,
    words: [
      ...(options.source === undefined ? [] : [options.source]),
      ...flags({
        "--search": options.search,
        "--max-sessions": options.maxSessions,
        "--cwd": options.cwd,
        "--since": since,
        "--until": until,
        "--branch": options.branch,
        "--model": options.model,
        "--tag": options.tag,
        "--include-subagents": options.includeSubagents,
        "--include-empty": options.includeEmpty
      })
    ]
  } satisfies ListRequest
})

export const searchRequest = Effect.fnUntraced(function* (text: string, options: SearchOptions) {
  const { caseSensitive = false, regex = false } = options
  const since = time(options.since)
  const until = time(options.until)
  return {
    query: yield* values.searchQuery("query", text, { regex, caseSensitive }),
    source: yield* source(options.source),
    cwd: yield* values.cwdChoice(options.cwd ?? null, "all"),
    since: yield* values.instant("since", since),
    until: yield* values.instant("until", until),
    top: yield* values.boundedNumber("top", typed(options.top), bounds.searchTop),
    maxSessions: yield* values.boundedNumber("maxSessions", typed(options.maxSessions), bounds.searchMaxSessions),
    roles: yield* roles(options.roles),
    context: yield* values.boundedNumber("context", typed(options.context), bounds.snippetContext),
    words: flags({
      "-q": text,
      "--source": options.source,
      "--cwd": options.cwd,
      "--since": since,
      "--until": until,
      "--max-sessions": options.maxSessions,
      "--role": options.roles?.join(","),
      "--regex": regex,
      "--case-sensitive": caseSensitive,
      "--context": options.context
    })
  } satisfies SearchRequest
})

/** Each of these says where to begin, so only one of them can be given; with `search`, `after` says more. */
const places = ["search", "page", "before", "from", "after"] as const

/** Where an anchor is, and inside which character of its first message. */
const anchorOf = Effect.fnUntraced(function* (anchor: Anchor) {
  const plain = (at: ReadAnchor, charOffset = 0) => ({ anchor: at, charOffset })
  if (anchor === "head" || anchor === "tail") return plain({ kind: anchor })
  // Callers whose compiler did not look may give two of them, or none.
  const given: Readonly<Record<string, unknown>> = anchor
  const isSearch = given["search"] !== undefined
  const named = places.filter((place) => given[place] !== undefined && !(isSearch && place === "after"))
  if (named.length > 1) {
    return yield* new ConflictingFlags({ message: `${named.join(" and ")} exclude each other`, flags: named })
  }
  const charOffset = yield* values.boundedNumber(
    "charOffset",
    "charOffset" in anchor ? typed(anchor.charOffset) : null,
    bounds.charOffset
  )
  const number = (name: keyof typeof numbers) =>
    values.boundedNumber(name, given[name] === undefined ? null : String(given[name]), numbers[name])
  if ("search" in anchor) {
    const query = yield* values.searchQuery("search", anchor.search, { slashes: true })
    return plain({ kind: "search", query, after: yield* number("after") })
  }
  const after = yield* number("after")
  if (after !== null) return plain({ kind: "after", index: after }, charOffset)
  const before = yield* number("before")
  if (before !== null) return plain({ kind: "before", index: before })
  const page = yield* number("page")
  if (page !== null) return plain({ kind: "page", page })
  const from = yield* number("from")
  if (from !== null) return plain(yield* values.messageRange(from, yield* number("to")), charOffset)
  return yield* new UsageError({
    message: "an anchor is head, tail, or an object with one of after, before, from, page and search",
    argument: "anchor",
    did_you_mean: ["head", "tail"]
  })
})

const numbers = {
  after: bounds.after,
  before: bounds.message,
  page: bounds.page,
  from: bounds.message,
  to: bounds.message
} as const

export const readRequest = Effect.fnUntraced(function* (id: string, options: ReadOptions, ifChanged: string | null) {
  const preset = yield* values.choose("preset", options.preset ?? null, presets, (fields) => new InvalidPreset(fields))
  const detail = yield* values.choose("detail", options.detail ?? null, details, (fields) => new InvalidPreset(fields))
  const { notices, tokens } = yield* tokenBudget("read", typed(options.tokens))
  return {
    id,
    source: yield* source(options.source),
    view: makeView(preset ?? readPreset(true), detail, true),
    tokens,
    ...(yield* anchorOf(options.anchor ?? "head")),
    roles: yield* roles(options.roles),
    branchOf: options.branchOf ?? null,
    ifChanged,
    includeSummary: options.includeSummary ?? false,
    printing: messagePrinting(format, version),
    notices,
    words: flags({
      "--preset": options.preset,
      "--detail": options.detail,
      "--role": options.roles?.join(","),
      "--branch-of": options.branchOf
    })
  } satisfies ReadRequest
})

export const contextRequest = Effect.fnUntraced(function* (id: string, options: ContextOptions) {
  const shape = (yield* word("format", options.format, contextFormats)) ?? "messages"
  const { notices, tokens } = yield* tokenBudget("context", typed(options.tokens))
  return {
    id,
    source: yield* source(options.source),
    format: shape,
    tokens,
    includeSystem: options.includeSystemPrompt ?? false,
    includeTools: options.includeToolResults ?? false,
    target: yield* source(options.targetSource),
    printing: contextPrinting(format, version, shape),
    notices,
    words: flags({
      "--tokens": options.tokens,
      "--target-source": options.targetSource,
      "--include-system-prompt": options.includeSystemPrompt,
      "--include-tool-results": options.includeToolResults
    })
  } satisfies ContextRequest
})

export const diffRequest = Effect.fnUntraced(function* (a: string, b: string, options: DiffOptions) {
  const { messages = false } = options
  const { after, tokens }: { readonly after?: number; readonly tokens?: number } =
    typeof messages === "boolean" ? {} : messages
  const budget = yield* tokenBudget("diff", typed(tokens))
  return {
    a,
    b,
    sourceA: yield* source(options.sourceA ?? options.source),
    sourceB: yield* source(options.sourceB ?? options.source),
    differences:
      messages === false
        ? null
        : {
            view: diffView(true),
            tokens: budget.tokens,
            after: yield* values.boundedNumber("after", typed(after), bounds.diffAfter),
            printing: differencePrinting(format, version),
            notices: budget.notices
          }
  } satisfies DiffRequest
})

export const tagRequest = Effect.fnUntraced(function* (id: string, options: TagOptions) {
  const { add, remove } = options
  if (add !== undefined && remove !== undefined) {
    return yield* new ConflictingFlags({ message: "add and remove exclude each other", flags: ["add", "remove"] })
  }
  const change =
    add !== undefined
      ? { kind: "add" as const, tags: yield* values.tagsOf("add", add) }
      : remove !== undefined
        ? { kind: "remove" as const, tags: yield* values.tagsOf("remove", remove) }
        : null
  return { id, source: yield* source(options.source), change } satisfies TagRequest
})

export const nameRequest = Effect.fnUntraced(function* (
  id: string,
  name: string,
  options: SourceOption & CheckpointOptions,
  checkpoint: boolean
) {
  return {
    kind: "set",
    id,
    name: yield* values.sessionName("name", name),
    source: yield* source(options.source),
    checkpoint,
    at: checkpoint ? yield* values.boundedNumber("at", typed(options.at), bounds.message) : null
  } satisfies NameRequest
})
