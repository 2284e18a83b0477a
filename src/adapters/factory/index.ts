import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, isSide, rootsOf, source } from "./discover.ts"
import { settingsPath } from "./format.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = (_roots: ReadonlyArray<string>, { entries }: Discovery) =>
  Effect.succeed([
    ...counted(entries.filter(({ archived }) => archived).length, "archived session", "archived sessions"),
    ...counted(entries.filter(({ file }) => isSide(file.path)).length, "side question", "side questions")
  ])

/** Factory's Droid. */
export const factory: Adapter = {
  source,
  aliases: ["droid", "factory-droid"],
  displayName: "Factory Droid",
  storage: "jsonl",
  // No flag continues the last session of a folder without a terminal.
  capabilities: { read: true, new: true, resume: true, fork: true, continue: false, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  companions: ({ file }) => [settingsPath(file.path)],
  belongings,
  // The tool deletes no transcripts by itself; it archives them.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
