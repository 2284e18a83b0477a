import * as Effect from "effect/Effect"
import type { Discovery, SessionEntry } from "../../domain/session.ts"
import type { Belongings } from "../../services/Adapter.ts"
import { inDatabase } from "../support/belongings.ts"
import { isGooseEntry } from "./format.ts"

/** Only sessions of before 1.10 that no database took over are files. */
export const belongings = (
  entries: ReadonlyArray<SessionEntry>,
  _discovery: Discovery,
  roots: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<Belongings>> =>
  Effect.succeed(
    entries.map((entry): Belongings =>
      isGooseEntry(entry) && entry.info === null
        ? { paths: roots.map((root) => `${root}/sessions/${entry.id}.jsonl`) }
        : inDatabase("goose", entry.file.path)
    )
  )
