import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { SendKind } from "../../src/domain/sending.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { Sender } from "../../src/services/Adapter.ts"

const readme = fs.readFileSync(nodePath.resolve(import.meta.dirname, "../../README.md"), "utf8")

type Evidence = NonNullable<Sender["evidence"][SendKind]>

/** From the best to the weakest. */
const ranks: ReadonlyArray<Evidence> = ["run", "parser", "documentation"]

const cellOf = (evidence: Evidence | undefined): string => (evidence === undefined ? "–" : `✓ ${evidence}`)

/** The weakest of what an operation is made of; undefined where one of it is not there. */
const weakest = (...parts: ReadonlyArray<Evidence | undefined>): Evidence | undefined =>
  parts.includes(undefined) ? undefined : ranks.findLast((rank) => parts.includes(rank))

/** `send --continue` is the resumption of the newest session where the tool can resume, else the tool's own word for it. */
const rowOf = (source: string, evidence: Sender["evidence"]): string => {
  const cells = [
    evidence.new,
    evidence.resume,
    evidence.resume ?? evidence.continue,
    evidence.fork,
    weakest(evidence.new, evidence.resume)
  ]
  return `| \`${source}\` | ${cells.map(cellOf).join(" | ")} |`
}

/** Lines of the table that has these columns, without its head. */
const tableOf = (head: string): ReadonlyArray<string> => {
  const lines = readme.split("\n")
  const at = lines.indexOf(head)
  assert.isAtLeast(at, 0, head)
  const end = lines.findIndex((line, index) => index > at && !line.startsWith("|"))
  return lines.slice(at + 2, end)
}

describe("the README", () => {
  it("says of every source what can be sent, and how well that is known", () => {
    assert.deepStrictEqual(
      tableOf("| source | new | resume | continue | fork | async |").toSorted(),
      adapters.map(({ sender, source }) => rowOf(source, sender?.evidence ?? {})).toSorted()
    )
  })

  it("names every source in the table of what is read", () => {
    assert.deepStrictEqual(
      tableOf("| source | tool | kept in |")
        .map((line) => /^\| `([^`]+)`/.exec(line)?.[1])
        .toSorted(),
      adapters.map(({ source }) => source).toSorted()
    )
  })
})
