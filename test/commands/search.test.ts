import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { demoSessions } from "../support/demo.ts"
import { runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { temporaryHome } from "../support/store.ts"
import { claudeId, writeClaude } from "../support/stores.ts"

interface Hit {
  readonly id: string
  readonly parent_id: string | null
  readonly match_count: number
  readonly matches: ReadonlyArray<{
    readonly message_index: number
    readonly role: string
    readonly snippet: string
    readonly char_offset: number
  }>
}

const search = (words: ReadonlyArray<string>, options: RunOptions = {}) =>
  Effect.map(runCli(["search", ...words], options), ({ exitCode, json }) => {
    assert.strictEqual(exitCode, 0)
    const results: ReadonlyArray<Hit> = json.results
    return { json, results, ids: results.map(({ id }) => id.slice(0, 8)) }
  })

describe("search on the demo home", () => {
  it.effect("finds one word, several words in any messages, and a phrase in one", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual((yield* search(["roundVat"])).ids, ["33df6d44"])
      // "Lock" and "agent" are in different messages.
      const both = yield* search(["locks", "migration", "agent"])
      assert.include(both.ids, "01a1d462")
      assert.notInclude(both.ids, "33df6d44")
      assert.deepStrictEqual((yield* search(['"Review migration 0031"'])).ids, ["01a1d462"])
      assert.deepStrictEqual((yield* search(['"migration Review 0031"'])).ids, [])
      assert.deepStrictEqual((yield* search(["migration Review 0031"])).ids, ["01a1d462"])
    })
  )

  it.effect("searches the whole store, subagents and archived sessions included", () =>
    Effect.gen(function* () {
      const { json, results } = yield* search(["webhook"])
      assert.strictEqual(json.sessions_scanned, demoSessions().length)
      assert.strictEqual(json.sessions_available, demoSessions().length)
      assert.strictEqual(json.meta.freshness, "live")
      const agent = results.find(({ id }) => id === "agent-a5ad8593c38978ba1")
      assert.strictEqual(agent?.parent_id, "9e577bdb-0194-42d2-b711-66e0153e12d1")
      assert.include((yield* search(["Résumé.md"])).ids, "01a11ce3")
    })
  )

  it.effect("does not mind case or Unicode form, on either side", () =>
    Effect.gen(function* () {
      const expected = ["01a11ce3", "7505bf73"]
      for (const word of ["café", "CAFÉ", "cafe\u0301", "CAFE\u0301"]) {
        assert.deepStrictEqual((yield* search([word])).ids.toSorted(), expected, word)
      }
      assert.deepStrictEqual((yield* search(["カフェ"])).ids, ["7505bf73"])
    })
  )

  it.effect("finds a session by its title alone, first, without a match to show", () =>
    Effect.gen(function* () {
      const { json, results } = yield* search(["Ideas for the winter sale"])
      assert.deepStrictEqual(
        results.map(({ id, match_count, matches }) => [id.slice(0, 8), match_count, matches.length]),
        [["3d9e1f51", 0, 0]]
      )
      assert.isAbove(json.actions.length, 0)
      // Named in the index file of the tool, not in the session's own.
      assert.strictEqual((yield* search(["Product", "page", "LCP"])).ids[0], "01a1c0e7")
    })
  )

  it.effect("gives each match as read finds it: index, role, offset and a snippet with the hit inside", () =>
    Effect.gen(function* () {
      const { json, results } = yield* search(["roundVat"])
      const [hit] = results
      assert.isAtMost(hit!.matches.length, 5)
      assert.isAbove(hit!.match_count, 5)
      const read = (yield* runCli(["read", "33df6d44", "--preset", "full"], {
        env: { SESSIONREADER_TOKEN_CAP: "100000", SESSIONREADER_MAX_TOKENS: "100000" }
      })).json
      for (const { char_offset, message_index, role, snippet } of hit!.matches) {
        const message = read.messages[message_index - 1]
        assert.strictEqual(message.role, role)
        const call = message.blocks?.find(({ type }: { type: string }) => type === "tool_use")
        const text = call === undefined ? message.content : `${call.name} ${JSON.stringify(call.input)}`
        assert.strictEqual(text.slice(char_offset, char_offset + 8).toLowerCase(), "roundvat")
        assert.include(snippet.toLowerCase(), "roundvat")
      }
      const best = (yield* runLine(json.actions[0].command)).json
      assert.strictEqual(best.messages[0].index, hit!.matches[0]!.message_index)
      assert.strictEqual((yield* runLine(json.actions[1].command)).json.meta.anchor, "search")
    })
  )

  it.effect("--role, --regex, --case-sensitive, --source, --cwd, --since, --until narrow it", () =>
    Effect.gen(function* () {
      const roles = (yield* search(["invoice", "--role", "user,system"])).results.flatMap(({ matches }) => matches)
      assert.isTrue(roles.length > 0 && roles.every(({ role }) => role === "user" || role === "system"))
      assert.deepStrictEqual((yield* search(["--regex", "round[vV]at\\(net, \\w+\\)"])).ids, ["33df6d44"])
      assert.deepStrictEqual((yield* search(["--regex", "--case-sensitive", "ROUNDVAT"])).ids, [])
      assert.deepStrictEqual((yield* search(["ROUNDVAT", "--case-sensitive"])).ids, [])
      assert.deepStrictEqual((yield* search(["roundVat", "--case-sensitive"])).ids, ["33df6d44"])
      assert.deepStrictEqual((yield* search(["café", "-s", "codex"])).ids, ["01a11ce3"])
      assert.deepStrictEqual((yield* search(["café", "--cwd", "/srv/acme/shop"])).ids, [])
      assert.deepStrictEqual((yield* search(["café", "--cwd", "/home/dana/notes"])).ids.length, 2)
      assert.deepStrictEqual((yield* search(["café", "--since", "2026-10-01"])).ids, ["01a11ce3"])
      assert.deepStrictEqual((yield* search(["café", "--until", "2026-10-01"])).ids, ["7505bf73"])
    })
  )

  it.effect("--top caps what is shown, not what is counted; --max-sessions what is scanned", () =>
    Effect.gen(function* () {
      const { json, results } = yield* search(["the", "--top", "2"])
      assert.lengthOf(results, 2)
      assert.isAbove(json.total_matches, 10)
      const more = json.actions.find(({ command }: { command: string }) => command.includes("--top"))
      const all = (yield* runLine(more.command)).json
      assert.lengthOf(all.results, json.total_matches)
      const capped = yield* search(["the", "--max-sessions", "3"])
      assert.strictEqual(capped.json.sessions_scanned, 3)
      assert.strictEqual(capped.json.sessions_available, demoSessions().length)
    })
  )

  it.effect("--context is the width of a snippet", () =>
    Effect.gen(function* () {
      const snippets = (context: string) =>
        Effect.map(search(["roundVat", "--context", context]), ({ results }) =>
          results[0]!.matches.map(({ snippet }) => snippet)
        )
      assert.isTrue((yield* snippets("0")).every((snippet) => snippet.replaceAll("…", "").toLowerCase() === "roundvat"))
      assert.isTrue((yield* snippets("300")).some((snippet) => snippet.length > 200))
    })
  )
})

describe("search in what was written for it", () => {
  it.effect("takes words that every object of the language has for words", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      writeClaude(home, claudeId(1), [["user", "the constructor calls toString of __proto__"]])
      for (const word of ["constructor", "toString", "__proto__"]) {
        assert.deepStrictEqual((yield* search([word], { home })).ids, [claudeId(1).slice(0, 8)], word)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("finds what JSON escapes: quotes, line ends, backslashes, controls, any spelling of a letter", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const text = 'He said "stop it" twice.\nThen\tC:\\temp\\new and \u001b[31mred\u001b[0m, naïve Straße ΣΊΣΥΦΟΣ 😀!'
      const path = writeClaude(home, claudeId(1), [["user", text]])
      // Another writer may have escaped every letter that is not ASCII.
      const escaped = writeClaude(home, claudeId(2), [["user", text]])
      const ascii = fs
        .readFileSync(escaped, "utf8")
        .replace(/[^\x00-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      fs.writeFileSync(escaped, ascii.replaceAll("/", "\\/"))
      assert.notStrictEqual(fs.readFileSync(path, "utf8"), fs.readFileSync(escaped, "utf8"))
      const queries = [
        '"stop it"',
        'said "stop it" twice',
        "twice. Then C:\\temp\\new",
        "C:\\temp\\new",
        "naïve",
        "NAI\u0308VE",
        "straße",
        "σίσυφος",
        "😀",
        "[31mred"
      ]
      for (const query of queries) {
        const { ids, results } = yield* search([query], { home })
        assert.deepStrictEqual(ids.toSorted(), ["10000000", "20000000"], query)
        assert.isTrue(results.every(({ match_count }) => match_count > 0))
      }
      assert.deepStrictEqual((yield* search(['"twice.\nThen"'], { home })).ids.length, 2)
      assert.deepStrictEqual((yield* search(["--regex", "twice\\.$"], { home })).ids.length, 2)
      assert.deepStrictEqual((yield* search(["u00ef"], { home })).ids, [])
      assert.deepStrictEqual((yield* search(["parentUuid"], { home })).ids, [])
    }).pipe(Effect.scoped)
  )

  it.effect("ranks titles and phrases first, then density, then recency, then id", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const filler = "word ".repeat(200)
      const day = (n: number) => ({ startMs: Date.parse(`2026-11-0${n}T00:00:00.000Z`) })
      writeClaude(
        home,
        claudeId(1),
        [
          ["user", "start"],
          ["assistant", `zebra ${filler}`],
          ["user", "end"]
        ],
        day(9)
      )
      writeClaude(
        home,
        claudeId(2),
        [
          ["user", "start"],
          ["assistant", "zebra zebra"],
          ["user", "end"]
        ],
        day(1)
      )
      writeClaude(
        home,
        claudeId(4),
        [
          ["user", "start"],
          ["assistant", "zebra or"],
          ["user", "end"]
        ],
        day(5)
      )
      writeClaude(
        home,
        claudeId(3),
        [
          ["user", "start"],
          ["assistant", "zebra or"],
          ["user", "end"]
        ],
        day(5)
      )
      writeClaude(home, claudeId(5), [["user", `the zebra ${filler}${filler}`]], day(1))
      const { ids } = yield* search(["zebra"], { home })
      assert.deepStrictEqual(
        ids,
        [5, 2, 3, 4, 1].map((n) => claudeId(n).slice(0, 8))
      )
    }).pipe(Effect.scoped)
  )

  it.effect("a store that is not there finds nothing, with exit 0", () =>
    Effect.gen(function* () {
      const { json } = yield* search(["anything"], { home: "/nowhere" })
      assert.strictEqual(json.total_matches, 0)
      assert.strictEqual(json.sessions_available, 0)
    })
  )
})
