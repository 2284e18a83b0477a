import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter, ToolCommand } from "../../services/Adapter.ts"
import { discover, rootsOf } from "./discover.ts"
import { isGooseEntry, source } from "./format.ts"
import { load } from "./load.ts"
import { storedTexts } from "./stored-texts.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = (_roots: ReadonlyArray<string>, { entries }: Discovery) => {
  const own = entries.filter(isGooseEntry)
  const logs = new Set(own.flatMap(({ sidecars }) => sidecars))
  return Effect.succeed([
    ...counted(own.filter(({ archived }) => archived).length, "archived session", "archived sessions"),
    ...counted(
      own.filter(({ info }) => info === null).length,
      "session only in a JSONL file of before 1.10, which goose itself no longer opens",
      "sessions only in JSONL files of before 1.10, which goose itself no longer opens"
    ),
    ...counted(logs.size, "database with a write-ahead log", "databases with a write-ahead log")
  ])
}

/**
 * By `--session-id`, which takes an id as it is: `-n` takes whatever session has that name or that id, the newest first,
 * and names need not be unique; forks keep theirs. To be run in the session's own directory: a run without a terminal
 * stays where it was started and only warns.
 */
const resume = (id: string): ToolCommand => ({
  bin: "goose",
  args: ["run", "--resume", `--session-id=${id}`, "--output-format", "stream-json", "-q", "-i", "-"],
  stdin: "prompt"
})

/** goose, of Block and now of the Agentic AI Foundation: one SQLite database, and files of JSON Lines before 1.10. */
export const goose: Adapter = {
  source,
  aliases: [],
  displayName: "goose",
  storage: "sqlite",
  // A fork can only be made in the tool's own screen.
  capabilities: { read: true, new: true, resume: true, fork: false, continue: true, live: true },
  binary: "goose",
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  // SQLite puts a page number into the middle of every text that is longer than a page.
  opaque: ({ file }) => file.path.endsWith(".db"),
  storedTexts,
  // Nothing is deleted but by the user.
  retention: () => Effect.succeed(null),
  notes,
  resume
}
