import type { ListResult, SessionRow } from "../../domain/results.ts"
import { formatAge, isoTime, isoTimeOrNull } from "../../domain/time.ts"
import type { ListEnvelope, SessionRow as WireRow } from "../../schemas/list.ts"
import { renderTable, sanitizeLine } from "../terminal.ts"
import {
  commands,
  type Encoder,
  line,
  nextLine,
  type Shape,
  type TextStyle,
  warningLines,
  warningsOf
} from "./common.ts"

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
  name: session.name,
  tags: session.tags,
  parent_id: session.parentId,
  total_messages: session.totalMessages
})

const listWire = (result: ListResult): Shape<typeof ListEnvelope> => ({
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

/** A directory as a table shows it: its last two names. */
const shortDirectory = (cwd: string | null): string =>
  cwd === null ? "-" : cwd.split("/").filter(Boolean).slice(-2).join("/") || "/"

const label = (row: SessionRow): string =>
  [row.title ?? (row.summary === "" ? "-" : row.summary), ...row.tags.map((tag) => `#${tag}`)].join(" ")

const listTable = (result: ListResult, style: TextStyle): string => {
  if (result.sessions.length === 0) return ""
  return renderTable(
    [
      { title: "ID", max: 36 },
      { title: "SOURCE", max: 12 },
      { title: "AGE", max: 5 },
      { title: "DIR", max: 24 },
      { title: "MSGS", max: 6 },
      { title: "TITLE" }
    ],
    result.sessions.map((row) => [
      row.shortId,
      row.source,
      formatAge(row.updatedAt, result.now),
      shortDirectory(row.cwd),
      row.totalMessages === null ? "-" : String(row.totalMessages),
      label(row)
    ]),
    style.width,
    style.paint
  )
}

const listBlocks = (result: ListResult): string =>
  result.sessions
    .map((row) => {
      const facts = [row.source, isoTime(row.updatedAt), row.cwd, row.gitBranch, row.model].filter((x) => x !== null)
      const count = row.totalMessages === null ? "" : `  ${row.totalMessages} messages`
      return line(`${row.id}  ${facts.join("  ")}${count}`) + `  ${sanitizeLine(label(row))}\n`
    })
    .join("")

const listText = (result: ListResult, style: TextStyle, table: boolean): string => {
  const shown = result.sessions.length
  const empty = result.sessions.length === 0 ? `No sessions (${result.scopeReason}).` : ""
  const hidden = result.hidden.subagents + result.hidden.empty
  const summary = [
    shown === 0 ? empty : `${result.offset + 1}-${result.offset + shown} of ${result.totalAvailable} sessions`,
    result.scope === "fellback_to_global" ? `${result.scopeReason}: all directories` : "",
    hidden > 0 ? `hidden: ${result.hidden.subagents} subagents, ${result.hidden.empty} empty` : "",
    result.search?.truncated === true ? `searched ${result.search.scanned} of ${result.search.available}` : ""
  ]
  return (
    (table ? listTable(result, style) : listBlocks(result)) +
    `${style.paint.dim(sanitizeLine(summary.filter(Boolean).join("; ")))}\n` +
    warningLines(result.warnings, style) +
    (result.cursor.next === null
      ? nextLine([result.nextAction], style)
      : nextLine([{ command: result.cursor.next.command, description: "" }], style))
  )
}

export const list: Encoder<ListResult> = { wire: listWire, text: listText }
