import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { estimateTokens } from "../../src/domain/tokens.ts"
import { demoSessions } from "../support/demo.ts"
import { type CliResult, copyDemoHome, runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"

interface Message {
  readonly index: number
  readonly role: string
  readonly content?: string
  readonly truncated?: true
  readonly content_chars?: number
  readonly next_char?: number
  readonly blocks?: ReadonlyArray<{ readonly type: string; readonly name?: string; readonly input?: unknown }>
}

const read = (line: string, options: RunOptions = {}) => runCli(["read", ...line.split(" ")], options)

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

const callText = (name: string, input: unknown): string =>
  input === null ? name : `${name} ${typeof input === "string" ? input : JSON.stringify(input)}`

/** The canonical texts by index, put together from pieces; a message that comes twice would be too long. */
const texts = (messages: ReadonlyArray<Message>): ReadonlyMap<number, string> => {
  const all = new Map<number, string>()
  for (const { blocks, content = "", index } of messages) {
    const call = blocks?.find(({ type }) => type === "tool_use")
    const text = call === undefined ? content : callText(call.name!, call.input)
    all.set(index, (all.get(index) ?? "") + text)
  }
  return all
}

const wide: RunOptions = { env: { SESSIONREADER_TOKEN_CAP: "1000000" } }

/** A session in one answer. */
const whole = (id: string) =>
  Effect.map(read(`${id} --preset full --tokens 1000000`, wide), ({ exitCode, json }) => {
    assert.strictEqual(exitCode, 0)
    return json.messages as ReadonlyArray<Message>
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

describe("presets and details", () => {
  it.effect("say what they held back, what more would cost, and whether it fits", () =>
    Effect.gen(function* () {
      const { json } = yield* read("33df6d44 --preset standard --tokens 6000")
      const hint = json.meta.detail_hint
      assert.strictEqual(hint.current_preset, "standard")
      assert.isAbove(hint.truncated_results, 0)
      assert.isTrue(hint.thinking_hidden)
      assert.deepStrictEqual(
        hint.upgrade_options.map(({ preset }: { preset: string }) => preset),
        ["verbose", "full"]
      )
      for (const { command, estimated_tokens, will_fit } of hint.upgrade_options) {
        assert.strictEqual(will_fit, estimated_tokens <= 6000)
        const upgraded = (yield* runLine(command)).json.meta
        if (will_fit) {
          assert.deepStrictEqual(upgraded.range, json.meta.range)
          assert.isAtMost(Math.abs(upgraded.returned_tokens_estimate - estimated_tokens), 2)
        }
      }
    })
  )

  it.effect("minimal hides calls, meta hides content, skeleton teases", () =>
    Effect.gen(function* () {
      const minimal: ReadonlyArray<Message> = (yield* read("33df6d44 --preset minimal")).json.messages
      assert.isTrue(minimal.every(({ role }) => !role.startsWith("tool")))
      const meta: ReadonlyArray<Message> = (yield* read("33df6d44 --detail meta --tokens 8000")).json.messages
      assert.isTrue(meta.every((message) => !("content" in message) && !("blocks" in message)))
      const skeleton: ReadonlyArray<Message> = (yield* read("33df6d44 --detail skeleton")).json.messages
      assert.isTrue(skeleton.some(({ content, truncated }) => truncated === true && content?.length === 60))
    })
  )

  it.effect("never cut the leading prompts and the last answer", () =>
    Effect.gen(function* () {
      const expected = texts(yield* whole("33df6d44"))
      const shown: ReadonlyArray<Message> = (yield* read("33df6d44 --preset minimal")).json.messages
      const last = shown.findLast(({ role }) => role === "assistant")!
      for (const { content, index } of [shown[0]!, last]) assert.strictEqual(content, expected.get(index))
      assert.isAbove(last.content?.length ?? 0, 80)
    })
  )

  it.effect("text output keeps its limits and JSON shows texts whole", () =>
    Effect.gen(function* () {
      const text = yield* read("33df6d44 --output text")
      assert.include(text.stdout, "[1] user")
      assert.match(text.stdout, / … of \d+ characters/)
      assert.strictEqual((yield* read("33df6d44")).json.meta.preset, "verbose")
    })
  )
})

describe("etag", () => {
  it.effect("--if-changed answers 42 and the small body, with the digest and without", () =>
    Effect.gen(function* () {
      const state = yield* temporaryHome
      const { etag } = (yield* read("33df6d44 --tokens 700")).json.meta
      for (const options of [{}, { state }, { state }]) {
        const { exitCode, json } = yield* read(`33df6d44 --tokens 700 --if-changed ${etag}`, options)
        assert.strictEqual(exitCode, 42)
        assert.isTrue(json.unchanged)
        assert.strictEqual(json.etag, etag)
        assert.deepStrictEqual(json.meta, {
          session_id: "33df6d44-dd8f-4a44-b953-a787c477423d",
          source: "claude",
          total_messages: 57,
          updated_at: "2026-11-12T08:49:01.063Z"
        })
        assert.strictEqual((yield* runLine(json.actions[0].command, options)).exitCode, 42)
      }
      const other = yield* read("33df6d44 --tokens 700 --if-changed 0000")
      assert.strictEqual(other.exitCode, 10)
      assert.strictEqual(other.json.meta.etag, etag)
    }).pipe(Effect.scoped)
  )

  it.effect("differs with every part of the view, and only with that", () =>
    Effect.gen(function* () {
      const lines = [
        "",
        "--tokens 700",
        "--tokens 701",
        "--preset full",
        "--detail full",
        "--role user",
        "--anchor tail",
        "--search vat",
        "--after 3",
        "--after 3 --char-offset 5",
        "--before 3",
        "--page 1",
        "--page 2 --tokens 700",
        "3 4",
        "--api-version 2",
        "--output jsonl"
      ]
      const tags: Array<string> = []
      for (const line of lines) {
        const { json, lines: jsonl } = yield* read(`33df6d44 ${line}`.trim()).pipe(
          Effect.map((answer) =>
            line.includes("jsonl") ? { json: null, lines: answer.lines } : { json: answer.json, lines: [] }
          )
        )
        tags.push((json ?? jsonl[0]).meta.etag)
      }
      assert.strictEqual(new Set(tags).size, tags.length)
      assert.strictEqual((yield* read("33df6d44-dd8f")).json.meta.etag, tags[0])
    })
  )

  it.effect("a session that grew has a new etag and its old messages under their old indices", () =>
    Effect.gen(function* () {
      const home = yield* copyDemoHome
      const state = yield* temporaryHome
      const options = { home, state, ...wide }
      const line = "bfe7aa11 --preset full --tokens 100000"
      const before = (yield* read(line, options)).json
      const file = nodePath.join(home, ".claude/projects/-srv-acme-shop/bfe7aa11-f3e0-46dc-970e-d363108d319c.jsonl")
      const last = fs
        .readFileSync(file, "utf8")
        .trimEnd()
        .split("\n")
        .map((text) => JSON.parse(text))
        .findLast(({ uuid }) => uuid !== undefined)
      const prompt = { role: "user", content: "And one more thing." }
      const grown = { ...last, type: "user", parentUuid: last.uuid, uuid: "00000000-9999-4999-8999-999999999999" }
      fs.appendFileSync(
        file,
        `${JSON.stringify({ ...grown, message: prompt, timestamp: "2026-11-19T00:00:00.000Z" })}\n`
      )
      const after = yield* read(`${line} --if-changed ${before.meta.etag}`, options)
      assert.strictEqual(after.exitCode, 0)
      assert.notStrictEqual(after.json.meta.etag, before.meta.etag)
      assert.strictEqual(after.json.meta.total_messages, before.meta.total_messages + 1)
      assert.deepStrictEqual(
        after.json.messages.slice(0, -1).map(({ content, index, role }: Message) => ({ content, index, role })),
        before.messages.map(({ content, index, role }: Message) => ({ content, index, role }))
      )
      assert.strictEqual(after.json.messages.at(-1).content, "And one more thing.")
      const again = yield* read(`${line} --if-changed ${after.json.meta.etag}`, options)
      assert.strictEqual(again.exitCode, 42)
      fs.rmSync(file)
      const gone = yield* read(`${line} --if-changed ${after.json.meta.etag}`, options)
      assert.strictEqual(gone.json.error.code, "SESSION_NOT_FOUND")
    }).pipe(Effect.scoped)
  )
})
