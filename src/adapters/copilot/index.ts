import * as Effect from "effect/Effect"
import type { Adapter } from "../../services/Adapter.ts"
import { discover, layoutOf, rootsOf, source } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { belongings } from "./belongings.ts"
import { registrations } from "./open.ts"
import { survey } from "./survey.ts"
import type { Discovery } from "../../domain/session.ts"

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

const notes = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, { entries }: Discovery) {
  const found = (yield* registrations(roots)).map(
    ({ id, pid }) => `session ${id} is registered as open in process ${pid}`
  )
  const old = entries.filter((entry) => layoutOf(entry) === "history").length
  return [
    ...new Set(found),
    ...counted(old, "session of before 0.0.342 in one document", "sessions of before 0.0.342 in one document each")
  ]
})

/** GitHub Copilot CLI: a directory per session with its events as JSON Lines. */
export const copilot: Adapter = {
  source,
  aliases: ["cli", "copilot-cli"],
  displayName: "GitHub Copilot CLI",
  storage: "jsonl",
  // A fork can only be made in the tool's own screen.
  capabilities: { read: true, new: true, resume: true, fork: false, continue: true, live: true },
  roots: rootsOf,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  belongings,
  // No version is known to delete sessions by itself.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
