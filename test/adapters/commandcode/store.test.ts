import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { commandcode } from "../../../src/adapters/commandcode/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, readIn } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { first, FlatScript, projects, Script, second, start, text, writeBeside, writeSessions } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

/** The head by survey, which has to be the head by a full read too; briefly it has to say the same of what it says. */
const headOf = Effect.fnUntraced(function* (home: string, script: Script | FlatScript) {
  writeSessions(home, [{ id: first, records: script.lines }])
  const { entry, head, transcript } = yield* readIn(commandcode, home, first)
  assert.deepStrictEqual(transcript.head, head)
  const brief = yield* commandcode.survey(entry, true)
  const { createdAt, cwd, isEmpty, kind, parentId, updatedAt } = head
  assert.deepStrictEqual({ ...brief, createdAt, cwd, isEmpty, kind, parentId, updatedAt }, brief)
  return head
})

const begun = () => new Script().header(first)
const filler = "0123456789 ".repeat(2000)

/** Answers of together more than the survey looks at from either end. */
const long = (script: Script, lines = 10): Script => {
  for (let at = 0; at < lines; at++) script.answer(filler)
  return script
}

describe("roots", () => {
  const host = { env: { HOME: "C:\\msys\\home" }, home: "C:\\Users\\dev", platform: "win32", ignoreEnv: false }
  it("is one directory of the home; on Windows HOME comes first", () => {
    assert.deepStrictEqual(commandcode.roots({ ...host, home: "/home/dev/", platform: "linux" }), [
      "/home/dev/.commandcode"
    ])
    assert.deepStrictEqual(commandcode.roots(host), ["C:\\msys\\home/.commandcode", "C:\\Users\\dev/.commandcode"])
    assert.deepStrictEqual(commandcode.roots({ ...host, ignoreEnv: true }), ["C:\\Users\\dev/.commandcode"])
  })
})

describe("discovery", () => {
  test("finds transcripts and nothing of what lies beside them", (home) =>
    Effect.gen(function* () {
      writeSessions(home, [{ id: first, records: begun().user("x").lines }])
      for (const end of ["meta.json", "checkpoints.jsonl", "prompts.jsonl", "share.json", "v2.bak"]) {
        writeBeside(home, first, end, "{}")
      }
      // Resuming by path from another directory leaves checkpoints there.
      writeFile(`${home}/.commandcode/projects/elsewhere/${first}.checkpoints.jsonl`, "{}")
      writeFile(`${home}/.commandcode/projects/elsewhere/mcp.json`, "{}")
      writeFile(`${home}/.commandcode/projects/elsewhere/deeper/${second}.jsonl`, "{}")
      writeFile(`${home}/.commandcode/projects/${second}.jsonl`, "{}")
      writeFile(`${home}/.commandcode/history.jsonl`, "{}")
      const { entries, unreadable } = yield* discoverIn(commandcode, home)
      assert.deepStrictEqual(unreadable, [])
      assert.deepStrictEqual(
        entries.map(({ id, kind, sidecars }) => ({ id, kind, sidecars })),
        [{ id: first, kind: "session", sidecars: [`${projects(home)}/${first}.meta.json`] }]
      )
      assert.deepStrictEqual(yield* commandcode.notes([`${home}/.commandcode`], { entries, unreadable }), [
        "1 backup of sessions from before they were brought to format 3"
      ])
    }))

  test("of copies with one id the newest", (home) =>
    Effect.gen(function* () {
      const records = begun().user("x").lines
      writeSessions(home, [{ id: first, records, mtimeMs: start }])
      const newer = `${home}/.commandcode/projects/moved/${first}.jsonl`
      writeFile(newer, jsonLines(records), start + 1000)
      const { entries } = yield* discoverIn(commandcode, home)
      assert.deepStrictEqual(
        entries.map(({ file }) => file.path),
        [newer]
      )
    }))

  test("a meta file and checkpoints that cannot be read are none", (home) =>
    Effect.gen(function* () {
      fs.mkdirSync(`${projects(home)}/${first}.meta.json`, { recursive: true })
      fs.mkdirSync(`${projects(home)}/${first}.checkpoints.jsonl`)
      const head = yield* headOf(home, begun().user("x"))
      assert.strictEqual(head.title, "x")
    }))
})

describe("title", () => {
  const titled = (name: string, write: (script: Script) => Script, title: string | null, meta?: string) =>
    test(name, (home) =>
      Effect.gen(function* () {
        if (meta !== undefined) writeBeside(home, first, "meta.json", { title: meta })
        assert.strictEqual((yield* headOf(home, write(begun()))).title, title)
      })
    )
  const named = (script: Script, name?: string) => script.entry("session_info", name === undefined ? {} : { name })
  titled("the last name", (s) => named(named(s, "a").user("x"), "b"), "b", "of meta")
  titled("a name that was taken away is none", (s) => named(named(s, "a").user("x")), "of meta", "of meta")
  titled("the meta file", (s) => s.user("x"), "of meta", "of meta")
  titled("the first prompt, cut", (s) => s.user("long ".repeat(100)), `${"long ".repeat(40).slice(0, 199).trim()}…`)
  titled("the first prompt without what the editor said", (s) => s.user("<ide-context>\nx\n</ide-context>\nhi"), "hi")
  titled("a name at the end of a long session", (s) => named(long(s.user("x")), "far"), "far", "of meta")
  titled("nothing", (s) => s.entry("model_change", { model: "m" }), null)
})

describe("first prompt", () => {
  const prompted = (name: string, write: (script: Script) => Script, prompt: string | null, isEmpty = false) =>
    test(name, (home) =>
      Effect.gen(function* () {
        const head = yield* headOf(home, write(begun()))
        assert.strictEqual(head.firstPrompt, prompt)
        assert.strictEqual(head.isEmpty, isEmpty)
      })
    )
  prompted(
    "is not what the tool said",
    (s) => s.user("wake up", { isMeta: true, isAutomated: true }).user("Error: away", { messageId: "m" }).user("this"),
    "this"
  )
  const command =
    "<command-message>review</command-message>\n<command-name>/review</command-name>\n<command-args>7</command-args>"
  prompted("is a slash command where there is nothing else", (s) => s.user(command).answer("ok"), "/review 7")
  prompted("is a prompt rather than a slash command", (s) => s.user(command).answer("ok").user("this"), "this")
  prompted(
    "is what was typed after a command that passes it on",
    (s) => s.user("plan it", { source: "user", isAutomated: true }).answer("ok"),
    "plan it"
  )
  prompted("is none where nobody asked", (s) => s.user("x", { source: "mod:y" }), null, true)
  prompted("is found behind long lines", (s) => long(s).user("far down"), "far down")
})

describe("the two ends", () => {
  test("cwd and creation are of the first line, time and model of the last ones", (home) =>
    Effect.gen(function* () {
      const script = long(begun().user("x")).answer("y", undefined, { model: "acme/m-2" })
      const head = yield* headOf(home, script.user([text(filler)]).entry("label", { targetId: "e1" }))
      assert.strictEqual(head.cwd, "/home/dev/app")
      assert.strictEqual(head.model, "acme/m-2")
      assert.strictEqual(head.createdAt, start)
      assert.strictEqual(head.updatedAt, start + (script.lines.length - 1) * 1000)
    }))

  test("a new model counts before its first answer; the meta file's where no line names one", (home) =>
    Effect.gen(function* () {
      writeBeside(home, first, "meta.json", { model: "acme/m-9", gitBranch: "-" })
      const script = begun().user("x").answer("y").entry("model_change", { model: "acme/m-3" })
      assert.strictEqual((yield* headOf(home, script)).model, "acme/m-3")
      const head = yield* headOf(home, long(new Script().header(first).user("x")))
      assert.strictEqual(head.model, "acme/m-1")
      assert.strictEqual(head.gitBranch, null)
      assert.strictEqual((yield* headOf(home, begun().user("x"))).model, "acme/m-9")
    }))

  test("a long list of messages of format 2", (home) =>
    Effect.gen(function* () {
      const script = new FlatScript(first).say("user", "x")
      for (let at = 0; at < 10; at++) script.say("assistant", filler)
      const head = yield* headOf(home, script)
      assert.strictEqual(head.cwd, null)
      assert.strictEqual(head.gitBranch, "main")
      assert.strictEqual(head.updatedAt, start + 10_000)
    }))

  test("a file without a time has that of the file", (home) =>
    Effect.gen(function* () {
      const stamp = Date.UTC(2026, 4, 6)
      writeSessions(home, [{ id: first, records: [{ type: "hologram" }], mtimeMs: stamp }])
      const { head } = yield* readIn(commandcode, home, first)
      assert.strictEqual(head.updatedAt, stamp)
      assert.strictEqual(head.createdAt, null)
      assert.strictEqual(head.isEmpty, true)
    }))

  test("the message's own time where the line has none", (home) =>
    Effect.gen(function* () {
      const head = yield* headOf(
        home,
        begun().user("x", { source: "user", createdAt: start + 77 }, { timestamp: "soon" })
      )
      assert.strictEqual(head.updatedAt, start + 77)
    }))
})
