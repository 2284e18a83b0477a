import * as fs from "node:fs"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { checkDemo } from "../../scripts/check-demo.ts"
import { copyDemoHome, demoHome } from "../support/run-cli.ts"

/** A change to a file of the demo home, and what has to be said of it. */
type Damage = readonly [file: string, from: string | RegExp, to: string, said: RegExp]

const gemini = ".gemini/tmp/warehouse/chats/session-2026-11-05T08-30-892d5534.jsonl"
const copilot = ".copilot/session-state/288e9770-a5d4-4823-9264-a58f340870f7"
const copilotFork = ".copilot/session-state/92852e7c-83ed-4287-9e99-7228ef498b41/events.jsonl"
const tree = ".commandcode/projects/work-maps-ferry/115312cb-6b07-4600-bbf9-a33939ebf067"
const flat = ".commandcode/projects/work-maps-ferry/70de37f1-4452-4f52-9896-a711032d3a7b.jsonl"
const copy = ".commandcode/projects/srv-acme-site/48a891ac-e2a4-4020-8cd8-d9840f9e7e84.jsonl"
const factory = ".factory/sessions/-srv-acme-billing/8d271c46-dfd1-4341-b96d-dbea8b6f0773"
const factoryFork = ".factory/sessions/-srv-acme-support/cc0c4cc3-2cad-40ce-b78c-4222d7ac2534.jsonl"
const events = ".kiro/sessions/cf40f39746307312/sess_ff777963-973d-4bdc-8a1a-b5ba94303da4"
const turns = ".kiro/sessions/cli/a3e90fed-26c3-419d-8966-3d5b3cd34888"
const editor = ".config/Kiro/User/globalStorage/kiro.kiroagent"
const claude = ".claude/projects/-srv-acme-shop/33df6d44-dd8f-4a44-b953-a787c477423d.jsonl"
const codex = ".codex/sessions/2026/11/09/rollout-2026-11-09T16-22-41-01a1c0e7-85e8-70e9-9314-84a3cdb4cd7e.jsonl"

const damages: ReadonlyArray<Damage> = [
  [claude, '"parentUuid":null', '"parentUuid":"00000000-0000-4000-8000-000000000000"', /parent .* not above it/],
  [codex, '"ordinal":3,', '"ordinal":4,', /ordinal 4 out of order/],
  [gemini, /^\{/, "{{", /line 1 is not JSON/],
  [gemini, /"projectHash":"[0-9a-f]/, '"projectHash":"x', /hash of another project/],
  [gemini, /"\$rewindTo":"[0-9a-f]{4}/, '"$rewindTo":"none', /goes back to an unknown message/],
  [gemini, '"total":', '"total":1', /tokens of .* do not add up/],
  [gemini, '"agentId":"f649', '"agentId":"f640', /no file of agent f640/],
  [".gemini/projects.json", "warehouse", "storehouse", /is not registered as warehouse/],
  [".gemini/trustedFolders.json", "/work/games/tetris", "/work/games/chess", /no known path has this hash/],
  [`${copilot}/events.jsonl`, /"parentId":"[0-9a-f]{4}/, '"parentId":"none', /parent of .* is not the event above/],
  [`${copilot}/events.jsonl`, '"inputTokens":9820', '"inputTokens":9821', /totals of gpt-5\.4/],
  [copilotFork, '"content":"I will look', '"content":"I look', /does not begin with the events of its parent/],
  [`${copilot}/workspace.yaml`, "branch: fix/rate-limit", "branch: main", /workspace\.yaml without branch/],
  [`${copilot}/checkpoints/001-rate-limit.md`, "Open: the changelog.", "", /does not have the summary/],
  [`${tree}.jsonl`, /"fromId":"[0-9a-f]{8}"/, '"fromId":"00000000"', /00000000, named by .*, is not above it/],
  [`${tree}.jsonl`, '"tool_use_id":"', '"tool_use_id":"x', /result of an unknown or answered call/],
  [`${tree}.checkpoints.jsonl`, "Then add", "Add", /prompts differ/],
  [flat, '"parentId":null', '"parentId":"x"', /parent of/],
  [copy, "We open at 9", "We open at 7", /does not begin with the lines of its source/],
  [`${factory}.jsonl`, /"parentId":"context-/, '"parentId":"', /is not the message above/],
  [`${factory}.settings.json`, '"thinkingTokens": 819', '"thinkingTokens": 820', /total of thinkingTokens/],
  [".factory/task-invocations.json", '"parentToolUseId": "', '"parentToolUseId": "x', /not in the list of invocations/],
  [factoryFork, "My parcel is late", "My parcel is here", /does not begin with the messages of its parent/],
  [`${events}/messages.jsonl`, /"executionId":"[0-9a-f]{4}/, '"executionId":"none', /did not begin/],
  [`${events}/session.json`, '"lastModifiedAt": "2026', '"lastModifiedAt": "2025', /time goes back/],
  [`${turns}.jsonl`, '"toolUseId":"', '"toolUseId":"x', /without a result/],
  [`${turns}.json`, '"updated_at": "2026', '"updated_at": "2025', /time goes back/],
  [
    `${editor}/workspace-sessions/L3Nydi9hY21lL3N0b2Nr/4a6daad4-0b23-4754-8de9-b89a15cf91b9.json`,
    "/srv/acme/stock",
    "/srv/acme/shop",
    /folder of another/
  ],
  [`${editor}/06349396c805c9a413b86d047d4bfcb5/b7b7ba398ec2123b53725b938cd302a3.chat`, "Line 2", "Line 1", /files of/],
  [".kiro/sessions/cli/a3e90fed-26c3-419d-8966-3d5b3cd34888.json", "twice", "twi\u009bce", /a raw U\+009b/]
]

describe("the demo home is true to the formats of its tools", () => {
  it("as it lies in the repository", () => {
    assert.deepStrictEqual(checkDemo(demoHome), [])
  })

  for (const [file, from, to, said] of damages) {
    it.effect(`and what is not is found: ${said.source} in ${file.split("/")[0]}`, () =>
      Effect.gen(function* () {
        const home = yield* copyDemoHome
        const path = nodePath.join(home, file)
        const text = fs.readFileSync(path, "utf8")
        const damaged = text.replace(from, to)
        assert.notStrictEqual(damaged, text)
        fs.writeFileSync(path, damaged)
        const found = checkDemo(home)
        assert.isTrue(
          found.some((line) => said.test(line)),
          found.join("\n")
        )
      }).pipe(Effect.scoped)
    )
  }
})
