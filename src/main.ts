import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import packageJson from "../package.json" with { type: "json" }
import { takesValue } from "./commands/cli.ts"
import { parseGlobals } from "./commands/globals.ts"
import { run } from "./commands/run.ts"
import { commands } from "./commands/table.ts"
import { exitCodes } from "./domain/error-table.ts"
import { live } from "./layers/composition.ts"
import * as HostLive from "./layers/HostLive.ts"
import { Host } from "./services/Host.ts"

const program = Effect.gen(function* () {
  const host = yield* Host
  const argv = process.argv.slice(2)
  const { error, globals, rest } = parseGlobals(argv, host.env, host.stdoutIsTerminal, takesValue(commands))
  const { apiVersion, color, formWords, home, output, quiet, timing } = globals
  const options = {
    invocation: { apiVersion, color, output, quiet, timing },
    home,
    version: packageJson.version,
    formWords
  }
  return yield* run({ globals, words: rest, argv, error }).pipe(Effect.provide(live(options)))
}).pipe(Effect.provide([HostLive.layer, NodeServices.layer]))

/**
 * The program. The exit code is set, never forced: leaving by `process.exit` would cut what a slow reader of a pipe has
 * not taken yet.
 */
export const main = (): void =>
  NodeRuntime.runMain(program, {
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

if (import.meta.main) main()
