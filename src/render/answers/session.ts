import type { InfoResult, SessionRow, StatsResult } from "../../domain/results.ts"
import { formatDuration, isoTime, isoTimeOrNull } from "../../domain/time.ts"
import type { InfoEnvelope, StatsEnvelope } from "../../schemas/session.ts"
import { renderTable } from "../terminal.ts"
import {
  type Encoder,
  metaOf,
  nextLine,
  pairs,
  roleCounts,
  section,
  type Shape,
  type TextStyle,
  usage,
  warningLines
} from "./common.ts"

const infoWire = ({ row: session, ...result }: InfoResult): Shape<typeof InfoEnvelope> => ({
  api_version: 1,
  ...metaOf(result.warnings),
  id: session.id,
  source: session.source,
  cwd: session.cwd,
  model: session.model,
  git_branch: session.gitBranch,
  title: session.title,
  name: session.name,
  tags: session.tags,
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

const statsWire = ({ facts, row: session, ...result }: StatsResult): Shape<typeof StatsEnvelope> => ({
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

const facts = (row: SessionRow): ReadonlyArray<readonly [string, string | null]> => [
  ["id", row.id],
  ["source", row.source],
  ["title", row.title],
  ["name", row.name],
  ["tags", row.tags.length === 0 ? null : row.tags.join(" ")],
  ["first prompt", row.summary === "" ? null : row.summary],
  ["directory", row.cwd],
  ["branch", row.gitBranch],
  ["model", row.model],
  ["parent", row.parentId],
  ["created", isoTimeOrNull(row.createdAt)],
  ["updated", isoTime(row.updatedAt)],
  ["file", row.filePath]
]

const infoText = (result: InfoResult, style: TextStyle): string =>
  pairs(
    [
      ...facts(result.row),
      ["messages", `${result.row.totalMessages} (${roleCounts(result.byRole)})`],
      ["tokens", usage(result.tokenUsage)],
      ["duration", result.durationMs === null ? null : formatDuration(result.durationMs)],
      ["size", `${result.bytes} bytes`]
    ],
    style
  ) +
  warningLines(result.warnings, style) +
  nextLine(result.actions, style)

const statsText = (result: StatsResult, style: TextStyle): string => {
  const { facts: found } = result
  const tools = found.toolFrequency.map(({ count, errors, name }) => [
    name,
    String(count),
    errors === 0 ? "" : `${errors} failed`
  ])
  return (
    pairs(
      [
        ...facts(result.row),
        ["forked from", found.forkedFrom],
        ["messages", `${result.totalMessages} (${roleCounts(result.byRole)}), about ${result.totalTokens} tokens`],
        ["tokens", usage(found.tokenUsage)],
        ["duration", found.durationMs === null ? null : formatDuration(found.durationMs)]
      ],
      style
    ) +
    (tools.length === 0
      ? ""
      : `\n${renderTable(
          [
            { title: "TOOL", max: 40 },
            { title: "CALLS", max: 8 },
            { title: "ERRORS", max: 12 }
          ],
          tools,
          style.width,
          style.paint
        )}`) +
    section("Files modified", found.filesModified, style) +
    section(
      "Subagents",
      found.subagents.map(({ description, id }) => (description === null ? id : `${id}  ${description}`)),
      style
    ) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

export const info: Encoder<InfoResult> = { wire: infoWire, text: infoText }

export const stats: Encoder<StatsResult> = { wire: statsWire, text: statsText }
