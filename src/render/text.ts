import type {
  Action,
  CommandResult,
  DoctorResult,
  InfoResult,
  ListResult,
  ReadResult,
  SearchResult,
  SessionRow,
  SourcesResult,
  StatsResult,
  Warning
} from "../domain/results.ts"
import type { TokenUsage } from "../domain/session.ts"
import { formatAge, formatDuration, isoTime, isoTimeOrNull } from "../domain/time.ts"
import { type Paint, renderTable, sanitize, sanitizeLine } from "./terminal.ts"
import { textMessage } from "./text-message.ts"

/** What text output depends on besides the result. */
export interface TextStyle {
  readonly paint: Paint
  /** Cells. */
  readonly width: number
}

const line = (text: string): string => `${sanitize(text)}\n`

const nextLine = (actions: ReadonlyArray<Action>, { paint }: TextStyle): string =>
  actions[0] === undefined ? "" : paint.dim(`next: ${sanitizeLine(actions[0].command)}`) + "\n"

const warningLines = (warnings: ReadonlyArray<Warning>, { paint }: TextStyle): string =>
  warnings
    .map(({ code, message, source }) =>
      paint.dim(`warning[${code}]: ${source === null ? "" : `${source}: `}${sanitizeLine(message)}`)
    )
    .map((warning) => `${warning}\n`)
    .join("")

/** A directory as a table shows it: its last two names. */
const shortDirectory = (cwd: string | null): string =>
  cwd === null ? "-" : cwd.split("/").filter(Boolean).slice(-2).join("/") || "/"

const label = (row: SessionRow): string => row.title ?? (row.summary === "" ? "-" : row.summary)

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

const listText = (result: ListResult): string =>
  result.sessions
    .map((row) => {
      const facts = [row.source, isoTime(row.updatedAt), row.cwd, row.gitBranch, row.model].filter((x) => x !== null)
      const count = row.totalMessages === null ? "" : `  ${row.totalMessages} messages`
      return line(`${row.id}  ${facts.join("  ")}${count}`) + `  ${sanitizeLine(label(row))}\n`
    })
    .join("")

const list = (result: ListResult, table: boolean, style: TextStyle): string => {
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
    (table ? listTable(result, style) : listText(result)) +
    `${style.paint.dim(sanitizeLine(summary.filter(Boolean).join("; ")))}\n` +
    warningLines(result.warnings, style) +
    (result.cursor.next === null
      ? nextLine([result.nextAction], style)
      : nextLine([{ command: result.cursor.next.command, description: "" }], style))
  )
}

const search = (result: SearchResult, style: TextStyle): string => {
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

const read = (result: ReadResult, style: TextStyle): string => {
  const { paint } = style
  const { session } = result
  const head =
    session === null
      ? ""
      : paint.bold(sanitizeLine(`${session.id}  ${session.source}  ${session.model ?? "-"}  ${session.cwd ?? "-"}`)) +
        `\n${paint.dim(`${session.totalMessages} messages, about ${session.totalTokens} tokens`)}\n\n`
  const range = result.range === null ? "no messages" : `messages ${result.range.from}-${result.range.to}`
  const found =
    result.search === null ? "" : `; ${result.search.matches} matches for ${JSON.stringify(result.search.query)}`
  return (
    head +
    result.messages.map((message) => textMessage(message, paint)).join("") +
    `${paint.dim(sanitizeLine(`${range} of ${result.totalMessages}, ${result.returnedTokens} tokens${found}`))}\n` +
    warningLines(result.warnings, style) +
    (result.cursor.next === null ? "" : nextLine([{ ...result.cursor.next, description: "" }], style))
  )
}

const pairs = (rows: ReadonlyArray<readonly [string, string | null]>, { paint }: TextStyle): string => {
  const shown = rows.filter((row): row is readonly [string, string] => row[1] !== null)
  const width = Math.max(0, ...shown.map(([name]) => name.length))
  return shown.map(([name, value]) => `${paint.dim(name.padEnd(width))}  ${sanitizeLine(value)}\n`).join("")
}

const usage = (tokens: TokenUsage | null): string | null =>
  tokens === null
    ? null
    : `${tokens.input} in, ${tokens.output} out (${tokens.thinking} thinking), ` +
      `${tokens.cacheRead} read from cache, ${tokens.cacheCreation} written to it`

const facts = (row: SessionRow): ReadonlyArray<readonly [string, string | null]> => [
  ["id", row.id],
  ["source", row.source],
  ["title", row.title],
  ["first prompt", row.summary === "" ? null : row.summary],
  ["directory", row.cwd],
  ["branch", row.gitBranch],
  ["model", row.model],
  ["parent", row.parentId],
  ["created", isoTimeOrNull(row.createdAt)],
  ["updated", isoTime(row.updatedAt)],
  ["file", row.filePath]
]

const roleCounts = (byRole: Readonly<Record<string, number>>): string =>
  Object.entries(byRole)
    .filter(([, count]) => count > 0)
    .map(([role, count]) => `${count} ${role}`)
    .join(", ")

const info = (result: InfoResult, style: TextStyle): string =>
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

const stats = (result: StatsResult, style: TextStyle): string => {
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

const section = (title: string, lines: ReadonlyArray<string>, { paint }: TextStyle): string =>
  lines.length === 0 ? "" : `\n${paint.bold(title)}\n${lines.map((text) => `  ${sanitizeLine(text)}\n`).join("")}`

const doctor = (result: DoctorResult, style: TextStyle): string => {
  const table = renderTable(
    [{ title: "SOURCE", max: 14 }, { title: "SESSIONS", max: 8 }, { title: "PROGRAM", max: 36 }, { title: "DATA" }],
    result.sources.map((source) => [
      source.name,
      String(source.sessionCount),
      source.spawnBin === null ? "-" : (source.spawnBinPath ?? `${source.spawnBin} (not on PATH)`),
      source.existing.join(", ") || `${source.dataDirs[0] ?? "-"} (missing)`
    ]),
    style.width,
    style.paint
  )
  const bytes = (size: number | null) => (size === null ? "missing" : `${size} bytes`)
  return (
    pairs(
      [
        ["sessionr", `${result.version} on ${result.runtime}, ${result.platform}`],
        ["state", `${result.stateDir} (${bytes(result.stateBytes)})`],
        ["cache", `${result.cacheDir} (${bytes(result.cacheBytes)}, ${result.cacheEntries} digests)`]
      ],
      style
    ) +
    `\n${table}` +
    section(
      "Notes",
      result.sources.flatMap(({ name, notes }) => notes.map((note) => `${name}: ${note}`)),
      style
    ) +
    section("Warnings", result.warnings, style)
  )
}

const sources = (result: SourcesResult, style: TextStyle): string =>
  renderTable(
    [
      { title: "SOURCE", max: 14 },
      { title: "NAME", max: 20 },
      { title: "ALIASES", max: 24 },
      { title: "STORAGE", max: 8 },
      { title: "CAN" }
    ],
    result.sources.map((source) => [
      source.name,
      source.displayName,
      source.aliases.join(", "),
      source.storage,
      Object.entries(source.capabilities)
        .filter(([, can]) => can)
        .map(([name]) => name)
        .join(", ")
    ]),
    style.width,
    style.paint
  )

/** A result as people read it; `table` asks for rows where there are two ways. */
export const textResult = (result: CommandResult, table: boolean, style: TextStyle): string => {
  switch (result._tag) {
    case "list":
      return list(result, table, style)
    case "search":
      return search(result, style)
    case "read":
      return read(result, style)
    case "unchanged":
      return line(`unchanged: ${result.etag}`)
    case "info":
      return info(result, style)
    case "stats":
      return stats(result, style)
    case "doctor":
      return doctor(result, style)
    case "sources":
      return sources(result, style)
    case "help":
    case "schema":
    case "completions":
    case "version":
      return result.text
  }
}
