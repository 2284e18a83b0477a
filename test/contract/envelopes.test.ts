import { assert, describe, it } from "@effect/vitest"
import { demoSessions, sourceNames } from "../support/demo.ts"
import * as Effect from "effect/Effect"
import { runCli } from "../support/run-cli.ts"

/** Keys in the order of printing; those of items by their first one. */
const keys = (value: object): string => Object.keys(value).join(" ")

describe("keys come in the documented order, what steers the caller before bulk data", () => {
  it.effect("list", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "--cwd", "all", "-q", "VAT", "--limit", "1"])
      assert.strictEqual(
        keys(json),
        "api_version meta sessions total_available limit offset has_more available_sources cursor actions"
      )
      assert.strictEqual(keys(json.meta), "cwd_scope cwd_scope_reason cwd search hidden next_action")
      assert.strictEqual(
        keys(json.sessions[0]),
        "id source cwd updatedAt summary filePath isEmpty created_at title git_branch model name tags parent_id total_messages"
      )
      assert.strictEqual(keys(json.actions[0]), "command description")
    })
  )

  it.effect("read", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["read", "33df6d44", "--tokens", "2000"])
      assert.strictEqual(keys(json), "api_version session meta messages actions")
      assert.strictEqual(
        keys(json.session),
        "id source model cwd git_branch total_messages total_tokens_estimate pages_estimate duration by_role"
      )
      assert.strictEqual(
        keys(json.meta),
        "session_id source total_messages total_tokens_estimate returned_tokens_estimate token_budget preset anchor range " +
          "has_more_before has_more_after cursor_before cursor_after cursor etag partial next_action detail_hint"
      )
      assert.strictEqual(keys(json.messages[0]), "index role timestamp tokens_estimate content")
      const call = json.messages.find(({ role }: { role: string }) => role === "tool_use")
      assert.strictEqual(keys(call), "index role timestamp tokens_estimate content blocks")
      assert.strictEqual(keys(call.blocks.at(-1)), "type id name input")
    })
  )

  it.effect("a cut message", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["read", "33df6d44", "4", "4", "--tokens", "110"])
      assert.strictEqual(
        keys(json.messages[0]),
        "index role timestamp tokens_estimate truncated content_chars next_char content"
      )
    })
  )

  it.effect("errors", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["read", "deadbeef"])
      assert.strictEqual(keys(json), "api_version error actions")
      assert.strictEqual(keys(json.error), "code class message detail suggestion retry exit_code")
      const second = yield* runCli(["read", "deadbeef", "--api-version", "2"])
      assert.strictEqual(keys(second.json), "ok schema_version error meta actions")
      assert.strictEqual(keys(second.json.error), "code class message detail suggestion retryable exit_code")
    })
  )

  it.effect("--timing is in the first line of JSONL, errors included", () =>
    Effect.gen(function* () {
      for (const words of [["list"], ["read", "33df6d44"], ["info", "33df6d44"], ["read", "deadbeef"], ["lst"]]) {
        for (const version of ["1", "2"]) {
          const { lines } = yield* runCli([...words, "--timing", "--output", "jsonl", "--api-version", version])
          assert.strictEqual(lines[0].meta.timing_ms, 0)
        }
      }
    })
  )

  it.effect("version 2 has one shape around everything", () =>
    Effect.gen(function* () {
      for (const words of [["list"], ["search", "VAT"], ["info", "33df6d44"], ["read", "33df6d44"], ["doctor"]]) {
        const { json } = yield* runCli([...words, "--api-version", "2"])
        assert.strictEqual(keys(json), "ok schema_version meta result actions")
        assert.strictEqual(json.ok, true)
        assert.strictEqual(json.schema_version, "2")
        assert.notMatch(JSON.stringify({ ...json, result: { ...json.result, messages: [] } }), /"[a-z]+[A-Z]\w*":/)
      }
    })
  )

  it.effect("version 2 has cursors as objects with their numbers", () =>
    Effect.gen(function* () {
      const read = yield* runCli(["read", "33df6d44", "--tokens", "500", "--api-version", "2"])
      const { next } = read.json.meta.cursor
      assert.strictEqual(keys(next), "command after tokens")
      assert.strictEqual(next.tokens, 500)
      const list = yield* runCli(["list", "--cwd", "all", "-n", "2", "--api-version", "2"])
      assert.deepStrictEqual(list.json.result.cursor.next, {
        command: "sessionr --api-version 2 list --cwd all --offset 2 --limit 2",
        offset: 2,
        limit: 2
      })
    })
  )
})

describe("an error says what was given and what would be accepted", () => {
  const cases: ReadonlyArray<
    readonly [line: string, detail: Readonly<Record<string, unknown>>, suggestion: string, given?: string]
  > = [
    [
      "list --output jsn",
      { value: "jsn", valid: ["json", "jsonl", "text", "table"], did_you_mean: ["json"] },
      "sessionr list --output json"
    ],
    [
      "list --output ndjson",
      { value: "ndjson", valid: ["json", "jsonl", "text", "table"], did_you_mean: ["jsonl"] },
      "sessionr list --output jsonl"
    ],
    [
      "read 33df6d44 -s cloude",
      { value: "cloude", valid: sourceNames, did_you_mean: ["claude"] },
      "sessionr read 33df6d44 -s claude"
    ],
    [
      "read 33df6d44 --preset=fulll",
      { value: "fulll", valid: ["minimal", "standard", "verbose", "full"], did_you_mean: ["full"] },
      "sessionr read 33df6d44 --preset=full"
    ],
    [
      "read 33df6d44 -d skeletn",
      { value: "skeletn", valid: ["full", "condensed", "skeleton", "meta"], did_you_mean: ["skeleton"] },
      "sessionr read 33df6d44 -d skeleton"
    ],
    [
      "read 33df6d44 --role asistant",
      {
        unknown: ["asistant"],
        valid: ["user", "assistant", "system", "tool_use", "tool_result"],
        did_you_mean: ["assistant"]
      },
      "sessionr read 33df6d44 --role assistant"
    ],
    [
      "read 33df6d44 --anchor tial",
      { value: "tial", valid: ["head", "tail", "search"], did_you_mean: ["tail"] },
      "sessionr read 33df6d44 --anchor tail"
    ],
    ["lst --cwd all", { argument: "lst", did_you_mean: ["list"] }, "sessionr list --cwd all"],
    ["list --limt 3", { argument: "--limt", did_you_mean: ["--limit"] }, "sessionr list --limit 3"],
    ["--output json help raed", { topic: "raed", did_you_mean: ["read"] }, "sessionr --output json help read"],
    ["read 33df6d44 --tokens 0", { value: "0" }, "sessionr help read"],
    ["list -n 1001", { argument: "--limit", value: "1001", min: 1, max: 1000 }, "sessionr help list"],
    ["list --offset x", { argument: "--offset", value: "x", min: 0, max: null }, "sessionr help list"],
    ["read 33df6d44 9 3", { argument: "from", value: "9", min: 1, max: 3 }, "sessionr help read"],
    ["read 33df6d44 --page 1 --after 3", { flags: ["--page", "--after"] }, "sessionr help read"]
  ]
  for (const [line, detail, suggestion] of cases) {
    it.effect(line, () =>
      Effect.gen(function* () {
        const { json } = yield* runCli(line.split(" "))
        assert.deepInclude(json.error.detail, detail)
        assert.strictEqual(json.error.suggestion, suggestion)
        const given = detail["value"] ?? detail["argument"]
        if (typeof given === "string") assert.include(json.error.message, given)
      })
    )
  }

  it.effect("durations say what is accepted", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "--since", "yesterday"])
      assert.strictEqual(json.error.detail.value, "yesterday")
      assert.match(json.error.detail.accepted, /Nd, Nh, Nm, Ns/)
    })
  )

  it.effect("an unknown session says where was looked and which ids begin alike", () =>
    Effect.gen(function* () {
      const unknown = yield* runCli(["read", "deadbeef"], { cwd: "/srv/acme/shop" })
      assert.deepStrictEqual(unknown.json.error.detail, {
        session_id: "deadbeef",
        cwd: "/srv/acme/shop",
        prefix_matches: [],
        sessions_available: demoSessions().length,
        skipped_sources: []
      })
      assert.strictEqual(unknown.json.error.suggestion, "sessionr list --cwd all")
      const several = yield* runCli(["info", "01a1d462"])
      assert.strictEqual(several.exitCode, 3)
      const matches: ReadonlyArray<{ id: string; source: string; cwd: string; updated_at: string }> =
        several.json.error.detail.prefix_matches
      assert.deepStrictEqual(matches.map(({ id }) => id).toSorted(), [
        "01a1d462-d000-7bc2-8108-e36e011b87c8",
        "01a1d462-e262-7be3-9c0c-6c2ca509b0f4"
      ])
      assert.isTrue(matches.every(({ cwd, source }) => source === "codex" && cwd === "/srv/acme/api"))
    })
  )
})
