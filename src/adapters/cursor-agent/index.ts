import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, rootsOf } from "./discover.ts"
import { isCursorEntry, source } from "./format.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { storedTexts } from "./stored-texts.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = (_roots: ReadonlyArray<string>, { entries }: Discovery) => {
  const own = entries.filter(isCursorEntry)
  return Effect.succeed([
    ...counted(
      own.filter(({ kept }) => kept === "ide").length,
      "chat of the IDE, which no command can resume",
      "chats of the IDE, which no command can resume"
    ),
    ...counted(
      own.filter(({ kept }) => kept === "transcript").length,
      "session only as a transcript, which holds no results of tools and cannot be resumed",
      "sessions only as transcripts, which hold no results of tools and cannot be resumed"
    )
  ])
}

/** The agent of Cursor, in the terminal (`cursor-agent`, later `agent`) and in the IDE. */
export const cursorAgent: Adapter = {
  source,
  aliases: ["cursor"],
  displayName: "Cursor",
  storage: "sqlite",
  capabilities: { read: true, new: true, resume: true, fork: false, continue: true, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  // SQLite puts a page number into the middle of every text that is longer than a page.
  opaque: (entry) => isCursorEntry(entry) && entry.kept !== "transcript",
  storedTexts,
  belongings,
  // The tool prunes its chats by a rule that it does not tell.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
