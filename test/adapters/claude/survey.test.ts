import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { claude } from "../../../src/adapters/claude/index.ts"
import type { SessionHead } from "../../../src/domain/session.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { readIn } from "../../support/adapter-kit.ts"
import { storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { first, projects, result, Script, start, text, usageOf, writeSessions } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

/** The head by survey, which has to be the head by a full read too. */
const headOf = Effect.fnUntraced(function* (home: string, script: Script) {
  writeSessions(home, [{ id: first, records: script.lines }])
  const { head, transcript } = yield* readIn(claude, home, first)
  assert.deepStrictEqual(transcript.head, head)
  return head
})

const titled = (name: string, write: (script: Script) => Script, title: string | null, sidecar?: string) =>
  test(name, (home) =>
    Effect.gen(function* () {
      if (sidecar !== undefined) {
        writeFile(`${projects(home)}/${first}/custom-title.json`, JSON.stringify({ customTitle: sidecar }))
      }
      assert.strictEqual((yield* headOf(home, write(new Script(first)))).title, title)
    })
  )

const filler = "0123456789 ".repeat(2000)

/** Answers of together more than the survey looks at from either end. */
const long = (script: Script, lines = 40): Script => {
  for (let at = 0; at < lines; at++) script.answer(`long-${at}`, text(filler))
  return script
}

describe("title", () => {
  const custom = (title: string) => ({ type: "custom-title", customTitle: title })
  titled("the last custom title", (s) => s.meta(custom("a")).user("hello").meta(custom("b")), "b", "sidecar")
  titled(
    "the file beside, against a custom title far from the end",
    (s) => long(s.meta(custom("a")).user("x")),
    "s",
    "s"
  )
  titled("a custom title far from the end", (s) => long(s.user("x").meta(custom("a"))), "a")
  titled("what the model called it", (s) => s.user("x").meta({ type: "ai-title", aiTitle: "ai" }), "ai")
  titled("the last prompt", (s) => s.user("x").meta({ type: "last-prompt", lastPrompt: "last\none" }), "last one")
  titled(
    "a summary of this file",
    (s) => s.meta({ type: "summary", summary: "mine", leafUuid: "u-1" }).user("x"),
    "mine"
  )
  titled("no summary of another file", (s) => s.meta({ type: "summary", summary: "no", leafUuid: "z" }).user("x"), "x")
  titled("the first prompt, cut", (s) => s.user("long ".repeat(100)), `${"long ".repeat(40).trim()}…`)
  titled("nothing", (s) => s.meta({ type: "mode", mode: "normal" }), null)
})

describe("first prompt", () => {
  const prompted = (name: string, write: (script: Script) => Script, expected: Partial<SessionHead>) =>
    test(name, (home) =>
      Effect.gen(function* () {
        const head = yield* headOf(home, write(new Script(first)))
        for (const [key, value] of Object.entries(expected)) {
          assert.deepStrictEqual(head[key as keyof SessionHead], value, key)
        }
      })
    )
  prompted(
    "is not what the tool injected",
    (s) =>
      s
        .user("Caveat", { more: { isMeta: true } })
        .user("<command-name>/clear</command-name>")
        .user([text("<ide_opened_file>a.ts</ide_opened_file>"), text("really this")]),
    { firstPrompt: "really this", isEmpty: false }
  )
  prompted("is a shell command", (s) => s.user("<bash-input>git log</bash-input>"), { firstPrompt: "! git log" })
  prompted(
    "is a slash command where there is nothing else",
    (s) =>
      s
        .user(
          "<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>7</command-args>"
        )
        .answer("m", text("Reviewing.")),
    { firstPrompt: "/review 7", title: "/review 7", isEmpty: false }
  )
  prompted("is none where nobody asked", (s) => s.user("x", { more: { isMeta: true } }), {
    firstPrompt: null,
    isEmpty: true
  })
  prompted("is not that of a sidechain", (s) => s.user("inner", { more: { isSidechain: true } }).user("outer"), {
    firstPrompt: "outer"
  })
  prompted(
    "is found behind heavy lines",
    (s) =>
      s
        .meta({ type: "api-request-shape", shape: filler })
        .attachment({ type: "prompt_snapshot", systemPrompt: [filler.repeat(20)] })
        .user("far down"),
    { firstPrompt: "far down" }
  )
})

describe("the two ends", () => {
  test("model, branch and time are of the last lines, cwd and creation of the first", (home) =>
    Effect.gen(function* () {
      const script = long(new Script(first).user("x"))
        .answer("m", text("y"), usageOf(1, 1), { more: { gitBranch: "feature", cwd: "/tmp" } })
        .user([result("t", filler.repeat(10))], { more: { gitBranch: "" } })
        .attachment({ type: "prompt_snapshot", systemPrompt: [filler.repeat(20)] })
        .meta({ type: "cost-state", modelUsage: {} })
      const head = yield* headOf(home, script)
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.strictEqual(head.gitBranch, null)
      assert.strictEqual(head.model, "claude-opus-5-5")
      assert.strictEqual(head.createdAt, start)
      assert.strictEqual(head.updatedAt, start + 43_000)
    }))

  test("a moved session is where it was moved to", (home) =>
    Effect.gen(function* () {
      const moved = (cwd: string) => ({ type: "relocated", relocatedCwd: cwd })
      const head = yield* headOf(home, new Script(first).user("x").meta(moved("/one")).meta(moved("/two")).user("y"))
      assert.strictEqual(head.cwd, "/two")
    }))

  test("a session without a message has the time of its file", (home) =>
    Effect.gen(function* () {
      const stamp = Date.UTC(2026, 4, 6)
      writeSessions(home, [{ id: first, records: [{ type: "mode", mode: "normal" }], mtimeMs: stamp }])
      const { head } = yield* readIn(claude, home, first)
      assert.strictEqual(head.updatedAt, stamp)
      assert.strictEqual(head.createdAt, null)
      assert.strictEqual(head.isEmpty, true)
    }))
})
