import * as Effect from "effect/Effect"
import { bounds, readPreset } from "../domain/bounds.ts"
import { ConflictingFlags, InvalidAnchor, InvalidAnchorUsage, InvalidPreset, UsageError } from "../domain/errors.ts"
import type { OutputFormat } from "../domain/output.ts"
import { details, makeView, presets } from "../domain/view.ts"
import { messagePrinting } from "../render/printing.ts"
import { tokenBudget } from "../services/budget.ts"
import { Invocation } from "../services/Invocation.ts"
import type { ReadAnchor, ReadRequest } from "../services/Sessions.ts"
import type { FlagSpecs, FlagValues } from "./spec.ts"
import { boundedNumber, choose, messageRange, roleList, searchQuery, sourceName } from "./values.ts"
import { repeatFlags } from "./words.ts"

export const readFlags = {
  source: { alias: "s", value: "SOURCE", description: "the source, where an id is not unique" },
  preset: {
    alias: "p",
    value: "NAME",
    description: "how much of each message: minimal, standard, verbose, full",
    default: "verbose in JSON, standard in text"
  },
  detail: { alias: "d", value: "NAME", description: "full, condensed, skeleton or meta; wins over --preset" },
  tokens: {
    value: "N",
    description: "budget for the printed messages, in estimated tokens",
    default: "8000",
    env: ["SESSIONREADER_MAX_TOKENS", "SESSIONREADER_TOKEN_CAP"]
  },
  anchor: { value: "WHERE", description: "head, tail or search", default: "head" },
  search: { value: "TEXT", description: "start around the first match; /regex/ for a pattern" },
  role: { value: "ROLES", description: "only messages of these roles, comma-separated" },
  page: { value: "N", description: "the N-th page at this budget" },
  before: { value: "N", description: "messages below index N, ending nearest to it" },
  after: { value: "N", description: "messages from index N+1 on" },
  "char-offset": { value: "K", description: "start inside the first message, at this character" },
  "if-changed": { value: "ETAG", description: "answer 42 and nothing else while the etag is still right" },
  "include-summary": { description: "the session's summary on every page, not only the first" },
  "branch-of": { value: "UUID", description: "the branch below this record instead of the active one" },
  batch: { value: "FILE", description: "read the sessions whose ids are in FILE (- for standard input), as JSONL" }
} as const satisfies FlagSpecs

export type ReadFlags = FlagValues<typeof readFlags>

export const conflict = (...flags: ReadonlyArray<string>) =>
  new ConflictingFlags({ message: `${flags.join(" and ")} exclude each other`, flags: [...flags] })

const anchors = ["head", "tail", "search"] as const

/** Which messages are asked for. Ways of saying so exclude each other. */
const anchorOf = Effect.fnUntraced(function* (typed: ReadFlags, from: string | null, to: string | null) {
  const named = yield* choose("--anchor", typed.anchor, anchors, (fields) => new InvalidAnchor(fields))
  if (named === "search" && typed.search === null) {
    return yield* new InvalidAnchorUsage({
      message: "--anchor search needs --search TEXT",
      suggestion: "sessionr help read"
    })
  }
  if (typed.search !== null && named !== null && named !== "search") {
    return yield* conflict("--search", `--anchor ${named}`)
  }
  const places = [
    ...(from === null ? [] : ["from"]),
    ...(["page", "before", "after"] as const).filter((flag) => typed[flag] !== null).map((flag) => `--${flag}`)
  ]
  if (places.length > 1) return yield* conflict(...places)
  const place = places[0]
  if (place !== undefined && named === "tail") return yield* conflict(place, "--anchor tail")
  if (place !== undefined && place !== "--after" && typed.search !== null) return yield* conflict(place, "--search")
  if (typed["char-offset"] !== null) {
    const other = place === "--page" || place === "--before" ? place : typed.search !== null ? "--search" : null
    if (other !== null) return yield* conflict("--char-offset", other)
    if (named === "tail") return yield* conflict("--char-offset", "--anchor tail")
  }
  const after = yield* boundedNumber("--after", typed.after, bounds.after)
  if (typed.search !== null) {
    const query = yield* searchQuery("--search", typed.search, { slashes: true })
    return { kind: "search", query, after } satisfies ReadAnchor
  }
  if (after !== null) return { kind: "after", index: after } satisfies ReadAnchor
  const before = yield* boundedNumber("--before", typed.before, bounds.message)
  if (before !== null) return { kind: "before", index: before } satisfies ReadAnchor
  const page = yield* boundedNumber("--page", typed.page, bounds.page)
  if (page !== null) return { kind: "page", page } satisfies ReadAnchor
  const start = yield* boundedNumber("from", from, bounds.message)
  const end = yield* boundedNumber("to", to, bounds.message)
  if (start !== null) return yield* messageRange(start, end)
  return { kind: named === "tail" ? "tail" : "head" } satisfies ReadAnchor
})

/** Words that say the same view again in a next command; where to go on, and the budget, are added by whoever makes it. */
const viewWords = (typed: ReadFlags): ReadonlyArray<string> =>
  repeatFlags(readFlags, typed, [
    "source",
    "tokens",
    "anchor",
    "search",
    "page",
    "before",
    "after",
    "char-offset",
    "if-changed",
    "include-summary",
    "batch"
  ])

/** What a `read` means. Pure but for the services that say what sources and budgets there are. */
export const readRequest = Effect.fnUntraced(function* (
  typed: ReadFlags,
  args: ReadonlyArray<string>,
  format: OutputFormat
) {
  const [id, from = null, to = null] = args
  if (id === undefined || id === "") {
    return yield* new UsageError({
      message: "read needs the id of a session",
      suggestion: "sessionr list --cwd all",
      argument: "id",
      did_you_mean: []
    })
  }
  const { apiVersion } = yield* Invocation
  const isJson = format === "json" || format === "jsonl"
  const preset = yield* choose("--preset", typed.preset, presets, (fields) => new InvalidPreset(fields))
  const detail = yield* choose("--detail", typed.detail, details, (fields) => new InvalidPreset(fields))
  const { notices, tokens } = yield* tokenBudget("read", typed.tokens)
  return {
    id,
    source: yield* sourceName(typed.source),
    view: makeView(preset ?? readPreset(isJson), detail, isJson),
    tokens,
    anchor: yield* anchorOf(typed, from, to),
    roles: yield* roleList(typed.role),
    charOffset: yield* boundedNumber("--char-offset", typed["char-offset"], bounds.charOffset),
    branchOf: typed["branch-of"],
    ifChanged: typed["if-changed"],
    includeSummary: typed["include-summary"],
    printing: messagePrinting(format, apiVersion),
    notices,
    words: viewWords(typed)
  } satisfies ReadRequest
})
