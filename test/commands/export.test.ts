import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { FileError } from "../../src/domain/errors.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { validatorsFor } from "../contract/validators.ts"
import { hostileId, hostileTexts, writeHostile } from "../support/hostile.ts"
import { checkPage } from "../support/html.ts"
import { checkMarkdown } from "../support/markdown.ts"
import { demoSessions } from "../support/demo.ts"
import { demoHome, runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { snapshotOf, temporaryHome } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"

const vat = "33df6d44"
const run = (line: string, options: RunOptions = {}) => runCli(["export", ...line.split(" ")], options)

const secret = "hunter2hunter2"

/** A session that holds a secret, and the home it is in. */
const withSecret = Effect.map(temporaryHome, (home) => {
  writeClaude(home, claudeId(1), [
    ["user", `Use PASSWORD=${secret} for it.`],
    ["assistant", "Done."]
  ])
  return { home, id: claudeId(1) }
})

describe("where the document goes", () => {
  it.effect("to stdout as it is, off a terminal too, with what was redacted on stderr", () =>
    Effect.gen(function* () {
      for (const options of [{}, { terminal: true }]) {
        const { exitCode, stderr, stdout } = yield* run(`${vat} --format html`, options)
        assert.strictEqual(exitCode, 0)
        checkPage(stdout)
        assert.strictEqual(stderr, "redaction found nothing\n")
      }
      const { home, id } = yield* withSecret
      const { stderr, stdout } = yield* run(id, { home })
      assert.isTrue(stdout.startsWith("# Use PASSWORD=\\[REDACTED:assignment\\] for it."))
      assert.strictEqual(stderr, "redacted 1: assignment 1\n")
      assert.strictEqual((yield* run(`${id} --output text -o -`, { home })).stdout, stdout)
    })
  )

  it.effect("to a file, with an envelope as the answer", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const path = nodePath.join(directory, "session.html")
      const answer = yield* run(`${vat} -o session.html`, { cwd: directory })
      assert.strictEqual(answer.stderr, "")
      const page = fs.readFileSync(path, "utf8")
      assert.strictEqual(page, (yield* run(`${vat} --format html`)).stdout)
      assert.strictEqual(fs.statSync(path).mode & 0o777, 0o600)
      const { actions, ...rest } = answer.json
      assert.deepStrictEqual(rest, {
        api_version: 1,
        session_id: "33df6d44-dd8f-4a44-b953-a787c477423d",
        source: "claude",
        path,
        format: "html",
        bytes: Buffer.byteLength(page),
        messages: 57,
        redacted: true,
        redactions: {}
      })
      for (const { command } of actions) assert.oneOf((yield* runLine(command)).exitCode, [0, 10])
      const text = yield* run(`${vat} -o ${path} --no-color`, { terminal: true })
      assert.strictEqual(
        text.stdout,
        `${path}: html, 57 messages, ${rest.bytes} bytes\nredaction found nothing\nnext: sessionr read 33df6d44\n`
      )
    })
  )

  it.effect("into an envelope, where JSON was asked for", () =>
    Effect.gen(function* () {
      const { stdout } = yield* run(`${vat} --format jsonl`)
      const asked: ReadonlyArray<readonly [string, RunOptions]> = [
        [`${vat} --format jsonl --output json`, {}],
        [`${vat} --format jsonl`, { env: { SESSIONR_AGENT: "1" } }],
        [`${vat} --format jsonl -o -`, { env: { SESSIONR_OUTPUT: "json" } }]
      ]
      for (const [line, options] of asked) {
        const { json, stderr } = yield* run(line, options)
        assert.strictEqual(stderr, "")
        assert.strictEqual(json.content, stdout)
        assert.isNull(json.path)
        assert.strictEqual(json.bytes, Buffer.byteLength(stdout))
      }
      const { lines } = yield* run(`${vat} --format jsonl --output jsonl`)
      assert.deepStrictEqual(
        lines.map(({ type }) => type),
        ["meta", "end"]
      )
      assert.strictEqual(lines[0].content, stdout)
    })
  )

  it.effect("but not when it is too large for one: then the answer says how to get it", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const long = "lorem ipsum dolor ".repeat(60_000)
      writeClaude(
        home,
        claudeId(1),
        Array.from({ length: 18 }, (_, at) => [at % 2 === 0 ? "user" : "assistant", long])
      )
      const { exitCode, json } = yield* run(`${claudeId(1)} --format jsonl --output json --home ${home}`)
      assert.strictEqual(exitCode, 2)
      assert.strictEqual(json.error.code, "INVALID_ARG")
      assert.strictEqual(json.error.detail.max, 16 * 1024 * 1024)
      const written = yield* runLine(json.error.suggestion, { cwd: home })
      assert.strictEqual(written.exitCode, 0)
      assert.isAbove(written.json.bytes, 16 * 1024 * 1024)
      assert.strictEqual(fs.statSync(written.json.path).size, written.json.bytes)
    })
  )
})

describe("errors", () => {
  it.effect("are text on stderr where the document would have been on stdout, and JSON where it would not", () =>
    Effect.gen(function* () {
      const piped = yield* run("deadbeef")
      assert.strictEqual(piped.exitCode, 3)
      assert.strictEqual(piped.stdout, "")
      assert.match(piped.stderr, /^error\[SESSION_NOT_FOUND\]: /)
      for (const line of ["deadbeef -o /dev/null", "deadbeef --out=/dev/null", "deadbeef --output json"]) {
        const answer = yield* run(line)
        assert.strictEqual(answer.stderr, "")
        assert.strictEqual(answer.json.error.code, "SESSION_NOT_FOUND")
      }
    })
  )

  it.effect("say why a file cannot be written, and with what to go on", () =>
    Effect.gen(function* () {
      const { exitCode, json } = yield* run(`${vat} -o /nowhere/at/all/session.html`)
      assert.strictEqual(exitCode, 2)
      assert.deepStrictEqual(json.error.detail, { path: "/nowhere/at/all/session.html", reason: "ENOENT" })
      assert.strictEqual(json.error.message, "cannot write /nowhere/at/all/session.html: its directory does not exist")
    })
  )

  it.effect("keep a document out of the tools' stores", () =>
    Effect.gen(function* () {
      const { home, id } = yield* withSecret
      const before = snapshotOf(nodePath.join(home, ".claude"))
      for (const name of [`.claude/projects/-w/${id}.jsonl`, ".claude/session.html", ".codex/session.html"]) {
        const { json } = yield* run(`${id} -o ${nodePath.join(home, name)}`, { home })
        assert.oneOf(json.error.detail.reason, ["a tool's own store", "ENOENT"])
      }
      assert.deepStrictEqual(snapshotOf(nodePath.join(home, ".claude")), before)
    })
  )

  it.effect("leave no file behind when the session goes away meanwhile", () =>
    Effect.gen(function* () {
      const [claude] = adapters
      const vanishing: Adapter = {
        ...claude!,
        load: (entry, discovery, options) =>
          Effect.map(claude!.load(entry, discovery, options), (transcript) => ({
            ...transcript,
            message: (index: number) => {
              if (index > 40) throw new FileError({ path: entry.file.path, reason: "ENOENT" })
              return transcript.message(index)
            }
          }))
      }
      const directory = yield* temporaryHome
      for (const format of ["markdown", "html", "json", "jsonl"]) {
        const { exitCode, json } = yield* run(`${vat} --format ${format} -o ${directory}/a`, { adapters: [vanishing] })
        assert.strictEqual(exitCode, 1)
        assert.strictEqual(json.error.code, "PARSE_ERROR")
        assert.deepStrictEqual(fs.readdirSync(directory), [])
      }
    })
  )
})

describe("formats", () => {
  it.effect("follow from the name of the file, unless one is asked for", () =>
    Effect.gen(function* () {
      const directory = yield* temporaryHome
      const cases = {
        "a.md": "markdown",
        "a.HTML": "html",
        "a.htm": "html",
        "a.json": "json",
        "a.jsonl": "jsonl",
        a: "markdown"
      }
      for (const [name, format] of Object.entries(cases)) {
        assert.strictEqual((yield* run(`${vat} -o ${directory}/${name}`)).json.format, format)
      }
      assert.strictEqual((yield* run(`${vat} --format json -o ${directory}/a.md`)).json.format, "json")
    })
  )

  it.effect("that do not exist name those that do", () =>
    Effect.gen(function* () {
      const { json } = yield* run(`${vat} --format md --output json`)
      assert.strictEqual(json.error.code, "USAGE_ERROR")
      assert.strictEqual(json.error.suggestion, "sessionr export 33df6d44 --format markdown --output json")
    })
  )

  it.effect("hold every message of every demo session, as their published schemas say", () =>
    Effect.gen(function* () {
      const validate = yield* validatorsFor(1)
      for (const { byRole, id } of demoSessions()) {
        const total = Object.values(byRole).reduce((a, b) => a + b, 0)
        const json = JSON.parse((yield* run(`${id} --format json`)).stdout)
        validate("export-document", json)
        assert.lengthOf(json.messages, total)
        assert.deepStrictEqual(json.session.by_role, byRole)
        const { lines } = yield* run(`${id} --format jsonl`)
        for (const line of lines) validate("export-document-line", line)
        const messages = lines.slice(1, -1).map(({ type: _, ...message }) => message)
        assert.deepStrictEqual(messages, json.messages)
        assert.strictEqual(lines.at(-1).messages, total)
        const page = (yield* run(`${id} --format html`)).stdout
        checkPage(page)
        const shown = new Set(Array.from(page.matchAll(/ id="m(\d+)"|(?:result|failed) #(\d+)/g), ([, a, b]) => a ?? b))
        assert.strictEqual(shown.size, total, id)
      }
    })
  )

  it.effect("are the same whatever the version of the envelope", () =>
    Effect.gen(function* () {
      const one = yield* run(`${vat} --format json`)
      assert.strictEqual((yield* run(`${vat} --format json --api-version 2`)).stdout, one.stdout)
    })
  )
})

describe("redaction", () => {
  it.effect("is on for what people read and off for what programs read, unless it is asked for", () =>
    Effect.gen(function* () {
      const { home, id } = yield* withSecret
      const cases = {
        "--format markdown": false,
        "--format html": false,
        "--format json": true,
        "--format jsonl": true,
        "--format markdown --no-redact": true,
        "--format html --no-redact": true,
        "--format json --redact": false,
        "--format jsonl --redact": false
      }
      for (const [flags, isThere] of Object.entries(cases)) {
        const { json } = yield* run(`${id} ${flags} --output json`, { home })
        assert.strictEqual(json.content.includes(secret), isThere, flags)
        assert.strictEqual(json.redacted, !isThere)
        assert.deepStrictEqual(json.redactions, isThere ? {} : { assignment: 1 })
      }
    })
  )

  it.effect("knows the tokens of makers, and names in what a tool was given", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const token = ["ghp", "0123456789abcdefghijABCDEFGHIJ012345"].join("_")
      writeHostile(home, [`clone with ${token}`])
      const { json } = yield* run(`${hostileId} --format html --output json`, { home })
      assert.notInclude(json.content, token.slice(4, 20))
      // In the prompt, the answer, the thought, the call's three fields and its name, and its result.
      assert.strictEqual(json.redactions.github, 9)
    })
  )
})

describe("a hostile session from a store", () => {
  it.effect("is a well-formed page and a Markdown that keeps its details closed", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeHostile(home)
      const page = (yield* run(`${hostileId} --format html`, { home })).stdout
      checkPage(page)
      const markdown = (yield* run(hostileId, { home })).stdout
      assert.isAbove(markdown.split("\n<summary>").length, hostileTexts.length)
      checkMarkdown(markdown)
    })
  )

  it.effect("is left as it was", () =>
    Effect.gen(function* () {
      const before = snapshotOf(demoHome)
      yield* run(`${vat} --format html`)
      assert.deepStrictEqual(snapshotOf(demoHome), before)
    })
  )
})
