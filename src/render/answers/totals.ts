import type { Breakdown, GroupTotals, TotalsGroup, TotalsResult } from "../../domain/results.ts"
import { breakdowns } from "../../domain/results/totals.ts"
import type { TokenUsage } from "../../domain/session.ts"
import { formatDuration, isoTimeOrNull } from "../../domain/time.ts"
import type { TotalsEnvelope } from "../../schemas/totals.ts"
import { type BarRow, compact, renderBars } from "../bars.ts"
import { sanitizeLine } from "../terminal.ts"
import {
  type Encoder,
  nextLine,
  pairs,
  roleCounts,
  type Shape,
  type TextStyle,
  warningLines,
  warningsOf
} from "./common.ts"

/** Some tools write fractions. */
const whole = (count: number): number => Math.max(0, Math.round(count))

const tokens = (usage: TokenUsage | null) =>
  usage === null
    ? null
    : {
        input: whole(usage.input),
        output: whole(usage.output),
        cache_read: whole(usage.cacheRead),
        cache_creation: whole(usage.cacheCreation),
        thinking: whole(usage.thinking)
      }

const sums = (group: GroupTotals): Shape<typeof TotalsEnvelope>["total"] => ({
  sessions: group.sessions,
  subagents: group.subagents,
  messages: group.messages,
  by_role: group.byRole,
  tool_calls: group.byRole.tool_use,
  tool_errors: group.toolErrors,
  tokens: tokens(group.tokens),
  sessions_without_usage: group.withoutUsage,
  tokens_estimate: group.tokensEstimate,
  duration_ms: whole(group.durationMs)
})

const totalsWire = (result: TotalsResult): Shape<typeof TotalsEnvelope> => ({
  api_version: 1,
  meta: {
    cwd_scope: result.scope,
    cwd_scope_reason: result.scopeReason,
    cwd: result.cwd,
    since: isoTimeOrNull(result.since),
    until: isoTimeOrNull(result.until),
    hidden: { empty: result.empty },
    ...warningsOf(result.warnings)
  },
  by: result.by,
  total: sums(result.total),
  groups: result.groups.map((group) => ({ by: group.by, key: group.key, ...sums(group) })),
  actions: result.actions
})

const titles: { readonly [B in Breakdown]: string } = {
  source: "SOURCE",
  day: "DAY",
  model: "MODEL",
  project: "PROJECT"
}

/** Rows of a breakdown that nobody asked for by name: the newest days, or what cost most. */
const shownRows = 15

/** What is read and written, cached or not. */
const spent = ({ tokens: usage }: GroupTotals): string =>
  usage === null ? "-" : compact(usage.input + usage.output + usage.cacheRead + usage.cacheCreation)

const rowOf = (group: TotalsGroup): BarRow => ({
  cells: [
    group.key ?? "-",
    String(group.sessions + group.subagents),
    compact(group.byRole.tool_use),
    compact(group.toolErrors),
    spent(group),
    compact(group.messages)
  ],
  value: group.messages
})

const breakdown = (by: Breakdown, result: TotalsResult, style: TextStyle): string => {
  const groups = result.groups.filter((group) => group.by === by)
  if (groups.length === 0) return ""
  const limit = result.by === null ? shownRows : groups.length
  const shown = by === "day" ? groups.slice(-limit) : groups.slice(0, limit)
  const left = groups.length - shown.length
  const table = renderBars(
    [
      { title: titles[by], max: by === "project" ? 36 : 28 },
      { title: "SESSIONS", max: 8 },
      { title: "CALLS", max: 6 },
      { title: "ERRORS", max: 6 },
      { title: "TOKENS", max: 7 },
      { title: "MSGS", max: 6 }
    ],
    shown.map(rowOf),
    style
  )
  const more =
    left === 0 ? "" : `${style.paint.dim(`${left} more ${by === "day" ? "before them" : `${by}s`}: --by ${by}`)}\n`
  return `\n${table}${more}`
}

const usageText = ({ tokens: usage, withoutUsage }: GroupTotals): string | null => {
  if (usage === null) return null
  const { cache_creation, cache_read, input, output, thinking } = tokens(usage)!
  const counts = `${compact(input)} in, ${compact(output)} out (${compact(thinking)} thinking), ${compact(cache_read)} read from cache, ${compact(cache_creation)} written to it`
  return withoutUsage === 0 ? counts : `${counts}; ${withoutUsage} without a count`
}

const totalsText = (result: TotalsResult, style: TextStyle): string => {
  const { total } = result
  const notes = [
    result.scope === "all" ? "" : result.scopeReason,
    result.empty === 0 ? "" : `${result.empty} without messages and tokens are left out`
  ].filter(Boolean)
  return (
    pairs(
      [
        ["sessions", `${total.sessions}${total.subagents === 0 ? "" : ` and ${total.subagents} subagents`}`],
        ["messages", total.messages === 0 ? "0" : `${total.messages} (${roleCounts(total.byRole)})`],
        ["tool errors", String(total.toolErrors)],
        ["tokens", usageText(total)],
        ["text", `about ${compact(total.tokensEstimate)} tokens`],
        ["duration", formatDuration(total.durationMs)]
      ],
      style
    ) +
    (result.by === null ? breakdowns : [result.by]).map((by) => breakdown(by, result, style)).join("") +
    (notes.length === 0 ? "" : `\n${style.paint.dim(sanitizeLine(notes.join("; ")))}\n`) +
    warningLines(result.warnings, style) +
    nextLine(result.actions, style)
  )
}

export const totals: Encoder<TotalsResult> = { wire: totalsWire, text: totalsText }
