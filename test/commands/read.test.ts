import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { estimateTokens } from "../../src/domain/tokens.ts"
import { demoSessions } from "../support/demo.ts"
import { type Message, read, texts, whole } from "../support/read.ts"
import { type CliResult, runLine, type RunOptions } from "../support/run-cli.ts"

/** The messages as they stand in the answer, weighed: what the budget is a promise about. */
const printedTokens = (stdout: string): number => {
  const start = stdout.indexOf('\n  "messages": [') + '\n  "messages": '.length
  return estimateTokens(stdout.slice(start, stdout.indexOf('\n  "actions":', start) - 1))
}

/** Follows `cursor.next` to the end, checking each answer on the way. */
const walk = (line: string, options: RunOptions = {}) =>
  Effect.gen(function* () {
    const pages: Array<ReadonlyArray<Message>> = []
    let next: string | null = line
    while (next !== null) {
      const answer: CliResult = yield* runLine(next, options)
      const { messages, meta } = answer.json
      assert.strictEqual(printedTokens(answer.stdout), meta.returned_tokens_estimate)
      assert.isAtMost(meta.returned_tokens_estimate, meta.token_budget)
      assert.strictEqual(answer.exitCode, meta.partial ? 10 : 0)
      assert.isAbove(messages.length, 0, next)
      assert.notStrictEqual(meta.cursor.next, next)
      assert.strictEqual(meta.has_more_after, meta.cursor.next !== null)
      pages.push(messages)
      next = meta.cursor.next
    }
    return pages
  })

describe("walking by cursor.next", () => {
  const budgets: ReadonlyArray<readonly [budget: number, ids: ReadonlyArray<string>]> = [
    [50, ["7505bf73", "d0351fd6", "agent-12220bd1"]],
    [64, ["ccbd4a8f", "01a1d462-d000"]],
    [200, ["33df6d44", "9e577bdb", "ef896822", "01a1c10e", "01a08b25"]],
    [8000, demoSessions().map(({ id }) => id)]
  ]
  for (const [budget, ids] of budgets) {
    it.effect(
      `shows every message once and whole with a budget of ${budget}`,
      () =>
        Effect.gen(function* () {
          for (const id of ids) {
            const expected = yield* whole(id)
            if (expected.length === 0) continue
            const pages = yield* walk(`sessionr read ${id} --preset full --tokens ${budget}`)
            const walked = pages.flat()
            assert.deepStrictEqual(texts(walked), texts(expected), id)
            assert.deepStrictEqual(
              walked.filter(({ next_char }) => next_char === undefined).map(({ index }) => index),
              expected.map((_, at) => at + 1)
            )
          }
        }),
      60_000
    )
  }

  it.effect("works in version 2 and in JSONL as well", () =>
    Effect.gen(function* () {
      const expected = texts(yield* whole("7505bf73"))
      const second: Array<Message> = []
      let line: string | null = "sessionr read 7505bf73 --preset full --tokens 100 --api-version 2"
      while (line !== null) {
        const { json }: CliResult = yield* runLine(line)
        assert.isAtMost(json.meta.returned_tokens_estimate, 100)
        second.push(...json.result.messages)
        line = json.meta.cursor.next === null ? null : `${json.meta.cursor.next.command} --api-version 2`
      }
      assert.deepStrictEqual(texts(second), expected)
      const third: Array<Message> = []
      line = "sessionr read 7505bf73 --preset full --tokens 60 --output jsonl"
      while (line !== null) {
        const { lines, stdout }: CliResult = yield* runLine(line)
        const printed = stdout.split("\n").slice(1, -2).join("\n")
        assert.isAtMost(estimateTokens(`${printed}\n`), 60)
        third.push(...lines.filter(({ type }) => type === "message"))
        line = lines[0].meta.cursor.next === null ? null : `${lines[0].meta.cursor.next} --output jsonl`
      }
      assert.deepStrictEqual(texts(third), expected)
    })
  )

  it.effect("keeps to the roles that were asked for, with the indices of the whole session", () =>
    Effect.gen(function* () {
      const expected = (yield* whole("33df6d44")).filter(({ role }) => role === "user" || role === "tool_result")
      const pages = yield* walk("sessionr read 33df6d44 --preset full --tokens 150 --role tool_result,user")
      assert.deepStrictEqual(texts(pages.flat()), texts(expected))
    })
  )

  it.effect("keeps to a range, and ends with it", () =>
    Effect.gen(function* () {
      const expected = (yield* whole("33df6d44")).slice(4, 20)
      const seen: Array<Message> = []
      let line: string | null = "sessionr read 33df6d44 5 20 --preset full --tokens 120"
      while (line !== null) {
        const { json }: CliResult = yield* runLine(line)
        seen.push(...json.messages)
        line = json.meta.cursor.next
      }
      assert.deepStrictEqual(texts(seen), texts(expected))
    })
  )

  it.effect("pages are the steps of the walk", () =>
    Effect.gen(function* () {
      const pages = yield* walk("sessionr read 33df6d44 --preset full --tokens 900")
      for (const [at, messages] of pages.entries()) {
        const { exitCode, json } = yield* read(`33df6d44 --preset full --tokens 900 --page ${at + 1}`)
        assert.deepStrictEqual(json.messages, messages)
        assert.deepStrictEqual(json.meta.page, { current: at + 1, total: pages.length })
        assert.strictEqual(exitCode, 10)
        assert.strictEqual(json.meta.anchor, "page")
      }
      const beyond = yield* read(`33df6d44 --preset full --tokens 900 --page ${pages.length + 1}`)
      assert.strictEqual(beyond.json.error.code, "INVALID_ARG")
    })
  )
})

describe("places to read from", () => {
  it.effect("tail ends with the last message, and --before leads back to the first", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      let line: string | null = "sessionr read 33df6d44 --preset full --anchor tail --tokens 1500"
      let from = 58
      while (line !== null) {
        const { json }: CliResult = yield* runLine(line)
        assert.strictEqual(json.meta.anchor, "tail")
        assert.isAtMost(json.meta.returned_tokens_estimate, 1500)
        assert.strictEqual(json.meta.range.to, from - 1)
        from = json.meta.range.from
        seen.unshift(...json.messages.map(({ index }: Message) => index))
        assert.strictEqual(json.meta.has_more_before, from > 1)
        line = json.meta.cursor.prev
      }
      assert.deepStrictEqual(
        seen,
        Array.from({ length: 57 }, (_, at) => at + 1)
      )
    })
  )

  it.effect("--after the last index is no error: no messages, exit 0", () =>
    Effect.gen(function* () {
      for (const after of [57, 58, 4000]) {
        const { exitCode, json } = yield* read(`33df6d44 --after ${after}`)
        assert.strictEqual(exitCode, 0)
        assert.deepStrictEqual(json.messages, [])
        assert.isNull(json.meta.range)
        assert.isFalse(json.meta.has_more_after)
        assert.isNull(json.meta.cursor.next)
      }
    })
  )

  it.effect("--after N begins at N+1, --before N ends at N-1, from and to are inclusive", () =>
    Effect.gen(function* () {
      const indices = (line: string) =>
        Effect.map(read(line), ({ json }) => json.messages.map(({ index }: Message) => index) as ReadonlyArray<number>)
      assert.strictEqual((yield* indices("33df6d44 --after 10"))[0], 11)
      assert.strictEqual((yield* indices("33df6d44 --before 10")).at(-1), 9)
      assert.deepStrictEqual(yield* indices("33df6d44 10 12"), [10, 11, 12])
      assert.deepStrictEqual(yield* indices("33df6d44 57"), [57])
      assert.deepStrictEqual(yield* indices("33df6d44 56 4000"), [56, 57])
    })
  )

  it.effect("--search begins at the first match and goes from match to match", () =>
    Effect.gen(function* () {
      const first = (yield* read("33df6d44 --search roundVat --tokens 900")).json.meta
      assert.strictEqual(first.anchor, "search")
      assert.strictEqual(first.search.matches, first.search.match_indices.length)
      const seen = [first.search.match_index]
      let line: string | null = first.cursor.next
      while (line !== null) {
        const { exitCode, json }: CliResult = yield* runLine(line)
        assert.strictEqual(exitCode, 10)
        const { match_index } = json.meta.search
        assert.isTrue(json.messages.some(({ index }: Message) => index === match_index))
        assert.isAtMost(json.meta.returned_tokens_estimate, 900)
        const indices = json.messages.map(({ index }: Message) => index)
        assert.deepStrictEqual(
          indices,
          indices.map((_: number, at: number) => indices[0] + at)
        )
        seen.push(match_index)
        line = json.meta.cursor.next
      }
      assert.deepStrictEqual(seen, first.search.match_indices)
    })
  )

  it.effect("--search takes a /regex/, and without a match says so with exit 0", () =>
    Effect.gen(function* () {
      const regex = yield* read("33df6d44 --search /roundV[a-z]t/")
      assert.isAbove(regex.json.meta.search.matches, 1)
      const none = yield* read("33df6d44 --search zebra")
      assert.strictEqual(none.exitCode, 0)
      assert.deepStrictEqual(none.json.messages, [])
      assert.deepStrictEqual(none.json.meta.search, { query: "zebra", matches: 0 })
    })
  )
})

describe("the budget", () => {
  it.effect("over the ceiling is clamped, and that is said", () =>
    Effect.gen(function* () {
      const { json } = yield* read("33df6d44 --tokens 8001")
      assert.strictEqual(json.meta.token_budget, 8000)
      assert.strictEqual(json.meta.warnings[0].error.code, "BUDGET_CLAMPED")
      const raised = yield* read("33df6d44 --tokens 8001", { env: { SESSIONREADER_TOKEN_CAP: "9000" } })
      assert.strictEqual(raised.json.meta.token_budget, 8001)
      assert.notProperty(raised.json.meta, "warnings")
    })
  )

  it.effect("has the environment's default, which obeys the ceiling too", () =>
    Effect.gen(function* () {
      const budget = (env: Readonly<Record<string, string>>) =>
        Effect.map(read("33df6d44", { env }), ({ json }) => json.meta.token_budget as number)
      assert.strictEqual(yield* budget({}), 8000)
      assert.strictEqual(yield* budget({ SESSIONREADER_MAX_TOKENS: "300" }), 300)
      assert.strictEqual(yield* budget({ SESSIONREADER_MAX_TOKENS: "9000" }), 8000)
      assert.strictEqual(yield* budget({ SESSIONREADER_MAX_TOKENS: "9000", SESSIONREADER_TOKEN_CAP: "10000" }), 9000)
      assert.strictEqual(yield* budget({ SESSIONREADER_TOKEN_CAP: "400" }), 400)
      assert.strictEqual(yield* budget({ SESSIONREADER_MAX_TOKENS: "none" }), 8000)
    })
  )

  it.effect("too small for a single character says so instead of going round in circles", () =>
    Effect.gen(function* () {
      const { exitCode, json } = yield* read("33df6d44 --tokens 3")
      assert.strictEqual(exitCode, 10)
      assert.deepStrictEqual(json.messages, [])
      assert.include(
        json.meta.warnings.map(({ error }: { error: { code: string } }) => error.code),
        "BUDGET_TOO_SMALL"
      )
    })
  )
})
