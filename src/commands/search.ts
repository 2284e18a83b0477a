import * as Effect from "effect/Effect"
import { bounds } from "../domain/bounds.ts"
import { ConflictingFlags } from "../domain/errors.ts"
import { exitCodes } from "../domain/error-table.ts"
import { Sessions } from "../services/Sessions.ts"
import { defineCommand } from "./spec.ts"
import { boundedNumber, cwdChoice, instant, roleList, searchQuery, sourceName } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  query: { alias: "q", value: "TEXT", description: 'what to find: words that must all occur, or "a phrase"' },
  source: { alias: "s", value: "SOURCE", description: "only this source" },
  cwd: { value: "DIR", description: "auto, current, all, or a directory", default: "all" },
  since: { value: "WHEN", description: "active since: 7d, 12h, 2026-05-01" },
  until: { value: "WHEN", description: "last active before: 7d, 2026-05-01" },
  top: { value: "N", description: "sessions shown, 1 to 200", default: String(bounds.searchTop.fallback) },
  "max-sessions": { value: "N", description: "scan only the newest N", default: "every session" },
  role: { value: "ROLES", description: "only messages of these roles, comma-separated" },
  regex: { description: "the text is one regular expression" },
  "case-sensitive": { description: "tell upper from lower case" },
  context: {
    value: "N",
    description: "characters of a snippet on each side of the hit, 0 to 2000",
    default: String(bounds.snippetContext.fallback)
  }
} as const

/** `search`: what was said, in every session. */
export const search = defineCommand({
  name: "search",
  summary: "Search what was said in every session",
  description:
    "Matches without regard to case or Unicode form. The whole store is searched. Phrase and title hits come first, then the densest and newest.",
  args: [{ name: "text", description: "what to find, instead of --query", required: false, variadic: true }],
  flags,
  examples: [
    { command: "sessionr search deploy rollback", description: "sessions with both words" },
    { command: `sessionr search '"connection refused"' --role tool_result`, description: "a phrase in tool output" },
    { command: "sessionr search --regex 'ERR_[A-Z]+' --since 30d", description: "a pattern, in a month's sessions" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.USAGE],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    if (typed.query !== null && args.length > 0) {
      return yield* new ConflictingFlags({
        message: "the text is given twice: as --query and as an argument",
        flags: ["--query", "text"]
      })
    }
    // One argument is the query as the shell left it; several are words that were typed without quotes.
    const text = typed.query ?? args.join(" ")
    const query = yield* searchQuery("--query", text, { regex: typed.regex, caseSensitive: typed["case-sensitive"] })
    const result = yield* sessions.search({
      query,
      source: yield* sourceName(typed.source),
      cwd: yield* cwdChoice(typed.cwd, "all"),
      since: yield* instant("--since", typed.since),
      until: yield* instant("--until", typed.until),
      top: yield* boundedNumber("--top", typed.top, bounds.searchTop),
      maxSessions: yield* boundedNumber("--max-sessions", typed["max-sessions"], bounds.searchMaxSessions),
      roles: yield* roleList(typed.role),
      context: yield* boundedNumber("--context", typed.context, bounds.snippetContext),
      words: ["-q", text, ...repeatFlags(flags, typed, ["query", "top"])]
    })
    return { result, exitCode: exitCodes.OK }
  })
})
