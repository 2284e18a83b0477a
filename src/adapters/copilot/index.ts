import * as Effect from "effect/Effect"
import type { Adapter } from "../../services/Adapter.ts"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { discover, layoutOf, rootsOf, source } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"
import type { Discovery } from "../../domain/session.ts"

const inUse = /^inuse\.(\d+)\.(?:lock|hold)$/

const counted = (count: number, one: string, many: string): ReadonlyArray<string> =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]

/** A process leaves a file in the directory of the session that it has open; one that was killed does not take it away. */
const notes = Effect.fnUntraced(function* (roots: ReadonlyArray<string>, { entries }: Discovery) {
  const files = yield* StoreFiles
  const found: Array<string> = []
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/session-state`, {
      depth: 1,
      take: (name, depth) => depth === 1 && inUse.test(name)
    })
    for (const { path } of tree.files) {
      const [name, id] = path.split(/[\\/]/).reverse()
      const pid = inUse.exec(name ?? "")?.[1]
      if (pid !== undefined && id !== undefined) found.push(`session ${id} is registered as open in process ${pid}`)
    }
  }
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
  // No version is known to delete sessions by itself.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
