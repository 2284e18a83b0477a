import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commandcode } from "../../../src/adapters/commandcode/index.ts"
import type { SessionFacts, SessionHead } from "../../../src/domain/session.ts"
import { type KitMessage, messagesOf, readIn, skippedOf } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { first, second, sessionFile, writeBeside } from "./records.ts"

interface Generation {
  readonly file: string
  readonly id?: string
  readonly messages: ReadonlyArray<KitMessage>
  readonly head: SessionHead
  readonly facts: Partial<SessionFacts>
}

const base = { cwd: "/home/dev/app", isEmpty: false, kind: "session", parentId: null, gitBranch: null } as const

const generations: ReadonlyArray<Generation> = [
  {
    file: "v3",
    messages: [
      ["system", '<hook_context source="SessionStart">Use tabs.</hook_context>'],
      ["user", "<ide-context>\nFile: src/flag.ts (typescript, line 3)\n</ide-context>\n\n\nRename the flag"],
      ["system", "Base directory for this skill: /skills/rename"],
      ["assistant", "I read, then edit."],
      ["tool_use", 'read_file {"file_path":"/home/dev/app/src/flag.ts"}'],
      ["tool_use", 'edit_file {"file_path":"/home/dev/app/src/flag.ts","old_string":"x","new_string":"y"}'],
      ["tool_result", "<repair_note>file_path was a list</repair_note>\nexport const x = 1"],
      ["tool_result", "Edited 1 place"],
      ["system", '<hook_context source="PostToolUse" tool="edit_file">formatted</hook_context>'],
      ["user", "and the docs"],
      ["assistant", "Looking for docs."],
      [
        "tool_use",
        'agent {"description":"Find docs","prompt":"Find where the flag is described.","subagent_type":"explore"}'
      ],
      ["tool_result", "Nowhere.\n\n<usage>total_tokens: 2100\ntool_uses: 3\nturns: 2\nduration_ms: 900</usage>"],
      ["assistant", "There are none."],
      ["system", "Docs were asked for, the API was away."],
      ["system", "Three files left."],
      ["user", "is this the flag?"],
      ["assistant", "It is."],
      ["system", "The flag was renamed."]
    ],
    head: {
      ...base,
      title: "Rename a flag",
      firstPrompt: "Rename the flag",
      model: "acme/m-2",
      gitBranch: "fix/flag",
      createdAt: Date.parse("2026-11-02T07:00:00.000Z"),
      updatedAt: Date.parse("2026-11-02T07:04:01.000Z")
    },
    facts: {
      tokenUsage: { input: 707 + 200 + 100 + 1500, output: 92, cacheRead: 2500, cacheCreation: 20, thinking: 0 },
      filesModified: ["/home/dev/app/src/flag.ts", "/home/dev/app/new.ts"],
      subagents: [{ id: "call_3", kind: "inline", description: "Find docs", toolUseId: "call_3" }],
      forkedFrom: null
    }
  },
  {
    file: "v3-fork",
    id: second,
    messages: [
      ["user", "Name three stripes"],
      ["assistant", "Black, white, black."],
      ["user", "Two more"],
      ["assistant", "White, black."]
    ],
    head: {
      ...base,
      title: "Name three stripes",
      firstPrompt: "Name three stripes",
      model: "acme/m-1",
      createdAt: Date.parse("2026-11-02T07:00:00.000Z"),
      updatedAt: Date.parse("2026-11-02T08:00:03.000Z")
    },
    facts: {
      tokenUsage: { input: 100, output: 6, cacheRead: 1000, cacheCreation: 0, thinking: 0 },
      forkedFrom: first
    }
  },
  {
    file: "v3-clone",
    id: second,
    messages: [
      ["user", "Name three stripes"],
      ["assistant", "Black, white, black."],
      ["user", "One more"],
      ["assistant", "White."]
    ],
    head: {
      ...base,
      title: "Name three stripes",
      firstPrompt: "Name three stripes",
      model: "acme/m-1",
      createdAt: Date.parse("2026-11-02T09:00:00.000Z"),
      updatedAt: Date.parse("2026-11-02T09:01:02.000Z")
    },
    facts: {
      tokenUsage: { input: 1000, output: 3, cacheRead: 40, cacheCreation: 10, thinking: 0 },
      forkedFrom: first
    }
  },
  {
    file: "v3-migrated",
    messages: [
      ["user", "Error: what does this mean?"],
      ["tool_use", 'read_file {"path":"z.ts"}'],
      ["tool_result", "no such file"],
      ["user", "look in lib"],
      ["assistant", "Not there either."]
    ],
    head: {
      ...base,
      title: "Error: what does this mean?",
      firstPrompt: "Error: what does this mean?",
      model: "acme/m-1",
      createdAt: Date.parse("2026-05-01T10:00:00.000Z"),
      updatedAt: Date.parse("2026-05-01T10:00:09.000Z")
    },
    facts: { tokenUsage: null, forkedFrom: null }
  },
  {
    file: "v2",
    messages: [
      ["user", "Why does it fail?"],
      ["assistant", "I look."],
      ["tool_use", 'read_file {"path":"z.ts"}'],
      ["tool_use", 'write_file {"filePath":"/home/dev/app/z.ts","content":"7"}'],
      ["tool_use", 'edit_file {"filePath":"/home/dev/app/gone.ts","oldString":"a","newString":"b"}'],
      ["tool_result", "no such file"],
      ["tool_result", "Wrote 1 line"],
      ["tool_result", "Error: no such file"],
      ["system", "Interrupted by user"],
      ["user", "go on"],
      ["assistant", "It was missing."]
    ],
    head: {
      ...base,
      cwd: null,
      gitBranch: "main",
      title: "Why does it fail?",
      firstPrompt: "Why does it fail?",
      model: null,
      createdAt: Date.parse("2026-05-01T10:00:00.000Z"),
      updatedAt: Date.parse("2026-05-01T10:00:12.000Z")
    },
    facts: {
      tokenUsage: null,
      filesModified: ["/home/dev/app/z.ts"],
      toolFrequency: [
        { name: "edit_file", count: 1, errors: 1 },
        { name: "read_file", count: 1, errors: 1 },
        { name: "write_file", count: 1, errors: 0 }
      ],
      subagents: []
    }
  },
  {
    file: "v1",
    messages: [
      ["user", "List the files"],
      ["assistant", "Listing."],
      ["tool_use", 'shell_command {"command":"ls"}'],
      ["tool_result", "ls: not permitted"],
      ["assistant", "I may not."]
    ],
    head: {
      ...base,
      cwd: null,
      title: "List the files",
      firstPrompt: "List the files",
      model: null,
      createdAt: Date.parse("2025-12-01T10:00:00.000Z"),
      updatedAt: Date.parse("2025-12-01T10:00:05.000Z")
    },
    facts: { tokenUsage: null, toolFrequency: [{ name: "shell_command", count: 1, errors: 1 }] }
  }
]

const fixture = (name: string): string | null => {
  const path = `test/fixtures/commandcode/${name}`
  return fs.existsSync(path) ? fs.readFileSync(path, "utf8") : null
}

describe("a session of every generation", () => {
  for (const { facts, file, head, id = first, messages } of generations) {
    it.effect(file, () =>
      Effect.gen(function* () {
        const home = yield* temporaryHome
        writeFile(sessionFile(home, id), fixture(`${file}.jsonl`)!)
        for (const end of ["meta.json", "checkpoints.jsonl"]) {
          const content = fixture(`${file}.${end}`)
          if (content !== null) writeBeside(home, id, end, content)
        }
        const read = yield* readIn(commandcode, home, id)
        assert.deepStrictEqual(messagesOf(read.transcript), messages)
        assert.deepStrictEqual(skippedOf(read.transcript), {})
        const expected = { ...head, forkedFrom: facts.forkedFrom ?? null }
        assert.deepStrictEqual(read.head, expected)
        assert.deepStrictEqual(read.transcript.head, expected)
        assert.deepStrictEqual({ ...read.transcript.facts, ...facts }, read.transcript.facts)
      }).pipe(Effect.scoped, Effect.provide(storeLayer))
    )
  }
})
