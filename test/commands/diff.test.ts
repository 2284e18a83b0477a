import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { estimateTokens } from "../../src/domain/tokens.ts"
import { adapters } from "../../src/layers/adapters.ts"
import { type CliResult, runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"

const diff = (line: string, options: RunOptions = {}) => runCli(["diff", ...line.split(" ")], options)

interface Step {
  readonly number: number
  readonly side: "same" | "a" | "b"
  readonly a?: { readonly from: number; readonly to: number }
  readonly b?: { readonly from: number; readonly to: number }
  readonly message?: { readonly index: number; readonly content: string }
}

const short = ({ a, b, message, side }: Step): string =>
  message === undefined ? `= ${a?.from}-${a?.to} ${b?.from}-${b?.to}` : `${side} ${message.index}`

describe("diff", () => {
  it.effect("of a claude session and its branch", () =>
    Effect.gen(function* () {
      const { exitCode, json } = yield* diff("bfe7aa11 59347f09")
      assert.strictEqual(exitCode, 0)
      assert.strictEqual(json.meta.relation, "b_forked_from_a")
      assert.isFalse(json.meta.identical)
      assert.strictEqual(json.shared.messages, 7)
      assert.deepStrictEqual([json.shared.same_call_ids, json.shared.other_call_ids], [1, 0])
      assert.deepStrictEqual(json.sessions.a.after_split.by_role, {
        user: 1,
        assistant: 1,
        system: 0,
        tool_use: 1,
        tool_result: 1
      })
      assert.deepStrictEqual(json.sessions.b.after_split.by_role, {
        user: 2,
        assistant: 2,
        system: 0,
        tool_use: 0,
        tool_result: 0
      })
      assert.deepStrictEqual(json.tools, [{ name: "Write", a: { count: 1, errors: 0 }, b: { count: 0, errors: 0 } }])
      assert.deepStrictEqual(json.files, {
        only_a: ["/srv/acme/shop/migrations/0042_search.sql"],
        only_b: [],
        both: []
      })
      assert.notProperty(json, "differences")
      const other = (yield* diff("59347f09 bfe7aa11")).json
      assert.strictEqual(other.meta.relation, "a_forked_from_b")
      assert.deepStrictEqual(other.sessions.a, json.sessions.b)
    })
  )

  it.effect("of a codex fork that has its beginning in another file", () =>
    Effect.gen(function* () {
      const { json } = yield* diff("01a1c10e 01a1c0e7 --messages")
      assert.strictEqual(json.meta.relation, "a_forked_from_b")
      assert.strictEqual(json.shared.messages, 18)
      assert.strictEqual(json.shared.other_call_ids, 0)
      assert.deepStrictEqual(json.differences.map(short), [
        ...[19, 20, 21, 22].map((n) => `a ${n}`),
        ...[19, 20, 21, 22, 23, 24].map((n) => `b ${n}`)
      ])
      assert.deepStrictEqual(json.tools, [
        { name: "exec_command", a: { count: 1, errors: 1 }, b: { count: 1, errors: 0 } },
        { name: "apply_patch", a: { count: 0, errors: 0 }, b: { count: 1, errors: 0 } }
      ])
      assert.deepStrictEqual(json.files.both, ["/srv/acme/shop/src/pages/product/Gallery.tsx"])
    })
  )

  it.effect("of a session with itself", () =>
    Effect.gen(function* () {
      const { exitCode, json } = yield* diff("33df6d44 33df6d44 --messages")
      assert.strictEqual(exitCode, 0)
      assert.deepStrictEqual([json.meta.relation, json.meta.identical], ["same_session", true])
      assert.strictEqual(json.shared.messages, 57)
      assert.strictEqual(json.sessions.a.after_split.messages, 0)
      assert.deepStrictEqual(json.differences, [])
      assert.deepStrictEqual(json.tools, [])
    })
  )

  it.effect("of sessions of two tools that have nothing in common", () =>
    Effect.gen(function* () {
      const { json } = yield* diff("33df6d44 01a1c0e7 --source-b codex")
      assert.strictEqual(json.meta.relation, "unrelated")
      assert.deepStrictEqual(json.shared.until, { a: null, b: null })
      assert.strictEqual(json.sessions.a.after_split.messages, 57)
      assert.strictEqual(json.sessions.b.after_split.messages, 24)
      assert.deepStrictEqual(json.files.both, [])
      const errors = (side: "a" | "b") =>
        json.tools.reduce((sum: number, row: Record<"a" | "b", { errors: number }>) => sum + row[side].errors, 0)
      assert.strictEqual(errors("a"), json.sessions.a.after_split.tool_errors)
      assert.strictEqual(errors("a"), 4)
      assert.strictEqual(errors("b"), 1)
    })
  )

  it.effect("of an agent and its parent, and of copies that nobody calls a fork", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* diff("9e577bdb agent-a5ad8593")).json.meta.relation, "b_subagent_of_a")
      const home = yield* temporaryHome
      const talk = ["hello", "hi", "more", "less"]
      const says = (texts: ReadonlyArray<string>) =>
        texts.map((text, at) => [at % 2 === 0 ? "user" : "assistant", text] as const)
      writeClaude(home, claudeId(1), says(talk))
      writeClaude(home, claudeId(2), says(talk))
      writeClaude(home, claudeId(3), says(["hello", "hi", "new", "less", "even", "more"]))
      const copy = (yield* diff(`${claudeId(1)} ${claudeId(2)}`, { home })).json
      assert.deepStrictEqual([copy.meta.relation, copy.meta.identical], ["unrelated", true])
      const part = (yield* diff(`${claudeId(1)} ${claudeId(3)} --messages`, { home })).json
      assert.deepStrictEqual(part.differences.map(short), ["a 3", "b 3", "= 4-4 4-4", "b 5", "b 6"])
      assert.deepStrictEqual(
        part.differences.map(({ number }: Step) => number),
        [1, 2, 3, 4, 5]
      )
    })
  )

  it.effect("the cursor leads through every step once, each answer within the budget", () =>
    Effect.gen(function* () {
      const whole: ReadonlyArray<Step> = (yield* diff("33df6d44 9e577bdb --messages --tokens 90000", {
        env: { SESSIONREADER_TOKEN_CAP: "100000" }
      })).json.differences
      const seen: Array<Step> = []
      let line: string | null = "sessionr diff 33df6d44 9e577bdb --messages --tokens 700"
      while (line !== null) {
        const { exitCode, json, stdout }: CliResult = yield* runLine(line)
        const start = stdout.indexOf('\n  "differences": ') + 18
        const printed = stdout.slice(start, stdout.indexOf('\n  "actions":', start) - 1)
        assert.isAtMost(estimateTokens(printed), 700)
        assert.strictEqual(json.meta.returned_tokens_estimate, estimateTokens(printed))
        assert.isAbove(json.differences.length, 0)
        seen.push(...json.differences)
        line = json.meta.cursor.next
        const isCut = json.differences.some(
          ({ message }: { message?: { next_char?: number } }) => message?.next_char !== undefined
        )
        assert.strictEqual(exitCode, line !== null || isCut ? 10 : 0)
      }
      assert.deepStrictEqual(seen.map(short), whole.map(short))
    })
  )

  it.effect("a message that was cut goes on where the command named begins", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const text = "All of it, word by word. ".repeat(2000)
      writeClaude(home, claudeId(1), [["user", "one"]])
      writeClaude(home, claudeId(2), [["user", text]])
      const { exitCode, json } = yield* diff(`${claudeId(1)} ${claudeId(2)} --messages --tokens 300 --after 1`, {
        home
      })
      assert.strictEqual(exitCode, 10)
      const [{ message }] = json.differences
      assert.strictEqual(message.content, text.slice(0, message.next_char))
      assert.isNull(json.meta.cursor.next)
      const rest = (yield* runLine(json.actions[0].command, { home })).json.messages[0]
      assert.isTrue(rest.content.length > 0 && text.startsWith(rest.content, message.next_char))
    })
  )

  it.effect("every command that it names works, also in version 2", () =>
    Effect.gen(function* () {
      for (const words of [
        "33df6d44 99a77575 --messages --tokens 200",
        "bfe7aa11 59347f09",
        "33df6d44 33df6d44",
        "33df6d44 01a1c0e7 --source-b codex"
      ]) {
        const { json } = yield* diff(words)
        assert.isAbove(json.actions.length, 0)
        for (const { command } of json.actions) assert.include([0, 10], (yield* runLine(command)).exitCode, command)
      }
      const { json } = yield* diff("33df6d44 99a77575 --messages --tokens 200 --api-version 2")
      assert.deepStrictEqual(Object.keys(json.meta.cursor.next), ["command", "after", "tokens"])
      assert.strictEqual(
        (yield* runLine(json.meta.cursor.next.command)).json.result.differences[0].number,
        json.meta.cursor.next.after + 1
      )
    })
  )

  it.effect("ids that two sources have need the source", () =>
    Effect.gen(function* () {
      const [claude] = adapters
      const twin = { ...claude!, source: "twin", aliases: [] }
      const both = { adapters: [claude!, twin] }
      assert.strictEqual((yield* diff("bfe7aa11 bfe7aa11", both)).json.error.code, "SESSION_NOT_FOUND")
      const { exitCode, json } = yield* diff("bfe7aa11 59347f09 --source-a claude --source-b claude", both)
      assert.strictEqual(exitCode, 0)
      for (const { command } of json.actions) assert.strictEqual((yield* runLine(command, both)).exitCode, 0, command)
      assert.strictEqual((yield* diff("bfe7aa11 59347f09 --source claude", both)).exitCode, 0)
    })
  )
})
