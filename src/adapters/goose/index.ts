import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, rootsOf } from "./discover.ts"
import { isGooseEntry, source } from "./format.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
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

/** goose, of Block and now of the Agentic AI Foundation: one SQLite database, and files of JSON Lines before 1.10. */
export const goose: Adapter = {
  source,
  aliases: [],
  displayName: "goose",
  storage: "sqlite",
  // A fork can only be made in the tool's own screen, and no flag continues the newest session of a directory.
  capabilities: { read: true, new: true, resume: true, fork: false, continue: false, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  // SQLite puts a page number into the middle of every text that is longer than a page.
  opaque: ({ file }) => file.path.endsWith(".db"),
  storedTexts,
  belongings,
  // Nothing is deleted but by the user.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
