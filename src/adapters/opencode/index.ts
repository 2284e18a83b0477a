import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, rootsOf } from "./discover.ts"
import { isOpencodeEntry, source } from "./format.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { storedTexts } from "./stored-texts.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = (_roots: ReadonlyArray<string>, { entries }: Discovery) => {
  const own = entries.filter(isOpencodeEntry)
  const logs = new Set(own.filter(({ generation }) => generation !== "files").flatMap(({ sidecars }) => sidecars))
  return Effect.succeed([
    ...counted(own.filter(({ archived }) => archived).length, "archived session", "archived sessions"),
    ...counted(
      own.filter(({ generation }) => generation === "files").length,
      "session only in the JSON files of 1.1, which opencode 1.17 and later cannot see",
      "sessions only in the JSON files of 1.1, which opencode 1.17 and later cannot see"
    ),
    ...counted(logs.size, "database with a write-ahead log", "databases with a write-ahead log")
  ])
}

/** opencode, by the makers of SST: 1.x as `opencode-ai`, 2.x as `@opencode/cli`. */
export const opencode: Adapter = {
  source,
  aliases: ["oc"],
  displayName: "OpenCode",
  storage: "sqlite",
  capabilities: { read: true, new: true, resume: true, fork: true, continue: true, live: true },
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
