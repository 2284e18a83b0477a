import type { Role } from "./message.ts"
import { type RoleCounts, type TokenUsage } from "./session.ts"
import { dayOf, type Spent, splitUsage } from "./spending.ts"
import type { Transcript } from "./transcript.ts"

/** The messages of a session on one UTC day. */
export interface DayTally {
  /** `2026-11-01`. */
  readonly day: string
  readonly byRole: RoleCounts
  /** Tool results that failed. */
  readonly errors: number
  /** Estimated tokens: over all days they are the estimate of the session. */
  readonly tokens: number
  /** Between the first and the last message of the day, milliseconds. */
  readonly durationMs: number
}

/** All that totals over many sessions need of one, so that it has to be read whole only once. */
export interface Tally {
  /** The model of the last answer, to which goes what no answer says of its own. */
  readonly model: string | null
  readonly forkedFrom: string | null
  readonly durationMs: number | null
  readonly usage: TokenUsage | null
  /** Sums up to `usage`; every row has a day. Empty where no usage was recorded. */
  readonly spent: ReadonlyArray<Spent & { readonly day: string }>
  /** As `encodeAnswers` writes them; `row` counts in `spent`. */
  readonly answers: string
  /** In the order of their first message. */
  readonly days: ReadonlyArray<DayTally>
  /** Records that were passed over. */
  readonly skipped: number
}

/** A day that is no date is as good as none. */
const epochDay = "1970-01-01"

interface DaySum {
  readonly byRole: Record<Role, number>
  errors: number
  tokens: number
  oldest: number
  newest: number
}

const newDay = (): DaySum => ({
  byRole: { user: 0, assistant: 0, system: 0, tool_use: 0, tool_result: 0 },
  errors: 0,
  tokens: 0,
  oldest: Infinity,
  newest: -Infinity
})

/**
 * Shares `total` among parts by their size, in whole numbers that sum up to it: each message's estimate is rounded up,
 * the session's only once.
 */
const shares = (total: number, sizes: ReadonlyArray<number>): ReadonlyArray<number> => {
  const sum = sizes.reduce((a, b) => a + b, 0)
  let passed = 0
  let given = 0
  return sizes.map((size) => {
    passed += size
    const upTo = sum === 0 ? 0 : Math.round((total * passed) / sum)
    const share = upTo - given
    given = upTo
    return share
  })
}

const daysOf = (transcript: Transcript, lastDay: string): ReadonlyArray<DayTally> => {
  const days = new Map<string, DaySum>()
  // Neighbours share their day: it is spelled out once for each run of them.
  let knownFrom = Infinity
  let known = newDay()
  const sumFor = (day: string): DaySum => {
    const sum = days.get(day) ?? newDay()
    days.set(day, sum)
    return sum
  }
  for (let index = 1; index <= transcript.count; index++) {
    const time = transcript.time(index)
    const start = time === null ? Number.NaN : Math.floor(time / 86_400_000)
    if (start !== knownFrom) {
      known = sumFor((time === null ? null : dayOf(time)) ?? lastDay)
      knownFrom = start
    }
    known.byRole[transcript.role(index)]++
    known.tokens += transcript.tokens(index)
    if (transcript.isError(index)) known.errors++
    if (time === null) continue
    if (time < known.oldest) known.oldest = time
    if (time > known.newest) known.newest = time
  }
  const sums = Array.from(days)
  const tokens = shares(
    transcript.totalTokens,
    sums.map(([, sum]) => sum.tokens)
  )
  return sums.map(([day, { byRole, errors, newest, oldest }], at) => ({
    day,
    byRole,
    errors,
    tokens: tokens[at]!,
    durationMs: newest >= oldest ? newest - oldest : 0
  }))
}

/**
 * The tally of a session. What has no time of its own is put on the day of its last activity, and what no answer says
 * the model of, stays without one.
 */
export const tallyOf = (transcript: Transcript): Tally => {
  const { facts, head, skipped } = transcript
  const lastDay = dayOf(head.updatedAt) ?? epochDay
  const { tokenUsage: usage } = facts
  const spent = usage === null ? [] : splitUsage(usage, facts.spent ?? [])
  const isSplit = facts.spent !== undefined && spent.length >= facts.spent.length && spent[0] === facts.spent[0]
  return {
    model: head.model,
    forkedFrom: facts.forkedFrom,
    durationMs: facts.durationMs,
    usage,
    spent: spent.map(({ day, model, tokens }) => ({ day: day ?? lastDay, model, tokens })),
    answers: usage !== null && isSplit ? (facts.answers?.() ?? "") : "",
    days: daysOf(transcript, lastDay),
    skipped: skipped.reduce((sum, { count }) => sum + count, 0)
  }
}
