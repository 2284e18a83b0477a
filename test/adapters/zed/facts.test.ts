import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { zed } from "../../../src/adapters/zed/index.ts"
import { usageOf } from "../../../src/adapters/zed/ledger.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { readIn } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome } from "../../support/store.ts"
import {
  child,
  type Document,
  documentOf,
  end,
  first,
  fixtureDocument,
  type Generation,
  oldRowOf,
  type Row,
  rowOf,
  start,
  writeRows
} from "./store.ts"

const inHome = <A, E>(run: (home: string) => Effect.Effect<A, E, StoreServices>) =>
  Effect.flatMap(temporaryHome, run).pipe(Effect.scoped, Effect.provide(storeLayer))

const reading = (
  generation: Generation,
  document: Document,
  more: Row,
  check: (read: Effect.Success<ReturnType<typeof readIn>>) => void
) =>
  inHome((home) => {
    writeRows(home, generation, [(generation === "2025" ? oldRowOf : rowOf)(first, document, more)])
    return Effect.map(readIn(zed, home, first), check)
  })

const call = (id: string, name: string, input: unknown) => ({ ToolUse: { id, name, input, is_input_complete: true } })
const answer = (id: string, more = {}) => ({ tool_use_id: id, is_error: false, content: [{ Text: "ok" }], ...more })

describe("zed of 2026", () => {
  it.effect("head: the primary folder, its branch, the name in the row", () =>
    reading(
      "2026",
      fixtureDocument("current"),
      { summary: "Dates", folder_paths: "/home/dev/aaa\n/home/dev/app\n/home/dev/lib", folder_paths_order: "2,0,1" },
      ({ entry, head }) => {
        assert.deepStrictEqual(head, {
          cwd: "/home/dev/app",
          createdAt: start,
          updatedAt: end,
          isEmpty: false,
          kind: "session",
          parentId: null,
          gitBranch: "dates",
          model: "m-1",
          title: "Dates",
          firstPrompt: "why does /home/dev/app/d.ts fail?\nsee the picture",
          forkedFrom: null
        })
        assert.strictEqual(entry.archived, false)
      }
    )
  )

  it.effect("tokens of the whole thread, files of calls that did not fail, the agent it started", () =>
    reading("2026", fixtureDocument("current"), {}, ({ transcript }) => {
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 1200,
        output: 90,
        cacheRead: 700,
        cacheCreation: 30,
        thinking: 0
      })
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/app/src/d.ts",
        "/home/dev/lib/a.ts",
        "/home/dev/lib/b.ts"
      ])
      assert.deepStrictEqual(transcript.facts.subagents, [
        { id: child, kind: "file", description: "Look around", toolUseId: "t5" }
      ])
      assert.deepStrictEqual(transcript.facts.toolFrequency.slice(0, 2), [
        { name: "edit_file", count: 2, errors: 1 },
        { name: "terminal", count: 2, errors: 0 }
      ])
      assert.strictEqual(transcript.facts.forkedFrom, null)
      assert.strictEqual(transcript.facts.durationMs, null)
    })
  )

  it.effect("thinking rides on the answer, images and linked files are attachments, a failed result says so", () =>
    reading("2026", fixtureDocument("current"), {}, ({ transcript }) => {
      assert.deepStrictEqual(transcript.message(1).blocks, [
        { type: "attachment", kind: "document", mediaType: null, bytes: null },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 5 }
      ])
      assert.deepStrictEqual(transcript.message(3).blocks, [{ type: "thinking", text: "look at the file" }])
      assert.deepStrictEqual(transcript.message(5).blocks, [
        { type: "tool_result", toolUseId: "t1", isError: false },
        { type: "attachment", kind: "image", mediaType: "image/png", bytes: 6 }
      ])
      assert.deepStrictEqual(transcript.message(9).blocks, [{ type: "tool_result", toolUseId: "t3", isError: true }])
      assert.deepStrictEqual(transcript.message(16).blocks, [
        { type: "tool_use", id: "t7", name: "terminal", input: '{"command":"sle' }
      ])
    })
  )

  it.effect("paths: of every writing tool, by the name of their root, absolute, without a root", () => {
    const content = [
      call("a", "write_file", { path: "lib/./w.ts" }),
      call("b", "copy_path", { source_path: "lib/w.ts", destination_path: "app/c.ts" }),
      call("c", "delete_path", { path: "/tmp/gone.ts" }),
      call("d", "edit_file", { display_description: "?" }),
      call("e", "create_file", { path: "elsewhere/x.ts" }),
      call("f", "create_directory", { path: "app/new" }),
      call("g", "write_file", { path: "app/never.ts" }),
      call("h", "write_file", { path: "lib/w.ts" })
    ]
    const results = ["a", "b", "c", "e", "f", "h"].map((id) => answer(id))
    const tool_results = [...results, answer("d", { output: { original_path: "app/told.ts" } })]
    return reading("2026", documentOf([{ Agent: { content, tool_results } }]), {}, ({ transcript }) =>
      assert.deepStrictEqual(transcript.facts.filesModified, [
        "/home/dev/lib/w.ts",
        "/home/dev/app/c.ts",
        "/tmp/gone.ts",
        "/home/dev/app/told.ts",
        "elsewhere/x.ts",
        "/home/dev/app/new"
      ])
    )
  })

  it.effect("a path of Windows, in a workspace of one folder", () => {
    const content = [call("a", "write_file", { path: "app\\src\\w.ts" }), call("b", "write_file", { path: "src/v.ts" })]
    const document = documentOf([{ Agent: { content, tool_results: { a: answer("a"), b: answer("b") } } }])
    return reading(
      "2026",
      document,
      { folder_paths: "C:\\dev\\app", folder_paths_order: null },
      ({ head, transcript }) => {
        assert.strictEqual(head.cwd, "C:\\dev\\app")
        assert.deepStrictEqual(transcript.facts.filesModified, ["C:\\dev\\app\\src\\w.ts", "C:\\dev\\app\\src\\v.ts"])
      }
    )
  })

  it.effect("the document names the parent where the row does not", () => {
    const document = { ...documentOf([]), subagent_context: { parent_thread_id: child, depth: 1 } }
    return reading("2026", document, {}, ({ entry, head }) => {
      assert.strictEqual(entry.kind, "session")
      assert.strictEqual(head.kind, "subagent")
      assert.strictEqual(head.parentId, child)
    })
  })

  it.effect("a thread without a title has the one of its document, and none where that is a placeholder", () =>
    Effect.gen(function* () {
      yield* reading("2026", fixtureDocument("current"), { summary: "" }, ({ head }) =>
        assert.strictEqual(head.title, "Mend the date parser")
      )
      yield* reading("2026", { ...documentOf([]), title: "New Thread" }, { summary: "New Thread" }, ({ head }) =>
        assert.strictEqual(head.title, null)
      )
    })
  )
})

describe("zed of 2025", () => {
  it.effect("head, files and tokens from the document alone", () =>
    reading("2025", fixtureDocument("0.2.0"), { summary: "" }, ({ head, transcript }) => {
      assert.deepStrictEqual(head, {
        cwd: "/home/dev/old",
        createdAt: end,
        updatedAt: end,
        isEmpty: false,
        kind: "session",
        parentId: null,
        gitBranch: "trunk",
        model: "m-0",
        title: "Old thread",
        firstPrompt: "find x",
        forkedFrom: null
      })
      assert.deepStrictEqual(transcript.facts.filesModified, ["/home/dev/old/new.ts"])
      assert.deepStrictEqual(transcript.facts.tokenUsage, {
        input: 30,
        output: 5,
        cacheRead: 0,
        cacheCreation: 0,
        thinking: 0
      })
    })
  )

  it.effect("a result on the next message still answers its call", () =>
    reading("2025", fixtureDocument("0.1.0"), {}, ({ transcript }) => {
      assert.deepStrictEqual(transcript.facts.filesModified, ["app/a.ts"])
      assert.deepStrictEqual(transcript.facts.toolFrequency, [{ name: "edit_file", count: 1, errors: 0 }])
    })
  )

  it("tokens: requests where there is no sum, nothing where nothing was counted", () => {
    assert.strictEqual(usageOf(fixtureDocument("0.3.0-2025"))?.input, 7)
    assert.strictEqual(usageOf({ cumulative_token_usage: {}, request_token_usage: {} }), null)
    assert.strictEqual(usageOf({ cumulative_token_usage: { input_tokens: -1, output_tokens: "9" } }), null)
  })
})
