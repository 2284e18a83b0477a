import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as nodePath from "node:path"
import { SpawnError } from "../domain/send-errors.ts"
import { Host, type HostInfo } from "../services/Host.ts"
import { Output } from "../services/Output.ts"
import { homeFrom } from "../services/Settings.ts"
import type { Surroundings } from "../services/Surroundings.ts"
import { adapters } from "./adapters.ts"
import { compose, machineWith } from "./composition.ts"
import * as HostLive from "./HostLive.ts"
import * as ProcessesLive from "./ProcessesLive.ts"
import { findProgram, searchPath } from "./ProgramsLive.ts"

/** The host's environment with our own places in it, where a program that we start finds them as well. */
const environment = ({ cacheDir, cwd = ".", env, stateDir }: Surroundings): HostInfo["env"] => {
  const placed = (name: string, path: string | undefined) =>
    path === undefined ? {} : { [name]: nodePath.resolve(cwd, path) }
  return {
    ...(env ?? process.env),
    ...placed("SESSIONR_STATE_DIR", stateDir),
    ...placed("SESSIONR_CACHE_DIR", cacheDir)
  }
}

/**
 * The program that looks after a job has to outlive whoever asked for it. Inside another program we are not an
 * executable of our own, so the installed one is started.
 */
const installed = (binary: string) =>
  Effect.gen(function* () {
    const host = yield* Host
    const name = binary.includes("/") || binary.includes(nodePath.sep) ? nodePath.resolve(host.cwd, binary) : binary
    const bin = findProgram(host, name)
    if (bin !== null) return { bin, words: [] }
    const searched = nodePath.isAbsolute(name) ? [name] : searchPath(host)
    return yield* new SpawnError({
      message: `a job in the background is looked after by the program sessionr, and ${binary} ${
        nodePath.isAbsolute(name) ? "cannot be run" : "is not on PATH"
      }`,
      suggestion: "install sessionr on PATH, name it with the option `binary`, or leave out `async`",
      bin: binary,
      searched,
      error: "ENOENT"
    })
  })

const outputTo = (onOutput: Surroundings["onOutput"]) =>
  Layer.succeed(
    Output,
    Output.of({
      stdout: () => Effect.void,
      stderr: (text) => Effect.sync(() => onOutput?.(text)),
      closed: Effect.succeed(false)
    })
  )

/** Every service of the program, inside another program: nothing is printed, and no argument of it is read. */
export const embedded = (surroundings: Surroundings, version: string) => {
  const { binary = "sessionr", cwd = ".", onOutput } = surroundings
  const env = environment(surroundings)
  const home = homeFrom(surroundings.home, env)
  const host = HostLive.layerFor(env, nodePath.resolve(cwd))
  const machine = machineWith(outputTo(onOutput), ProcessesLive.layerStarting(installed(binary)))
  const invocation = {
    output: "json" as const,
    apiVersion: 1 as const,
    timing: false,
    color: false,
    quiet: onOutput === undefined
  }
  const program = compose({ invocation, home, version, formWords: [] }, machine, adapters)
  return Layer.provideMerge(program, host)
}
