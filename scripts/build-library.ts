import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { build, type InputOptions } from "rolldown"
import packageJson from "../package.json" with { type: "json" }

/**
 * `npm run build:library`: writes `dist/lib`, what `import "sessionr"` and `import "sessionr/promise"` find: JavaScript
 * modules without their dependencies, beside them those that are loaded by file, and the declarations below `types`.
 */
const root = path.dirname(import.meta.dirname)

/** The modules that callers import. */
const entries = ["index", "promise"] as const

/** Modules of ours that are loaded by the name of their file: threads, and what few calls need. */
const beside = ["scan-worker", "late/secret-rules", "late/markdown", "late/contract"] as const

/** Installed with the package. A program on Effect must share its copy with us. */
const { dependencies } = packageJson
const external = (id: string): boolean =>
  Object.keys(dependencies).some((name) => id === name || id.startsWith(`${name}/`))

const common: InputOptions = {
  platform: "node",
  external,
  transform: { target: "es2024" },
  // A warning of the bundler is an error.
  onLog: (level, log, report) => report(level === "warn" ? "error" : level, log)
}

const bundle = async (out: string): Promise<void> => {
  await build({
    ...common,
    input: Object.fromEntries(entries.map((name) => [name, path.join(root, `src/library/${name}.ts`)])),
    output: { dir: out, format: "esm", chunkFileNames: "shared.js" }
  })
  // Each by itself, so that a thread that looks through bytes loads nothing else.
  for (const name of beside) {
    const input = path.join(root, `src/layers/${name}.ts`)
    await build({ ...common, input, output: { file: path.join(out, `${name}.js`), format: "esm" } })
  }
}

/** Declarations of everything that the entries reach, below `work`. */
const declare = (work: string): void => {
  const config = path.join(work, "tsconfig.json")
  fs.mkdirSync(work, { recursive: true })
  const compilerOptions = {
    noEmit: false,
    emitDeclarationOnly: true,
    declaration: true,
    noEmitOnError: true,
    rootDir: root,
    outDir: work,
    typeRoots: [path.join(root, "node_modules/@types")],
    plugins: []
  }
  const files = entries.map((name) => path.join(root, `src/library/${name}.ts`))
  fs.writeFileSync(
    config,
    JSON.stringify({ extends: path.join(root, "tsconfig.json"), compilerOptions, files, include: [] })
  )
  const tsc = path.join(root, "node_modules/typescript/bin/tsc")
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", config], { encoding: "utf8" })
  if (status !== 0) throw new Error(`tsc ended with ${status}:\n${stdout}`)
}

/** Paths of the modules of ours that a declaration names. */
const imported = (text: string): ReadonlyArray<string> =>
  Array.from(text.matchAll(/(?:from |import\(|import )"(\.[^"]+)\.ts"/g), ([, name]) => `${name!}.d.ts`)

/** Copies the declarations that callers can come to: the compiler writes one for every file of the program. */
const copyReached = (from: string, to: string): void => {
  const reached = new Set<string>()
  const visit = (name: string): void => {
    if (reached.has(name)) return
    reached.add(name)
    const text = fs.readFileSync(path.join(from, name), "utf8")
    fs.mkdirSync(path.dirname(path.join(to, name)), { recursive: true })
    fs.writeFileSync(path.join(to, name), text)
    for (const other of imported(text)) visit(path.join(path.dirname(name), other))
  }
  for (const name of entries) visit(`library/${name}.d.ts`)
}

/** Writes the library into a directory, which is emptied before. */
export const buildLibrary = async (out: string): Promise<void> => {
  const work = path.join(out, ".types")
  fs.rmSync(out, { recursive: true, force: true })
  try {
    await bundle(out)
    declare(work)
    copyReached(path.join(work, "src"), path.join(out, "types"))
  } finally {
    fs.rmSync(work, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const out = path.join(root, "dist/lib")
  await buildLibrary(out)
  const bytes = fs.readdirSync(out).reduce((sum, name) => {
    const stat = fs.statSync(path.join(out, name))
    return stat.isFile() ? sum + stat.size : sum
  }, 0)
  console.log(`${path.relative(root, out)}: ${Math.round(bytes / 1000)} kB of JavaScript`)
}
