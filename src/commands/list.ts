import * as Effect from "effect/Effect"
import { bounds } from "../domain/bounds.ts"
import { exitCodes } from "../domain/error-table.ts"
import { Sessions } from "../services/Sessions.ts"
import { defineCommand } from "./spec.ts"
import { boundedNumber, cwdChoice, instant, searchQuery, sourceName, tagName } from "./values.ts"
import { repeatFlags } from "./words.ts"

const flags = {
  limit: {
    alias: "n",
    value: "N",
    description: "sessions shown, 1 to 1000",
    default: String(bounds.listLimit.fallback)
  },
  offset: { value: "N", description: "sessions passed over", default: String(bounds.listOffset.fallback) },
  search: { alias: "q", value: "TEXT", description: "only sessions whose messages contain the text" },
  "max-sessions": {
    value: "N",
    description: "sessions that --search scans, newest first, 1 to 200",
    default: String(bounds.listMaxSessions.fallback)
  },
  cwd: { value: "DIR", description: "auto, current, all, or a directory", default: "auto" },
  since: { value: "WHEN", description: "active since: 7d, 12h, 2026-05-01" },
  until: { value: "WHEN", description: "last active before: 7d, 2026-05-01" },
  branch: { value: "NAME", description: "started on this git branch" },
  model: { value: "TEXT", description: "the model's name contains the text" },
  tag: { value: "TAG", description: "only sessions with this tag" },
  "include-subagents": { description: "show sessions that other sessions started" },
  "include-empty": { description: "show sessions without a message" }
} as const

/** `list`: the sessions of this directory, or of all. */
export const list = defineCommand({
  name: "list",
  summary: "List sessions, newest first",
  description:
    "Sessions of the current directory; of every directory when it has none. Subagents and sessions without a message are hidden and counted.",
  args: [{ name: "source", description: "a source or an alias of one", required: false, variadic: false }],
  flags,
  examples: [
    { command: "sessionr list --cwd all -n 50", description: "the 50 newest of every directory" },
    { command: "sessionr list codex --since 7d", description: "Codex sessions of the last week" },
    { command: 'sessionr list -q "rate limit"', description: "those in which both words were said" }
  ],
  exitCodes: [exitCodes.OK, exitCodes.USAGE],
  run: Effect.fnUntraced(function* ({ args, flags: typed }) {
    const sessions = yield* Sessions
    const result = yield* sessions.list({
      source: yield* sourceName(args[0] ?? null),
      limit: yield* boundedNumber("--limit", typed.limit, bounds.listLimit),
      offset: yield* boundedNumber("--offset", typed.offset, bounds.listOffset),
      search: typed.search === null ? null : yield* searchQuery("--search", typed.search, {}),
      maxSessions: yield* boundedNumber("--max-sessions", typed["max-sessions"], bounds.listMaxSessions),
      cwd: yield* cwdChoice(typed.cwd, "auto"),
      since: yield* instant("--since", typed.since),
      until: yield* instant("--until", typed.until),
      branch: typed.branch,
      model: typed.model,
      tag: yield* tagName("--tag", typed.tag),
      includeSubagents: typed["include-subagents"],
      includeEmpty: typed["include-empty"],
      words: [...args, ...repeatFlags(flags, typed, ["limit", "offset"])]
    })
    return { result, exitCode: exitCodes.OK }
  })
})
