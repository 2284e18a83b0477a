import * as Effect from "effect/Effect"
import { InvalidTokenBudget } from "../domain/errors.ts"
import { Settings } from "./Settings.ts"

/** Below this a budget may hold not even one character of a message. */
const smallest = 1

/** `--tokens`: what was asked for, or the default, and never more than the ceiling. `command` is named in the hint. */
export const tokenBudget = Effect.fnUntraced(function* (command: string, typed: string | null) {
  const { defaultTokens, tokenCap } = yield* Settings
  if (typed !== null && (!/^\d{1,15}$/.test(typed.trim()) || Number(typed) < smallest)) {
    return yield* new InvalidTokenBudget({
      message: `--tokens is ${JSON.stringify(typed)}; it can be a whole number, 1 or more`,
      suggestion: `sessionr help ${command}`,
      value: typed
    })
  }
  const asked = typed === null ? defaultTokens : Number(typed)
  if (asked <= tokenCap) return { tokens: asked, notices: [] }
  const notice = `--tokens ${asked} is over the ceiling: ${tokenCap} were used (SESSIONREADER_TOKEN_CAP raises it)`
  return { tokens: tokenCap, notices: [notice] }
})
