import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { type Message, read, texts, whole, wide } from "../support/read.ts"
import { copyDemoHome, runLine } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"

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
