import * as Effect from "effect/Effect"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, roots, source } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"
import { notes } from "./tool.ts"

/** Command Code: one JSON Lines file per session below `projects/<slug of the directory>/`. */
export const commandcode: Adapter = {
  source,
  aliases: ["cmd", "command-code"],
  displayName: "Command Code",
  storage: "jsonl",
  capabilities: { read: true, new: true, resume: true, fork: true, continue: true, live: true },
  roots,
  discover,
  survey,
  load,
  // A fork copies the lines of its source.
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  companions: ({ sidecars }) => sidecars,
  belongings,
  // The tool deletes sessions only when told to.
  retention: () => Effect.succeed(null),
  notes,
  sender
}
