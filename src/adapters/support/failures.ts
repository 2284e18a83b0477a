import type { FailureKind, ToolFailure } from "../../domain/sending.ts"
import { oneLine } from "../../domain/text.ts"
import { asCount, asObject, asText, parseJson } from "./json.ts"

/** Characters of a message that are looked at, and that are kept. */
const lookedAt = 4000
const kept = 500

/** A status where it is one: at the start, or after a word that says so; `401` alone may be a line number. */
const status = (digits: string): RegExp =>
  new RegExp(`(?:^\\W*|(?:status|code|error|http|failed)["']?\\s*(?:code)?[:=( ]\\s*)${digits}\\b|\\(${digits}\\)`, "i")

const authentication: ReadonlyArray<RegExp> = [
  status("401"),
  /un-?authori[sz]ed|unauthenticated|not (?:logged|signed) in|authentication[_ ](?:error|failed|required)/i,
  /failed to authenticate|(?:please |must |need to )(?:re-?authenticate|(?:log|sign) ?in)|run [`'"/\w -]{0,40}login\b/i,
  /invalid[_ ](?:x-)?api[_ -]?key|invalid authentication|no authentication information|set an auth method/i,
  /(?:missing|must specify|must set|not set|no) [^.]{0,60}(?:api[_ ]?key|_TOKEN\b|credentials)/i,
  /(?:api[_ ]?key|credentials|token)[^.]{0,60} (?:is|are|has|have)? ?(?:missing|not set|not found|expired|invalid|revoked)/i
]

const rateLimit: ReadonlyArray<RegExp> = [
  status("429"),
  /too many requests|rate[_ -]?limit|resource[_ ]exhausted|quota|(?:usage|session|weekly|daily|request) limit/i
]

/** What kind of failure an error message tells of; `code` is the HTTP status, where the tool gives it. */
export const kindOf = (message: string, code: number | null = null): FailureKind => {
  if (code === 401) return "auth"
  if (code === 429) return "rate_limit"
  const text = message.slice(0, lookedAt)
  if (rateLimit.some((pattern) => pattern.test(text))) return "rate_limit"
  return authentication.some((pattern) => pattern.test(text)) ? "auth" : "tool"
}

const secondsOf: ReadonlyArray<readonly [RegExp, number]> = [
  [/^ms|^milli/i, 0.001],
  [/^s/i, 1],
  [/^m/i, 60],
  [/^h/i, 3600],
  [/^d/i, 86_400]
]

/** Seconds after which a message says to try again, rounded up: "try again in 1.2s", "in 3 hours 20 minutes". */
export const retryAfterOf = (message: string): number | null => {
  const pattern =
    /(?:try again|retry(?:ing)?|retry-?delay|retry-?after)\W{1,4}(?:(?:in|after|about)\W{1,3}){0,2}((?:\d{1,9}(?:\.\d{1,9})?\s?[a-z]{1,12}[\s,]{0,2}(?:and\s)?){1,4})/i
  const spans = pattern.exec(message.slice(0, lookedAt))?.[1]
  if (spans === undefined) return null
  let seconds = 0
  let understood = false
  for (const [, number, unit] of spans.matchAll(/(\d+(?:\.\d+)?)\s?([a-z]+)/gi)) {
    const factor = secondsOf.find(([name]) => name.test(unit!))?.[1]
    if (factor === undefined) continue
    understood = true
    seconds += Number(number) * factor
  }
  return understood ? Math.ceil(seconds) : null
}

/** The provider's own words, where a message is nothing but the JSON of its answer. */
const unwrapped = (message: string): string => {
  if (!message.startsWith("{") || message.length > lookedAt) return message
  const body = asObject(parseJson(message))
  return asText(asObject(body?.["error"])?.["message"]) ?? asText(body?.["message"]) ?? message
}

// Colours and other control sequences, which a tool may print without a terminal too.
const controls = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f]/g

/** A tool's message as one line without control characters. */
export const plainLine = (message: string): string => oneLine(message.slice(0, lookedAt).replace(controls, " "), kept)

/** What else a tool says of a failure, apart from its message. */
export interface FailureFacts {
  readonly kind?: FailureKind | null
  /** HTTP status; whatever is no number is ignored. */
  readonly code?: unknown
  /** Seconds until a new attempt; whatever is no number is ignored. */
  readonly retryAfter?: unknown
}

/** A failure from what a tool says of it, of whatever type that is. */
export const failureOf = (message: unknown, facts: FailureFacts = {}): ToolFailure => {
  const code = asCount(facts.code)
  const text = unwrapped((asText(message) ?? "").trim())
  const said = plainLine(text)
  const told = asCount(facts.retryAfter)
  return {
    kind: facts.kind ?? kindOf(`${asText(message) ?? ""}`, code),
    message: said === "" ? (code === null ? "the tool gives no reason" : `status ${code}`) : said,
    retryAfter: told === null ? retryAfterOf(asText(message) ?? "") : Math.ceil(told)
  }
}
