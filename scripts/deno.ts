import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

/** Where deno keeps what it downloads. */
const denoDirectory = (): string => {
  const named = process.env["DENO_DIR"]
  if (named !== undefined && named !== "") return named
  const home = os.homedir()
  if (process.platform === "darwin") return path.join(home, "Library/Caches/deno")
  if (process.platform === "win32") return path.join(process.env["LOCALAPPDATA"] ?? home, "deno")
  return path.join(process.env["XDG_CACHE_HOME"] ?? path.join(home, ".cache"), "deno")
}

/** Whether `deno compile` can work without a download of its runtime, denort. */
const findRuntime = (version: string): string | null => {
  const named = process.env["DENORT_BIN"]
  if (named !== undefined && named !== "") return fs.existsSync(named) ? named : null
  const directory = path.join(denoDirectory(), "dl/release", `v${version}`)
  if (!fs.existsSync(directory)) return null
  const archive = fs.readdirSync(directory).find((name) => name.startsWith("denort-"))
  return archive === undefined ? null : path.join(directory, archive)
}

/** Compiles `dist/sessionr-deno`; gives back what is missing, null when all went well. */
export const compileDeno = (root: string): string | null => {
  const deno = path.join(root, "node_modules/deno/deno")
  if (!fs.existsSync(deno)) return "deno is not installed: run npm ci"
  const said = spawnSync(deno, ["--version"], { encoding: "utf8" }).stdout
  const version = /^deno (\S+)/.exec(said)?.[1] ?? "unknown"
  if (findRuntime(version) === null) {
    return `denort ${version} is missing: unpack denort-<target>.zip of that Deno release and point DENORT_BIN at it`
  }
  const late = ["scan-worker.ts", "late/secret-rules.ts", "late/markdown.ts", "late/contract.ts"]
  const includes = late.flatMap((file) => ["--include", `src/layers/${file}`])
  const args = [
    "compile",
    "-A",
    "--no-check",
    ...includes,
    "--include",
    "docs",
    "--output",
    "dist/sessionr-deno",
    "src/main.ts"
  ]
  const { status } = spawnSync(deno, args, { cwd: root, stdio: "inherit" })
  return status === 0 ? null : `deno compile ended with ${status ?? "a signal"}`
}
