import { execFileSync, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { type Plugin, rolldown } from "rolldown"

/**
 * Runs before everything else in the bundle. effect/cli makes an `Intl.Segmenter` while its module is loaded, and the
 * snapshot builder cannot store one: until somebody calls a method, a plain object stands in for it.
 */
const lazySegmenter = `{
  const Real = Intl.Segmenter
  Intl.Segmenter = class Segmenter {
    #real
    #args
    constructor(...args) { this.#args = args }
    get #segmenter() { return (this.#real ??= new Real(...this.#args)) }
    segment(text) { return this.#segmenter.segment(text) }
    resolvedOptions() { return this.#segmenter.resolvedOptions() }
    static supportedLocalesOf(...args) { return Real.supportedLocalesOf(...args) }
  }
}
`

/** Modules of node that a start does not need, and that node does not vouch for in a snapshot. */
const lateModules = ["child_process", "crypto", "readline", "worker_threads", "zlib"]

/** Loads those modules when a function or class of theirs is first called. What else they export cannot be imported. */
export const loadLate: Plugin = {
  name: "load-late",
  resolveId: (id) => (lateModules.includes(id.replace(/^node:/, "")) ? `\0late:${id.replace(/^node:/, "")}` : null),
  load: (id) => {
    if (!id.startsWith("\0late:")) return null
    const name = id.slice("\0late:".length)
    const exported = Object.entries(process.getBuiltinModule(name) ?? {}).filter(([, it]) => typeof it === "function")
    const wrappers = exported.map(
      ([key]) =>
        `export function ${key}(...args) { return new.target ? new (load().${key})(...args) : load().${key}(...args) }`
    )
    return [`const load = () => process.getBuiltinModule("node:${name}")`, ...wrappers].join("\n")
  }
}

/** With characters beyond Latin-1 spelled as escapes: for one of them V8 would keep the whole text in two bytes each. */
const inLatin1 = (code: string): string => {
  // Such a string would show the escape as it is spelled.
  if (/String\.raw`[^`]*[^\0-\xff]/.test(code)) throw new Error("a raw string has characters beyond Latin-1")
  return code.replaceAll(/[^\0-\xff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
}

/** One CommonJS text with everything in it but node's own modules. A warning of the bundler is an error. */
export const bundle = async (input: string, plugins: ReadonlyArray<Plugin> = []): Promise<string> => {
  const build = await rolldown({
    input,
    platform: "node",
    plugins: [...plugins],
    transform: { target: "es2024", define: { "import.meta.main": "false" } },
    onLog: (level, log, report) => report(level === "warn" ? "error" : level, log)
  })
  const { output } = await build.generate({ format: "cjs", codeSplitting: false, minify: true })
  await build.close()
  return inLatin1(output[0].code)
}

/** How the binary starts: from the heap of a program that has loaded its modules, or with compiled code at hand. */
export type StartMode = "snapshot" | "code-cache"

export interface SeaOptions {
  /** CommonJS. */
  readonly code: string
  /** Absolute path of the binary. */
  readonly output: string
  /** Absolute path of a directory on the same file system, for what is made on the way. */
  readonly work: string
  readonly mode: StartMode
  /** Texts that `node:sea` gives the program, by name. */
  readonly assets: Readonly<Record<string, string>>
  /** Flags of node and V8 that the binary starts with. */
  readonly execArgv?: ReadonlyArray<string>
  /** What the builder of a snapshot finds in its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** A copy of the node that runs this script, without symbols where `strip` is at hand: 25 of 150 MB less. */
const baseNode = (directory: string): string => {
  const target = path.join(directory, `node-${process.version}-${process.platform}-${process.arch}`)
  if (fs.existsSync(target)) return target
  const copy = `${target}.${process.pid}`
  fs.copyFileSync(process.execPath, copy)
  const strip = spawnSync("strip", process.platform === "darwin" ? ["-x", copy] : [copy], { stdio: "ignore" })
  if (strip.status !== 0) fs.copyFileSync(process.execPath, copy)
  fs.renameSync(copy, target)
  return target
}

/** What is worth reading of a failed build: node quotes the line that failed, which is the whole minified bundle. */
const reason = (cause: unknown): string => {
  const { code, stderr } = cause as { readonly code?: string; readonly stderr?: string }
  if (code === "ETIMEDOUT") return `not done after ${buildLimitMs / 1000} s`
  if (stderr === undefined) return String(cause)
  const lines = stderr.split("\n").map((line) => (line.length > 300 ? `${line.slice(0, 300)}…` : line))
  return lines.filter((line) => line.trim() !== "").join("\n")
}

/** A build takes 3 s; one whose program does not come to an end while the snapshot is warmed up never would. */
const buildLimitMs = 60_000

/** Writes the binary. Throws an error with node's own words when it cannot be built. */
export const buildSea = ({ assets, code, env, execArgv = [], mode, output, work }: SeaOptions): void => {
  const name = path.basename(output)
  fs.mkdirSync(work, { recursive: true })
  const write = (file: string, text: string): string => {
    const target = path.join(work, `${name}.${file}`)
    fs.writeFileSync(target, text)
    return target
  }
  const config = write(
    "sea.json",
    JSON.stringify({
      main: write("cjs", lazySegmenter + code),
      output: path.join(work, name),
      executable: baseNode(work),
      disableExperimentalSEAWarning: true,
      useSnapshot: mode === "snapshot",
      useCodeCache: mode === "code-cache",
      execArgv,
      execArgvExtension: "none",
      assets: Object.fromEntries(Object.entries(assets).map(([asset, text]) => [asset, write(asset, text)]))
    })
  )
  try {
    execFileSync(process.execPath, ["--build-sea", config], {
      encoding: "utf8",
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: buildLimitMs
    })
  } catch (cause) {
    throw new Error(reason(cause), { cause })
  }
  // Moved into place when it is whole: a binary that is running keeps its file.
  fs.renameSync(path.join(work, name), output)
}
