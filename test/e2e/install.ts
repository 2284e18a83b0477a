import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { type Package, packages } from "./versions.ts"

/**
 * `node test/e2e/install.ts [tool …]`: installs the agents that the tests run below `.cache/e2e/<tool>`, at their pinned
 * versions, and writes a program for each into `.cache/e2e/bin`. What is there already stays. No install script runs.
 */
const root = path.resolve(import.meta.dirname, "../..")
const cache = path.join(root, ".cache/e2e")

/** The directory that holds the agents' programs. */
export const binDirectory = path.join(cache, "bin")

const modulesOf = ({ tool }: Package): string => path.join(cache, tool, "node_modules")

/** What the package is run by: the first file that its pattern matches; null where there is none. */
const programOf = (one: Package): string | null => {
  const pattern = one.program.replace("{platform}", `${process.platform}-${process.arch}`)
  const modules = modulesOf(one)
  const [found] = fs.globSync(pattern, { cwd: modules }).sort()
  return found === undefined ? null : path.join(modules, found)
}

/** Version that is installed; null where the package is missing. */
const installedVersion = (one: Package): string | null => {
  const file = path.join(modulesOf(one), one.name, "package.json")
  if (!fs.existsSync(file)) return null
  return (JSON.parse(fs.readFileSync(file, "utf8")) as { readonly version: string }).version
}

const install = (one: Package): void => {
  const directory = path.join(cache, one.tool)
  fs.rmSync(directory, { recursive: true, force: true })
  fs.mkdirSync(directory, { recursive: true })
  const manifest = {
    private: true,
    dependencies: { [one.name]: one.version, ...one.pinned },
    ...(one.pinned === undefined ? {} : { overrides: one.pinned })
  }
  fs.writeFileSync(path.join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`)
  const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
  const { error, status } = spawnSync("npm", words, { cwd: directory, stdio: "inherit" })
  if (status !== 0) throw new Error(`npm ended with ${error?.message ?? `exit code ${status}`}`)
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

const writeWrapper = (one: Package): void => {
  const program = programOf(one)
  if (program === null) throw new Error(`it has no ${one.program} for ${process.platform}-${process.arch}`)
  const isScript = /\.m?js$/.test(program)
  if (!isScript) fs.chmodSync(program, 0o755)
  const call = (isScript ? [path.join(root, "node_modules/node/bin/node"), program] : [program]).map(quoted).join(" ")
  fs.mkdirSync(binDirectory, { recursive: true })
  fs.writeFileSync(path.join(binDirectory, one.tool), `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 })
}

/** Makes sure of every named tool, or of all. Says what it does; a tool that cannot be had is named in the error. */
export const installTools = (tools: ReadonlyArray<string>): void => {
  const failures: Array<string> = []
  for (const one of packages) {
    if (tools.length > 0 && !tools.includes(one.tool)) continue
    const label = `${one.name}@${one.version}`
    try {
      const started = performance.now()
      if (installedVersion(one) === one.version) console.log(`e2e: ${label} is there`)
      else {
        install(one)
        console.log(`e2e: ${label} installed in ${((performance.now() - started) / 1000).toFixed(0)} s`)
      }
      writeWrapper(one)
    } catch (cause) {
      failures.push(`e2e: ${label} cannot be installed: ${(cause as Error).message}`)
    }
  }
  if (failures.length > 0) throw new Error(failures.join("\n"))
}

if (import.meta.main) {
  try {
    installTools(process.argv.slice(2))
  } catch (cause) {
    console.error((cause as Error).message)
    process.exitCode = 1
  }
}
