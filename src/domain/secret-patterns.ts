import { looksAssigned, looksRandom } from "./secret-shape.ts"

/** Where a secret stands in a text: UTF-16 offsets, `end` exclusive. `rule` is a name in lower case and dashes. */
export interface SecretRange {
  readonly start: number
  readonly end: number
  readonly rule: string
}

/** Looks for secrets in a text of any length, in time linear in it. */
export type SecretFinder = (text: string) => ReadonlyArray<SecretRange>

/** A word in the three spellings that names are written in: `token`, `Token`, `TOKEN`. */
const spelled = (words: ReadonlyArray<string>): string =>
  words
    .flatMap((word) => {
      const upper = word.toUpperCase()
      return [word, `${upper.slice(0, 1)}${word.slice(1)}`, upper]
    })
    .join("|")

const passwordNames = ["password", "passwd", "passphrase", "pwd"]
const secretNames = [
  "secret",
  "token",
  "credential",
  ...["api", "access", "private", "signing", "encryption", "auth", "account", "client"].map((kind) => `${kind}[_-]?key`)
]
/** `apiKey` and the like: a second word in camel case. */
const camelNames = "(?:[Aa]pi|[Aa]ccess|[Pp]rivate|[Ss]igning|[Ee]ncryption|[Aa]uth|[Aa]ccount|[Cc]lient)Key"

const quote = "\\\\{0,3}[\"'`]"

// Every pattern begins with a literal or at the start of a word, and nothing unbounded follows something that may match
// the same characters: no text makes one of them look at a character more often than a fixed number of times.
const assignment = new RegExp(
  `(?:(${spelled(passwordNames)})|${spelled(secretNames)}|${camelNames})` +
    `(?:s|S)?(?:[_-][A-Za-z0-9_-]{0,32}|[A-Z][A-Za-z0-9]{0,32}|[0-9]{1,4})?` +
    `(?:${quote})?\\]?([ \\t]{0,8})(:=|=>|=|:)([ \\t]{0,8})(${quote})?`,
  "g"
)
const flagValue = new RegExp(
  `--(?:[a-z0-9]{1,20}-){0,4}(?:password|passwd|passphrase|token|secret|api-?key|access-?key)[ \\t]{1,8}(${quote})?`,
  "g"
)
const authorization = new RegExp(
  `[Aa](?:uthorization|UTHORIZATION)(?:${quote})?[ \\t]{0,8}[:=][ \\t]{0,8}(?:${quote})?(?:[A-Za-z]{4,12}[ \\t]{1,4})?`,
  "g"
)
const bearer = /(?<![A-Za-z0-9_-])(?:Bearer|bearer|BEARER|Basic|basic)[ \t]{1,4}/g
const cookie = new RegExp(`(?<![A-Za-z0-9_-])(?:[Ss]et-)?[Cc]ookie(?:${quote})?:[ \\t]{0,8}(?:${quote})?`, "g")
const jwt = /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*)?/g
const urlPassword = /(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s:@/"'<>`\\]{0,100}:([^\s@/"'<>`]{1,256})@/g
/** Between the lines of a key: line ends, as such or escaped, and what quotes or numbers lines. */
const lineEnd = "(?:[\\s>|\\u2192]|\\\\[nr]|[0-9]{1,6}[\\t:\\u2192|])"
const privateKey = new RegExp(
  `-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----${lineEnd}*` +
    `(?:[A-Z][A-Za-z-]{2,20}: [^\\r\\n\\\\]{0,120}(?:\\r?\\n|\\\\[nr])${lineEnd}*){0,4}` +
    `[A-Za-z0-9+/=]{16,}(?:${lineEnd}+[A-Za-z0-9+/=]{16,})*` +
    `(?:${lineEnd}*[A-Za-z0-9+/=]{0,15}${lineEnd}*-----END [A-Z0-9 ]{0,40}-----)?`,
  "g"
)

/** Beginnings that nothing but a token of that maker has: also a token that something has cut off is recognised. */
const firmPrefixes =
  "sk-ant-|sk-proj-|sk-svcacct-|sk-admin-|sk-or-v1-|github_pat_|gh[pousr]_|glpat-|glptt-|gldt-|glrt-|xox[abeoprs]-|xapp-|" +
  "sk_live_|rk_live_|sk_test_|rk_test_|whsec_|shp(?:at|ca|pa|ss)_|dop_v1_|doo_v1_|lin_api_|figd_|dckr_pat_|hv[sbr]\\.|" +
  "tskey-[a-z]{2,20}-|pypi-AgE|ya29\\.|AIza|ATATT3|nvapi-|AGE-SECRET-KEY-1|glc_|glsa_|ops_ey"
/** Beginnings that names in programs have as well: what follows must look like a token. */
const weakPrefixes = "sk-|npm_|hf_|gsk_|xai-|pplx-|r8_|ntn_|sbp_|sntrys_|rubygems_|SG\\.|dapi|vc[piark]{1,2}_"
const firmToken = new RegExp(`(?<![A-Za-z0-9_])(?:${firmPrefixes})[A-Za-z0-9_.+/-]{6,}=*`, "g")
const weakToken = new RegExp(`(?<![A-Za-z0-9_-])(?:${weakPrefixes})([A-Za-z0-9]{12,})[A-Za-z0-9_.-]*`, "g")
const awsKeyId = /(?<![A-Za-z0-9])(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA|ANVA|ABIA|ACCA)[A-Z0-9]{8,}/g

/** Characters looked at before it is said whether a value may be a secret; one that is may be longer. */
const looked = 256

const quotedEnd = (text: string, from: number, mark: string): number => {
  const last = mark[mark.length - 1]!
  for (let at = from; at < text.length && at < from + looked * 4; at++) {
    const character = text[at]!
    if (character === "\n" || character === "\r") return -1
    if (character === last && text.startsWith(mark, at - mark.length + 1)) return at - mark.length + 1
  }
  return -1
}

const bareStart = /[^\s"'`,;<>(){}[\]\\]{0,256}/y
const cookieLine = /[^\r\n"'`\\]*/y
const bareRest = /[^\s"'`,;<>(){}[\]\\]*/y

/** Where a run of characters ends that a value without quotes may have. */
const runEnd = (text: string, from: number, run: RegExp): number => {
  run.lastIndex = from
  return from + (run.exec(text)?.[0].length ?? 0)
}

interface Value {
  readonly end: number
  readonly value: string
  readonly isQuoted: boolean
}

/** The value that stands at `from`, in quotes if `mark` opened them. What `( {` follows is a call, not a value. */
const valueAt = (text: string, from: number, mark: string | undefined): Value | null => {
  if (mark !== undefined) {
    const end = quotedEnd(text, from, mark)
    if (end >= 0) return { end, value: text.slice(from, end), isQuoted: true }
  }
  const end = runEnd(text, from, bareStart)
  const isCall = mark === undefined && (text[end] === "(" || text[end] === "[" || text[end] === "{")
  return end === from || isCall ? null : { end, value: text.slice(from, end), isQuoted: mark !== undefined }
}

/** Runs a pattern; `take` says which part of a match is the secret, null for none. The search goes on behind it. */
const each = (
  text: string,
  pattern: RegExp,
  rule: string,
  found: Array<SecretRange>,
  take: (match: RegExpExecArray) => readonly [start: number, end: number] | null
): void => {
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const range = take(match)
    if (range === null) continue
    found.push({ start: range[0], end: range[1], rule })
    pattern.lastIndex = Math.max(range[1], match.index + 1)
  }
}

const whole = (match: RegExpExecArray) => [match.index, match.index + match[0].length] as const

const behind = (match: RegExpExecArray): number => match.index + match[0].length

/** Secrets by what they look like and by what stands before them, whoever issued them. */
export const findGenericSecrets: SecretFinder = (text) => {
  const found: Array<SecretRange> = []
  const bare = (match: RegExpExecArray, isSecret: (value: string) => boolean): readonly [number, number] | null => {
    const start = behind(match)
    const value = valueAt(text, start, match[1])
    return value === null || !isSecret(value.value)
      ? null
      : [start, value.isQuoted ? value.end : runEnd(text, value.end, bareRest)]
  }
  each(text, privateKey, "private-key", found, whole)
  each(text, firmToken, "known-token", found, whole)
  each(text, weakToken, "known-token", found, (match) => (looksRandom(match[1]!) ? whole(match) : null))
  each(text, awsKeyId, "aws-access-key-id", found, whole)
  each(text, jwt, "jwt", found, whole)
  each(text, urlPassword, "url-password", found, (match) => {
    const end = behind(match) - 1
    return match[1]!.startsWith("[REDACTED:") ? null : [end - match[1]!.length, end]
  })
  each(text, authorization, "authorization", found, (match) => bare(match, (value) => /^[^$<*].{5,}$/.test(value)))
  each(text, bearer, "authorization", found, (match) =>
    bare(match, (value) => value.length >= 12 && looksRandom(value))
  )
  each(text, cookie, "cookie", found, (match) => {
    const start = behind(match)
    const end = runEnd(text, start, cookieLine)
    if (end - start >= 8 && text.slice(start, end).includes("=")) return [start, end]
    // What follows on this line has no `=` either.
    cookie.lastIndex = Math.max(end, cookie.lastIndex)
    return null
  })
  each(text, flagValue, "assignment", found, (match) =>
    bare(match, (value) => value.length >= 4 && /^[^-$<{]/.test(value) && /[^A-Za-z-]/.test(value))
  )
  each(text, assignment, "assignment", found, (match) => {
    const [typed, password, before, sign, after, mark] = match
    const start = behind(match)
    const value = valueAt(text, start, mark)
    if (value === null) return null
    const isTight = sign === "=" && before === "" && after === ""
    const isSecret = looksAssigned(value.value, { name: typed, isPassword: password !== undefined, ...value, isTight })
    return isSecret ? [start, value.isQuoted ? value.end : runEnd(text, value.end, bareRest)] : null
  })
  return found
}
