import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { installTools } from "./install.ts"
import { packages } from "./versions.ts"

/**
 * `npm run test:e2e [-- claude codex … -t pattern]`: installs the agents, compiles the program where its source
 * is newer, and runs their tests. Where Linux lets us, they run without any network but the loopback interface.
 */
const root = path.resolve(import.meta.dirname, "../..")

const newest = (directory: string): number =>
  Math.max(
    ...fs
      .readdirSync(path.join(root, directory), { recursive: true, encoding: "utf8" })
      .map((name) => fs.statSync(path.join(root, directory, name)).mtimeMs)
  )

const isStale = (): boolean => {
  const built = fs.statSync(path.join(root, "dist/sessionr"), { throwIfNoEntry: false })
  return built === undefined || built.mtimeMs < Math.max(newest("src"), newest("scripts"))
}

const call = (command: string, args: ReadonlyArray<string>): number =>
  spawnSync(command, args, { cwd: root, stdio: "inherit" }).status ?? 1

const isolation: ReadonlyArray<string> = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]

const isolates = (): boolean => {
  const [command, ...args] = [...isolation, "true"]
  return spawnSync(command!, args, { stdio: "ignore" }).status === 0
}

const main = (words: ReadonlyArray<string>): number => {
  const tools = packages.map(({ tool }) => tool)
  const firstFlag = words.findIndex((word) => word.startsWith("-"))
  const chosen = firstFlag < 0 ? words : words.slice(0, firstFlag)
  const flags = words.slice(chosen.length)
  const unknown = chosen.filter((word) => !tools.includes(word))
  if (unknown.length > 0) {
    console.error(`e2e: there are no tests for ${unknown.join(", ")}; there are some for ${tools.join(", ")}`)
    return 2
  }
  try {
    installTools(chosen)
  } catch (cause) {
    console.error((cause as Error).message)
    return 1
  }
  if (isStale()) {
    const status = call(process.execPath, ["scripts/compile.ts"])
    if (status !== 0) return status
  }
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs")
  const files = chosen.map((tool) => `test/e2e/${tool}.test.ts`)
  const run = [process.execPath, vitest, "run", "--config", "test/e2e/vitest.config.ts", ...flags, ...files]
  const isIsolated = isolates()
  console.log(`e2e: ${isIsolated ? "no network but loopback" : "the network cannot be taken away here"}`)
  const [command, ...args] = [...(isIsolated ? isolation : []), ...run]
  return call(command!, args)
}

process.exitCode = main(process.argv.slice(2))
