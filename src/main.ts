import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import packageJson from "../package.json" with { type: "json" }
import { takesValue } from "./commands/cli.ts"
import { parseGlobals } from "./commands/globals.ts"
import { run } from "./commands/run.ts"
import { commands } from "./commands/table.ts"
import { exitCodes } from "./domain/error-table.ts"
import { live, type Machine } from "./layers/composition.ts"
import * as HostLive from "./layers/HostLive.ts"
import { Host } from "./services/Host.ts"

/** One call of the program with these words, on this machine or another. Gives the exit code. */
export const program = Effect.fnUntraced(function* (argv: ReadonlyArray<string>, over?: Machine) {
  const host = yield* Host
  const { error, globals, rest } = parseGlobals(argv, host.env, host.stdoutIsTerminal, takesValue(commands))
  const { apiVersion, color, formWords, home, output, quiet, timing } = globals
  const options = {
    invocation: { apiVersion, color, output, quiet, timing },
    home,
    version: packageJson.version,
    formWords
  }
  return yield* run({ globals, words: rest, argv, error }).pipe(Effect.provide(live(options, over)))
}, Effect.provide(HostLive.layer))

/**
 * Runs an effect as this process. The exit code is set, never forced: leaving by `process.exit` would cut what a slow
 * reader of a pipe has not taken yet.
 */
export const runMain = (effect: Effect.Effect<number>): void =>
  NodeRuntime.runMain(effect, {
    disableErrorReporting: true,
    teardown: (exit) => {
      if (Exit.isSuccess(exit)) process.exitCode = exit.value as number
      else if (Cause.hasInterruptsOnly(exit.cause)) process.exitCode = exitCodes.CANCELLED
      else {
        process.stderr.write(`${Cause.pretty(exit.cause)}\n`)
        process.exitCode = exitCodes.ERROR
      }
    }
  })

/** The program. */
export const main = (): void => {
  runMain(program(process.argv.slice(2)))
  // By then everything is written. To take the heap apart before the process ends would cost every call 4 ms.
  process.on("exit", () => process.exit())
}

if (import.meta.main) main()
