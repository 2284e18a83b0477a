import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../src/adapters/claude/index.ts"
import { codex } from "../../src/adapters/codex/index.ts"
import { commandcode } from "../../src/adapters/commandcode/index.ts"
import { copilot } from "../../src/adapters/copilot/index.ts"
import { gemini } from "../../src/adapters/gemini/index.ts"
import { goose } from "../../src/adapters/goose/index.ts"
import { opencode } from "../../src/adapters/opencode/index.ts"
import { addUsage, decodeAnswers } from "../../src/domain/spending.ts"
import { noUsage } from "../../src/domain/session.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { readIn } from "../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../support/store.ts"
import * as codexRecords from "./codex/records.ts"
import * as copilotRecords from "./copilot/records.ts"
import {
  createDatabase as createGoose,
  addRows as addGoose,
  databasePath as goosePath,
  first as gooseId
} from "./goose/store.ts"
import { createDatabase, addRows, databasePath, first as opencodeId } from "./opencode/store.ts"

const day1 = Date.UTC(2026, 10, 1, 23, 0, 0)
const day2 = Date.UTC(2026, 10, 2, 1, 0, 0)
const iso = (ms: number): string => new Date(ms).toISOString()

const id = "aaaaaaaa-1111-4222-8333-444444444444"

/** What a session spent, as `day model input/output/read/written/thinking`. */
const spentIn = (adapter: Adapter, home: string, session: string) =>
  Effect.map(readIn(adapter, home, session), ({ transcript: { facts } }) => {
    const rows = facts.spent ?? []
    const sum = rows.reduce((all, { tokens }) => addUsage(all, tokens), noUsage)
    assert.deepStrictEqual(sum, facts.tokenUsage)
    return rows.map(({ day, model, tokens }) => `${day} ${model} ${Object.values(tokens).join("/")}`)
  })

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, never>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)))

const expecting = (adapter: Adapter, session: string, write: (home: string) => void, rows: ReadonlyArray<string>) =>
  test(adapter.source, (home) =>
    Effect.gen(function* () {
      write(home)
      assert.deepStrictEqual(yield* spentIn(adapter, home, session), rows)
    }).pipe(Effect.provide(storeLayer))
  )

const claudeAnswer = (message: string, at: number, model: string, output: number, more: object = {}) => ({
  type: "assistant",
  uuid: `${message}-${output}`,
  parentUuid: null,
  sessionId: id,
  timestamp: iso(at),
  message: { id: message, role: "assistant", model, content: [], usage: { input_tokens: 3, output_tokens: output } },
  ...more
})

describe("tokens by day and model", () => {
  expecting(
    claude,
    id,
    (home) =>
      writeFile(
        `${home}/.claude/projects/-w/${id}.jsonl`,
        jsonLines([
          claudeAnswer("m1", day1, "a", 1),
          claudeAnswer("m1", day2, "a", 10),
          claudeAnswer("m2", day2, "b", 20),
          claudeAnswer("m3", day2, "<synthetic>", 99)
        ])
      ),
    // An answer that goes on after midnight is of the day on which it began.
    ["2026-11-01 a 3/10/0/0/0", "2026-11-02 b 3/20/0/0/0"]
  )

  test("claude tells answers one by one, with what is copied", (home) =>
    Effect.gen(function* () {
      const copy = { forkedFrom: { sessionId: "other", messageUuid: "x" } }
      const path = `${home}/.claude/projects/-w/${id}.jsonl`
      writeFile(path, jsonLines([claudeAnswer("m1", day1, "a", 1, copy), claudeAnswer("m2", day1, "a", 2)]))
      const { facts } = (yield* readIn(claude, home, id)).transcript
      const answers = decodeAnswers(facts.answers!())
      assert.deepStrictEqual(
        answers.map(({ copied, row, tokens }) => [copied, row, tokens.output]),
        [
          [true, 0, 1],
          [false, 0, 2]
        ]
      )
      assert.strictEqual(new Set(answers.map(({ key }) => key)).size, 2)
      assert.isTrue(answers.every(({ key }) => key.length === 14))
    }).pipe(Effect.provide(storeLayer)))

  const tokens = (input: number, cached: number, output: number) => ({
    input_tokens: input,
    cached_input_tokens: cached,
    output_tokens: output,
    total_tokens: input + output
  })
  const record = (response: string, usage: object) => ({ thread_id: codexRecords.first, response_id: response, usage })
  const records = new codexRecords.Script(codexRecords.first, day1).meta().turn("m-1").user("hi")
  records.line("token_usage_record", record("r1", tokens(10, 4, 2)))
  const later = new codexRecords.Script(codexRecords.first, day2, 10).turn("m-2")
  later
    .line("token_usage_record", record("r2", tokens(5, 0, 1)))
    .line("token_usage_record", record("r2", tokens(5, 0, 1)))
  expecting(
    codex,
    codexRecords.first,
    (home) =>
      codexRecords.writeSessions(home, [{ id: codexRecords.first, records: [...records.lines, ...later.lines] }]),
    ["2026-11-01 m-1 6/2/4/0/0", "2026-11-02 m-2 5/1/0/0/0"]
  )

  const total = (usage: object, last: object) => ({ info: { total_token_usage: usage, last_token_usage: last } })
  const before = new codexRecords.Script(codexRecords.second, day1).meta().turn("m-1").user("hi")
  before.event("token_count", total(tokens(10, 4, 2), tokens(10, 4, 2)))
  const after = new codexRecords.Script(codexRecords.second, day2, 10)
    .event("token_count", total(tokens(10, 4, 2), tokens(10, 4, 2)))
    .event("token_count", total(tokens(30, 4, 5), tokens(20, 0, 3)))
  expecting(
    codex,
    codexRecords.second,
    (home) =>
      codexRecords.writeSessions(home, [{ id: codexRecords.second, records: [...before.lines, ...after.lines] }]),
    ["2026-11-01 m-1 6/2/4/0/0", "2026-11-02 m-1 20/3/0/0/0"]
  )

  const geminiAnswer = (message: string, at: number, model: string, output: number) => ({
    id: message,
    timestamp: iso(at),
    type: "gemini",
    content: "x",
    model,
    tokens: { input: 10, cached: 4, output, thoughts: 1, tool: 0, total: 11 + output }
  })
  expecting(
    gemini,
    id,
    (home) =>
      writeFile(
        `${home}/.gemini/tmp/app/chats/session-2026-11-01T23-00-${id.slice(0, 8)}.jsonl`,
        jsonLines([
          { sessionId: id, projectHash: "h", startTime: iso(day1), lastUpdated: iso(day2), kind: "main" },
          { id: "u1", timestamp: iso(day1), type: "user", content: "hi" },
          geminiAnswer("m1", day1, "a", 2),
          geminiAnswer("m1", day1, "a", 3),
          geminiAnswer("m2", day2, "b", 5)
        ])
      ),
    ["2026-11-01 a 6/4/4/0/1", "2026-11-02 b 6/6/4/0/1"]
  )

  expecting(
    commandcode,
    id,
    (home) =>
      writeFile(
        `${home}/.commandcode/projects/app/${id}.jsonl`,
        jsonLines([
          { type: "session", version: 3, id, timestamp: iso(day1), cwd: "/w" },
          ...[day1, day2].map((at, n) => ({
            type: "message",
            id: `a000000${n}`,
            parentId: n === 0 ? null : "a0000000",
            timestamp: iso(at),
            message: { role: "assistant", content: [{ type: "text", text: "x" }] },
            usage: { inputTokens: 10, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 1 },
            model: `m-${n}`
          }))
        ])
      ),
    ["2026-11-01 m-0 6/2/3/1/0", "2026-11-02 m-1 6/2/3/1/0"]
  )

  const call = (model: string, sequence: number) => ({
    usage: {
      model,
      inputTokens: 10,
      outputTokens: 2,
      cacheReadTokens: 4,
      accounting: { sequence, usageId: `c${sequence}` }
    }
  })
  const metrics = (...models: ReadonlyArray<string>) => ({
    modelMetrics: Object.fromEntries(
      models.map((model) => [model, { usage: { inputTokens: 10, outputTokens: 2, cacheReadTokens: 4 } }])
    )
  })
  const script = () => new copilotRecords.Script().start(copilotRecords.first).user("hi").answer("ho")
  const writeCopilot = (made: copilotRecords.Script) => (home: string) =>
    copilotRecords.writeSessions(home, [{ id: copilotRecords.first, records: made.lines }])
  expecting(
    copilot,
    copilotRecords.first,
    writeCopilot(
      script()
        .event("session.usage_record", call("a", 1))
        .event("session.usage_record", call("b", 2))
        .event("session.shutdown", metrics("a", "b"))
    ),
    ["2026-11-01 a 6/2/4/0/0", "2026-11-01 b 6/2/4/0/0"]
  )
  // Without records of the calls there are only the totals of each model, of no day.
  expecting(copilot, copilotRecords.first, writeCopilot(script().event("session.shutdown", metrics("a", "b"))), [
    "null a 6/2/4/0/0",
    "null b 6/2/4/0/0"
  ])

  expecting(
    goose,
    gooseId,
    (home) => {
      createGoose(goosePath(home), 17)
      addGoose(goosePath(home), [
        { table: "sessions", working_dir: "/w", created_at: "2026-11-01 23:00:00" },
        ...[day1, day2].map((at, n) => ({
          table: "usage_ledger",
          created_timestamp: at / 1000,
          model: `m-${n}`,
          input_tokens: 10,
          output_tokens: 2,
          total_tokens: 12,
          cache_read_tokens: 4
        }))
      ])
    },
    ["2026-11-01 m-0 6/2/4/0/0", "2026-11-02 m-1 6/2/4/0/0"]
  )

  expecting(
    opencode,
    opencodeId,
    (home) => {
      createDatabase(databasePath(home), "1.18")
      addRows(databasePath(home), [
        {
          table: "session",
          id: opencodeId,
          directory: "/w",
          title: "t",
          version: "1.18.3",
          time_created: day1,
          time_updated: day2
        },
        ...[day1, day2].map((at, n) => ({
          table: "message",
          id: `msg_a${n}`,
          data: {
            role: "assistant",
            modelID: `m-${n}`,
            tokens: { total: 19, input: 10, output: 2, reasoning: 3, cache: { read: 4, write: 0 } },
            time: { created: at }
          }
        }))
      ])
    },
    ["2026-11-01 m-0 10/5/4/0/3", "2026-11-02 m-1 10/5/4/0/3"]
  )
})
