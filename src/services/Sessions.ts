import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { ContextPrinting } from "../domain/context/fit.ts"
import type { AppError, ParseError } from "../domain/errors.ts"
import type { Role } from "../domain/message.ts"
import type { Query } from "../domain/query.ts"
import type {
  Action,
  ContextFormat,
  ContextResult,
  Difference,
  DiffResult,
  Breakdown,
  InfoResult,
  ListResult,
  NamesResult,
  ReadResult,
  SearchResult,
  SessionRow,
  StatsResult,
  TagResult,
  TotalsResult,
  TreeResult,
  UnchangedResult,
  Warning
} from "../domain/results.ts"
import type { Weigh } from "../domain/slice.ts"
import type { Transcript } from "../domain/transcript.ts"
import type { MessageView, View } from "../domain/view.ts"

/** Which directory's sessions are meant; `path` is absolute. */
export type CwdChoice = { readonly kind: "auto" | "current" | "all" } | { readonly kind: "path"; readonly path: string }

export interface ListRequest {
  readonly source: string | null
  readonly limit: number
  readonly offset: number
  readonly search: Query | null
  readonly maxSessions: number
  readonly cwd: CwdChoice
  /** Milliseconds since the epoch. */
  readonly since: number | null
  readonly until: number | null
  readonly branch: string | null
  readonly model: string | null
  /** Only sessions with this tag. */
  readonly tag: string | null
  readonly includeSubagents: boolean
  readonly includeEmpty: boolean
  /** The caller's own flags but for offset and limit, as words, for the cursor. */
  readonly words: ReadonlyArray<string>
}

export interface SearchRequest {
  readonly query: Query
  readonly source: string | null
  readonly cwd: CwdChoice
  readonly since: number | null
  readonly until: number | null
  readonly top: number
  readonly maxSessions: number | null
  readonly roles: ReadonlyArray<Role> | null
  readonly context: number
  readonly words: ReadonlyArray<string>
}

export type ReadAnchor =
  | { readonly kind: "head" }
  | { readonly kind: "tail" }
  | { readonly kind: "search"; readonly query: Query; readonly after: number | null }
  | { readonly kind: "page"; readonly page: number }
  | { readonly kind: "after"; readonly index: number }
  | { readonly kind: "before"; readonly index: number }
  | { readonly kind: "range"; readonly from: number; readonly to: number | null }

/** How the messages of an answer will be printed, as far as the budget is concerned. */
export interface Printing {
  /** Output format and API version: part of the etag. */
  readonly name: string
  readonly weigh: Weigh
  /** Estimated tokens of the array without a message. */
  readonly frame: number
  /** Estimated tokens of the array as printed. */
  readonly total: (messages: ReadonlyArray<MessageView>) => number
}

export interface ReadRequest {
  readonly id: string
  readonly source: string | null
  readonly view: View
  readonly tokens: number
  readonly anchor: ReadAnchor
  readonly roles: ReadonlyArray<Role> | null
  readonly charOffset: number
  readonly branchOf: string | null
  readonly ifChanged: string | null
  readonly includeSummary: boolean
  readonly printing: Printing
  /** What the caller was not given as asked: a budget over the ceiling. */
  readonly notices: ReadonlyArray<string>
  /** The caller's view flags as words, for cursors. */
  readonly words: ReadonlyArray<string>
}

/** A session whose messages are read one at a time. */
export interface OpenSession {
  readonly row: SessionRow
  readonly transcript: Transcript
  /** The tool's own name. */
  readonly tool: string
  readonly warnings: ReadonlyArray<Warning>
  /** A command line for this session, with further words behind its id. */
  readonly commandLine: (verb: string, words: ReadonlyArray<string>) => string
  /** What may come next: reading it, its figures. */
  readonly actions: ReadonlyArray<Action>
  /** Runs what asks the transcript for messages: a file that has gone meanwhile is a failure, not a defect. */
  readonly reading: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E | ParseError, R>
}

export interface TagRequest {
  readonly id: string
  readonly source: string | null
  /** Null: show the tags. */
  readonly change: { readonly kind: "add" | "remove"; readonly tags: ReadonlyArray<string> } | null
}

/** What `name` and `checkpoint` are asked for. */
export type NameRequest =
  | { readonly kind: "list" }
  | { readonly kind: "remove"; readonly name: string }
  | {
      readonly kind: "set"
      readonly id: string
      readonly name: string
      readonly source: string | null
      /** A checkpoint pins a message: `at`, or the last. */
      readonly checkpoint: boolean
      readonly at: number | null
    }
export interface ContextRequest {
  readonly id: string
  readonly source: string | null
  readonly format: ContextFormat
  readonly tokens: number
  readonly includeSystem: boolean
  /** Calls and their results. */
  readonly includeTools: boolean
  /** The source that is to carry on; null for any. */
  readonly target: string | null
  readonly printing: ContextPrinting
  readonly notices: ReadonlyArray<string>
  /** The caller's own flags but for the format, as words. */
  readonly words: ReadonlyArray<string>
}

/** The aligned messages of a `diff`: how they are shown, and which. */
export interface DifferencesRequest {
  readonly view: View
  readonly tokens: number
  /** How many of them come before the first that is shown. */
  readonly after: number
  readonly printing: {
    readonly weigh: (difference: Difference) => number
    readonly frame: number
    readonly total: (differences: ReadonlyArray<Difference>) => number
  }
  readonly notices: ReadonlyArray<string>
}

export interface DiffRequest {
  readonly a: string
  readonly b: string
  readonly sourceA: string | null
  readonly sourceB: string | null
  /** Null for none. */
  readonly differences: DifferencesRequest | null
}

export interface TotalsRequest {
  readonly source: string | null
  readonly cwd: CwdChoice
  /** Sessions by their last activity, milliseconds since the epoch. */
  readonly since: number | null
  readonly until: number | null
  readonly by: Breakdown | null
  /** The caller's own flags but for `--by`, as words, for what to ask next. */
  readonly words: ReadonlyArray<string>
}

export interface TreeRequest {
  /** The session whose tree is wanted; null for the trees of many. */
  readonly id: string | null
  readonly source: string | null
  readonly cwd: CwdChoice
  /** Trees, newest first. */
  readonly limit: number
  /** Sessions that are related to none as well. */
  readonly all: boolean
  /** The caller's own flags but for `--all` and `--limit`, as words, for what to ask next. */
  readonly words: ReadonlyArray<string>
}

/** Everything that is asked of sessions: each method computes one typed result. */
export class Sessions extends Context.Service<
  Sessions,
  {
    readonly list: (request: ListRequest) => Effect.Effect<ListResult, AppError>
    readonly search: (request: SearchRequest) => Effect.Effect<SearchResult, AppError>
    readonly read: (request: ReadRequest) => Effect.Effect<ReadResult | UnchangedResult, AppError>
    readonly name: (request: NameRequest) => Effect.Effect<NamesResult, AppError>
    readonly context: (request: ContextRequest) => Effect.Effect<ContextResult, AppError>
    readonly diff: (request: DiffRequest) => Effect.Effect<DiffResult, AppError>
    readonly info: (id: string, source: string | null) => Effect.Effect<InfoResult, AppError>
    readonly tag: (request: TagRequest) => Effect.Effect<TagResult, AppError>
    readonly stats: (id: string, source: string | null) => Effect.Effect<StatsResult, AppError>
    readonly tree: (request: TreeRequest) => Effect.Effect<TreeResult, AppError>
    readonly totals: (request: TotalsRequest) => Effect.Effect<TotalsResult, AppError>
    readonly open: (id: string, source: string | null) => Effect.Effect<OpenSession, AppError>
  }
>()("sessionr/services/Sessions") {}
