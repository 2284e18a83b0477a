import type { Role } from "./message.ts"
import type { RoleCounts, SessionFacts, TokenUsage } from "./session.ts"
import type { MessageView, Preset } from "./view.ts"

/** A next step: a command line ready to paste. */
export interface Action {
  readonly command: string
  readonly description: string
}

/** Something that was passed over without failing the command. */
export interface Warning {
  readonly source: string | null
  readonly code: string
  readonly message: string
}

export type CwdScope = "auto" | "current" | "all" | "explicit" | "fellback_to_global"

/** A session as a row of a list. Times are milliseconds since the epoch. */
export interface SessionRow {
  readonly id: string
  /** The shortest prefix of at least 8 characters that names it. */
  readonly shortId: string
  readonly source: string
  readonly cwd: string | null
  readonly updatedAt: number
  readonly createdAt: number | null
  readonly summary: string
  readonly filePath: string
  readonly isEmpty: boolean
  readonly title: string | null
  readonly gitBranch: string | null
  readonly model: string | null
  readonly parentId: string | null
  /** Null where it would need a full parse of a large file. */
  readonly totalMessages: number | null
}

/** A cursor: the command that goes on, and its numbers for callers that build their own. */
export interface ListCursor {
  readonly command: string
  readonly offset: number
  readonly limit: number
}

export interface ListResult {
  readonly _tag: "list"
  readonly scope: CwdScope
  readonly scopeReason: string
  readonly cwd: string
  readonly search: { query: string; scanned: number; available: number; truncated: boolean } | null
  readonly hidden: { subagents: number; empty: number }
  readonly warnings: ReadonlyArray<Warning>
  readonly nextAction: Action
  readonly sessions: ReadonlyArray<SessionRow>
  readonly totalAvailable: number
  readonly limit: number
  readonly offset: number
  readonly availableSources: ReadonlyArray<string>
  readonly cursor: { next: ListCursor | null; prev: ListCursor | null; first: ListCursor | null }
  readonly actions: ReadonlyArray<Action>
  /** Milliseconds since the epoch: what ages in a table are counted from. */
  readonly now: number
}

export interface SearchMatch {
  readonly messageIndex: number
  readonly role: Role
  readonly snippet: string
  readonly charOffset: number
}

export interface SearchResult {
  readonly _tag: "search"
  readonly query: string
  readonly scanned: number
  readonly available: number
  readonly warnings: ReadonlyArray<Warning>
  readonly results: ReadonlyArray<{
    id: string
    source: string
    cwd: string | null
    updatedAt: number
    summary: string
    parentId: string | null
    matchCount: number
    matches: ReadonlyArray<SearchMatch>
  }>
  readonly totalMatches: number
  readonly actions: ReadonlyArray<Action>
}

export interface SessionSummary {
  readonly id: string
  readonly source: string
  readonly model: string | null
  readonly cwd: string | null
  readonly gitBranch: string | null
  readonly totalMessages: number
  readonly totalTokens: number
  readonly pagesEstimate: number
  readonly durationMs: number | null
  readonly byRole: RoleCounts
}

/** A cursor of `read`: `after` is the index after which it goes on, `char` the offset inside the next message. */
export interface ReadCursor {
  readonly command: string
  readonly after: number | null
  readonly tokens: number
}

export interface UpgradeOption {
  readonly preset: Preset
  readonly estimatedTokens: number
  readonly willFit: boolean
  readonly command: string
}

export interface ReadResult {
  readonly _tag: "read"
  /** On the first page, or when asked for. */
  readonly session: SessionSummary | null
  readonly sessionId: string
  readonly source: string
  readonly totalMessages: number
  readonly totalTokens: number
  /** Estimated tokens of `messages` as printed. */
  readonly returnedTokens: number
  readonly tokenBudget: number
  readonly preset: string
  readonly anchor: "head" | "tail" | "search" | "page"
  readonly search: {
    query: string
    matches: number
    matchIndex: number | null
    matchIndices: ReadonlyArray<number>
  } | null
  readonly range: { from: number; to: number } | null
  readonly hasMoreBefore: boolean
  readonly hasMoreAfter: boolean
  readonly cursorBefore: number | null
  readonly cursorAfter: number | null
  readonly cursor: { next: ReadCursor | null; prev: ReadCursor | null; first: ReadCursor | null }
  readonly page: { current: number; total: number } | null
  readonly etag: string
  readonly partial: boolean
  readonly nextAction: {
    /** The tool's own command, to be run by a shell with the prompt in `prompt.md`. */
    readonly direct: string
    readonly verified: boolean
    readonly tip: string
  } | null
  readonly detailHint: {
    readonly currentPreset: string
    readonly hiddenToolCalls: number
    readonly truncatedResults: number
    readonly thinkingHidden: boolean
    readonly upgradeOptions: ReadonlyArray<UpgradeOption>
  }
  readonly warnings: ReadonlyArray<Warning>
  readonly messages: ReadonlyArray<MessageView>
  readonly actions: ReadonlyArray<Action>
}

export interface UnchangedResult {
  readonly _tag: "unchanged"
  readonly etag: string
  readonly sessionId: string
  readonly source: string
  readonly totalMessages: number
  readonly updatedAt: number
  readonly actions: ReadonlyArray<Action>
}

export interface InfoResult {
  readonly _tag: "info"
  readonly row: SessionRow
  readonly byRole: RoleCounts
  readonly tokenUsage: TokenUsage | null
  readonly durationMs: number | null
  readonly bytes: number
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export interface StatsResult {
  readonly _tag: "stats"
  readonly row: SessionRow
  readonly byRole: RoleCounts
  readonly totalMessages: number
  readonly totalTokens: number
  readonly facts: SessionFacts
  readonly archived: boolean
  readonly bytes: number
  readonly warnings: ReadonlyArray<Warning>
  readonly actions: ReadonlyArray<Action>
}

export interface DoctorSource {
  readonly name: string
  readonly dataDirs: ReadonlyArray<string>
  readonly existing: ReadonlyArray<string>
  readonly sessionCount: number
  readonly unreadable: ReadonlyArray<{ path: string; reason: string }>
  readonly spawnBin: string | null
  readonly spawnBinPath: string | null
  readonly spawnBinVersion: string | null
  readonly notes: ReadonlyArray<string>
}

export interface DoctorResult {
  readonly _tag: "doctor"
  readonly nodeVersion: string
  readonly version: string
  readonly runtime: string
  readonly platform: string
  readonly cwd: string
  readonly stateDir: string
  readonly cacheDir: string
  /** Null where the directory does not exist. */
  readonly stateBytes: number | null
  readonly cacheBytes: number | null
  readonly cacheEntries: number
  readonly sources: ReadonlyArray<DoctorSource>
  readonly warnings: ReadonlyArray<string>
  readonly actions: ReadonlyArray<Action>
}

/** How a source keeps its sessions. */
export type Storage = "jsonl" | "json" | "sqlite" | "mixed"

/** What can be done with the sessions of a source. */
export interface Capabilities {
  readonly read: boolean
  readonly new: boolean
  readonly resume: boolean
  readonly fork: boolean
  readonly continue: boolean
  readonly live: boolean
}

export interface SourcesResult {
  readonly _tag: "sources"
  readonly sources: ReadonlyArray<{
    name: string
    displayName: string
    aliases: ReadonlyArray<string>
    storage: Storage
    capabilities: Capabilities
  }>
  readonly actions: ReadonlyArray<Action>
}

/** A text that is printed as it is, and a JSON value that says the same: help, schema, completions, version. */
export interface DocumentResult {
  readonly _tag: "help" | "schema" | "completions" | "version"
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
  readonly actions: ReadonlyArray<Action>
}

/** One item of `read --batch`. */
export type BatchItem =
  | { readonly _tag: "answer"; readonly result: ReadResult }
  | { readonly _tag: "failure"; readonly sessionId: string; readonly error: unknown }

export type CommandResult =
  | ListResult
  | SearchResult
  | ReadResult
  | UnchangedResult
  | InfoResult
  | StatsResult
  | DoctorResult
  | SourcesResult
  | DocumentResult
