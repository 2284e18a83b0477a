import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { apiVersions } from "../../src/domain/output.ts"
import { runCli } from "../support/run-cli.ts"
import { makeOld, temporaryHome, writeFile } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"
import { validatorsFor } from "./validators.ts"

const formats = ["json", "jsonl", "text", "table"] as const

/** Two sessions; the file of one has a name that steers a terminal. */
const written = Effect.gen(function* () {
  const home = yield* temporaryHome
  const paths = [1, 2].map((n) => writeClaude(home, claudeId(n), [["user", `question ${n}`]]))
  writeFile(`${paths[0]!.slice(0, -".jsonl".length)}/tool-results/\u001b[31mred.txt`, "x")
  makeOld(home)
  return { home, paths, state: yield* temporaryHome }
})

// Each answer changes what it is about, so that every format and version has a home of its own.
describe("what prune says of sessions that it moves", () => {
  for (const apiVersion of apiVersions) {
    for (const format of formats) {
      it.effect(`${format}, version ${apiVersion}`, () =>
        Effect.gen(function* () {
          const validate = yield* validatorsFor(apiVersion)
          const { home, paths, state } = yield* written
          const run = Effect.fnUntraced(function* (shape: string, words: ReadonlyArray<string>) {
            const answer = yield* runCli(["--output", format, "--api-version", String(apiVersion), ...words], {
              home,
              state
            })
            assert.strictEqual(answer.stderr, "")
            assert.notInclude(answer.stdout, "\u001b")
            if (format === "json") validate(shape, answer.json)
            if (format === "jsonl") for (const line of answer.lines) validate(`${shape}-line`, line)
            return answer
          })
          const items = (answer: { readonly lines: ReadonlyArray<{ readonly type: string }> }, type: string) =>
            answer.lines.filter((line) => line.type === type).length
          const plan = yield* run("prune", ["prune", "--older-than", "1d", "--dry-run"])
          const pruned = yield* run("pruned", ["prune", "--older-than", "1d", "--yes"])
          const trash = fs.readdirSync(`${state}/state/trash`)[0]!
          writeFile(paths[0]!, "in the way")
          const partial = yield* run("restored", ["prune", "--undo", trash])
          assert.strictEqual(partial.exitCode, 10)
          fs.rmSync(paths[0]!)
          const restored = yield* run("restored", ["prune", "--undo", trash])
          yield* run("pruned", ["prune", "--older-than", "1d", "--yes"])
          fs.renameSync(`${state}/state/trash/${trash}-2`, `${state}/state/trash/20261101T120000Z`)
          const listed = yield* run("trash", ["prune", "--empty-trash", "--older-than", "1d", "--dry-run"])
          const emptied = yield* run("trash", ["prune", "--empty-trash", "--older-than", "1d", "--yes"])
          if (format === "jsonl") {
            assert.deepStrictEqual(
              [plan, pruned, partial, restored].map((answer) => items(answer, "session")),
              [2, 2, 2, 2]
            )
            assert.deepStrictEqual([items(listed, "trash"), items(emptied, "trash")], [1, 1])
          }
          if (format === "text") {
            assert.include(pruned.stdout, `prune --undo ${trash}`)
            assert.include(partial.stdout, "another file is there now")
            assert.include(emptied.stdout, "for good")
          }
        }).pipe(Effect.scoped)
      )
    }
  }
})
