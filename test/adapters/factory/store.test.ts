import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { factory } from "../../../src/adapters/factory/index.ts"
import type { StoreServices } from "../../../src/services/Adapter.ts"
import { discoverIn, readIn } from "../../support/adapter-kit.ts"
import { jsonLines, storeLayer, temporaryHome, writeFile } from "../../support/store.ts"
import { factoryHome, first, fixtureRecords, Script, second, transcriptPath, writeSettings } from "./records.ts"

const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices>) =>
  it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))

const hello = (id: string, text = "hello"): string => jsonLines(new Script(id).header().user(text).lines)

const id = (n: number): string => `5e550000-0000-4000-8000-00000000010${n}`

describe("factory: roots", () => {
  const host = { home: "/home/ann", platform: "linux", ignoreEnv: false }
  it("the home, unless the tool is told another one", () => {
    assert.deepStrictEqual(factory.roots({ ...host, env: {} }), ["/home/ann/.factory"])
    assert.deepStrictEqual(factory.roots({ ...host, env: { FACTORY_HOME_OVERRIDE: "/other/" } }), ["/other/.factory"])
    assert.deepStrictEqual(factory.roots({ ...host, env: { FACTORY_HOME_OVERRIDE: " " } }), ["/home/ann/.factory"])
    assert.deepStrictEqual(factory.roots({ ...host, ignoreEnv: true, env: { FACTORY_HOME_OVERRIDE: "/other" } }), [
      "/home/ann/.factory"
    ])
    assert.deepStrictEqual(factory.roots({ env: {}, home: "C:\\Users\\ann", platform: "win32", ignoreEnv: false }), [
      "C:\\Users\\ann/.factory"
    ])
  })
})

describe("factory: what lies where", () => {
  test("project folders, the flat layout, side questions; nothing else is a session", (home) =>
    Effect.gen(function* () {
      const root = factoryHome(home)
      writeFile(transcriptPath(home, id(1)), hello(id(1)))
      writeFile(transcriptPath(home, id(2), "btw"), hello(id(2)))
      writeFile(`${root}/sessions/${id(3)}.jsonl`, hello(id(3)))
      writeFile(`${root}/projects/-home-ann-old/${id(4)}.jsonl`, hello(id(4)))
      for (const tail of [
        ".jsonl.bak",
        ".jsonl.lock",
        ".jsonl.events.lock",
        ".jsonl.claim.tmp",
        ".settings.json.bak"
      ]) {
        writeFile(transcriptPath(home, id(1)).replace(/\.jsonl$/, tail), "{}\n")
      }
      writeFile(transcriptPath(home, "notes"), hello(id(5)))
      writeFile(transcriptPath(home, id(5), "elsewhere"), hello(id(5)))
      writeFile(transcriptPath(home, id(5), `${id(1)}/attachments`), hello(id(5)))
      writeFile(`${root}/sessions/-a/deeper/${id(5)}.jsonl`, hello(id(5)))
      writeFile(`${root}/missions/-a/${id(5)}.jsonl`, hello(id(5)))
      writeFile(`${root}/cache/session-discovery-index.json`, "{}")
      writeFile(`${root}/sessions/.favorites`, "[]")
      const discovery = yield* discoverIn(factory, home)
      assert.deepStrictEqual(discovery.unreadable, [])
      assert.deepStrictEqual(discovery.entries.map((entry) => [entry.id, entry.kind]).sort(), [
        [id(1), "session"],
        [id(2), "subagent"],
        [id(3), "session"],
        [id(4), "session"]
      ])
      assert.deepStrictEqual(yield* factory.notes([root], discovery), ["1 side question"])
      assert.isNull(yield* factory.retention([root]))
    }))

  test("of two copies the newer one", (home) =>
    Effect.gen(function* () {
      writeFile(transcriptPath(home, first, "-a"), hello(first, "older"), 1_700_000_000_000)
      writeFile(transcriptPath(home, first, "-b"), hello(first, "newer"), 1_700_000_001_000)
      writeFile(transcriptPath(home, first, "-c"), hello(first, "oldest"), 1_600_000_000_000)
      const { entries } = yield* discoverIn(factory, home)
      assert.strictEqual(entries.length, 1)
      assert.strictEqual((yield* readIn(factory, home, first)).head.firstPrompt, "newer")
    }))

  test("the archive is a mark in the settings", (home) =>
    Effect.gen(function* () {
      const marks = [{ archivedAt: "2026-11-02T00:00:00.000Z" }, { archivedAt: "" }, { note: '"archivedAt"' }, null]
      for (const [n, mark] of marks.entries()) {
        writeFile(transcriptPath(home, id(n)), hello(id(n)))
        if (mark !== null) writeSettings(transcriptPath(home, id(n)), mark)
      }
      writeFile(transcriptPath(home, second), hello(second))
      writeFile(transcriptPath(home, second).replace(/\.jsonl$/, ".settings.json"), '{"archivedAt": torn')
      const discovery = yield* discoverIn(factory, home)
      assert.deepStrictEqual(
        discovery.entries.filter(({ archived }) => archived).map((entry) => entry.id),
        [id(0)]
      )
      assert.deepStrictEqual(yield* factory.notes([], discovery), ["1 archived session"])
    }))

  test("a list of calls that cannot be read costs its ties, not the sessions", (home) =>
    Effect.gen(function* () {
      writeFile(transcriptPath(home, first), hello(first))
      fs.mkdirSync(`${factoryHome(home)}/task-invocations.json`)
      writeFile(`${factoryHome(home)}/state/task-invocations.json`, "torn {")
      const { entries, unreadable } = yield* discoverIn(factory, home)
      assert.strictEqual(entries.length, 1)
      assert.deepStrictEqual(
        unreadable.map(({ path }) => path),
        [`${factoryHome(home)}/task-invocations.json`]
      )
    }))

  test("a transcript that goes away is an error with its path", (home) =>
    Effect.gen(function* () {
      writeFile(transcriptPath(home, first), hello(first))
      const discovery = yield* discoverIn(factory, home)
      fs.rmSync(transcriptPath(home, first))
      const entry = discovery.entries[0]!
      assert.strictEqual((yield* Effect.flip(factory.survey(entry))).path, entry.file.path)
      assert.strictEqual((yield* Effect.flip(factory.load(entry, discovery, {}))).path, entry.file.path)
    }))

  test("every line that is shown lies in the session's own file as it is shown", (home) =>
    Effect.gen(function* () {
      for (const name of ["current", "2025", "fork"]) {
        writeFile(transcriptPath(home, first), jsonLines(fixtureRecords(name)))
        const { entry, transcript } = yield* readIn(factory, home, first)
        const raw = fs.readFileSync(entry.file.path, "utf8")
        for (let index = 1; index <= transcript.count; index++) {
          const { role, text } = transcript.message(index)
          for (const line of role === "tool_use" ? [text.slice(text.indexOf(" ") + 1)] : text.split("\n")) {
            assert.include(raw, role === "tool_use" ? line : JSON.stringify(line).slice(1, -1))
          }
        }
        assert.isAbove(transcript.count, 3)
        assert.deepStrictEqual(yield* factory.linkedFiles(entry, { entries: [entry], unreadable: [] }), [])
      }
      assert.isNull(factory.linkMarker)
    }))
})
