import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commands } from "../../src/commands/table.ts"
import { cellWidth } from "../../src/render/terminal.ts"
import { demoListed } from "../support/demo.ts"
import { writeJob } from "../support/jobs.ts"
import { copyDemoHome, runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { makeOld, snapshotOf, temporaryHome } from "../support/store.ts"

const limitOf = (words: ReadonlyArray<string>, options: RunOptions = {}) =>
  Effect.map(runCli(words, options), ({ json }) => json.limit as number | undefined)

describe("how flags may be written", () => {
  it.effect("every usual spelling of a value", () =>
    Effect.gen(function* () {
      const spellings = [
        ["list", "-n", "3"],
        ["list", "-n3"],
        ["list", "-n=3"],
        ["list", "--limit", "3"],
        ["list", "--limit=3"],
        ["--output", "json", "list", "--limit=3"],
        ["list", "--limit=9", "-n3"],
        ["list", "--output=json", "-n", "9", "--limit", "3"]
      ]
      for (const words of spellings) assert.strictEqual(yield* limitOf(words), 3, words.join(" "))
    })
  )

  it.effect("a value may begin with a dash, or look like a global flag", () =>
    Effect.gen(function* () {
      for (const query of ["--home", "-x", "--version", "--", "--help"]) {
        const { exitCode, json } = yield* runCli(["search", "-q", query])
        assert.strictEqual(exitCode, 0, query)
        assert.strictEqual(json.query, query)
      }
      const inline = yield* runCli(["search", "--query=--output=yaml"])
      assert.strictEqual(inline.json.query, "--output=yaml")
    })
  )

  it.effect("after -- everything is an argument", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["search", "--", "--output", "text"])
      assert.strictEqual(json.query, "--output text")
      assert.strictEqual((yield* runCli(["search", "--top", "1", "--", "-q"])).json.query, "-q")
    })
  )

  it.effect("global flags stand before or behind the command", () =>
    Effect.gen(function* () {
      const before = yield* runCli(["--api-version", "2", "--output=json", "--timing", "list"])
      const behind = yield* runCli(["list", "--timing", "--output", "json", "--api-version=2"])
      assert.strictEqual(before.stdout, behind.stdout)
      assert.strictEqual(before.json.meta.timing_ms, 0)
    })
  )

  it.effect("a switch takes no value, and a global flag needs its own", () =>
    Effect.gen(function* () {
      for (const words of [
        ["list", "--timing=1"],
        ["list", "--include-empty=perhaps"],
        ["list", "--api-version"],
        ["list", "-n"]
      ]) {
        const { exitCode, json } = yield* runCli(words)
        assert.strictEqual(exitCode, 2, words.join(" "))
        assert.strictEqual(json.error.code, "USAGE_ERROR", words.join(" "))
      }
    })
  )

  it.effect("a broken global flag is reported in the format that the others ask for", () =>
    Effect.gen(function* () {
      const text = yield* runCli(["list", "--output", "text", "--api-version", "9"])
      assert.match(text.stderr, /^error\[INVALID_ARG\]: --api-version is "9"/)
      assert.strictEqual(text.stdout, "")
      const second = yield* runCli(["list", "--output", "yaml", "--api-version", "2"])
      assert.strictEqual(second.json.ok, false)
      assert.strictEqual(second.json.error.code, "INVALID_OUTPUT_FORMAT")
      const terminal = yield* runCli(["list", "--output", "yaml"], { terminal: true })
      assert.match(terminal.stderr, /error\[INVALID_OUTPUT_FORMAT\]/)
    })
  )
})

describe("the output format", () => {
  const formatOf = ({ stderr, stdout }: { stdout: string; stderr: string }): string => {
    const text = (stdout + stderr).replace(/\u001b\[\d*m/g, "")
    if (!text.startsWith("{"))
      return text.includes("SOURCE") && /^ID|^sessionr {2}|^SOURCE/.test(text) ? "table" : "text"
    return text.startsWith("{\n") ? "json" : "jsonl"
  }

  it.effect("is JSON in a pipe, text or a table on a terminal, and what flags and variables say", () =>
    Effect.gen(function* () {
      const cases: ReadonlyArray<readonly [words: ReadonlyArray<string>, options: RunOptions, format: string]> = [
        [["list"], {}, "json"],
        [["list"], { terminal: true }, "table"],
        [["sources"], { terminal: true }, "table"],
        [["doctor"], { terminal: true }, "table"],
        [["read", "33df6d44"], { terminal: true }, "text"],
        [["help"], {}, "text"],
        [["help"], { env: { SESSIONR_OUTPUT: "json" } }, "json"],
        [["list"], { terminal: true, env: { SESSIONR_AGENT: "1" } }, "json"],
        [["list"], { terminal: true, env: { SESSIONREADER_AGENT: "true" } }, "json"],
        [["list"], { terminal: true, env: { SESSIONR_AGENT: "0" } }, "table"],
        [["list"], { env: { SESSIONR_OUTPUT: "jsonl" } }, "jsonl"],
        [["list"], { env: { SESSIONREADER_OUTPUT: "text" } }, "text"],
        [["list", "--output", "jsonl"], { env: { SESSIONR_OUTPUT: "text", SESSIONR_AGENT: "1" } }, "jsonl"],
        [["read", "deadbeef"], { terminal: true }, "text"],
        [["read", "deadbeef"], {}, "json"]
      ]
      for (const [words, options, format] of cases) {
        assert.strictEqual(
          formatOf(yield* runCli(words, options)),
          format,
          `${words.join(" ")} ${JSON.stringify(options)}`
        )
      }
    })
  )

  it.effect("has colour on a terminal only, and never in JSON", () =>
    Effect.gen(function* () {
      const colored = (words: ReadonlyArray<string>, options: RunOptions) =>
        Effect.map(runCli(words, options), ({ stderr, stdout }) => (stdout + stderr).includes("\u001b["))
      assert.isTrue(yield* colored(["list"], { terminal: true }))
      assert.isTrue(yield* colored(["read", "nope"], { terminal: true }))
      assert.isTrue(yield* colored(["list", "--output", "text"], { env: { FORCE_COLOR: "1" } }))
      assert.isFalse(yield* colored(["list", "--no-color"], { terminal: true }))
      assert.isFalse(yield* colored(["list"], { terminal: true, env: { NO_COLOR: "1" } }))
      assert.isFalse(yield* colored(["list", "--output", "json"], { terminal: true, env: { FORCE_COLOR: "1" } }))
      assert.isFalse(yield* colored(["list", "--output", "text"], {}))
    })
  )

  it.effect("a table is no wider than the terminal", () =>
    Effect.gen(function* () {
      for (const columns of [72, 80, 200]) {
        const { stdout } = yield* runCli(["list", "--limit", "1000", "--output", "table"], { columns })
        const printed = stdout.split("\n")
        const rows = printed.slice(
          1,
          printed.findIndex((row) => /^1-\d+ of \d+ sessions/.test(row))
        )
        assert.lengthOf(rows, demoListed().length)
        for (const row of rows) assert.isAtMost(cellWidth(row), columns, row)
      }
    })
  )
})

describe("documents", () => {
  it.effect("the help of every command has its flags, examples and exit codes", () =>
    Effect.gen(function* () {
      for (const { examples, flags, name } of commands) {
        const { stdout } = yield* runCli([name, "--help"])
        assert.strictEqual(stdout, (yield* runCli(["help", name])).stdout)
        for (const flag of Object.keys(flags)) assert.include(stdout, `--${flag}`)
        for (const { command } of examples) assert.include(stdout, command)
        assert.include(stdout, "\nExit codes:\n")
      }
    })
  )

  it.effect("nothing at all is the help, exit 0", () =>
    Effect.gen(function* () {
      const { exitCode, stdout } = yield* runCli([])
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(stdout, (yield* runCli(["--help"])).stdout)
    })
  )

  it.effect("--version says the version, in every format", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* runCli(["--version"])).stdout, "sessionr 0.0.0-test\n")
      assert.strictEqual((yield* runCli(["-V", "--output", "json"])).json.version, "0.0.0-test")
    })
  )

  it.effect("completions know every command and flag, and bash takes them", () =>
    Effect.gen(function* () {
      for (const shell of ["bash", "zsh", "fish", "powershell"]) {
        const { exitCode, stdout } = yield* runCli(["completions", shell])
        assert.strictEqual(exitCode, 0)
        for (const { name } of commands) assert.include(stdout, name, shell)
        assert.include(stdout, "if-changed", shell)
        assert.notInclude(stdout, "sessionr --completions")
      }
      const { stdout } = yield* runCli(["completions", "bash"])
      const checked = spawnSync("bash", ["-n"], { input: stdout, encoding: "utf8" })
      if (checked.error === undefined) assert.deepStrictEqual([checked.status, checked.stderr], [0, ""])
    })
  )

  it.effect("examples in the help can be called", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const options: RunOptions = {
        copied: true,
        state,
        anyDirectory: true,
        agent: { runs: true },
        programs: { claude: "/usr/bin/claude", codex: "/usr/bin/codex" },
        inputs: { "prompt.md": "Go on." },
        prepare: ({ stateDir }) => writeJob(stateDir, { jobId: "j-20261120-101500-9f3a6c01", completedAt: 0 }, 0)
      }
      const home = yield* copyDemoHome
      makeOld(home)
      // Prune takes sessions away, and asks before it does.
      const pruning: RunOptions = { home, state: yield* temporaryHome, terminal: true, answer: true }
      for (const { examples, name } of commands) {
        const acts = ["send", "job", "wait", "cancel", "jobs", "name", "checkpoint"].includes(name)
        for (const { command } of examples) {
          if (!command.startsWith("sessionr ") || command.includes(">")) continue
          const line = command.replace("135e0b78", "33df6d44").replace("-m ...", "-m x")
          const own = name === "prune" ? pruning : name === "export" ? { cwd: state } : {}
          const { exitCode, stderr, stdout } = yield* runLine(line, acts ? options : own)
          assert.include([0, 10], exitCode, `${name}: ${command}\n${stdout}${stderr}`)
        }
      }
    }).pipe(Effect.scoped)
  )
})

describe("the stores of the tools", () => {
  it.effect("are byte-identical after every command, modification times included", () =>
    Effect.gen(function* () {
      const home = yield* copyDemoHome
      const state = yield* temporaryHome
      for (const name of fs.readdirSync(home, { recursive: true, encoding: "utf8" })) {
        fs.utimesSync(nodePath.join(home, name), 1_700_000_000.123, 1_700_000_000.456)
      }
      const before = snapshotOf(home)
      const calls = [
        "list",
        "list --include-subagents --include-empty -q the",
        "search VAT",
        "info 33df6d44",
        "stats 9e577bdb",
        "read 33df6d44",
        "read 01a1c10e --preset full",
        "read 33df6d44 --branch-of nope",
        "read --batch -",
        "context 01a1c10e --target-source claude",
        "export 33df6d44 --format html",
        "diff 01a1c10e bfe7aa11 --messages",
        "tag 33df6d44 --add vat",
        "tag 33df6d44 --remove vat",
        "prune --older-than 1d --dry-run",
        "prune --older-than 1d",
        "prune --empty-trash --older-than 1d --yes",
        "doctor",
        "sources",
        "help",
        "schema",
        "completions zsh"
      ]
      for (const line of calls) {
        const options = { home, state, inputs: { "-": "33df6d44\nccbd4a8f\n" } }
        yield* runCli(line.split(" "), options)
        assert.deepStrictEqual(snapshotOf(home), before, line)
      }
      // Everything of ours is where it was told to be, readable by its owner alone.
      const own = fs.readdirSync(state, { recursive: true, encoding: "utf8" })
      assert.isAbove(own.length, 10)
      for (const name of own) {
        const stat = fs.statSync(nodePath.join(state, name))
        assert.strictEqual(stat.mode & 0o077, 0, name)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("may be read-only, and a cache that cannot be written fails nothing", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      fs.writeFileSync(nodePath.join(state, "cache"), "in the way")
      const { exitCode, json } = yield* runCli(["list"], { state })
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(json.total_available, demoListed().length)
    }).pipe(Effect.scoped)
  )
})
