import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { demoIndex, demoSessions } from "../support/demo.ts"
import { runCli } from "../support/run-cli.ts"

const escaped = (text: string): string =>
  text.replace(
    /[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`
  )

/** What acts on a terminal, but for line ends and tabs. */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** The README's other figure for the session with an inline sidechain: what the whole file cost. */
const withSidechain = [42, 307, 76_785, 15_583, 0]

const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((a, b) => a + b, 0)

describe("info and stats of the demo sessions say what its README counted", () => {
  it.effect("the README describes all of them, each once, and counts them by source", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "--include-subagents", "--include-empty", "--limit", "1000"])
      const found: ReadonlyArray<{ id: string; source: string }> = json.sessions
      assert.isAbove(found.length, 24)
      const described = demoSessions().map(({ id, source }) => {
        const same = found.filter((session) => session.id.startsWith(id))
        assert.deepStrictEqual(
          same.map((session) => session.source),
          [source],
          id
        )
        return same[0]!.id
      })
      assert.deepStrictEqual(described.toSorted(), found.map(({ id }) => id).toSorted())
      const counted = (source: string) => {
        const own = demoSessions().filter((session) => session.source === source)
        const subagents = own.filter(({ isSubagent }) => isSubagent).length
        const empty = own.filter(({ isEmpty, isSubagent }) => isEmpty && !isSubagent).length
        return { source, counts: [own.length - subagents - empty, subagents, empty] }
      }
      const sources = Array.from(new Set(demoSessions().map(({ source }) => source)))
      assert.deepStrictEqual(demoIndex(), sources.toSorted().map(counted))
    })
  )

  for (const session of demoSessions()) {
    it.effect(session.id, () =>
      Effect.gen(function* () {
        const info = (yield* runCli(["info", session.id])).json
        assert.isTrue(info.id.startsWith(session.id))
        assert.deepStrictEqual(info.by_role, session.byRole)
        assert.strictEqual(info.total_messages, sum(session.byRole))
        assert.strictEqual(info.model, session.model)
        assert.strictEqual(info.git_branch, session.branch)
        assert.strictEqual(info.cwd, session.cwd)
        if (session.created !== null) assert.strictEqual(info.created_at, session.created)
        // Without a message the time of the last one is nowhere.
        if (session.updated !== null && info.total_messages > 0) assert.strictEqual(info.updated_at, session.updated)
        const { thinking = 0, ...usage } = info.token_usage ?? {}
        const tokens: ReadonlyArray<number> = [
          usage.input,
          usage.output,
          usage.cacheRead,
          usage.cacheCreation,
          thinking
        ]
        const expected = session.id === "0deb658d" ? withSidechain : session.tokens
        assert.deepStrictEqual<ReadonlyArray<number> | null>(info.token_usage === null ? null : tokens, expected)
        if (info.title !== null) assert.strictEqual(escaped(info.title), session.title)

        const stats = (yield* runCli(["stats", session.id])).json
        assert.strictEqual(stats.id, info.id)
        assert.deepStrictEqual(stats.stats.byRole, session.byRole)
        assert.deepStrictEqual(stats.stats.tokenUsage, info.token_usage)
        const tools: ReadonlyArray<{ count: number; errors: number }> = stats.stats.toolFrequency
        assert.strictEqual(
          tools.reduce((all, { count }) => all + count, 0),
          session.byRole.tool_use
        )
        assert.strictEqual(
          tools.reduce((all, { errors }) => all + errors, 0),
          session.errors
        )
      })
    )
  }

  it.effect("stats names files once, in the order of the first touch, and the subagents", () =>
    Effect.gen(function* () {
      const files: ReadonlyArray<string> = (yield* runCli(["stats", "33df6d44"])).json.stats.filesModified
      assert.isAbove(files.length, 1)
      assert.strictEqual(new Set(files).size, files.length)
      assert.isTrue(files.every((file) => file.startsWith("/")))
      const { stats } = (yield* runCli(["stats", "9e577bdb"])).json
      assert.deepStrictEqual(stats.subagents.map(({ id }: { id: string }) => id).toSorted(), [
        "agent-a060866e50b4577a1",
        "agent-a5ad8593c38978ba1"
      ])
    })
  )

  it.effect("a subagent leads to its parent and cannot be resumed by itself", () =>
    Effect.gen(function* () {
      const info = (yield* runCli(["info", "agent-a5ad8593c38978ba1"])).json
      assert.strictEqual(info.parent_id, "9e577bdb-0194-42d2-b711-66e0153e12d1")
      const read = (yield* runCli(["read", "agent-a5ad8593c38978ba1"])).json
      assert.isNull(read.meta.next_action)
      assert.include(
        read.meta.warnings.map(({ error }: { error: { code: string } }) => error.code),
        "NOT_RESUMABLE"
      )
    })
  )

  it.effect("an id may be given in upper case, whole or as its shortest prefix", () =>
    Effect.gen(function* () {
      for (const id of ["33DF6D44-DD8F-4A44-B953-A787C477423D", "33df6d44", "33"]) {
        assert.strictEqual((yield* runCli(["info", id])).json.id, "33df6d44-dd8f-4a44-b953-a787c477423d")
      }
    })
  )

  it.effect("a fork names what it was forked from", () =>
    Effect.gen(function* () {
      const claude = (yield* runCli(["stats", "59347f09"])).json.metadata
      assert.strictEqual(claude.forked_from, "bfe7aa11-f3e0-46dc-970e-d363108d319c")
      const codex = (yield* runCli(["stats", "01a1c10e"])).json.metadata
      assert.strictEqual(codex.forked_from, "01a1c0e7-85e8-70e9-9314-84a3cdb4cd7e")
      const copilot = (yield* runCli(["stats", "92852e7c"])).json.metadata
      assert.strictEqual(copilot.forked_from, "288e9770-a5d4-4823-9264-a58f340870f7")
      const commandcode = (yield* runCli(["stats", "48a891ac"])).json.metadata
      assert.strictEqual(commandcode.forked_from, "ff177d94-26e5-4a94-9ae0-8c1113115902")
      const factory = (yield* runCli(["stats", "cc0c4cc3"])).json.metadata
      assert.strictEqual(factory.forked_from, "0d32c72b-f56a-49de-82e3-71a2ec5225f3")
      const opencode = (yield* runCli(["stats", "ses_eef8"])).json.metadata
      assert.strictEqual(opencode.forked_from, "ses_ef53595ffffd9c4WmLAF62SPIU")
      // Its 1.x recorded no origin: only the title tells.
      assert.isNull((yield* runCli(["stats", "ses_f99d"])).json.metadata.forked_from)
    })
  )

  it.effect("subagents and their parents name each other where both are sessions", () =>
    Effect.gen(function* () {
      const pairs = [
        ["892d5534-e703-46ca-a018-f069c0f31d7c", "f649c79d-9c9a-4ced-848c-41f05a00d864"],
        ["8d271c46-dfd1-4341-b96d-dbea8b6f0773", "1d4b90fa-c8a7-4c5e-9513-33975a0093aa"],
        ["a3e90fed-26c3-419d-8966-3d5b3cd34888", "e0d0f7e2-989d-48ff-91e0-1f55d5bc556b"],
        ["ses_fbcb02c67ffea1SZl1JmuPNsHK", "ses_fbcaedfabffdROipceUQe4vfS5"],
        ["20260921_1", "20260922_1"],
        ["d3956566-7094-4333-a014-0f18b8c3044d", "e6483c27-dc0a-4c81-adf0-30a0728325d0"],
        ["7e4e1a10-77eb-49cb-bdf7-1d791c558e3c", "38eef04c-8cf9-4572-8e41-603e4b9b84b2"]
      ] as const
      for (const [parent, child] of pairs) {
        const { stats } = (yield* runCli(["stats", parent])).json
        assert.deepStrictEqual(
          stats.subagents.map(({ id }: { id: string }) => id),
          [child]
        )
        assert.strictEqual((yield* runCli(["info", child])).json.parent_id, parent)
      }
      // Copilot and Command Code keep what an agent said in the session itself, or not at all.
      for (const [id, description] of [
        ["288e9770", "Who relies on the second refusal?"],
        ["115312cb", "Callers of dayOf"]
      ] as const) {
        const [agent] = (yield* runCli(["stats", id])).json.stats.subagents
        assert.deepStrictEqual([agent.kind, agent.description], ["inline", description])
      }
    })
  )

  it.effect("no session sends a control character to a terminal, and none loses its words", () =>
    Effect.gen(function* () {
      const hostile: Array<string> = []
      for (const { id, isEmpty } of demoSessions()) {
        if (isEmpty) continue
        const words = ["read", id, "--preset", "full", "--tokens", "8000"]
        const { stdout } = yield* runCli([...words, "--output", "text", "--no-color"], { terminal: true })
        assert.notMatch(stdout, controls, id)
        const { messages } = (yield* runCli(words)).json
        if (controls.test(messages.map(({ content }: { content?: string }) => content).join(""))) hostile.push(id)
      }
      assert.includeMembers(hostile, ["ccbd4a8f", "ad17fbdb", "9e65c062", "48a891ac", "0d32c72b", "39fab2d1"])
      assert.includeMembers(hostile, ["ses_f594", "20260930_1", "66ddcf0f", "2093b999", "9d1dc74e"])
    })
  )

  it.effect("archived sessions say so", () =>
    Effect.gen(function* () {
      assert.isTrue((yield* runCli(["stats", "01a11ce3"])).json.metadata.archived)
      assert.isFalse((yield* runCli(["stats", "01a1c0e7"])).json.metadata.archived)
      assert.isTrue((yield* runCli(["stats", "0d32c72b"])).json.metadata.archived)
      assert.isFalse((yield* runCli(["stats", "cc0c4cc3"])).json.metadata.archived)
      assert.isTrue((yield* runCli(["stats", "238e1b88"])).json.metadata.archived)
    })
  )
})
