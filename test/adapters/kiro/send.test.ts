import { assert, describe, it } from "@effect/vitest"
import { generationOf, sender } from "../../../src/adapters/kiro/send.ts"
import { planned, refused, sessionId, surviving, told } from "../../support/sender.ts"

const turns = `/home/ann/.kiro/sessions/cli/${sessionId}.jsonl`
const events = "/home/ann/.kiro/sessions/4748323122002acb/sess_1/messages.jsonl"
const database = "/home/ann/.local/share/kiro-cli/data.sqlite3"
const ide = "/home/ann/.config/Kiro/User/globalStorage/kiro.kiroagent/workspace-sessions/L3Nydg__/1.json"
const chat = "/home/ann/.config/Kiro/User/globalStorage/kiro.kiroagent/0/1.chat"

const harness = (sessionFile: string | null, toolVersion: string | null): ReadonlyArray<string> =>
  planned(sender, { sessionFile, toolVersion }).args.filter((word) => word.startsWith("--v"))

describe("kiro: plans", () => {
  it("tells the store of a session by its file", () => {
    assert.deepStrictEqual([turns, events, database, ide, chat, null].map(generationOf), [
      "turns",
      "events",
      "database",
      "ide",
      "chat",
      null
    ])
    assert.strictEqual(generationOf("C:\\Users\\ann\\.kiro\\sessions\\cli\\1.jsonl"), "turns")
  })

  it("names the harness of the session where the version has the flag", () => {
    assert.deepStrictEqual(harness(turns, "kiro-cli 2.7.0"), [])
    assert.deepStrictEqual(harness(turns, "kiro-cli 2.8.0"), ["--v2"])
    assert.deepStrictEqual(harness(turns, "kiro-cli 3.2.0"), ["--v2"])
    assert.deepStrictEqual(harness(turns, null), ["--v2"])
    assert.deepStrictEqual(harness(events, "kiro-cli 3.2.0"), ["--v3"])
    assert.deepStrictEqual(harness(database, "kiro-cli 2.19.2"), [])
  })

  it("resumes by id only with a version that can", () => {
    assert.include(refused(sender, { sessionFile: turns, toolVersion: "kiro-cli 2.4.9" }).reason, "2.5")
    assert.include(refused(sender, { sessionFile: turns, toolVersion: "kiro-cli 1.24.0" }).reason, "2.5")
    for (const [sessionFile, toolVersion] of [
      [events, "kiro-cli 2.7.0"],
      [database, "kiro-cli 3.0.0"],
      [database, null],
      [ide, "kiro-cli 3.2.0"],
      [chat, "kiro-cli 3.2.0"]
    ] as const) {
      assert.strictEqual(refused(sender, { sessionFile, toolVersion }).refused, "operation")
    }
  })

  it("says what the tool may do, as far as it can be told", () => {
    assert.deepStrictEqual(planned(sender, { kind: "new", permission: "full", model: "m-1", extra: ["--v3"] }).args, [
      "chat",
      "--no-interactive",
      "--trust-all-tools",
      "--model=m-1",
      "--v3"
    ])
    assert.include(refused(sender, { permission: "edit" }).reason, "--trust-tools")
    assert.include(refused(sender, { permission: "plan" }).reason, "--trust-tools")
  })

  it("refuses commands, stored prompts and shell commands", () => {
    for (const prompt of ["/quit", "/usr/bin/env", " @prompt", "!ls"]) {
      assert.strictEqual(refused(sender, { prompt }).refused, "prompt", prompt)
    }
    assert.strictEqual(planned(sender, { prompt: "see @file" }).stdin, "see @file")
  })
})

describe("kiro: output", () => {
  it("is text, of which only complaints count", () => {
    assert.deepStrictEqual(told(sender, ["> Seven.", '{"session_id":"1"}', "Credits: 0.05"], ["reading z.ts"]), {
      sessionId: null,
      failure: null
    })
    const login = "\u001b[31merror\u001b[0m: You are not logged in, please log in with kiro-cli login"
    assert.deepStrictEqual(told(sender, [], [login]).failure, {
      kind: "auth",
      message: "error : You are not logged in, please log in with kiro-cli login",
      retryAfter: null
    })
    assert.strictEqual(
      told(sender, [], ["Error: Too many requests, please try again in 30 seconds"]).failure?.retryAfter,
      30
    )
  })

  it("lives through anything", () => surviving(sender, [{ type: "x" }]))
})
