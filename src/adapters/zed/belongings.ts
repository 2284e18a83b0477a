import * as Effect from "effect/Effect"
import type { SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import { inDatabase } from "../support/belongings.ts"

/** All threads are rows of one database. */
export const belongings = (entries: ReadonlyArray<SessionEntry>): Effect.Effect<ReadonlyArray<Belongings>> =>
  Effect.succeed(entries.map(({ file }) => inDatabase("Zed", file.path)))
