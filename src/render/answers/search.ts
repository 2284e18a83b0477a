import type { SearchResult } from "../../domain/results.ts"
import { isoTime } from "../../domain/time.ts"
import type { SearchEnvelope } from "../../schemas/search.ts"
import { sanitizeLine } from "../terminal.ts"
import { type Encoder, nextLine, type Shape, type TextStyle, warningLines, warningsOf } from "./common.ts"

const searchWire = (result: SearchResult): Shape<typeof SearchEnvelope> => ({
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

const searchText = (result: SearchResult, style: TextStyle): string => {
  const { paint } = style
  const hits = result.results.map((hit) => {
    const head = `${hit.id}  ${hit.source}  ${isoTime(hit.updatedAt).slice(0, 16).replace("T", " ")}  ${hit.cwd ?? "-"}`
    const matches = hit.matches.map(
      (match) => `  ${paint.dim(`[${match.messageIndex}] ${match.role}`)} ${sanitizeLine(match.snippet)}\n`
    )
    return `${paint.bold(sanitizeLine(head))}  ${hit.matchCount} matches\n  ${sanitizeLine(hit.summary)}\n${matches.join("")}`
  })
  const count = `${result.totalMatches} of ${result.scanned} sessions match`
  return (
    hits.join("\n") +
    `${hits.length > 0 ? "\n" : ""}${paint.dim(count)}\n` +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

export const search: Encoder<SearchResult> = { wire: searchWire, text: searchText }
