import * as Effect from "effect/Effect"
import type { InvalidArg, InvalidRole } from "../domain/errors.ts"
import type { Role } from "../domain/message.ts"
import { rolesOf, tagsOf } from "../services/values.ts"

/** What was typed is given its meaning in `services/values.ts`, for the library as well; here is what only flags need. */
export {
  boundedNumber,
  choose,
  cwdChoice,
  instant,
  messageRange,
  promptText,
  searchQuery,
  sendDirectory,
  sessionName,
  sourceName,
  tagName,
  wholeNumber
} from "../services/values.ts"

const listed = (typed: string): ReadonlyArray<string> => typed.split(",").map((word) => word.trim())

/** `a,b` as roles; null where nothing was typed. */
export const roleList = (typed: string | null): Effect.Effect<ReadonlyArray<Role> | null, InvalidRole> =>
  typed === null ? Effect.succeed(null) : rolesOf(listed(typed))

/** `a,b` as tags, each once; null where nothing was typed. */
export const tagList = (
  argument: string,
  typed: string | null
): Effect.Effect<ReadonlyArray<string> | null, InvalidArg> =>
  typed === null ? Effect.succeed(null) : tagsOf(argument, listed(typed))
