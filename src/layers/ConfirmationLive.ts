import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as readline from "node:readline"
import { Confirmation } from "../services/Confirmation.ts"

const ask = (question: string): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const lines = readline.createInterface({ input: process.stdin, output: process.stderr })
    const answer = (text: string) => {
      resume(Effect.succeed(/^\s*y(?:es)?\s*$/i.test(text)))
      lines.close()
    }
    // The end of the input is no answer, and so is Ctrl-C.
    lines.once("close", () => resume(Effect.succeed(false)))
    lines.question(`${question} [y/N] `, answer)
    return Effect.sync(() => lines.close())
  })

/** Asks on stderr and reads the answer from stdin, where both are a terminal. */
export const layer = Layer.succeed(
  Confirmation,
  Confirmation.of({
    available: Effect.sync(() => process.stdin.isTTY === true && process.stderr.isTTY === true),
    ask
  })
)
