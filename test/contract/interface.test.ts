import { assert, describe, expect, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commands } from "../../src/commands/table.ts"
import { topics } from "../../src/commands/help-text.ts"
import { apiVersions } from "../../src/domain/output.ts"
import { schemaNames } from "../../src/schemas/shape-names.ts"
import { runCli } from "../support/run-cli.ts"

/** JSON with every part that is short enough on one line: changes show where they are, without thousands of lines. */
const condensed = (value: unknown, indent = ""): string => {
  const short = JSON.stringify(value)
  if (typeof value !== "object" || value === null || indent.length + short.length <= 116) return short
  const deeper = `${indent}  `
  if (Array.isArray(value)) {
    return `[\n${value.map((item) => deeper + condensed(item, deeper)).join(",\n")}\n${indent}]`
  }
  const rows = Object.entries(value).map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${condensed(item, deeper)}`)
  return `{\n${rows.join(",\n")}\n${indent}}`
}

const snapshot = (text: string, name: string) =>
  Effect.promise(() => expect(text).toMatchFileSnapshot(`./snapshots/${name}`))

// A change of the interface shows as a change of these files: `vitest run test/contract -u` writes them again.
describe("the interface, as recorded in snapshots", () => {
  it.effect("help as text: of the program, of every command and on every topic", () =>
    Effect.gen(function* () {
      const pages = [[], ...commands.map(({ name }) => [name]), ...Object.keys(topics).map((topic) => [topic])]
      const texts: Array<string> = []
      for (const page of pages) {
        const { exitCode, stdout } = yield* runCli(["help", ...page])
        assert.strictEqual(exitCode, 0)
        texts.push(`$ sessionr ${["help", ...page].join(" ")}\n${stdout}`)
      }
      yield* snapshot(texts.join("\n"), "help.txt")
    })
  )

  it.effect("help as data", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["help", "--output", "json"])
      yield* snapshot(`${condensed(json)}\n`, "help.json")
    })
  )

  for (const version of apiVersions) {
    for (const name of schemaNames) {
      it.effect(`schema of ${name}, version ${version}`, () =>
        Effect.gen(function* () {
          const { json } = yield* runCli(["schema", name, "--output", "json", "--api-version", String(version)])
          const schemas = version === 1 ? json.schemas : json.result.schemas
          assert.deepStrictEqual(Object.keys(schemas), [name])
          yield* snapshot(`${condensed(schemas[name])}\n`, `v${version}/${name}.json`)
        })
      )
    }
  }
})
