import * as Effect from "effect/Effect"
import type { Discovery } from "../../domain/session.ts"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, rootsOf, sidebarOf } from "./discover.ts"
import { source } from "./format.ts"
import { load } from "./load.ts"
import { storedTexts } from "./stored-texts.ts"
import { survey } from "./survey.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, { entries }: Discovery) {
  let external = 0
  for (const root of roots) external += (yield* sidebarOf(root)).external
  return [
    ...counted(entries.filter(({ archived }) => archived).length, "archived thread", "archived threads"),
    ...counted(
      external,
      "thread of another agent, to be found in that agent's own sessions",
      "threads of other agents, to be found in those agents' own sessions"
    )
  ]
})

/** The agent of the editor Zed: the threads of its own panel. Threads are gone on with in the editor alone. */
export const zed: Adapter = {
  source,
  aliases: [],
  displayName: "Zed",
  storage: "sqlite",
  capabilities: { read: true, new: false, resume: false, fork: false, continue: false, live: false },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  // Documents are compressed; the few older ones that are not lie in pieces over the pages of the database.
  opaque: () => true,
  storedTexts,
  belongings,
  // Nothing is deleted but by the user.
  retention: () => Effect.succeed(null),
  notes,
  sender: null
}
