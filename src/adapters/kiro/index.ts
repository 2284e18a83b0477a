import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { belongings } from "./belongings.ts"
import { discover } from "./discover.ts"
import { executionsOf } from "./documents.ts"
import { type Generation, isKiroEntry, source } from "./format.ts"
import { load } from "./load.ts"
import { rootsOf } from "./roots.ts"
import { sender } from "./send.ts"
import { storedTexts } from "./stored-texts.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, { entries }: Discovery) {
  const files = yield* StoreFiles
  let locks = 0
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/sessions/cli`, { depth: 0, take: (name) => name.endsWith(".lock") })
    locks += tree.files.length
  }
  const own = entries.filter(isKiroEntry)
  const of = (...generations: ReadonlyArray<Generation>) =>
    own.filter(({ generation }) => generations.includes(generation)).length
  return [
    ...counted(locks, "session with a lock: open in kiro-cli", "sessions with a lock: open in kiro-cli"),
    ...counted(
      of("database"),
      "session only in the database of kiro-cli 1",
      "sessions only in the database of kiro-cli 1"
    ),
    ...counted(of("ide", "chat"), "session of the IDE before July 2026", "sessions of the IDE before July 2026")
  ]
})

/** Kiro by AWS: the CLI, once Amazon Q's, and the IDE. */
export const kiro: Adapter = {
  source,
  aliases: ["kiro-cli"],
  displayName: "Kiro",
  storage: "mixed",
  // No flag forks a session without a terminal.
  capabilities: { read: true, new: true, resume: true, fork: false, continue: true, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  // Sessions of the IDE of early 2026 have their answers in files that hold one execution each.
  linkMarker: '"sessionId"',
  linkedFiles: (entry) => (isKiroEntry(entry) && entry.generation === "ide" ? executionsOf(entry) : Effect.succeed([])),
  // SQLite cuts long conversations into pages, and words with them.
  opaque: (entry) => isKiroEntry(entry) && entry.generation === "database",
  storedTexts,
  belongings,
  // Nothing is deleted but by the user.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
