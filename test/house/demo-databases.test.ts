import * as fs from "node:fs"
import * as nodePath from "node:path"
import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { checkDemo } from "../../scripts/check-demo.ts"
import { buildDemoHome } from "../../scripts/demo-home.ts"
import { copyDemoHome, demoHome } from "../support/run-cli.ts"
import { snapshotOf } from "../support/store.ts"

const opencode = ".local/share/opencode/opencode.db"
const goose = ".local/share/goose/sessions/sessions.db"
const zed = ".local/share/zed/threads/threads.db"
const kiro = ".local/share/kiro-cli/data.sqlite3"
const ide = ".config/Cursor/User/globalStorage/state.vscdb"
const chat = ".cursor/chats/c5540378454550a35532cffdae719e38/7e4e1a10-77eb-49cb-bdf7-1d791c558e3c/store.db"

/** A change to a database of the demo home, and what has to be said of it. */
const damages: ReadonlyArray<readonly [file: string, sql: string, said: RegExp]> = [
  [opencode, "UPDATE session SET tokens_output = tokens_output + 1", /tokens of ses_.* is not/],
  [
    opencode,
    "UPDATE session_v2 SET tokens_input = tokens_input + 1 WHERE fork_session_id IS NOT NULL",
    /tokens of ses_/
  ],
  [opencode, "UPDATE session SET time_created = time_created + 1", /time in the id of ses_/],
  [opencode, "UPDATE message SET time_created = time_created + 1", /time in the id of msg_/],
  [opencode, "UPDATE session SET parent_id = NULL", /no agent ses_/],
  [opencode, "UPDATE session_message SET seq = -seq", /order of ses_/],
  [opencode, "UPDATE part SET data = '{' || data", /SyntaxError/],
  [goose, "UPDATE usage_ledger SET total_tokens = total_tokens + 1", /a total in the ledger/],
  [goose, "UPDATE sessions SET accumulated_total_tokens = 1", /total of 20260921_1/],
  [goose, "UPDATE messages SET message_id = NULL", /no call of 20260921_1/],
  [goose, `UPDATE messages SET content_json = replace(content_json, 'e","id":"', 'e","id":"x')`, /unknown or answered/],
  [zed, "UPDATE threads SET updated_at = created_at", /times of .* differ/],
  [zed, "UPDATE threads SET parent_id = id WHERE parent_id IS NOT NULL", /parents of .* differ/],
  [zed, "UPDATE threads SET folder_paths_order = '0' WHERE folder_paths_order = '0,1'", /folders of/],
  [chat, "UPDATE blobs SET data = data || x'00'", /hash of/],
  [chat, "DELETE FROM blobs", /no root/],
  [ide, "DELETE FROM cursorDiskKV WHERE key LIKE 'bubbleId:%'", /no bubble/],
  [kiro, "UPDATE conversations_v2 SET conversation_id = 'x' || conversation_id", /ids of .* differ/],
  [
    kiro,
    `UPDATE conversations_v2 SET value = replace(value, 'tool_use_id":"', 'tool_use_id":"x')`,
    /unknown or answered/
  ]
]

describe("the databases of the demo home", () => {
  for (const [file, sql, said] of damages) {
    it.effect(`are true to format, and what is not is found: ${said.source}, after ${sql.slice(0, 50)}`, () =>
      Effect.gen(function* () {
        const home = yield* copyDemoHome
        const database = new DatabaseSync(nodePath.join(home, file))
        database.exec(sql)
        database.close()
        const found = checkDemo(home)
        assert.isTrue(
          found.some((line) => said.test(line)),
          found.join("\n")
        )
      }).pipe(Effect.scoped)
    )
  }

  it.effect("are missed where nobody built them", () =>
    Effect.gen(function* () {
      const home = yield* copyDemoHome
      fs.rmSync(nodePath.join(home, zed))
      assert.deepStrictEqual(checkDemo(home), [`${zed}: is not there: npm run demo`])
    }).pipe(Effect.scoped)
  )

  it("are built once: again is no work, and changes nothing", () => {
    const before = snapshotOf(demoHome)
    assert.isFalse(buildDemoHome())
    assert.deepStrictEqual(snapshotOf(demoHome), before)
  })

  it.effect("keep nothing in a log but for one, that of opencode's other channel, which is empty without it", () =>
    Effect.gen(function* () {
      const home = yield* copyDemoHome
      const names = fs.readdirSync(home, { recursive: true, encoding: "utf8" })
      const logs = names.filter((name) => /-(?:wal|shm|journal)$/.test(name))
      assert.deepStrictEqual(logs, [".local/share/opencode/opencode-dev.db-wal"])
      const count = (): number => {
        const database = new DatabaseSync(nodePath.join(home, ".local/share/opencode/opencode-dev.db"))
        const [row] = database.prepare("SELECT count(*) AS count FROM sqlite_master").all()
        database.close()
        return Number(row?.["count"])
      }
      const path = nodePath.join(home, logs[0]!)
      fs.renameSync(path, `${path}.kept`)
      assert.strictEqual(count(), 0)
      fs.renameSync(`${path}.kept`, path)
      assert.isAbove(count(), 0)
    }).pipe(Effect.scoped)
  )
})
