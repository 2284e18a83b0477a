import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type { Block } from "../../../src/domain/message.ts"
import type { Transcript } from "../../../src/domain/transcript.ts"
import { codex } from "../../../src/adapters/codex/index.ts"
import { readIn } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import { first, fixtureRecords, type Line, parent, Script, writeSessions } from "./records.ts"

const reading = <A>(records: ReadonlyArray<Line>, check: (read: Effect.Success<ReturnType<typeof readOne>>) => A) =>
  Effect.gen(function* () {
    const home = yield* temporaryHome
    check(yield* readOne(home, records))
  }).pipe(Effect.scoped, Effect.provide(storeLayer))

const readOne = (home: string, records: ReadonlyArray<Line>) => {
  writeSessions(home, [{ id: first, records }])
  return readIn(codex, home, first)
}

const blocksOf = (transcript: Transcript, index: number): ReadonlyArray<Block> => transcript.message(index).blocks

const failedCalls = (transcript: Transcript): ReadonlyArray<string> =>
  Array.from({ length: transcript.count }, (_, at) => transcript.message(at + 1).blocks)
    .flat()
    .flatMap((block) => (block.type === "tool_result" && block.isError ? [block.toolUseId ?? ""] : []))

describe("codex: what a paginated thread says of itself", () => {
  it.effect("tokens by response, each once, cached and written ones taken out of the input", () =>
    reading(fixtureRecords("paginated"), ({ transcript }) => {
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 1000,
        output: 130,
        cacheRead: 1900,
        cacheCreation: 100,
        thinking: 20
      })
    })
  )

  it.effect("errors, files and tools", () =>
    reading(fixtureRecords("paginated"), ({ transcript }) => {
      assert.deepStrictEqual(failedCalls(transcript), ["call_1", "call_4"])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/app/src/tools.ts", "/home/dev/app/src/kit.ts"])
      assert.deepInclude(transcript.facts.toolFrequency, { name: "exec_command", count: 1, errors: 1 })
      assert.deepInclude(transcript.facts.toolFrequency, { name: "apply_patch", count: 1, errors: 0 })
    })
  )

  it.effect("images are attachments, their wrapping is gone", () =>
    reading(fixtureRecords("paginated"), ({ transcript }) => {
      assert.deepStrictEqual(blocksOf(transcript, 3), [
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 8 }
      ])
      assert.deepStrictEqual(blocksOf(transcript, 12).slice(1), [
        { type: "attachment", kind: "image", mediaType: null, bytes: null }
      ])
      assert.deepStrictEqual(blocksOf(transcript, 13).slice(1), [
        { type: "attachment", kind: "image", mediaType: null, bytes: 8 }
      ])
    })
  )

  it.effect("thinking: the summary, else the text, on the message that follows", () =>
    reading(fixtureRecords("paginated"), ({ transcript }) => {
      assert.deepStrictEqual(blocksOf(transcript, 4)[0], { type: "thinking", text: "**Looking**\n\nat the tests" })
      assert.deepStrictEqual(blocksOf(transcript, 17), [{ type: "thinking", text: "raw thought" }])
    })
  )

  it.effect("head", () =>
    reading(fixtureRecords("paginated"), ({ head }) => {
      assert.deepStrictEqual(head, {
        cwd: "/home/dev/app",
        createdAt: Date.UTC(2026, 10, 1, 10),
        updatedAt: Date.UTC(2026, 10, 1, 10, 0, 4, 800),
        isEmpty: false,
        kind: "session",
        parentId: null,
        gitBranch: "main",
        model: "gpt-6-sol",
        title: null,
        firstPrompt: "<tools> is what this screenshot says; rename it",
        forkedFrom: null
      })
    })
  )
})

describe("codex: what older threads say of themselves", () => {
  it.effect("2025: exit codes in strings, a patch in a shell, the folder in the environment", () =>
    reading(fixtureRecords("bare"), ({ head, transcript }) => {
      assert.deepStrictEqual(failedCalls(transcript), ["call_b"])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/README.md"])
      assert.strictEqual(transcript.facts.tokenUsage, null)
      assert.strictEqual(head.cwd, "/home/dev/old")
      assert.strictEqual(head.gitBranch, "old")
      assert.strictEqual(head.model, null)
      assert.strictEqual(head.createdAt, Date.UTC(2025, 7, 14, 9))
      assert.strictEqual(head.updatedAt, Date.UTC(2025, 7, 14, 9))
      assert.strictEqual(head.firstPrompt, "write a readme")
    })
  )

  it.effect("legacy: patch_apply_end wins over the patch, a header over the output below it", () =>
    reading(fixtureRecords("legacy"), ({ head, transcript }) => {
      assert.deepStrictEqual(failedCalls(transcript), ["call_q", "call_m"])
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/app/build.mk", "/home/dev/app/old.mk"])
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 400,
        output: 50,
        cacheRead: 600,
        cacheCreation: 0,
        thinking: 10
      })
      assert.strictEqual(head.model, "gpt-5.5-codex")
      assert.strictEqual(head.firstPrompt, "fix the build")
    })
  )

  it.effect("a legacy fork: its own folder, its own tokens", () =>
    reading(fixtureRecords("legacy-fork"), ({ head, transcript }) => {
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.strictEqual(head.gitBranch, "main")
      assert.strictEqual(transcript.facts.forkedFrom, parent)
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 300,
        output: 20,
        cacheRead: 900,
        cacheCreation: 0,
        thinking: 5
      })
    })
  )

  it.effect("a legacy fork of a version that did not write when turns began", () =>
    reading(
      fixtureRecords("legacy-fork").filter((line) => (line["payload"] as Line)["type"] !== "task_started"),
      ({ transcript }) => assert.strictEqual(transcript.facts.tokenUsage?.output, 20)
    )
  )

  it.effect("events alone: images and the first prompt", () =>
    reading(fixtureRecords("events-only"), ({ head, transcript }) => {
      assert.strictEqual(head.firstPrompt, "hello there")
      assert.strictEqual(head.isEmpty, false)
      assert.deepStrictEqual(blocksOf(transcript, 2), [
        { type: "attachment", kind: "image", mediaType: "image/gif", bytes: 6 }
      ])
    })
  )
})

describe("codex: agents", () => {
  it.effect("an agent with its parent's context: neither its tokens nor its agents count", () =>
    reading(fixtureRecords("agent"), ({ head, transcript }) => {
      assert.strictEqual(head.kind, "subagent")
      assert.strictEqual(head.parentId, parent)
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.strictEqual(head.model, "gpt-6-luna")
      assert.deepStrictEqual(transcript.facts.subagents, [])
      assert.strictEqual(transcript.facts.forkedFrom, null)
      assert.strictEqual(transcript.facts.tokenUsage?.output, 30)
      assert.deepStrictEqual(transcript.byRole, { user: 2, assistant: 1, system: 1, tool_use: 1, tool_result: 0 })
      assert.strictEqual(transcript.role(3), "user")
    })
  )

  it.effect("an agent of 0.149, before usage records", () =>
    reading(
      [
        ...fixtureRecords("agent").filter((line) => line["type"] !== "token_usage_record"),
        ...new Script(first, Date.UTC(2026, 10, 1, 11), 20).event("token_count", {
          info: {
            total_token_usage: { input_tokens: 5700, output_tokens: 530 },
            last_token_usage: { input_tokens: 700, output_tokens: 30 }
          }
        }).lines
      ],
      ({ transcript }) => {
        assert.strictEqual(transcript.facts.tokenUsage?.input, 700)
        assert.strictEqual(transcript.facts.tokenUsage?.output, 30)
      }
    )
  )

  it.effect("agents are found by what they answered, too, and each once", () =>
    reading(
      new Script(first)
        .meta()
        .call("call_1", "spawn_agent", { message: "look" })
        .result("call_1", '{"agent_id":"01A00000-0000-7000-8000-0000000000CC","nickname":"Bohr"}')
        .completed("CollabAgentToolCall", "call_2", {
          tool: "wait_agent",
          receiver_thread_ids: ["01a00000-0000-7000-8000-0000000000cc"]
        })
        .event("sub_agent_activity", { agent_thread_id: "01a00000-0000-7000-8000-0000000000dd", agent_path: "/root/d" })
        .lines,
      ({ transcript }) =>
        assert.deepStrictEqual(transcript.facts.subagents, [
          { id: "01a00000-0000-7000-8000-0000000000cc", kind: "file", description: "Bohr", toolUseId: "call_1" },
          { id: "01a00000-0000-7000-8000-0000000000dd", kind: "file", description: "/root/d", toolUseId: null }
        ])
    )
  )
})

describe("codex: drift", () => {
  it.effect("a judgement that comes after the result corrects it", () =>
    reading(
      new Script(first)
        .meta()
        .call("c1", "exec_command", {})
        .result("c1", "Process running with session ID 7\nOutput:\n")
        .completed("CommandExecution", "c1", { status: "failed", exit_code: 137 })
        .call("c2", "exec_command", {})
        .result("c2", "Exit code: 3\nOutput:\n")
        .completed("CommandExecution", "c2", { status: "completed", exit_code: 0 })
        .call("c3", "look", {})
        .completed("DynamicToolCall", "c3", { success: false })
        .result("c3", { content_items: [{ type: "input_text", text: "no" }] }).lines,
      ({ transcript }) => assert.deepStrictEqual(failedCalls(transcript), ["c1", "c3"])
    )
  )

  it.effect("a thread older than usage records counts both kinds, none twice", () => {
    const count = (total: number, last: number) => ({
      info: {
        total_token_usage: { input_tokens: total, output_tokens: 0, total_tokens: total },
        last_token_usage: { input_tokens: last, output_tokens: 0, total_tokens: last }
      }
    })
    return reading(
      new Script(first)
        .meta()
        .event("token_count", count(100, 100))
        .event("token_count", count(250, 150))
        .event("token_count", count(250, 150))
        .event("token_count", count(40, 40))
        .line("token_usage_record", { thread_id: first, response_id: "r1", usage: { input_tokens: 7 } })
        .event("token_count", count(47, 7))
        .line("token_usage_record", { thread_id: parent, response_id: "r2", usage: { input_tokens: 1000 } }).lines,
      ({ transcript }) => assert.strictEqual(transcript.facts.tokenUsage?.input, 297)
    )
  })

  it.effect("a patch counts where nothing was recorded of it, unless it failed", () =>
    reading(
      new Script(first)
        .meta()
        .call("c1", "apply_patch", { input: "*** Begin Patch\n*** Add File: ../lib/a.ts\n*** End Patch" })
        .result("c1", "Exit code: 0\nOutput:\n")
        .call("c2", "apply_patch", { input: "*** Begin Patch\n*** Add File: b.ts\n*** End Patch" })
        .result("c2", "Exit code: 1\nOutput:\n")
        .call("c3", "exec_command", { cmd: "cat > x.md <<E\n*** Begin Patch\n*** Add File: c.ts\nE" })
        .result("c3", "Exit code: 0\nOutput:\n")
        .call("c4", "apply_patch", { input: "*** Begin Patch\n*** Add File: d.ts\n*** End Patch" }).lines,
      ({ transcript }) => assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/lib/a.ts"])
    )
  )

  it.effect("a prompt behind 3 MB of instructions is the first prompt", () =>
    reading(
      new Script(first)
        .meta({ base_instructions: { text: "Be brief. ".repeat(300_000) } })
        .turn()
        .user(`<user_instructions>\n${"x".repeat(200_000)}`)
        .user("at last")
        .answer("yes").lines,
      ({ head }) => {
        assert.strictEqual(head.firstPrompt, "at last")
        assert.strictEqual(head.cwd, "/home/dev/app")
        assert.strictEqual(head.model, "gpt-6-sol")
      }
    )
  )

  it.effect("the last model of a long thread, and its last time", () => {
    const script = new Script(first).meta().turn("gpt-old").user("go")
    for (let at = 0; at < 2000; at++) script.answer(`line ${at} of a long story`)
    return reading(script.turn("gpt-new").user("more").lines, ({ head }) => {
      assert.strictEqual(head.model, "gpt-new")
      assert.strictEqual(head.updatedAt, Date.parse(String(script.lines.at(-1)!["timestamp"])))
    })
  })

  it.effect("instructions alone are no session", () =>
    reading(new Script(first).meta().turn().user("# AGENTS.md instructions for /x").lines, ({ head, transcript }) => {
      assert.strictEqual(head.isEmpty, true)
      assert.strictEqual(head.firstPrompt, null)
      assert.strictEqual(transcript.count, 1)
    })
  )
})
