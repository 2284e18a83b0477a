// `npm start -- list`: builds the binary where it is missing or older than its sources, and runs it. On a machine
// without any session it shows the demo home instead, and says so.
import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const binary = join(root, "dist/sessionr")

/** The newest change below `path`, milliseconds. */
const newest = (path) => {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((time, name) => Math.max(time, newest(join(path, name))), stat.mtimeMs)
}

const isStale = () => {
  if (!existsSync(binary)) return true
  const built = statSync(binary).mtimeMs
  return ["src", "scripts", "docs", "package.json", "package-lock.json"].some(
    (path) => newest(join(root, path)) > built
  )
}

/** Whether this machine has a session; unknown counts as yes, the command itself will say what is wrong. */
const hasSessions = () => {
  const args = ["list", "--cwd", "all", "--limit", "1", "--output", "json"]
  const { stdout } = spawnSync(binary, args, { encoding: "utf8", env: { ...process.env, SESSIONR_API_VERSION: "1" } })
  try {
    return JSON.parse(stdout).total_available !== 0
  } catch {
    return true
  }
}

if (isStale()) {
  console.error("sessionr: building dist/sessionr")
  const { status } = spawnSync(process.execPath, [join(root, "scripts/compile.ts")], { stdio: ["ignore", 2, 2] })
  if (status !== 0) process.exit(1)
}

const args = process.argv.slice(2)
const env = { ...process.env }
const named = env.SESSIONR_HOME || args.some((arg) => arg === "--home" || arg.startsWith("--home="))
if (!named && !hasSessions()) {
  // Its databases are not in the repository; without them it only has fewer sessions.
  spawnSync(process.execPath, [join(root, "scripts/demo-home.ts")], { stdio: ["ignore", 2, 2] })
  env.SESSIONR_HOME = join(root, "examples/home")
  console.error("sessionr: this machine has no sessions, so this is the demo home: examples/home")
}
const { signal, status } = spawnSync(binary, args, { stdio: "inherit", env })
process.exitCode = signal === null ? status : 1
