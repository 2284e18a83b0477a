import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as os from "node:os"
import { Host } from "../services/Host.ts"

const realCwd = (): string => {
  const cwd = process.cwd()
  try {
    return fs.realpathSync(cwd)
  } catch {
    return cwd
  }
}

const runtime = (): string =>
  "deno" in process.versions ? `deno ${String(process.versions.deno)}` : `node ${process.version}`

/** The process as it is when the layer is built: a snapshot must not freeze what the build machine had. */
export const layer = Layer.sync(Host, () =>
  Host.of({
    env: process.env,
    home: process.env["HOME"] || process.env["USERPROFILE"] || os.homedir(),
    cwd: realCwd(),
    platform: process.platform,
    arch: process.arch,
    stdoutIsTerminal: process.stdout.isTTY === true,
    stderrIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns || 80,
    runtime: runtime(),
    nodeVersion: process.version
  })
)
