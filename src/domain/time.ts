/** ISO 8601 in UTC with milliseconds; null stays null, and so does a time that no date can hold. */
export const isoTime = (ms: number): string => {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? new Date(0).toISOString() : date.toISOString()
}

export const isoTimeOrNull = (ms: number | null): string | null =>
  ms === null || Number.isNaN(new Date(ms).getTime()) ? null : new Date(ms).toISOString()

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** What durations may look like, for messages. */
export const acceptedDurations = "Nd, Nh, Nm, Ns or Nw with N >= 1"

/** What durations and dates may look like, for messages. */
export const acceptedTimes = "Nd, Nh, Nm, Ns or Nw with N >= 1, or a date: 2026-05-15, 2026-05-15T12:00:00Z"

/** Milliseconds of `7d`, `12h`, `30m`, `45s`, `2w`; null for anything else, zero included. */
export const parseDuration = (text: string): number | null => {
  const match = /^(\d{1,9})([smhdw])$/.exec(text.trim())
  if (match === null) return null
  const ms = Number(match[1]) * unitMs[match[2]!]!
  return ms > 0 ? ms : null
}

/** Whether the day is in the calendar: a date parser may take 30 February for 2 March. */
const isDay = (spelled: string): boolean => {
  const [year = 0, month = 1, day = 1] = spelled.slice(0, 10).split("-").map(Number)
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day
}

/**
 * A point in time: a duration before `now`, or a date. A date without a time of day is midnight UTC, as every time that
 * the program prints is UTC.
 */
export const parseInstant = (text: string, now: number): number | null => {
  const duration = parseDuration(text)
  if (duration !== null) return now - duration
  if (!/^\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(text.trim())) return null
  const spelled = text.trim().replace(" ", "T")
  if (!isDay(spelled)) return null
  const zoned = /T/.test(spelled) && !/(Z|[+-]\d{2}:?\d{2})$/.test(spelled) ? `${spelled}Z` : spelled
  const time = Date.parse(zoned)
  return Number.isNaN(time) ? null : time
}

/** `1m 2s`, `3h 4m`, `2d 5h`: the two largest units. */
export const formatDuration = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const parts: ReadonlyArray<readonly [number, string]> = [
    [Math.floor(seconds / 86_400), "d"],
    [Math.floor(seconds / 3600) % 24, "h"],
    [Math.floor(seconds / 60) % 60, "m"],
    [seconds % 60, "s"]
  ]
  const first = parts.findIndex(([n]) => n > 0)
  if (first < 0) return "0s"
  return parts
    .slice(first, first + 2)
    .filter(([n]) => n > 0)
    .map(([n, unit]) => `${n}${unit}`)
    .join(" ")
}

/** Age of a time as people say it in a table: `5m`, `3h`, `12d`. */
export const formatAge = (ms: number, now: number): string => {
  const seconds = Math.max(0, Math.round((now - ms) / 1000))
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}
