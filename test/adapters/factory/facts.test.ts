import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Block } from "../../../src/domain/message.ts"
import { factory } from "../../../src/adapters/factory/index.ts"
import { readIn, skippedOf } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import {
  child,
  first,
  fixtureRecords,
  forked,
  type Line,
  Script,
  second,
  start,
  transcriptPath,
  usage,
  writeSessions,
  writeSettings
} from "./records.ts"

type Read = Effect.Success<ReturnType<typeof readOne>>

const readOne = (home: string, records: ReadonlyArray<Line>, settings: Line | null) => {
  writeFile(transcriptPath(home, first), jsonLines(records))
  if (settings !== null) writeSettings(transcriptPath(home, first), settings)
  return readIn(factory, home, first)
}

const reading = (records: ReadonlyArray<Line>, check: (read: Read) => void, settings: Line | null = null) =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    check(yield* readOne(home, records, settings))
  }).pipe(Effect.scoped, Effect.provide(storeLayer))

const blocksOf = ({ transcript }: Read, index: number): ReadonlyArray<Block> => transcript.message(index).blocks

describe("factory: what messages are made of", () => {
  it.effect("thinking rides on what follows it, whichever field it came in", () =>
    reading(fixtureRecords("current"), (read) => {
      const thoughts = Array.from({ length: read.transcript.count }, (_, at) =>
        blocksOf(read, at + 1).flatMap((block) => (block.type === "thinking" ? [block.text] : []))
      )
      assert.deepStrictEqual(
        thoughts.map((texts, at) => [at + 1, texts] as const).filter(([, texts]) => texts.length > 0),
        [
          [3, ["where does it leak", ""]],
          [10, ["the lid is thin"]],
          [20, ["polish last"]]
        ]
      )
    })
  )

  it.effect("reasoning that the content has too is not shown twice", () =>
    reading(
      new Script(first).header().message(
        "assistant",
        [
          { type: "thinking", signature: "reasoning_content", thinking: "once" },
          { type: "text", text: "said" }
        ],
        { chatCompletionReasoningField: "reasoning_content", chatCompletionReasoningContent: "once" }
      ).lines,
      (read) => assert.deepStrictEqual(blocksOf(read, 1), [{ type: "thinking", text: "once" }])
    )
  )

  it.effect("attachments of prompts and results, with their sizes where those can be told", () =>
    reading(fixtureRecords("current"), (read) => {
      assert.deepStrictEqual(blocksOf(read, 2), [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 8 },
        { type: "attachment", kind: "document", mediaType: "application/pdf", bytes: null },
        { type: "attachment", kind: "document", mediaType: "text/plain", bytes: 5 }
      ])
      assert.deepStrictEqual(blocksOf(read, 6), [
        { type: "tool_result", toolUseId: "t1", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/webp", bytes: 3 }
      ])
      assert.deepStrictEqual(blocksOf(read, 7), [{ type: "tool_result", toolUseId: "t2", isError: true }])
    })
  )

  it.effect("errors count for the tool whose call failed", () =>
    reading(fixtureRecords("current"), ({ transcript }) => {
      assert.deepStrictEqual(transcript.facts.toolFrequency, [
        { name: "Execute", count: 2, errors: 1 },
        { name: "Edit", count: 1, errors: 0 },
        { name: "Read", count: 1, errors: 0 }
      ])
    })
  )

  it.effect("an input that is nested too deeply costs its record, not the session", () => {
    const deep = `{"a":`.repeat(20_000) + "1" + "}".repeat(20_000)
    const lines = new Script(first).header().user("before").lines
    return Effect.gen(function* () {
      const home = yield* temporaryHome
      const call = `{"type":"message","id":"deep","message":{"role":"assistant","content":[{"type":"tool_use","id":"d","name":"Odd","input":${deep}}]}}\n`
      writeFile(transcriptPath(home, first), jsonLines(lines) + call)
      const { transcript } = yield* readIn(factory, home, first)
      assert.strictEqual(transcript.message(1).text, "before")
      assert.strictEqual(transcript.count + (skippedOf(transcript)["record nested too deeply"] ?? 0), 2)
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  })
})

describe("factory: tokens, files and models", () => {
  it.effect("tokens are those of the session alone", () =>
    reading(fixtureRecords("current"), ({ transcript }) => assert.deepStrictEqual(transcript.facts.tokenUsage, usage), {
      childInclusiveTokenUsageBySessionId: { [child]: { inputTokens: 89 } }
    })
  )

  it.effect("without settings there are none, and the model is that of the last answer", () =>
    reading(fixtureRecords("current"), ({ head, transcript }) => {
      assert.isNull(transcript.facts.tokenUsage)
      assert.strictEqual(head.model, "gpt-5.6-sol")
      assert.isNull(head.gitBranch)
    })
  )

  it.effect("settings that are odd say nothing", () =>
    reading(
      fixtureRecords("current"),
      ({ head, transcript }) => {
        assert.isNull(transcript.facts.tokenUsage)
        assert.strictEqual(head.model, "gpt-5.6-sol")
        assert.strictEqual(head.kind, "session")
      },
      { model: 7, tokenUsage: [], tags: [{ name: 7 }, "subagent"], worktree: "main", archivedAt: 7 }
    )
  )

  it.effect("the branch is that of the worktree", () =>
    reading(fixtureRecords("current"), ({ head }) => assert.strictEqual(head.gitBranch, "droid/kettle"), {
      worktree: { branch: "droid/kettle", repoRoot: "/home/ann/kettle" }
    })
  )

  it.effect("files count when their call was answered and did not fail", () =>
    reading(fixtureRecords("files"), ({ transcript }) =>
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/ann/stove/gas.ts",
        "/home/ann/knob.ts",
        "/home/ann/stove/oven.ts",
        "/home/ann/stove/hob.ts",
        "/home/ann/stove/pan.ts",
        "/home/ann/stove/pot.ts"
      ])
    )
  )

  it.effect("relative paths stay so where the session has changed its folder", () =>
    reading(
      new Script(first).header({ lastCwd: "/elsewhere" }).call("c1", "Create", { file_path: "a.ts" }).result("c1", "ok")
        .lines,
      ({ transcript }) => assert.deepStrictEqual(transcript.facts.filesModified, ["a.ts"])
    )
  )
})

describe("factory: heads", () => {
  it.effect("of 2025", () =>
    reading(fixtureRecords("2025"), ({ head }) =>
      assert.deepStrictEqual(head, {
        cwd: "/home/ann/old",
        createdAt: 1756713601000,
        updatedAt: Date.UTC(2025, 8, 1, 8, 0, 11),
        isEmpty: false,
        kind: "session",
        parentId: null,
        gitBranch: null,
        model: "claude-old",
        title: "Old kettle",
        firstPrompt: "boil water",
        forkedFrom: null
      })
    )
  )

  const titled = (header: Line, prompt = "mend   the\nkettle") => new Script(first).header(header).user(prompt).lines
  const titles: ReadonlyArray<readonly [string, Line, string | null, string?]> = [
    ["a title", { title: " Kettle " }, "Kettle"],
    ["the older key before the newer", { title: "New", sessionTitle: "Older key" }, "Older key"],
    ["an empty older key is none", { title: "New", sessionTitle: " " }, "New"],
    ["a placeholder gives way to the prompt", { title: "New Session" }, "mend the kettle"],
    ["so do all of them", { title: "Generating title…" }, "mend the kettle"],
    ["in a fork too", { title: "[Fork] [fork] untitled" }, "mend the kettle"],
    ["but not where a human chose it", { title: "Untitled", isSessionTitleManuallySet: true }, "Untitled"],
    ["a long prompt is cut", { title: null }, `${"x".repeat(150)}...`, "x".repeat(151)],
    ["never inside a character", { title: null }, `${"x".repeat(149)}...`, `${"x".repeat(149)}😀`],
    ["a prompt that is a placeholder is no title", { title: "" }, null, "New Session"],
    ["titles are kept to 500 characters", { title: "t".repeat(600) }, "t".repeat(500)]
  ]
  for (const [name, header, title, prompt] of titles) {
    it.effect(`title: ${name}`, () =>
      reading(titled(header, prompt), ({ head }) => assert.strictEqual(head.title, title))
    )
  }

  it.effect("hooks, notices and reminders alone leave a session empty", () =>
    reading(
      new Script(first)
        .header({ title: "New Session" })
        .user("<system-reminder>x</system-reminder>")
        .user("", { hookEventName: "SessionStart" })
        .user("no credit", { visibility: "user_only" }).lines,
      ({ head, transcript }) => {
        assert.strictEqual(head.isEmpty, true)
        assert.isNull(head.title)
        assert.strictEqual(transcript.count, 3)
      }
    )
  )

  it.effect("a header alone: times are those of the file", () =>
    reading(new Script(first).header().lines, ({ entry, head }) => {
      assert.isNull(head.createdAt)
      assert.strictEqual(head.updatedAt, Math.floor(entry.file.mtimeMs))
      assert.strictEqual(head.title, "Mend the kettle")
      assert.strictEqual(head.isEmpty, true)
    })
  )

  it.effect("a long session: the prompt behind 100 KB of reminders, the last time before 300 KB without one", () => {
    const script = new Script(first).header()
    script.user(`<system-reminder>${"rule ".repeat(20_000)}</system-reminder>`, { visibility: "llm_only" })
    script.user("short prompt").answer("done")
    const lines = [...script.lines, { type: "agent_turn_outcome", turnId: "x", result: { text: "r".repeat(300_000) } }]
    return reading(lines, ({ head }) => {
      assert.strictEqual(head.firstPrompt, "short prompt")
      assert.strictEqual(head.createdAt, start)
      assert.strictEqual(head.updatedAt, start + 2000)
      assert.strictEqual(head.model, "claude-opus-5")
    })
  })
})

describe("factory: forks and subagents", () => {
  it.effect("a fork names its source, and its source keeps its subagents", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const source = fixtureRecords("fork").map((line) =>
        line["type"] === "session_start" ? new Script(forked).header().lines[0]! : line
      )
      writeSessions(home, [
        { id: first, records: fixtureRecords("fork") },
        { id: forked, records: source },
        { id: child, records: fixtureRecords("child", forked) }
      ])
      const fork = yield* readIn(factory, home, first)
      assert.strictEqual(fork.head.kind, "session")
      assert.isNull(fork.head.parentId)
      assert.strictEqual(fork.head.cwd, "/home/ann/kettle/lid")
      assert.strictEqual(fork.head.title, "brew some tea now")
      assert.strictEqual(fork.transcript.facts.forkedFrom, forked)
      assert.deepStrictEqual(fork.transcript.facts.subagents, [])
      const own = yield* readIn(factory, home, forked)
      assert.isNull(own.transcript.facts.forkedFrom)
      assert.deepStrictEqual(own.transcript.facts.subagents, [
        { id: child, kind: "file", description: null, toolUseId: "t7" }
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  )

  const parent = (result: string) =>
    new Script(first).header().user("go").call("t7", "Task", { description: "Ask" }).result("t7", result).lines

  it.effect("a subagent that no result names is found by its header, and no other session is", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeSessions(home, [
        { id: first, records: parent("Error: the daemon is away") },
        { id: child, records: fixtureRecords("child") },
        { id: second, records: new Script(second).header().user("unrelated").lines }
      ])
      const { transcript } = yield* readIn(factory, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: child, kind: "file", description: "Ask", toolUseId: "t7" }
      ])
      assert.isNull((yield* readIn(factory, home, child)).transcript.facts.forkedFrom)
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  )

  it.effect("subagents in the settings, and those that are gone", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeSessions(home, [
        { id: first, records: new Script(first).header().user("go").lines },
        { id: child, records: fixtureRecords("child") }
      ])
      writeSettings(transcriptPath(home, first), {
        childInclusiveTokenUsageBySessionId: { [child]: {}, [second]: {}, [first]: {} }
      })
      const { transcript } = yield* readIn(factory, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: child, kind: "file", description: null, toolUseId: "t7" }
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  )

  it.effect("the tool's list of calls ties a session to its caller", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeSessions(home, [
        { id: first, records: new Script(first).header().user("go").lines },
        { id: child, records: new Script(child).header().user("hello").lines }
      ])
      const invocation = { parentSessionId: first, childSessionId: child, parentToolUseId: "t1", description: "Greet" }
      const invocations = [7, invocation, { ...invocation, parentToolUseId: "t2" }, { childSessionId: second }]
      writeFile(`${home}/.factory/task-invocations.json`, JSON.stringify({ invocations }))
      const { entry, head } = yield* readIn(factory, home, child)
      assert.strictEqual(entry.kind, "subagent")
      assert.strictEqual(head.parentId, first)
      const { transcript } = yield* readIn(factory, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: child, kind: "file", description: "Greet", toolUseId: "t1" }
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  )

  const kinds: ReadonlyArray<readonly [string, Line, Line]> = [
    ["a tag of the tool", { parent: forked }, { tags: [{ name: "exec" }, { name: "subagent" }] }],
    ["a worker of a mission", { callingSessionId: forked, decompSessionType: "worker" }, {}],
    ["a side question", { parent: forked, forkedAtMessageId: null }, { tags: [{ name: "btw-fork" }] }]
  ]
  for (const [name, header, settings] of kinds) {
    it.effect(`${name} makes a subagent`, () =>
      reading(
        new Script(first).header(header).user("hello").lines,
        ({ head, transcript }) => {
          assert.strictEqual(head.kind, "subagent")
          assert.strictEqual(head.parentId, forked)
          assert.strictEqual(transcript.facts.forkedFrom, "forkedAtMessageId" in header ? forked : null)
        },
        settings
      )
    )
  }

  it.effect("the orchestrator of a mission has its workers", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const worker = { callingSessionId: first, decompSessionType: "worker", decompMissionId: "m" }
      writeSessions(home, [
        { id: first, records: new Script(first).header({ decompSessionType: "orchestrator" }).user("plan").lines },
        { id: second, records: new Script(second).header(worker).user("work").lines }
      ])
      const { transcript } = yield* readIn(factory, home, first)
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: second, kind: "file", description: null, toolUseId: null }
      ])
    }).pipe(Effect.scoped, Effect.provide(storeLayer))
  )
})
