import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { databasePath, insertRows, writeDatabase } from "../adapters/goose/store.ts"
import { runCli, type RunOptions } from "../support/run-cli.ts"
import { snapshotOf, temporaryHome } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"

const said = (text: string) => ({ role: "user", created: 1793600000, content: [{ type: "text", text }] })

interface Warned {
  readonly source: string
  readonly error: { readonly code: string; readonly message: string }
}

/** A session of goose, another one that is only in the log of its database, and one of claude. */
const inHome = (use: (options: RunOptions, home: string) => Effect.Effect<void>) =>
  Effect.scoped(
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeClaude(home, claudeId(1), [["user", "of another source"]])
      writeDatabase(17)(home, [{ id: "20261101_1", records: [said("in the database")] }])
      const writer = yield* Effect.acquireRelease(
        Effect.sync(() => new DatabaseSync(databasePath(home))),
        (database) => Effect.sync(() => database.close())
      )
      writer.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
      const session = { table: "sessions", working_dir: "/home/dev/app", created_at: "2026-11-01 11:00:00" }
      insertRows(writer, [session, said("in the log")], "20261101_2")
      yield* use({ home, copyLimit: 4096 }, home)
    })
  )

const warningsOf = (words: ReadonlyArray<string>, options: RunOptions) =>
  Effect.map(runCli(words, options), ({ exitCode, json }) => {
    assert.strictEqual(exitCode, 0)
    return (json.meta?.warnings ?? []) as ReadonlyArray<Warned>
  })

describe("a database that is too large to be copied with its log", () => {
  it.effect("is read without the log, and every command that read it says what may be missing", () =>
    inHome((options, home) =>
      Effect.gen(function* () {
        const before = snapshotOf(home)
        for (const words of [
          ["list", "--cwd", "all"],
          ["search", "database"],
          ["read", "20261101_1"],
          ["info", "20261101_1"],
          ["stats", "20261101_1"]
        ]) {
          const warnings = yield* warningsOf(words, options)
          assert.deepStrictEqual(
            warnings.map(({ error, source }) => [source, error.code]),
            [["goose", "LOG_NOT_READ"]],
            words[0]
          )
          const { message } = warnings[0]!.error
          assert.include(message, databasePath(home))
          assert.include(message, "newest messages and sessions may be missing")
        }
        assert.deepStrictEqual((yield* runCli(["search", "log"], options)).json.results, [])
        const text = yield* runCli(["list", "--output", "text"], options)
        assert.include(text.stdout, "warning[LOG_NOT_READ]: goose: ")
        const { warnings } = (yield* runCli(["doctor"], options)).json.result
        assert.isTrue(warnings.some((warning: string) => warning.startsWith(`goose: ${databasePath(home)} is larger`)))
        assert.deepStrictEqual(snapshotOf(home), before)
      })
    )
  )

  it.effect("is named where a session was not found, and of no interest to one of another source", () =>
    inHome((options) =>
      Effect.gen(function* () {
        const { exitCode, json } = yield* runCli(["read", "20261101_2"], options)
        assert.strictEqual(exitCode, 3)
        assert.deepStrictEqual(json.error.detail.skipped_sources, ["goose"])
        assert.include(json.error.message, "not looked through in full: goose")
        assert.deepStrictEqual(yield* warningsOf(["read", claudeId(1)], options), [])
      })
    )
  )

  it.effect("is not warned of while it can be copied", () =>
    inHome(({ home }) =>
      Effect.gen(function* () {
        assert.deepStrictEqual(yield* warningsOf(["list", "--cwd", "all"], { home: home! }), [])
        assert.lengthOf((yield* runCli(["search", "log"], { home: home! })).json.results, 1)
      })
    )
  )
})
