import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commands } from "../../src/commands/table.ts"
import { errorTable } from "../../src/domain/error-table.ts"
import { type ApiVersion, apiVersions } from "../../src/domain/output.ts"
import { jsonText } from "../../src/render/json.ts"
import { shapeNames } from "../../src/schemas/shape-names.ts"
import { type CliResult, runCli } from "../support/run-cli.ts"
import { commandOf, type Row } from "./row.ts"
import { failures, successes } from "./rows.ts"
import { type Validators, validatorsFor } from "./validators.ts"

/** What a terminal obeys. Line feeds and tabs may stay. */
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

const call = (row: Row, format: string, apiVersion: ApiVersion, more: ReadonlyArray<string> = []) =>
  runCli(["--output", format, "--api-version", String(apiVersion), ...more, ...row.words], row.options)

const title = (row: Row): string =>
  `${JSON.stringify(row.words.join(" "))}${row.code === undefined ? "" : ` → ${row.code}`}`

const checkJson = (row: Row, answer: CliResult, validate: Validators) => {
  assert.strictEqual(answer.stderr, "")
  assert.strictEqual(answer.exitCode, row.exit, answer.stdout)
  validate(row.shape, answer.json)
  assert.strictEqual(answer.stdout, `${jsonText(answer.json, 2)}\n`)
  assert.notMatch(answer.stdout, steering)
}

/** Every place of a JSON value where an object of ours is, each kind of place once, with the value changed there. */
const withUnknownKeys = (value: unknown): ReadonlyArray<readonly [place: string, changed: unknown]> => {
  const places = new Map<string, unknown>()
  const root = structuredClone(value)
  const visit = (node: unknown, place: string): void => {
    if (Array.isArray(node)) return node.forEach((item) => visit(item, `${place}/*`))
    if (typeof node !== "object" || node === null || place.endsWith("/schemas") || place.endsWith("/input")) return
    if (!places.has(place)) {
      const object = node as Record<string, unknown>
      object["unheard_of"] = "x"
      places.set(place, structuredClone(root))
      delete object["unheard_of"]
    }
    for (const [key, child] of Object.entries(node)) visit(child, `${place}/${key}`)
  }
  visit(root, "")
  return Array.from(places)
}

const checkLines = (row: Row, answer: CliResult, validate: Validators) => {
  assert.strictEqual(answer.stderr, "")
  assert.strictEqual(answer.exitCode, row.exit, answer.stdout)
  assert.notMatch(answer.stdout, steering)
  const { lines } = answer
  assert.strictEqual(answer.stdout, lines.map((line) => `${jsonText(line)}\n`).join(""))
  if (row.shape === "error") {
    assert.lengthOf(lines, 1)
    return validate("error", lines[0])
  }
  for (const line of lines) validate(`${row.shape}-line`, line)
  assert.strictEqual(lines[0].type, "meta")
  assert.strictEqual(lines.at(-1).type, "end")
  assert.strictEqual(lines.at(-1).exit_code, row.exit)
  assert.isTrue(lines.slice(1, -1).every(({ type }) => type !== "meta" && type !== "end"))
}

const checkText = (row: Row, answer: CliResult) => {
  assert.strictEqual(answer.exitCode, row.exit)
  const [used, unused] = row.code === undefined ? [answer.stdout, answer.stderr] : [answer.stderr, answer.stdout]
  if (row.notes === true)
    assert.match(unused, /^(?:redacted|redaction found nothing|not redacted)[^\n]*\n(?:warning\[.+\n)*$/)
  else assert.strictEqual(unused, "")
  assert.notMatch(used + unused, steering)
  assert.isTrue(used.endsWith("\n"))
  if (row.code !== undefined) assert.match(used, new RegExp(`^error\\[${row.code}\\]: .+\ntry: .+\n$`))
}

const checkError = (row: Row, apiVersion: ApiVersion, { json }: CliResult) => {
  const tag = Object.values(errorTable).find(({ code }) => code === row.code)
  assert.isDefined(tag)
  const { error } = json
  assert.strictEqual(error.code, row.code)
  assert.strictEqual(error.class, tag.class)
  assert.strictEqual(error.exit_code, tag.exit)
  assert.strictEqual(row.exit, tag.exit)
  assert.strictEqual(apiVersion === 1 ? error.retry : error.retryable, tag.retry)
  // Only the tool itself can log its user in.
  if (row.code !== "AUTH_REQUIRED") assert.match(error.suggestion, /^sessionr /)
  assert.isAbove(json.actions.length, 0)
}

/** What `read` says of a session that has not changed: its etag is known only from an answer before. */
const checkUnchanged = (apiVersion: ApiVersion, validate: Validators) =>
  Effect.gen(function* () {
    const poll = (words: ReadonlyArray<string>): Row => ({ words, exit: 42, shape: "unchanged" })
    const first: Row = { words: ["read", "ccbd4a8f"], exit: 0, shape: "read" }
    const json = (yield* call(first, "json", apiVersion)).json.meta.etag
    for (const more of [[], ["--timing"]]) {
      const row = poll([...first.words, "--if-changed", json])
      const answer = yield* call(row, "json", apiVersion, more)
      checkJson(row, answer, validate)
      assert.strictEqual("timing_ms" in answer.json.meta, more.length > 0)
    }
    const jsonl = (yield* call(first, "jsonl", apiVersion)).lines[0].meta.etag
    const row = poll([...first.words, "--if-changed", jsonl])
    checkLines(row, yield* call(row, "jsonl", apiVersion), validate)
  })

for (const apiVersion of apiVersions) {
  describe(`version ${apiVersion}`, () => {
    const validators = Effect.cached(validatorsFor(apiVersion)).pipe(Effect.runSync)

    it.effect("read --if-changed with the right etag → unchanged", () =>
      Effect.gen(function* () {
        yield* checkUnchanged(apiVersion, yield* validators)
      })
    )

    // A version that is wrong leaves the default, 1.
    const rows = [...successes, ...failures].filter(({ words }) => apiVersion === 1 || !words.includes("--api-version"))
    for (const row of rows) {
      it.effect(title(row), () =>
        Effect.gen(function* () {
          const validate = yield* validators
          // A batch is always JSONL, and a format that is wrong leaves the stream to decide.
          if (row.shape !== "batch") {
            const answer = yield* call(row, "json", apiVersion)
            checkJson(row, answer, validate)
            if (row.code !== undefined) checkError(row, apiVersion, answer)
            for (const [place, changed] of withUnknownKeys(answer.json)) {
              assert.throws(() => validate(row.shape, changed), undefined, undefined, place)
            }
            const timed = yield* call(row, "json", apiVersion, ["--timing"])
            checkJson(row, timed, validate)
            assert.isTrue(Number.isInteger(timed.json.meta.timing_ms), timed.stdout)
          }
          if (row.code === "INVALID_OUTPUT_FORMAT") return
          const lines = yield* call(row, "jsonl", apiVersion)
          checkLines(row, lines, validate)
          const text = yield* call(row, "text", apiVersion)
          const table = yield* call(row, "table", apiVersion)
          if (row.shape === "batch") {
            // A batch is JSONL whatever was asked for; its commands repeat what was asked for.
            const same = (printed: string) => printed.replace(/--output \w+/g, "--output jsonl")
            assert.strictEqual(same(text.stdout), lines.stdout)
            assert.strictEqual(same(table.stdout), lines.stdout)
            return
          }
          checkText(row, text)
          checkText(row, table)
        })
      )
    }
  })
}

describe("the table of rows", () => {
  it("has a success and, where it can fail, a failure of every command", () => {
    for (const { args, exitCodes, flags, name } of commands) {
      assert.isTrue(
        successes.some((row) => commandOf(row) === name),
        name
      )
      const fails = exitCodes.some((code) => code !== 0) || args.length > 0 || Object.keys(flags).length > 0
      if (fails) {
        assert.isTrue(
          failures.some((row) => commandOf(row) === name),
          name
        )
      }
    }
  })

  it("has every code of the error table", () => {
    const covered = new Set(failures.map(({ code }) => code))
    for (const { code } of Object.values(errorTable)) assert.isTrue(covered.has(code), code)
  })

  it("has every published shape", () => {
    const covered = new Set<string>([...successes, ...failures].map(({ shape }) => shape))
    covered.add("unchanged")
    // In prune.test.ts, in a home of its own.
    covered.add("restored")
    for (const name of shapeNames) assert.isTrue(covered.has(name), name)
  })
})
