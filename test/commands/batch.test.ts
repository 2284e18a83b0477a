import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { runCli } from "../support/run-cli.ts"

const batch = (text: string, words: ReadonlyArray<string> = []) =>
  runCli(["read", "--batch", "-", ...words], { inputs: { "-": text } })

interface Line {
  readonly type: string
  readonly session_id?: string
  readonly index?: number
  readonly content?: string
}

describe("read --batch", () => {
  it.effect("passes over comments and blank lines and keeps the order asked", () =>
    Effect.gen(function* () {
      const { exitCode, lines } = yield* batch(
        "\ufeff# mine\r\n\r\n  ccbd4a8f  \r\n\n7505bf73\n#33df6d44\n01a1d462-d000\n1117a09c\nd0351fd6\n01a08b25"
      )
      assert.strictEqual(exitCode, 0)
      assert.deepStrictEqual(lines[0], { type: "meta", count: 6 })
      const sessions = lines.filter(({ type }) => type === "session")
      assert.deepStrictEqual(
        sessions.map(({ session_id }: Line) => session_id?.slice(0, 8)),
        ["ccbd4a8f", "7505bf73", "01a1d462", "1117a09c", "d0351fd6", "01a08b25"]
      )
      assert.strictEqual(lines.at(-1).type, "end")
      // The messages of a session follow it, and nobody else's are between them.
      let current = ""
      let index = 0
      for (const line of lines.slice(1, -1) as ReadonlyArray<Line>) {
        if (line.type === "session") {
          current = line.session_id!
          index = 0
        } else {
          assert.strictEqual(line.session_id, current)
          assert.strictEqual(line.index, ++index)
        }
      }
    })
  )

  it.effect("an id that fails is an error in its place, the rest goes on, the first failure is the exit code", () =>
    Effect.gen(function* () {
      const { exitCode, lines } = yield* batch("ccbd4a8f\ndeadbeef\n7505bf73\n01a1d462\n", ["--tokens", "100"])
      const order = lines.filter(({ type }) => type === "session" || type === "error")
      assert.deepStrictEqual(
        order.map(({ session_id, type }: Line) => [type, session_id?.slice(0, 8)]),
        [
          ["session", "ccbd4a8f"],
          ["error", "deadbeef"],
          ["session", "7505bf73"],
          ["error", "01a1d462"]
        ]
      )
      assert.strictEqual(order[1].error.code, "SESSION_NOT_FOUND")
      assert.lengthOf(order[3].error.detail.prefix_matches, 2)
      assert.strictEqual(exitCode, 3)
      assert.strictEqual(lines.at(-1).exit_code, 3)
    })
  )

  it.effect("is partial when any is", () =>
    Effect.gen(function* () {
      const { exitCode } = yield* batch("ccbd4a8f\n33df6d44\n", ["--tokens", "300"])
      assert.strictEqual(exitCode, 10)
    })
  )

  it.effect("reads each as read does, in either version", () =>
    Effect.gen(function* () {
      for (const version of ["1", "2"]) {
        const { lines } = yield* batch("33df6d44", ["--tokens", "600", "--output", "jsonl", "--api-version", version])
        const alone = yield* runCli([
          "read",
          "33df6d44",
          "--tokens",
          "600",
          "--output",
          "jsonl",
          "--include-summary",
          "--api-version",
          version
        ])
        const strip = ({ session_id: _, ...rest }: Line) => rest
        const messages = (all: ReadonlyArray<Line>) => all.filter(({ type }) => type === "message").map(strip)
        assert.deepStrictEqual(messages(lines), messages(alone.lines))
        assert.deepStrictEqual(lines[1].meta, alone.lines[0].meta)
        assert.deepStrictEqual(lines[1].session, (alone.lines[0].result ?? alone.lines[0]).session)
      }
    })
  )

  it.effect("is JSONL whatever stdout is, and refuses --output json", () =>
    Effect.gen(function* () {
      const terminal = yield* runCli(["read", "--batch", "-"], { inputs: { "-": "ccbd4a8f" }, terminal: true })
      assert.strictEqual(terminal.lines[0].type, "meta")
      const refused = yield* batch("ccbd4a8f", ["--output", "json"])
      assert.strictEqual(refused.exitCode, 2)
      assert.deepStrictEqual(refused.json.error.detail.flags, ["--batch", "--output json"])
    })
  )

  it.effect("a wrong flag and an unreadable list fail before the first line", () =>
    Effect.gen(function* () {
      const preset = yield* batch("ccbd4a8f", ["--preset", "huge"])
      assert.strictEqual(preset.json.error.code, "INVALID_PRESET")
      const missing = yield* runCli(["read", "--batch", "/nowhere/ids"])
      assert.strictEqual(missing.exitCode, 2)
      assert.strictEqual(missing.json.error.code, "FILE_NOT_READABLE")
    })
  )
})
