import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import { Host, type HostInfo } from "../services/Host.ts"

const real = (path: string): string => {
  try {
    return fs.realpathSync(path)
  } catch {
    return path
  }
}

const runtime = (): string =>
  "deno" in process.versions ? `deno ${String(process.versions.deno)}` : `node ${process.version}`

const hostOf = (env: HostInfo["env"], cwd: string): HostInfo => ({
  env,
  home: env["HOME"] || env["USERPROFILE"] || os.homedir(),
  cwd: real(cwd),
  platform: process.platform,
  arch: process.arch,
  stdoutIsTerminal: process.stdout.isTTY === true,
  stderrIsTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns || 80,
  runtime: runtime(),
  nodeVersion: process.version
})

/** The process as it is when the layer is built: a snapshot must not freeze what the build machine had. */
export const layer = Layer.sync(Host, () => Host.of(hostOf(process.env, process.cwd())))

/**
 * The same for a program that ours is only a part of: its environment and directory may be others than the process's,
 * and the terminal is not ours.
 */
export const layerFor = (env: HostInfo["env"], cwd: string) =>
  Layer.sync(Host, () =>
    Host.of({
      ...hostOf(env, cwd),
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 80
    })
  )
