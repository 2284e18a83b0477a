import * as Effect from "effect/Effect"
import type { Sender } from "../services/Adapter.ts"
import { Programs } from "../services/Programs.ts"

/** The first of a tool's programs that is on PATH, by its name and absolute path; null where none is. */
export const findProgram = Effect.fnUntraced(function* ({ binaries }: Sender) {
  const programs = yield* Programs
  for (const name of binaries) {
    const path = yield* programs.find(name)
    if (path !== null) return { name, path }
  }
  return null
})
