import * as fs from "node:fs"
import { demoIndex, demoListed, sourceNames } from "../support/demo.ts"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { FileError } from "../../src/domain/errors.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { copyDemoHome, demoHome, runCli } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"
import { claudeId, deadAdapter, writeClaude } from "../support/stores.ts"

interface DoctorSource {
  readonly name: string
  readonly data_dir: string
  readonly data_dirs: ReadonlyArray<string>
  readonly data_dir_exists: boolean
  readonly session_count: number
  readonly unreadable: ReadonlyArray<{ readonly path: string; readonly reason: string }>
  readonly spawn_bin: string | null
  readonly spawn_bin_path: string | null
  readonly spawn_bin_version: string | null
  readonly notes: ReadonlyArray<string>
}

const doctor = (options: Parameters<typeof runCli>[1] = {}) =>
  Effect.map(runCli(["doctor"], options), ({ exitCode, json }) => {
    assert.strictEqual(exitCode, 0)
    return json.result as {
      readonly sources: ReadonlyArray<DoctorSource>
      readonly warnings: ReadonlyArray<string>
      readonly cache_bytes: number | null
    }
  })

describe("doctor", () => {
  it.effect("on an empty home says what is missing", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const result = yield* doctor({ home })
      for (const source of result.sources) {
        assert.isFalse(source.data_dir_exists)
        assert.strictEqual(source.session_count, 0)
        assert.isTrue(source.data_dirs.every((dir) => dir.startsWith(home)))
        assert.strictEqual(source.data_dir, source.data_dirs[0])
      }
      assert.deepStrictEqual(result.warnings, [])
      assert.isNull(result.cache_bytes)
    }).pipe(Effect.scoped)
  )

  it.effect("on the demo home counts what list shows, and finds programs and retention", () =>
    Effect.gen(function* () {
      const { sources, warnings } = yield* doctor({ programs: { claude: "/opt/claude" } })
      assert.deepStrictEqual(
        sources
          .filter(({ session_count }) => session_count > 0)
          .map(({ name, session_count }) => [name, session_count]),
        sourceNames.flatMap((name) =>
          demoIndex()
            .filter(({ source }) => source === name)
            .map(({ counts }) => [name, counts[0]])
        )
      )
      assert.deepStrictEqual([sources[0]?.spawn_bin_path, sources[0]?.spawn_bin_version], ["/opt/claude", "1.2.3"])
      assert.isNull(sources[1]?.spawn_bin_path)
      assert.match(sources[0]?.notes.join() ?? "", /365 days .*settings\.json/)
      assert.include(warnings, "codex: has sessions, but codex is not on PATH")
      // Zed has no program to resume a session with.
      const resumable = demoIndex().filter(({ source }) => source !== "claude" && source !== "zed")
      assert.lengthOf(warnings, resumable.length)
      assert.isTrue(warnings.every((warning) => warning.endsWith("is not on PATH")))
    })
  )

  it.effect("takes a tool's program by any of its names, in their order", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const cursor = (programs: Readonly<Record<string, string>>) =>
        Effect.map(doctor({ home, programs }), ({ sources }) => {
          const source = sources.find(({ name }) => name === "cursor-agent")
          return [source?.spawn_bin, source?.spawn_bin_path]
        })
      assert.deepStrictEqual(yield* cursor({}), ["cursor-agent", null])
      assert.deepStrictEqual(yield* cursor({ agent: "/opt/agent" }), ["agent", "/opt/agent"])
      const both = { agent: "/opt/agent", "cursor-agent": "/opt/cursor-agent" }
      assert.deepStrictEqual(yield* cursor(both), ["cursor-agent", "/opt/cursor-agent"])
    }).pipe(Effect.scoped)
  )

  it.effect("warns of sessions that the tool will delete soon", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const path = writeClaude(home, claudeId(1), [["user", "old"]])
      const old = Date.parse("2026-10-23T00:00:00.000Z") / 1000
      fs.utimesSync(path, old, old)
      fs.utimesSync(writeClaude(home, claudeId(2), [["user", "new"]]), old + 2_000_000, old + 2_000_000)
      const { warnings } = yield* doctor({ home, programs: { claude: "/c" } })
      assert.match(warnings.join("\n"), /^claude deletes sessions after 30 days .*: 1 goes within 7 days$/)
    }).pipe(Effect.scoped)
  )

  it.effect("counts files that cannot be read, and a zero-byte file does no harm", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const path = writeClaude(home, claudeId(1), [["user", "fine"]])
      writeClaude(home, claudeId(2), [["user", "unreadable"]])
      fs.writeFileSync(nodePath.join(nodePath.dirname(path), `${claudeId(3)}.jsonl`), "")
      const [claude] = adapters
      const failing: Adapter = {
        ...claude!,
        survey: (entry) =>
          entry.id === claudeId(2)
            ? Effect.fail(new FileError({ path: entry.file.path, reason: "EACCES" }))
            : claude!.survey(entry)
      }
      const result = yield* doctor({ home, adapters: [failing] })
      assert.strictEqual(result.sources[0]?.session_count, 1)
      assert.deepStrictEqual(
        result.sources[0]?.unreadable.map(({ reason }) => reason),
        ["EACCES"]
      )
      assert.match(result.warnings.join("\n"), /claude: 1 unreadable/)
      const list = (yield* runCli(["list"], { home, adapters: [failing] })).json
      assert.strictEqual(list.total_available, 1)
      assert.strictEqual(list.meta.warnings[0].error.code, "ADAPTER_FAILED")
      assert.deepStrictEqual(list.meta.hidden, { subagents: 0, empty: 1 })
    }).pipe(Effect.scoped)
  )

  it.effect("a directory in the place of a session, and a file in the place of a directory", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const path = writeClaude(home, claudeId(1), [["user", "fine"]])
      fs.mkdirSync(nodePath.join(nodePath.dirname(path), `${claudeId(2)}.jsonl`))
      fs.writeFileSync(nodePath.join(home, ".codex"), "not a directory")
      const list = yield* runCli(["list"], { home })
      assert.strictEqual(list.exitCode, 0)
      assert.strictEqual(list.json.total_available, 1)
      const result = yield* doctor({ home })
      assert.strictEqual(result.sources[0]?.session_count, 1)
    }).pipe(Effect.scoped)
  )
})

describe("a source that dies", () => {
  const options = { adapters: [deadAdapter, ...adapters] }

  it.effect("is a warning, and the others go on", () =>
    Effect.gen(function* () {
      const list = (yield* runCli(["list", "--cwd", "all"], options)).json
      assert.strictEqual(list.total_available, demoListed().length)
      assert.deepStrictEqual(list.meta.warnings, [
        { source: "dead", error: { code: "ADAPTER_FAILED", message: "cannot read what is not there" } }
      ])
      const search = (yield* runCli(["search", "roundVat"], options)).json
      assert.strictEqual(search.total_matches, 1)
      assert.strictEqual(search.meta.warnings[0].source, "dead")
      assert.strictEqual((yield* runCli(["read", "33df6d44"], options)).json.meta.warnings[0].source, "dead")
      assert.strictEqual((yield* runCli(["info", "33df6d44"], options)).json.meta.warnings[0].source, "dead")
      const text = yield* runCli(["list", "--cwd", "all", "--output", "text"], options)
      assert.include(text.stdout, "warning[ADAPTER_FAILED]: dead: cannot read what is not there")
      assert.strictEqual(text.stderr, "")
    })
  )

  it.effect("is named where a session was not found, since an absence there proves nothing", () =>
    Effect.gen(function* () {
      const { exitCode, json } = yield* runCli(["read", "deadbeef"], options)
      assert.strictEqual(exitCode, 3)
      assert.deepStrictEqual(json.error.detail.skipped_sources, ["dead"])
      assert.include(json.error.message, "dead")
    })
  )

  it.effect("does not fail doctor", () =>
    Effect.gen(function* () {
      const { sources, warnings } = yield* doctor(options)
      assert.deepStrictEqual(sources[0]?.notes, ["ADAPTER_FAILED: cannot read what is not there"])
      assert.strictEqual(sources[1]?.session_count, 10)
      assert.match(warnings.join("\n"), /dead: cannot be looked through/)
    })
  )

  it.effect("is asked by an alias like any other", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "BROKEN"], options)
      assert.strictEqual(json.total_available, 0)
      assert.strictEqual(json.meta.warnings[0].source, "dead")
    })
  )
})

describe("where data is looked for", () => {
  it.effect("--home takes the place of the home, and the tools' variables are ignored", () =>
    Effect.gen(function* () {
      const empty = yield* temporaryHome
      const copy = yield* copyDemoHome
      const env = { CLAUDE_CONFIG_DIR: empty, CODEX_HOME: empty }
      const moved = (yield* runCli(["list"], { env })).json
      const others = demoListed().filter(({ source }) => source !== "claude" && source !== "codex")
      assert.strictEqual(moved.total_available, others.length)
      const { json } = yield* runCli(["list", "--home", copy], { home: empty, env })
      assert.strictEqual(json.total_available, demoListed().length)
      assert.isTrue(json.sessions.every(({ filePath }: { filePath: string }) => filePath.startsWith(copy)))
      assert.strictEqual(json.meta.next_action.command, `sessionr --home ${copy} read ccbd4a8f`)
      const variable = (yield* runCli(["list"], { home: empty, env: { ...env, SESSIONR_HOME: copy } })).json
      assert.strictEqual(variable.meta.next_action.command, "sessionr read ccbd4a8f")
    }).pipe(Effect.scoped)
  )

  it.effect("--home may be relative to the current directory", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "--home", "home"], { home: "/nowhere", cwd: nodePath.dirname(demoHome) })
      assert.strictEqual(json.total_available, demoListed().length)
    })
  )

  it.effect("a tool's own variable moves its data", () =>
    Effect.gen(function* () {
      const env = { CLAUDE_CONFIG_DIR: nodePath.join(demoHome, ".claude") }
      const { json } = yield* runCli(["list", "--cwd", "all"], { home: "/nowhere", env })
      assert.strictEqual(json.total_available, 10)
    })
  )

  it.effect("sources says what each can do", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["sources"])
      assert.deepStrictEqual(
        json.sources.map(({ name }: { name: string }) => name),
        sourceNames
      )
      for (const { aliases, name } of json.sources) {
        for (const alias of [...aliases, name.toUpperCase()]) {
          assert.strictEqual((yield* runCli(["list", alias])).exitCode, 0, alias)
        }
      }
    })
  )
})
