import type * as Schema from "effect/Schema"
import { errorTable } from "../domain/error-table.ts"
import type { AppError } from "../domain/errors.ts"
import type {
  CommandResult,
  DoctorResult,
  InfoResult,
  ListResult,
  ReadResult,
  SearchResult,
  SessionRow,
  SourcesResult,
  StatsResult,
  UnchangedResult,
  Warning
} from "../domain/results.ts"
import { formatDuration, isoTime, isoTimeOrNull } from "../domain/time.ts"
import type { ErrorBody } from "../schemas/error.ts"
import type { ListEnvelope, SessionRow as WireRow } from "../schemas/list.ts"
import type { DoctorEnvelope, SourcesEnvelope } from "../schemas/machine.ts"
import type { ReadEnvelope, UnchangedEnvelope } from "../schemas/read.ts"
import type { SearchEnvelope } from "../schemas/search.ts"
import type { InfoEnvelope, StatsEnvelope } from "../schemas/session.ts"
import { wireMessage } from "./wire-message.ts"

/** A version 1 envelope. Key order is the order of printing: what steers the caller comes before bulk data. */
export type Wire = {
  readonly api_version: 1
  readonly actions: ReadonlyArray<unknown>
  readonly [key: string]: unknown
}

type Shape<S extends { readonly Encoded: unknown }> = S["Encoded"]

const warningsOf = (warnings: ReadonlyArray<Warning>) =>
  warnings.length === 0
    ? {}
    : { warnings: warnings.map(({ code, message, source }) => ({ source, error: { code, message } })) }

const row = (session: SessionRow): Shape<typeof WireRow> => ({
  id: session.id,
  source: session.source,
  cwd: session.cwd,
  updatedAt: isoTime(session.updatedAt),
  summary: session.summary,
  filePath: session.filePath,
  isEmpty: session.isEmpty,
  created_at: isoTimeOrNull(session.createdAt),
  title: session.title,
  git_branch: session.gitBranch,
  model: session.model,
  name: null,
  tags: [],
  parent_id: session.parentId,
  total_messages: session.totalMessages
})

const list = (result: ListResult): Shape<typeof ListEnvelope> => ({
  api_version: 1,
  meta: {
    cwd_scope: result.scope,
    cwd_scope_reason: result.scopeReason,
    cwd: result.cwd,
    ...(result.search === null
      ? {}
      : {
          search: {
            query: result.search.query,
            sessions_scanned: result.search.scanned,
            sessions_available: result.search.available,
            truncated: result.search.truncated
          }
        }),
    hidden: result.hidden,
    ...warningsOf(result.warnings),
    next_action: result.nextAction
  },
  sessions: result.sessions.map(row),
  total_available: result.totalAvailable,
  limit: result.limit,
  offset: result.offset,
  has_more: result.cursor.next !== null,
  available_sources: result.availableSources,
  cursor: commands(result.cursor),
  actions: result.actions
})

/** Cursors of version 1 are commands alone. */
const commands = (cursor: { readonly [K in "next" | "prev" | "first"]: { readonly command: string } | null }) => ({
  next: cursor.next?.command ?? null,
  prev: cursor.prev?.command ?? null,
  first: cursor.first?.command ?? null
})

const search = (result: SearchResult): Shape<typeof SearchEnvelope> => ({
  api_version: 1,
  query: result.query,
  sessions_scanned: result.scanned,
  sessions_available: result.available,
  meta: { ...warningsOf(result.warnings), freshness: "live" },
  results: result.results.map((hit) => ({
    id: hit.id,
    source: hit.source,
    cwd: hit.cwd,
    updated_at: isoTime(hit.updatedAt),
    summary: hit.summary,
    parent_id: hit.parentId,
    match_count: hit.matchCount,
    matches: hit.matches.map((match) => ({
      message_index: match.messageIndex,
      role: match.role,
      snippet: match.snippet,
      char_offset: match.charOffset
    }))
  })),
  total_matches: result.totalMatches,
  actions: result.actions
})

/** The head of a `read` answer: its session where that is shown, and its meta. */
export const readHead = (
  result: ReadResult
): Omit<Shape<typeof ReadEnvelope>, "api_version" | "messages" | "actions"> => ({
  ...(result.session === null
    ? {}
    : {
        session: {
          id: result.session.id,
          source: result.session.source,
          model: result.session.model,
          cwd: result.session.cwd,
          git_branch: result.session.gitBranch,
          total_messages: result.session.totalMessages,
          total_tokens_estimate: result.session.totalTokens,
          pages_estimate: result.session.pagesEstimate,
          duration: result.session.durationMs === null ? null : formatDuration(result.session.durationMs),
          by_role: result.session.byRole
        }
      }),
  meta: {
    session_id: result.sessionId,
    source: result.source,
    total_messages: result.totalMessages,
    total_tokens_estimate: result.totalTokens,
    returned_tokens_estimate: result.returnedTokens,
    token_budget: result.tokenBudget,
    preset: result.preset,
    anchor: result.anchor,
    ...(result.search === null ? {} : { search: searchReport(result.search) }),
    range: result.range,
    has_more_before: result.hasMoreBefore,
    has_more_after: result.hasMoreAfter,
    cursor_before: result.cursorBefore,
    cursor_after: result.cursorAfter,
    cursor: commands(result.cursor),
    ...(result.page === null ? {} : { page: result.page }),
    etag: result.etag,
    partial: result.partial,
    next_action: result.nextAction,
    detail_hint: {
      current_preset: result.detailHint.currentPreset,
      hidden_tool_calls: result.detailHint.hiddenToolCalls,
      truncated_results: result.detailHint.truncatedResults,
      thinking_hidden: result.detailHint.thinkingHidden,
      upgrade_options: result.detailHint.upgradeOptions.map((option) => ({
        preset: option.preset,
        estimated_tokens: option.estimatedTokens,
        will_fit: option.willFit,
        command: option.command
      }))
    },
    ...warningsOf(result.warnings)
  }
})

const searchReport = ({ matchIndex, matchIndices, matches, query }: NonNullable<ReadResult["search"]>) => ({
  query,
  matches,
  ...(matchIndex === null ? {} : { match_index: matchIndex }),
  ...(matches === 0 ? {} : { match_indices: matchIndices })
})

const read = (result: ReadResult): Shape<typeof ReadEnvelope> => ({
  api_version: 1,
  ...readHead(result),
  messages: result.messages.map(wireMessage),
  actions: result.actions
})

const unchanged = (result: UnchangedResult): Shape<typeof UnchangedEnvelope> => ({
  api_version: 1,
  unchanged: true,
  etag: result.etag,
  meta: {
    session_id: result.sessionId,
    source: result.source,
    total_messages: result.totalMessages,
    updated_at: isoTime(result.updatedAt)
  },
  actions: result.actions
})

const metaOf = (warnings: ReadonlyArray<Warning>) => (warnings.length === 0 ? {} : { meta: warningsOf(warnings) })

const info = ({ row: session, ...result }: InfoResult): Shape<typeof InfoEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  id: session.id,
  source: session.source,
  cwd: session.cwd,
  model: session.model,
  git_branch: session.gitBranch,
  title: session.title,
  name: null,
  tags: [],
  parent_id: session.parentId,
  created_at: isoTimeOrNull(session.createdAt),
  updated_at: isoTime(session.updatedAt),
  total_messages: session.totalMessages ?? 0,
  by_role: result.byRole,
  token_usage: result.tokenUsage,
  duration_ms: result.durationMs,
  file_path: session.filePath,
  bytes: result.bytes,
  actions: result.actions
})

const stats = ({ facts, row: session, ...result }: StatsResult): Shape<typeof StatsEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  id: session.id,
  source: session.source,
  filePath: session.filePath,
  metadata: {
    cwd: session.cwd,
    model: session.model,
    git_branch: session.gitBranch,
    title: session.title,
    parent_id: session.parentId,
    forked_from: facts.forkedFrom,
    archived: result.archived,
    created_at: isoTimeOrNull(session.createdAt),
    updated_at: isoTime(session.updatedAt),
    bytes: result.bytes
  },
  stats: {
    totalMessages: result.totalMessages,
    totalTokensEstimate: result.totalTokens,
    byRole: result.byRole,
    byBlockType: facts.byBlockType,
    tokenUsage: facts.tokenUsage,
    toolFrequency: facts.toolFrequency,
    filesModified: facts.filesModified,
    subagents: facts.subagents,
    durationMs: facts.durationMs
  },
  actions: result.actions
})

const doctor = (result: DoctorResult): Shape<typeof DoctorEnvelope> => ({
  api_version: 1,
  result: {
    node_version: result.nodeVersion,
    sessionr_version: result.version,
    runtime: result.runtime,
    platform: result.platform,
    cwd: result.cwd,
    state_dir: result.stateDir,
    state_bytes: result.stateBytes,
    cache_dir: result.cacheDir,
    cache_bytes: result.cacheBytes,
    cache_entries: result.cacheEntries,
    sources: result.sources.map((source) => ({
      name: source.name,
      data_dir: source.existing[0] ?? source.dataDirs[0] ?? null,
      data_dirs: source.dataDirs,
      data_dir_exists: source.existing.length > 0,
      session_count: source.sessionCount,
      unreadable: source.unreadable,
      spawn_bin: source.spawnBin,
      spawn_bin_resolvable: source.spawnBinPath !== null,
      spawn_bin_path: source.spawnBinPath,
      spawn_bin_version: source.spawnBinVersion,
      notes: source.notes
    })),
    warnings: result.warnings
  },
  actions: result.actions
})

const sources = (result: SourcesResult): Shape<typeof SourcesEnvelope> => ({
  api_version: 1,
  sources: result.sources.map((source) => ({
    name: source.name,
    display_name: source.displayName,
    aliases: source.aliases,
    storage: source.storage,
    capabilities: source.capabilities
  })),
  actions: result.actions
})

/** The version 1 envelope of a result. */
export const wireResult = (result: CommandResult): Wire => {
  switch (result._tag) {
    case "list":
      return list(result)
    case "search":
      return search(result)
    case "read":
      return read(result)
    case "unchanged":
      return unchanged(result)
    case "info":
      return info(result)
    case "stats":
      return stats(result)
    case "doctor":
      return doctor(result)
    case "sources":
      return sources(result)
    case "help":
    case "schema":
    case "completions":
    case "version":
      return { api_version: 1, ...result.json, actions: result.actions }
  }
}

/** What an error says, without the envelope: the fields of its class besides the common ones are its detail. */
export const wireError = (error: AppError, suggestion = error.suggestion): Schema.Schema.Type<typeof ErrorBody> => {
  const row = errorTable[error._tag]
  const { _tag, cause, message, name, stack, suggestion: _own, ...detail } = { ...error } as Record<string, unknown>
  return {
    code: row.code,
    class: row.class,
    message: error.message,
    ...(Object.keys(detail).length === 0
      ? {}
      : { detail: detail as Schema.Schema.Type<typeof ErrorBody>["detail"] & {} }),
    ...(suggestion === undefined ? {} : { suggestion }),
    retry: row.retry,
    exit_code: row.exit
  }
}
