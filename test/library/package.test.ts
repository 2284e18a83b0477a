import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import packageJson from "../../package.json" with { type: "json" }
import { buildLibrary } from "../../scripts/build-library.ts"
import { installFromSource, makeAgentHome } from "../support/agent-home.ts"
import { demoHome } from "../support/run-cli.ts"

const root = path.resolve(import.meta.dirname, "../..")
const project = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "sessionr-package-")))

afterAll(() => fs.rmSync(project, { recursive: true, force: true }))

/** The TypeScript that a text shows, in its order. */
const programsOf = (file: string): ReadonlyArray<string> =>
  Array.from(fs.readFileSync(path.join(root, file), "utf8").matchAll(/^```ts\n(.*?)^```$/gms), ([, code]) => code!)

const documented = programsOf("docs/library.md")

/** A project that has the library and what it needs, linked: nothing is installed. */
const makeProject = async (): Promise<void> => {
  const modules = path.join(project, "node_modules")
  const own = path.join(modules, "sessionr")
  for (const name of [...Object.keys(packageJson.dependencies), "@types/node", "undici-types"]) {
    fs.mkdirSync(path.dirname(path.join(modules, name)), { recursive: true })
    fs.symlinkSync(path.join(root, "node_modules", name), path.join(modules, name))
  }
  await buildLibrary(path.join(own, "dist/lib"))
  fs.copyFileSync(path.join(root, "package.json"), path.join(own, "package.json"))
  fs.writeFileSync(path.join(project, "package.json"), JSON.stringify({ type: "module" }))
  const compilerOptions = {
    target: "ES2024",
    lib: ["ES2024", "ESNext.Disposable"],
    module: "NodeNext",
    types: ["node"],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true
  }
  fs.writeFileSync(path.join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }))
  fs.cpSync(path.join(import.meta.dirname, "sample"), project, { recursive: true })
  programsOf("README.md").forEach((code, at) => fs.writeFileSync(path.join(project, `readme-${at}.ts`), code))
  documented.forEach((code, at) => fs.writeFileSync(path.join(project, `documented-${at}.ts`), code))
}

/** Runs a file of the project; its environment is nothing but this. */
const run = (file: string, env: Readonly<Record<string, string>>, cwd = project) => {
  const { status, stderr, stdout } = spawnSync(process.execPath, [path.join(project, file)], {
    cwd,
    encoding: "utf8",
    env: { ...env },
    timeout: 60_000
  })
  assert.strictEqual(status, 0, stderr)
  return { stdout: stdout.trimEnd(), stderr }
}

beforeAll(makeProject, 180_000)

describe("the built library", () => {
  it("type-checks, with what the documentation shows", { timeout: 180_000 }, () => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc")
    const { stdout } = spawnSync(process.execPath, [tsc, "-p", project], { encoding: "utf8" })
    // Declarations of effect itself want some of a browser's; ours have to hold by themselves.
    const wrong = stdout.split("\n").filter((line) => line !== "" && !line.startsWith("node_modules/effect/"))
    assert.deepStrictEqual(wrong, [])
  })

  it("reads the demo home, and prints nothing of its own", () => {
    const { stderr, stdout } = run("effects.ts", { HOME: project, SESSIONR_HOME: demoHome })
    assert.deepStrictEqual(JSON.parse(stdout), {
      id: "33df6d44-dd8f-4a44-b953-a787c477423d",
      shown: [1],
      total: 57,
      missing: "SESSION_NOT_FOUND ffffffff"
    })
    assert.strictEqual(stderr, "")
  })

  it("scans with threads of its own file", () => {
    const home = path.join(project, "big")
    const directory = path.join(home, ".claude/projects/-srv-big")
    fs.mkdirSync(directory, { recursive: true })
    const message = { role: "user", content: "a needle" }
    const padding = "x".repeat(1000)
    for (const at of [1, 2]) {
      const sessionId = `5a5a5a5a-0000-4000-8000-00000000000${at}`
      const record = { type: "user", uuid: sessionId, parentUuid: null, sessionId, cwd: "/srv/big", message }
      const line = JSON.stringify({ ...record, timestamp: "2026-10-01T12:00:00.000Z", version: "2.1.300" })
      const rest = `${JSON.stringify({ type: "file-history-snapshot", padding })}\n`.repeat(35_000)
      fs.writeFileSync(path.join(directory, `${sessionId}.jsonl`), `${line}\n${rest}`)
    }
    const { stdout } = run("threads.mjs", { HOME: home })
    assert.deepStrictEqual(JSON.parse(stdout), {
      totalMatches: 2,
      threads: 2,
      exists: true,
      file: path.join(project, "node_modules/sessionr/dist/lib/scan-worker.js"),
      code: 0
    })
  })
})

describe("modules that are loaded by file", () => {
  it("lie beside the library, and find what they need", async () => {
    const late = path.join(project, "node_modules/sessionr/dist/lib/late")
    const names = fs.readdirSync(path.join(root, "src/layers/late")).map((name) => name.replace(/\.ts$/, ".js"))
    assert.deepStrictEqual(fs.readdirSync(late).sort(), names.sort())
    for (const name of names) assert.isNotEmpty(Object.keys((await import(path.join(late, name))) as object))
  })
})

describe("the documentation", () => {
  it("shows programs that say what they should, one after the other in one home", { timeout: 120_000 }, () => {
    const home = path.join(project, "agent")
    fs.mkdirSync(home)
    const agent = makeAgentHome(home)
    installFromSource(agent)
    const said = documented.map((_, at) => run(`documented-${at}.ts`, agent.env, agent.project).stdout.split("\n"))
    const prompts = { test: "Write a test that fails for order 48213.", files: "Which files does the import touch?" }
    const answer = (prompt: string): string => `You said ${prompt.length} characters.`
    assert.deepStrictEqual(said, [
      [`delivered ${answer(prompts.test)}`, "in common 4 then 2 and 2"],
      ["2 new messages", "SESSION_NOT_FOUND 3"],
      [`${prompts.files.length + answer(prompts.files).length} characters`],
      ["user Run all tests.", `assistant ${answer("Run all tests.")}`]
    ])
  })
})
