import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { adapters } from "../../src/layers/adapters.ts"
import { type CliResult, runCli } from "../support/run-cli.ts"
import { jsonLines, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId, counting } from "../support/stores.ts"

// eslint-disable-next-line typescript/no-explicit-any
type Json = any

const fields = ["input", "output", "cache_read", "cache_creation", "thinking"] as const

const counts = (tokens: Readonly<Record<string, number>>): ReadonlyArray<number> => fields.map((name) => tokens[name]!)

const sum = (rows: ReadonlyArray<ReadonlyArray<number>>): ReadonlyArray<number> =>
  fields.map((_, at) => rows.reduce((all, row) => all + row[at]!, 0))

/** `info` has the names of version 1. */
const infoCounts = (usage: Readonly<Record<string, number>>): ReadonlyArray<number> =>
  ["input", "output", "cacheRead", "cacheCreation", "thinking"].map((name) => usage[name]!)

const groupsBy = (json: Json, by: string): ReadonlyArray<Json> => json.groups.filter((group: Json) => group.by === by)

const keyed = (json: Json, by: string, key: string | null): Json =>
  groupsBy(json, by).find((group) => group.key === key)

/** What `59347f09` copied of `bfe7aa11`: all its lines less its own answers, as the README of the demo counts them. */
const copied = [17 - 9, 341 - 139, 59_140 - 29_736, 14_940 - 101, 64 - 38]

const everySession = runCli(["list", "--cwd", "all", "--include-subagents", "--include-empty", "--limit", "1000"]).pipe(
  Effect.map(({ json }) => json.sessions as ReadonlyArray<Json>)
)

describe("totals of the demo home", () => {
  it.effect("are the sum of its sessions, and what a fork copied counts once", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["stats"])
      const infos = yield* Effect.forEach(yield* everySession, ({ id, source }) =>
        Effect.map(runCli(["info", id, "--source", source]), (info) => info.json)
      )
      const spoken = infos.filter((info) => info.total_messages > 0 || info.token_usage !== null)
      const paid = sum(infos.flatMap((info) => (info.token_usage === null ? [] : [infoCounts(info.token_usage)])))
      assert.deepStrictEqual(
        counts(json.total.tokens),
        paid.map((count, at) => count - copied[at]!)
      )
      assert.strictEqual(json.total.sessions + json.total.subagents, spoken.length)
      assert.strictEqual(json.meta.hidden.empty, infos.length - spoken.length)
      assert.strictEqual(
        json.total.messages,
        infos.reduce((all, info) => all + info.total_messages, 0)
      )
      assert.strictEqual(
        json.total.duration_ms,
        infos.reduce((all, info) => all + (info.duration_ms ?? 0), 0)
      )
      assert.strictEqual(json.total.sessions_without_usage, spoken.filter((info) => info.token_usage === null).length)
    })
  )

  it.effect("every breakdown adds up to them", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["stats"])
      assert.isNull(json.by)
      for (const by of ["source", "day", "model", "project"]) {
        const groups = groupsBy(json, by)
        assert.isAbove(groups.length, 1, by)
        const total = (name: string) => groups.reduce((all, group) => all + group[name], 0)
        for (const name of ["messages", "tool_calls", "tool_errors", "tokens_estimate"]) {
          assert.strictEqual(total(name), json.total[name], `${name} by ${by}`)
        }
        const tokens = groups.flatMap((group) => (group.tokens === null ? [] : [counts(group.tokens)]))
        assert.deepStrictEqual(sum(tokens), counts(json.total.tokens), by)
        const alone = (yield* runCli(["stats", "--by", by])).json
        assert.deepStrictEqual(alone.groups, groups)
        assert.deepStrictEqual(alone.total, json.total)
        assert.strictEqual(alone.by, by)
      }
    })
  )

  it.effect("answers belong to their own day and model", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["stats", "-s", "claude"])
      // 99a77575 lasted two days.
      const days = ["2026-10-20", "2026-10-21"].map((day) => keyed(json, "day", day))
      assert.deepStrictEqual(
        days.map(({ sessions }) => sessions),
        [1, 1]
      )
      assert.deepStrictEqual(sum(days.map(({ tokens }) => counts(tokens))), [62, 884, 103_613, 29_800, 69])
      assert.isTrue(days.every(({ tokens }) => tokens.output > 0))
      assert.strictEqual(days[0].messages + days[1].messages, 33)
      // Both agents on Haiku, the warm-up among them.
      const haiku = keyed(json, "model", "claude-haiku-4-5-20251001")
      assert.strictEqual(haiku.subagents, 3)
      assert.deepStrictEqual(counts(haiku.tokens), [15 + 19 + 6, 218 + 76 + 14, 12_611 + 4014, 6522 + 4095 + 3096, 0])
      // The fork: its own answers, and those of its origin once.
      assert.strictEqual(keyed(json, "day", "2026-10-02").tokens.output, 345 + 139)
    })
  )

  it.effect("a source without a count of tokens has null, and says how many sessions that is", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["stats", "--since", "2025-01-01", "--until", "2025-12-31", "-s", "codex"])
      assert.strictEqual(json.total.sessions, 1)
      assert.isNull(json.total.tokens)
      assert.strictEqual(json.total.sessions_without_usage, 1)
      assert.isAbove(json.total.tokens_estimate, 0)
      assert.strictEqual(json.meta.since, "2025-01-01T00:00:00.000Z")
      assert.strictEqual(json.meta.until, "2025-12-31T00:00:00.000Z")
    })
  )

  it.effect("--cwd keeps the sessions of a directory, records that were skipped are said", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["stats", "--cwd", "/srv/acme/logs.d", "-s", "claude"])
      assert.strictEqual(json.meta.cwd_scope, "explicit")
      assert.deepStrictEqual(
        groupsBy(json, "project").map(({ key }) => key),
        ["/srv/acme/logs.d"]
      )
      assert.deepStrictEqual(json.meta.warnings, [
        { source: "claude", error: { code: "RECORDS_SKIPPED", message: "1 record skipped in 1 session" } }
      ])
    })
  )

  it.effect("text has bars that fit the terminal, whatever its width", () =>
    Effect.gen(function* () {
      for (const columns of [60, 80, 140]) {
        const { stdout } = yield* runCli(["stats", "--output", "text"], { columns })
        const bars = stdout.split("\n").filter((line) => /[█▏▎▍▌▋▊▉]/u.test(line))
        assert.isAbove(bars.length, 5)
        assert.strictEqual(Math.max(...bars.map((line) => Array.from(line).length)), columns)
      }
      const narrow = (yield* runCli(["stats", "--output", "text"], { columns: 20 })).stdout
      assert.notMatch(narrow, /[█▏]/u)
    })
  )
})

/** A claude answer with its cost. */
const answer = (id: string, session: string, at: number, output: number, more: object = {}) => ({
  type: "assistant",
  uuid: `${session}-${at}`,
  parentUuid: at === 0 ? null : `${session}-${at - 1}`,
  sessionId: session,
  cwd: "/w",
  timestamp: new Date(Date.UTC(2026, 10, 1) + at * 1000).toISOString(),
  message: {
    id,
    role: "assistant",
    model: "claude-opus-5-5",
    content: [{ type: "text", text: `answer ${id}` }],
    usage: { input_tokens: 1, output_tokens: output }
  },
  ...more
})

const claudeFile = (home: string, id: string): string => nodePath.join(home, ".claude/projects/-w", `${id}.jsonl`)

const [first, second, third] = [claudeId(1), claudeId(2), claudeId(3)]

const outputOf = ({ json }: CliResult): number | undefined => json.total.tokens?.output

describe("copied answers", () => {
  it.effect("count once without any mark, as those that resuming copied in 1.0", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        writeFile(claudeFile(home, first), jsonLines([answer("m1", first, 0, 10), answer("m2", first, 1, 20)]))
        writeFile(
          claudeFile(home, second),
          jsonLines([answer("m1", second, 0, 10), answer("m2", second, 1, 20), answer("m3", second, 2, 5)])
        )
        assert.strictEqual(outputOf(yield* runCli(["stats"], { home })), 35)
      })
    )
  )

  it.effect("count once among forks whose origin is gone, and with the origin where it is there", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const home = yield* temporaryHome
        const copy = { forkedFrom: { sessionId: first, messageUuid: "x" } }
        for (const [id, own] of [
          [second, "m8"],
          [third, "m9"]
        ] as const) {
          writeFile(claudeFile(home, id), jsonLines([answer("m1", id, 0, 10, copy), answer(own, id, 1, 3)]))
        }
        assert.strictEqual(outputOf(yield* runCli(["stats"], { home })), 16)
        // The origin is in another directory: its answers are its own, whichever file is read first.
        const origin = [answer("m1", first, 5, 10, { cwd: "/elsewhere" })]
        writeFile(claudeFile(home, first), jsonLines(origin))
        const { json } = yield* runCli(["stats"], { home })
        assert.strictEqual(json.total.tokens.output, 16)
        assert.strictEqual(keyed(json, "project", "/elsewhere").tokens.output, 10)
        assert.strictEqual(keyed(json, "project", "/w").tokens.output, 6)
        // Among the sessions that were chosen there is no origin.
        assert.strictEqual(outputOf(yield* runCli(["stats", "--cwd", "/w"], { home })), 16)
      })
    )
  )
})

describe("the second run", () => {
  it.effect("reads only what has changed, and says the same", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const state = yield* temporaryHome
        const home = yield* temporaryHome
        const loads: Array<string> = []
        const options = { home, state, adapters: [counting(adapters[0]!, loads)] }
        writeFile(claudeFile(home, first), jsonLines([answer("m1", first, 0, 10)]))
        writeFile(claudeFile(home, second), jsonLines([answer("m1", second, 0, 10), answer("m2", second, 1, 7)]))
        const before = yield* runCli(["stats"], options)
        assert.deepStrictEqual(loads.toSorted(), [first, second])
        loads.length = 0
        const again = yield* runCli(["stats"], options)
        assert.deepStrictEqual(again.json, before.json)
        assert.deepStrictEqual(loads, [])
        fs.appendFileSync(claudeFile(home, second), jsonLines([answer("m3", second, 2, 100)]))
        const grown = yield* runCli(["stats"], options)
        assert.deepStrictEqual(loads, [second])
        assert.strictEqual(outputOf(grown), 117)
      })
    )
  )

  it.effect("reading a session makes none for it, and keeps those that there are", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const state = yield* temporaryHome
        const home = yield* temporaryHome
        const loads: Array<string> = []
        const options = { home, state, adapters: [counting(adapters[0]!, loads)] }
        writeFile(claudeFile(home, first), jsonLines([answer("m1", first, 0, 10)]))
        const read = runCli(["read", first], options)
        yield* read
        assert.strictEqual(outputOf(yield* runCli(["stats"], options)), 10)
        yield* read
        assert.deepStrictEqual(loads, [first, first, first])
        assert.strictEqual(outputOf(yield* runCli(["stats"], options)), 10)
        assert.strictEqual(loads.length, 3)
        fs.appendFileSync(claudeFile(home, first), jsonLines([answer("m2", first, 1, 5)]))
        yield* read
        assert.strictEqual(outputOf(yield* runCli(["stats"], options)), 15)
      })
    )
  )

  it.effect("a file beside the session that says what it cost counts as a change", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const state = yield* temporaryHome
        const home = yield* temporaryHome
        const id = "11111111-2222-4333-8444-555555555555"
        const path = nodePath.join(home, ".factory/sessions/-w", `${id}`)
        const spent = (outputTokens: number) => JSON.stringify({ model: "m", tokenUsage: { outputTokens } })
        writeFile(
          `${path}.jsonl`,
          jsonLines([
            { type: "session_start", id, version: 2, cwd: "/w" },
            {
              type: "message",
              id: "a",
              timestamp: "2026-11-01T00:00:00.000Z",
              message: { role: "user", content: [{ type: "text", text: "hello" }] }
            }
          ])
        )
        writeFile(`${path}.settings.json`, spent(5))
        assert.strictEqual(outputOf(yield* runCli(["stats"], { home, state })), 5)
        assert.strictEqual(outputOf(yield* runCli(["stats"], { home, state })), 5)
        writeFile(`${path}.settings.json`, spent(123))
        assert.strictEqual(outputOf(yield* runCli(["stats"], { home, state })), 123)
      })
    )
  )
})
