import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")

/** A file of the house, what it imports, and whether the rules let it. */
type Case = readonly [file: string, imported: string, allowed: boolean]

const folders = ["domain", "schemas", "services", "adapters", "layers", "render", "commands", "library"] as const

/** What each folder may import of ours, as in ARCHITECTURE.md. */
const mayImport: Readonly<Record<(typeof folders)[number], ReadonlyArray<string>>> = {
  domain: [],
  schemas: ["domain"],
  services: ["domain", "schemas"],
  adapters: ["services", "domain"],
  layers: ["services", "adapters", "domain", "schemas"],
  render: ["schemas", "domain"],
  commands: ["services", "schemas", "domain", "render"],
  library: ["services", "schemas", "domain", "render", "layers"]
}

const file = (folder: string): string => (folder === "adapters" ? "src/adapters/claude/x.ts" : `src/${folder}/x.ts`)

const from = (folder: string, target: string): string => `${folder === "adapters" ? "../.." : ".."}/${target}`

const cases: ReadonlyArray<Case> = [
  ...folders.flatMap((folder) => [
    ...folders
      .filter((target) => target !== folder)
      .map((target): Case => [file(folder), from(folder, `${target}/a.ts`), mayImport[folder].includes(target)]),
    [file(folder), from(folder, "main.ts"), false] satisfies Case,
    [file(folder), "./neighbour.ts", true] satisfies Case,
    [file(folder), "effect/Effect", true] satisfies Case,
    [file(folder), "effect", false] satisfies Case,
    [file(folder), "node:fs", folder === "layers"] satisfies Case,
    [file(folder), "@effect/platform-node/NodeServices", folder === "layers"] satisfies Case,
    [file(folder), "effect/cli/Flag", folder === "commands"] satisfies Case
  ]),
  ["src/layers/sessions/x.ts", "../../services/a.ts", true],
  ["src/layers/sessions/x.ts", "../../commands/a.ts", false],
  ["src/layers/sessions/x.ts", "../scan-file.ts", true],
  ["src/adapters/claude/x.ts", "../support/json.ts", true],
  ["src/adapters/claude/x.ts", "../codex/parse.ts", false],
  ["src/adapters/codex/x.ts", "../claude/deep/parse.ts", false],
  ["src/adapters/support/x.ts", "../claude/parse.ts", false],
  ["src/main.ts", "./commands/a.ts", true],
  ["src/main.ts", "./layers/a.ts", true],
  ["src/main.ts", "./domain/a.ts", true],
  ["src/main.ts", "./services/a.ts", true],
  ["src/main.ts", "./adapters/claude/a.ts", false],
  ["src/main.ts", "./render/a.ts", false],
  ["src/main.ts", "./library/a.ts", false],
  ["src/main.ts", "./schemas/a.ts", false],
  ["src/main.ts", "node:fs", false],
  ["src/main.ts", "@effect/platform-node/NodeRuntime", true],
  ["src/main.ts", "effect/cli/CliError", true],
  ["scripts/x.ts", "node:fs", true],
  ["scripts/x.ts", "fs", false],
  ["test/x.ts", "../src/layers/a.ts", true]
]

interface Diagnostic {
  readonly code: string
  readonly filename: string
  readonly labels: ReadonlyArray<{ readonly span: { readonly line: number } }>
}

/** Lints a tree that has one file per name, with one import per line; gives back `file → import` of the refused. */
const refused = (): ReadonlySet<string> => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "sessionr-lint-"))
  try {
    const lines = new Map<string, Array<string>>()
    for (const [name, imported] of cases) lines.set(name, [...(lines.get(name) ?? []), imported])
    for (const [name, imports] of lines) {
      const target = path.join(home, name)
      fs.mkdirSync(path.dirname(target), { recursive: true })
      fs.writeFileSync(target, imports.map((it, at) => `import * as x${at} from "${it}"\n`).join(""))
    }
    fs.copyFileSync(path.join(root, ".oxlintrc.json"), path.join(home, ".oxlintrc.json"))
    const oxlint = path.join(root, "node_modules/oxlint/bin/oxlint")
    const { stderr, stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], {
      cwd: home,
      encoding: "utf8"
    })
    assert.strictEqual(stderr, "")
    const { diagnostics } = JSON.parse(stdout) as { readonly diagnostics: ReadonlyArray<Diagnostic> }
    const rules = ["eslint(no-restricted-imports)", "unicorn(prefer-node-protocol)"]
    return new Set(
      diagnostics
        .filter(({ code }) => rules.includes(code))
        .map(({ filename, labels }) => `${filename} → ${lines.get(filename)![labels[0]!.span.line - 1]}`)
    )
  } finally {
    fs.rmSync(home, { recursive: true, force: true })
  }
}

describe("direction of imports", () => {
  it("is a lint error where it goes upwards, and only there", () => {
    const expected = cases.filter(([, , allowed]) => !allowed).map(([name, imported]) => `${name} → ${imported}`)
    assert.deepStrictEqual([...refused()].sort(), expected.sort())
  })

  it("holds in this repository", () => {
    const oxlint = path.join(root, "node_modules/oxlint/bin/oxlint")
    const { status, stdout } = spawnSync(process.execPath, [oxlint, "--quiet", "src"], { cwd: root, encoding: "utf8" })
    assert.deepStrictEqual({ status, found: status === 0 ? "" : stdout }, { status: 0, found: "" })
  })
})
