import * as Effect from "effect/Effect"
import type { Adapter } from "../../services/Adapter.ts"
import { belongings } from "./belongings.ts"
import { discover, roots, source } from "./discover.ts"
import { load } from "./load.ts"
import { sender } from "./send.ts"
import { survey } from "./survey.ts"
import { notes, retention } from "./tool.ts"

/** Google's Gemini CLI: a JSON document or, since 0.39, a stream of records per session, in the project's folder. */
export const gemini: Adapter = {
  source,
  aliases: ["gm", "gemini-cli"],
  displayName: "Gemini CLI",
  storage: "mixed",
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
