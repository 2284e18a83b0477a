import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../src/adapters/claude/index.ts"
import type { Refusal, SendOrder, SendPlan } from "../../src/domain/sending.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { runCli } from "../support/run-cli.ts"

const id = "33df6d44"

/** Claude's adapter with other programs and plans. */
const sending = (plan: (order: SendOrder) => SendPlan | Refusal): Adapter => ({
  ...claude,
  sender: { ...claude.sender!, binaries: ["zebra", "zebra-old"], plan }
})

const plain = (order: SendOrder, different: Partial<SendPlan>): SendPlan => ({
  bin: order.binary,
  args: [],
  stdin: order.prompt,
  cwd: order.cwd,
  env: {},
  sessionId: order.sessionId,
  sessionName: null,
  notices: [],
  ...different
})

const metaOf = (adapter: Adapter, programs: Readonly<Record<string, string>> = {}) =>
  Effect.map(runCli(["read", id], { adapters: [adapter], programs }), ({ json }) => json.meta)

describe("how a session is carried on", () => {
  it.effect("with its own tool, the prompt from a file", () =>
    Effect.gen(function* () {
      const { direct, tip, verified } = (yield* metaOf(claude)).next_action
      assert.match(
        direct,
        /^cd \/\S+ && claude -p --output-format stream-json --verbose --resume 33df6d44-\S+ < prompt\.md$/
      )
      assert.isFalse(verified)
      assert.strictEqual(tip, "claude is not on PATH")
    })
  )

  it.effect("with settings, and with the prompt inside of an argument", () =>
    Effect.gen(function* () {
      const adapter = sending((order) =>
        plain(order, { args: ["--say it", `--prompt=${order.prompt}`], stdin: null, env: { A: "b c" } })
      )
      const { direct } = (yield* metaOf(adapter)).next_action
      assert.match(direct, / && A='b c' zebra '--say it' --prompt="\$\(cat prompt\.md\)"$/)
      const bare = sending((order) => plain(order, { args: ["--", order.prompt], stdin: null }))
      assert.match((yield* metaOf(bare)).next_action.direct, / && zebra -- "\$\(cat prompt\.md\)"$/)
    })
  )

  it.effect("with the first program that is there", () =>
    Effect.gen(function* () {
      const adapter = sending((order) => plain(order, {}))
      const { direct, tip } = (yield* metaOf(adapter, { "zebra-old": "/opt/zebra-old" })).next_action
      assert.match(direct, / && zebra-old < prompt\.md$/)
      assert.notInclude(tip, "PATH")
      const both = { zebra: "/opt/zebra", "zebra-old": "/opt/zebra-old" }
      assert.match((yield* metaOf(adapter, both)).next_action.direct, / && zebra < prompt\.md$/)
    })
  )

  it.effect("or not at all, for the tool's reason", () =>
    Effect.gen(function* () {
      const { next_action, warnings } = yield* metaOf(
        sending(() => ({ refused: "operation", reason: "it is too old" }))
      )
      assert.isNull(next_action)
      assert.deepStrictEqual(
        warnings.map(({ error }: { error: { code: string; message: string } }) => [error.code, error.message]),
        [["NOT_RESUMABLE", "it is too old"]]
      )
      const none = yield* metaOf({ ...claude, sender: null })
      assert.isNull(none.next_action)
      assert.include(JSON.stringify(none.warnings), "Claude Code cannot resume a session by its id")
    })
  )
})
