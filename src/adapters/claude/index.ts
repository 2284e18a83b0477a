import * as Effect from "effect/Effect"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, roots, source } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"
import { notes, retention } from "./tool.ts"

/** Claude Code: one JSON Lines file per session below `projects/<key of the directory>/`. */
export const claude: Adapter = {
  source,
  aliases: ["claude-code", "cc"],
  displayName: "Claude Code",
  storage: "jsonl",
  capabilities: { read: true, new: true, resume: true, fork: true, continue: true, live: true },
  roots,
  discover,
  survey,
  load,
  linkMarker: null,
  linkedFiles: () => Effect.succeed([]),
  belongings,
  retention,
  notes,
  sender
}
