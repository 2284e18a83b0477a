import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as nodePath from "node:path"
import { globalFlags } from "../../src/commands/globals.ts"
import type { FlagSpecs } from "../../src/commands/spec.ts"
import { commands } from "../../src/commands/table.ts"
import { errorTable, exitCodes } from "../../src/domain/error-table.ts"
import { manualTopics } from "../../src/domain/manual.ts"
import { adapters } from "../../src/layers/adapters.ts"
import { schemaNames } from "../../src/schemas/shape-names.ts"
import { runCli } from "../support/run-cli.ts"

const folder = nodePath.resolve(import.meta.dirname, "../../docs")

const pages = fs
  .readdirSync(folder)
  .sort()
  .map((name) => ({ name, text: fs.readFileSync(nodePath.join(folder, name), "utf8") }))

const whole = pages.map(({ text }) => text).join("\n")

/** What stands in code: a block's lines and the spans of prose. */
const codeOf = (text: string): ReadonlyArray<string> => {
  const blocks = Array.from(text.matchAll(/^```\w*\n([^]*?)^```/gm), ([, block]) => block!.split("\n")).flat()
  const spans = Array.from(text.replace(/^```[^]*?^```/gm, "").matchAll(/`([^`\n]+)`/g), ([, span]) => span!)
  return [...blocks, ...spans]
}

/** Commands that are called, each with its words. A comment behind a command is none of them. */
const callsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  codeOf(text).flatMap((code) =>
    Array.from(code.replace(/\s#.*$/, "").matchAll(/(?:^|\s)sessionr\s+([^|;&]+)/g), ([, words]) =>
      words!.trim().split(/\s+/)
    )
  )

/** The other tools have flags as well: these lines are about theirs. */
const foreignFlags = new Set(["--fork-session"])

describe("the manual", () => {
  it("has a file for every topic, which begins with its title, and no other", () => {
    assert.deepStrictEqual(
      pages.map(({ name }) => name),
      manualTopics.map(({ topic }) => `${topic}.md`).sort()
    )
    for (const { title, topic } of manualTopics) {
      const { text } = pages.find(({ name }) => name === `${topic}.md`)!
      assert.strictEqual(text.split("\n")[0], `# ${title}`)
      assert.isTrue(text.endsWith("\n"))
    }
  })

  it("calls only commands that exist, with flags and topics that they have", () => {
    const calls = pages.flatMap(({ name, text }) => callsOf(text).map((words) => ({ name, words })))
    assert.isAbove(calls.length, 40)
    for (const { name, words } of calls) {
      const [verb, ...rest] = words
      const spec = commands.find((command) => command.name === verb)
      assert.isDefined(spec, `${name}: sessionr ${words.join(" ")}`)
      for (const word of rest.filter((one) => one.startsWith("-") && one !== "-")) {
        const flag = word.replace(/=.*/, "")
        const known = [spec!.flags, globalFlags as FlagSpecs].some((flags) =>
          Object.entries(flags).some(([long, { alias }]) => flag === `--${long}` || flag === `-${alias}`)
        )
        assert.isTrue(known, `${name}: ${flag} in sessionr ${words.join(" ")}`)
      }
      const topics: Readonly<Record<string, ReadonlyArray<string>>> = {
        docs: manualTopics.map(({ topic }) => topic),
        help: [...commands.map((command) => command.name), "exit-codes", "environment", "errors"],
        schema: schemaNames
      }
      const topic = rest[0] ?? ""
      if (/^[a-z]/.test(topic)) assert.include(topics[verb!] ?? [topic], topic, name)
    }
  })

  it("names no flag that no command has", () => {
    const known = new Set([
      ...foreignFlags,
      ...Object.keys(globalFlags).map((flag) => `--${flag}`),
      ...commands.flatMap(({ flags }) => Object.keys(flags).map((flag) => `--${flag}`))
    ])
    for (const { name, text } of pages) {
      for (const [flag] of text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g))
        assert.isTrue(known.has(flag), `${name}: ${flag}`)
    }
  })

  it("mentions every command, every error code, every exit code in use and every source", () => {
    for (const { name } of commands) assert.match(whole, new RegExp(`(sessionr |\`)${name}\\b`), name)
    for (const { code } of Object.values(errorTable)) assert.include(whole, `\`${code}\``)
    const used = new Set([...commands.flatMap((command) => command.exitCodes), exitCodes.CANCELLED])
    const agents = pages.find(({ name }) => name === "agents.md")!.text
    for (const code of used) assert.include(agents, `| ${code} |`)
    const sources = pages.find(({ name }) => name === "sources.md")!.text
    const titled = Array.from(sources.matchAll(/^## (.+)$/gm), ([, title]) => title!)
    assert.deepStrictEqual(titled.toSorted(), adapters.map(({ source }) => source).toSorted())
  })

  it("names no code that is no error of this version", () => {
    const known = new Set([...Object.values(errorTable).map(({ code }) => code), "ADAPTER_FAILED", "RECORDS_SKIPPED"])
    const errors = pages.find(({ name }) => name === "errors.md")!.text
    for (const [, code] of errors.matchAll(/`([A-Z]+(?:_[A-Z]+)+)`/g)) assert.isTrue(known.has(code!), code)
  })
})

describe("docs", () => {
  it.effect("prints a page as it was written, and as plain text on a terminal", () =>
    Effect.gen(function* () {
      for (const { topic } of manualTopics) {
        const { text } = pages.find(({ name }) => name === `${topic}.md`)!
        assert.strictEqual((yield* runCli(["docs", topic])).stdout, text)
        const json = (yield* runCli(["docs", topic, "--output", "json"])).json
        assert.deepStrictEqual([json.topic, json.markdown], [topic, text])
        const shown = (yield* runCli(["docs", topic], { terminal: true, columns: 72 })).stdout
        assert.notMatch(shown.replace(/\u001b\[\d*m/g, ""), /^#|\*\*|`|^\|/m)
      }
    })
  )

  it.effect("lists the topics", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["docs", "--output", "json"])
      assert.deepStrictEqual(json.topics, manualTopics)
      const text = (yield* runCli(["docs"])).stdout
      for (const { topic } of manualTopics) assert.include(text, `\`${topic}\``)
    })
  )

  it.effect("says what was probably meant", () =>
    Effect.gen(function* () {
      for (const [typed, meant] of [
        ["raeding", "reading"],
        ["cache", "state"],
        ["agent", "agents"]
      ]) {
        const { exitCode, json } = yield* runCli(["docs", typed!, "--output", "json"])
        assert.strictEqual(exitCode, 3)
        assert.strictEqual(json.error.detail.did_you_mean[0], meant)
        assert.strictEqual(json.error.suggestion, `sessionr docs ${meant} --output json`)
      }
    })
  )
})
