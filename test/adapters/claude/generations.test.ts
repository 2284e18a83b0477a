import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../../src/adapters/claude/index.ts"
import type { SessionHead, TokenUsage } from "../../../src/domain/session.ts"
import { type KitMessage, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { first, sessionFile } from "./records.ts"

interface Generation {
  readonly version: string
  readonly messages: ReadonlyArray<KitMessage>
  readonly head: Partial<SessionHead>
  readonly usage: TokenUsage
  readonly filesModified: ReadonlyArray<string>
}

const generations: ReadonlyArray<Generation> = [
  {
    version: "1.0",
    messages: [
      ["user", "Where is the config?"],
      ["assistant", "I will look."],
      ["tool_use", 'Task {"description":"Find config","prompt":"Find the config file."}'],
      ["tool_result", "It is config/app.yaml."],
      ["assistant", "config/app.yaml"]
    ],
    head: {
      title: "Where the config lives",
      firstPrompt: "Where is the config?",
      model: "claude-sonnet-4-20250514",
      gitBranch: "main",
      createdAt: Date.parse("2025-07-28T09:00:00.000Z"),
      updatedAt: Date.parse("2025-07-28T09:00:08.000Z")
    },
    usage: { input: 12, output: 72, cacheRead: 0, cacheCreation: 300, thinking: 0 },
    filesModified: []
  },
  {
    version: "2.0",
    messages: [
      [
        "system",
        "<command-name>/clear</command-name>\n<command-message>clear</command-message>\n<command-args></command-args>"
      ],
      ["user", "Make the build green"],
      ["tool_use", 'Bash {"command":"npm test"}'],
      ["tool_result", "1 failed"],
      ["assistant", "One test fails."],
      ["user", "Fix the code under it"],
      ["assistant", "Fixed."],
      ["system", "Conversation compacted"],
      ["system", "This session is being continued: the build was fixed."],
      ["user", "Thanks"],
      ["assistant", "Gladly."]
    ],
    head: {
      title: "Make the build green",
      firstPrompt: "Make the build green",
      gitBranch: "fix",
      createdAt: Date.parse("2025-12-20T08:00:00.000Z"),
      updatedAt: Date.parse("2025-12-20T08:06:05.000Z")
    },
    usage: { input: 20, output: 47, cacheRead: 0, cacheCreation: 500, thinking: 0 },
    filesModified: []
  },
  {
    version: "2.1",
    messages: [
      ["user", "Rename the flag"],
      ["assistant", "Reading both files."],
      ["tool_use", 'Read {"file_path":"/home/dev/app/a.ts"}'],
      ["tool_use", 'Edit {"file_path":"/home/dev/app/b.ts","old_string":"x","new_string":"y"}'],
      ["tool_result", "1\tflag"],
      ["tool_result", "updated"],
      ["user", "and the docs"],
      ["assistant", "Renamed, docs too."]
    ],
    head: {
      title: "Rename a flag",
      firstPrompt: "Rename the flag",
      model: "claude-opus-5-5",
      createdAt: Date.parse("2026-11-02T07:00:00.000Z"),
      updatedAt: Date.parse("2026-11-02T07:00:05.100Z")
    },
    // As the tool itself counts in its `cost-state` line.
    usage: { input: 20, output: 38, cacheRead: 6000, cacheCreation: 400, thinking: 24 },
    filesModified: ["/home/dev/app/b.ts"]
  }
]

describe("a session of every generation", () => {
  for (const { filesModified, head, messages, usage, version } of generations) {
    it.effect(version, () =>
      Effect.gen(function* () {
        const home = yield* temporaryHome
        writeFile(sessionFile(home, first), fs.readFileSync(`test/fixtures/claude/${version}.jsonl`))
        const read = yield* readIn(claude, home, first)
        assert.deepStrictEqual(messagesOf(read.transcript), messages)
        assert.deepStrictEqual(skippedOf(read.transcript), {})
        assert.deepStrictEqual(read.transcript.head, read.head)
        assert.deepStrictEqual({ ...read.head, ...head }, read.head)
        assert.strictEqual(read.head.cwd, "/home/dev/app")
        assert.deepStrictEqual(read.transcript.facts.tokenUsage, usage)
        assert.deepStrictEqual(read.transcript.facts.filesModified, filesModified)
      }).pipe(Effect.scoped, Effect.provide(storeLayer))
    )
  }
})
