import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { parseArgs } from "node:util"
import { compileDeno } from "./deno.ts"
import { manualAsset, manualTopics } from "../src/domain/manual.ts"
import { buildSea, bundle, loadLate, type SeaOptions, type StartMode } from "./sea.ts"
import { withWarmUp } from "./warm-up.ts"

/**
 * `npm run compile [-- --code-cache | --empty | --deno]`: writes `dist/sessionr`, one file without any dependency.
 * `--empty` writes `dist/bench/empty`, a program that does nothing: the least that a start can cost, for the benchmark.
 * `--deno` builds `dist/sessionr-deno` with Deno instead.
 */
const root = path.dirname(import.meta.dirname)
const fail = (message: string): never => {
  console.error(`compile: ${message}`)
  process.exit(1)
}

/** Modules that the program loads by themselves when it needs them, by the name of their asset. */
const embedded = {
  "scan-worker.js": "src/layers/scan-worker.ts",
  "contract.js": "src/layers/late/contract.ts",
  "secret-rules.js": "src/layers/late/secret-rules.ts",
  "markdown.js": "src/layers/late/markdown.ts"
}

const bundleAll = async (files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> => {
  const texts: Record<string, string> = {}
  for (const [asset, file] of Object.entries(files)) {
    if (!fs.existsSync(path.join(root, file))) fail(`${file} is missing`)
    texts[asset] = await bundle(path.join(root, file))
  }
  return texts
}

const megabytes = (file: string): string => `${Math.round(fs.statSync(file).size / 1e6)} MB`

/** Runs what was built: some snapshots are written without complaint and then cannot be read. */
const proveStart = (file: string, args: ReadonlyArray<string>): void => {
  const { signal, status, stderr } = spawnSync(file, args, { encoding: "utf8" })
  if (status === 0) return
  throw new Error(`${args.join(" ")} ended with ${status ?? signal}: ${stderr.trim()}`)
}

/** Pages of the manual by the name that the program asks for. */
const manual = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    manualTopics.map(({ topic }) => [manualAsset(topic), fs.readFileSync(path.join(root, `docs/${topic}.md`), "utf8")])
  )

/** Builds, and gives back how the binary starts: a platform on which no snapshot holds gets a code cache. */
const build = (options: Omit<SeaOptions, "mode">, wanted: StartMode): StartMode => {
  try {
    if (wanted === "snapshot") withWarmUp(root, (env) => buildSea({ ...options, mode: wanted, env }))
    else buildSea({ ...options, mode: wanted })
    proveStart(options.output, ["--version"])
    return wanted
  } catch (cause) {
    if (wanted === "code-cache") throw cause
    console.error(`compile: no snapshot, a code cache instead: ${(cause as Error).message}`)
    return build(options, "code-cache")
  }
}

/**
 * How V8 runs the program.
 * - The young generation has 8 MB from the start, and no more later. Growing there step by step, reading a session of
 *   3 MB takes 6 % longer; with the 16 MB that V8 would let it grow to, reading one of 2 GB takes 30 MB more.
 * - Strings keep the hashes that they were stored with. To compute them anew with another seed takes each start 5 ms, an
 *   eighth of it, and V8 has died of a stored heap that it had hashed anew ("LinearSearch … NotFound"). The seed is made
 *   when the binary is built: somebody who knows the binary could make up names of fields that share a hash, and so have
 *   a file of his be read more slowly.
 */
const execArgv = ["--min-semi-space-size=8", "--max-semi-space-size=8", "--no-rehash-snapshot"]

const { values } = parseArgs({
  options: { deno: { type: "boolean" }, empty: { type: "boolean" }, "code-cache": { type: "boolean" } }
})

if (values.deno) {
  const problem = compileDeno(root)
  if (problem !== null) fail(problem)
} else {
  const output = path.join(root, values.empty ? "dist/bench/empty" : "dist/sessionr")
  fs.mkdirSync(path.dirname(output), { recursive: true })
  const mode = build(
    {
      code: values.empty ? "" : await bundle(path.join(root, "scripts/sea-entry.ts"), [loadLate]),
      output,
      work: path.join(root, "dist/.build"),
      execArgv: values.empty ? [] : execArgv,
      assets: values.empty ? {} : { ...(await bundleAll(embedded)), ...manual() }
    },
    values["code-cache"] || values.empty ? "code-cache" : "snapshot"
  )
  console.log(`${path.relative(root, output)}: ${megabytes(output)}, starts from a ${mode.replace("-", " ")}`)
}
