import * as fs from "node:fs"
import { demoListed, demoSessions, sourceNames } from "../support/demo.ts"
import * as nodePath from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { runCli, runLine, type RunOptions } from "../support/run-cli.ts"
import { jsonLines, temporaryHome, writeFile } from "../support/store.ts"

interface Row {
  readonly id: string
  readonly source: string
  readonly cwd: string
  readonly updatedAt: string
}

const list = (line: string, options: RunOptions = {}) =>
  Effect.map(runCli(["list", ...line.split(" ").filter(Boolean)], options), ({ json }) => ({
    json,
    ids: json.sessions.map(({ id }: Row) => id.slice(0, 8)) as ReadonlyArray<string>
  }))

const newest = demoListed().map(({ id }) => id.slice(0, 8))

/** Subagents of the demo home, and what says nothing of all else; of the subagents one says nothing either. */
const subagents = demoSessions().filter(({ isSubagent }) => isSubagent)
const empty = demoSessions().filter(({ isEmpty, isSubagent }) => isEmpty && !isSubagent)
const silent = subagents.filter(({ isEmpty }) => isEmpty)

/** A claude session of one prompt, below a home. */
const writeSession = (
  home: string,
  id: string,
  cwd: string,
  time: string,
  more: Readonly<Record<string, unknown>> = {}
) =>
  writeFile(
    nodePath.join(home, ".claude/projects/-p", `${id}.jsonl`),
    jsonLines([
      {
        type: "user",
        uuid: `${id}-u`,
        parentUuid: null,
        sessionId: id,
        cwd,
        timestamp: time,
        message: { role: "user", content: `prompt of ${id}` },
        ...more
      }
    ])
  )

const sessionId = (n: number): string => `0000000${n}-1111-4222-8333-444444444444`

describe("list", () => {
  it.effect("shows the demo sessions newest first, and counts what it hides", () =>
    Effect.gen(function* () {
      const { ids, json } = yield* list("--cwd all --limit 1000")
      assert.deepStrictEqual(ids, newest)
      assert.deepStrictEqual(ids.slice(0, 4), ["ccbd4a8f", "9e577bdb", "01a1d462", "33df6d44"])
      assert.deepStrictEqual(json.meta.hidden, { subagents: subagents.length, empty: empty.length })
      assert.strictEqual(json.total_available, newest.length)
      assert.isFalse(json.has_more)
      assert.deepStrictEqual(json.available_sources, sourceNames)
      const times = json.sessions.map(({ updatedAt }: Row) => updatedAt)
      assert.deepStrictEqual(times, times.toSorted().toReversed())
      assert.strictEqual(json.meta.next_action.command, "sessionr read ccbd4a8f")
    })
  )

  it.effect("shows what is hidden when asked to", () =>
    Effect.gen(function* () {
      const withSubagents = yield* list("--cwd all --include-subagents --limit 100")
      // The warm-up is a subagent and has nothing to say.
      assert.lengthOf(silent, 1)
      assert.strictEqual(withSubagents.json.total_available, newest.length + subagents.length - 1)
      assert.deepStrictEqual(withSubagents.json.meta.hidden, { subagents: 0, empty: empty.length + 1 })
      const withEmpty = yield* list("--cwd all --include-empty --limit 100")
      assert.strictEqual(withEmpty.json.total_available, newest.length + empty.length)
      assert.deepStrictEqual(withEmpty.json.meta.hidden, { subagents: subagents.length, empty: 0 })
      const all = yield* list("--cwd all --include-empty --include-subagents --limit 100")
      assert.strictEqual(all.json.total_available, demoSessions().length)
    })
  )

  it.effect("pages without gap or overlap by following the cursor, and back again", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      let line = "sessionr list --cwd all --limit 3"
      let last = ""
      for (;;) {
        const { json } = yield* runLine(line)
        seen.push(...json.sessions.map(({ id }: Row) => id.slice(0, 8)))
        assert.strictEqual(json.has_more, json.cursor.next !== null)
        last = line
        if (json.cursor.next === null) break
        line = json.cursor.next
      }
      assert.deepStrictEqual(seen, newest)
      const back = (yield* runLine(last)).json.cursor
      const previous = (yield* runLine(back.prev)).json.sessions.map(({ id }: Row) => id.slice(0, 8))
      const page = Math.floor((newest.length - 1) / 3)
      assert.deepStrictEqual(previous, newest.slice(page * 3 - 3, page * 3))
      const first = (yield* runLine(back.first)).json.sessions.map(({ id }: Row) => id.slice(0, 8))
      assert.deepStrictEqual(first, newest.slice(0, 3))
    })
  )

  it.effect("cursors repeat the caller's other flags, quoted", () =>
    Effect.gen(function* () {
      const { json } = yield* runCli(["list", "claude", "--cwd", "all", "-q", '"the"', "-n", "1"])
      const { next } = json.cursor
      assert.include(next, `--search '"the"'`)
      const following = (yield* runLine(next)).json
      assert.strictEqual(following.meta.search.query, '"the"')
      assert.strictEqual(following.offset, 1)
      assert.isTrue(following.sessions.every(({ source }: Row) => source === "claude"))
    })
  )

  it.effect("an offset past the end is an empty page", () =>
    Effect.gen(function* () {
      const { ids, json } = yield* list(`--cwd all --offset ${newest.length}`)
      assert.deepStrictEqual(ids, [])
      assert.strictEqual(json.total_available, newest.length)
      assert.isNull(json.cursor.next)
    })
  )

  it.effect("filters by source, alias, time, branch and model", () =>
    Effect.gen(function* () {
      const listed = demoListed()
      const within = (from: string, to: string) =>
        listed.filter(({ updated }) => updated! >= from && updated! < to).length
      const ofModel = (name: RegExp) => listed.filter(({ model }) => name.test(model ?? "")).length
      const counts: ReadonlyArray<readonly [line: string, count: number]> = [
        ["claude --cwd all", 10],
        ["codex --cwd all", 6],
        ["--cwd all --since 10d", within("2026-11-10T12", "2027")],
        ["--cwd all --since 2026-11-01 --until 2026-11-10", within("2026-11-01", "2026-11-10")],
        ["--cwd all --until 2026-01-01", within("2025", "2026-01-01")],
        ["--cwd all --branch main", listed.filter(({ branch }) => branch === "main").length],
        ["--cwd all --branch fix/vat-rounding", 1],
        ["--cwd all --branch vat", 0],
        ["--cwd all --model SONNET", ofModel(/sonnet/)],
        ["--cwd all --model gpt-6", ofModel(/gpt-6/)],
        ["gemini --cwd all --model flash", listed.filter(({ source }) => source === "gemini").length],
        ["codex --cwd all --model claude", 0]
      ]
      for (const [line, count] of counts) {
        const { json } = yield* list(line)
        assert.strictEqual(json.total_available, count, line)
      }
    })
  )

  it.effect("-q finds by what was said, and says how much was looked through", () =>
    Effect.gen(function* () {
      const all = yield* list("--cwd all -q VAT --max-sessions 200")
      assert.include(all.ids, "33df6d44")
      assert.deepStrictEqual(all.json.meta.search, {
        query: "VAT",
        sessions_scanned: newest.length,
        sessions_available: newest.length,
        truncated: false
      })
      const capped = yield* list("--cwd all -q VAT --max-sessions 2")
      assert.deepStrictEqual(capped.ids, [])
      assert.deepStrictEqual(capped.json.meta.search, {
        query: "VAT",
        sessions_scanned: 2,
        sessions_available: newest.length,
        truncated: true
      })
      assert.include(
        capped.json.actions.map(({ command }: { command: string }) => command),
        "sessionr search -q VAT"
      )
    })
  )

  it.effect("nothing found leads to doctor", () =>
    Effect.gen(function* () {
      const { json } = yield* list("", { home: "/nowhere" })
      assert.deepStrictEqual(json.sessions, [])
      assert.strictEqual(json.meta.next_action.command, "sessionr doctor")
      assert.strictEqual(json.meta.cwd_scope, "fellback_to_global")
    })
  )
})

describe("list --cwd", () => {
  it.effect("auto keeps the sessions of the current directory, and falls back to all", () =>
    Effect.gen(function* () {
      const here = yield* list("", { cwd: "/srv/acme/shop" })
      assert.strictEqual(here.json.meta.cwd_scope, "auto")
      const shop = demoListed().filter(({ cwd }) => cwd === "/srv/acme/shop")
      assert.deepStrictEqual(
        here.ids,
        shop.map(({ id }) => id.slice(0, 8))
      )
      assert.includeMembers([...here.ids], ["33df6d44", "01a1c10e", "01a1c0e7", "59347f09", "bfe7aa11"])
      const elsewhere = yield* list("", { cwd: "/srv/acme" })
      assert.strictEqual(elsewhere.json.meta.cwd_scope, "fellback_to_global")
      assert.include(elsewhere.json.meta.cwd_scope_reason, "/srv/acme")
      assert.strictEqual(elsewhere.json.total_available, newest.length)
    })
  )

  it.effect("current keeps only those, possibly none; a path only those of that one; all everything", () =>
    Effect.gen(function* () {
      const none = yield* list("--cwd current", { cwd: "/srv/acme" })
      assert.deepStrictEqual([none.json.meta.cwd_scope, none.json.total_available], ["current", 0])
      const path = yield* list("--cwd /srv/acme/logs.d/", { cwd: "/srv" })
      const logs = demoListed().filter(({ cwd }) => cwd === "/srv/acme/logs.d")
      const ids = logs.map(({ id }) => id.slice(0, 8))
      assert.include(ids, "ccbd4a8f")
      assert.deepStrictEqual([path.json.meta.cwd_scope, path.ids], ["explicit", ids])
      const relative = yield* list("--cwd acme/../acme/./logs.d", { cwd: "/srv" })
      assert.deepStrictEqual(relative.ids, ids)
      const all = yield* list("--cwd all", { cwd: "/srv/acme/shop" })
      assert.deepStrictEqual([all.json.meta.cwd_scope, all.json.total_available], ["all", newest.length])
    })
  )

  it.effect("a subdirectory counts within the same git worktree only, and links are resolved", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      const work = fs.realpathSync(yield* temporaryHome)
      for (const name of ["repo/.git", "repo/src", "repo/nested/.git", "plain/src"]) {
        fs.mkdirSync(nodePath.join(work, name), { recursive: true })
      }
      fs.symlinkSync(nodePath.join(work, "repo"), nodePath.join(work, "link"))
      const at = (name: string) => nodePath.join(work, name)
      writeSession(home, sessionId(1), at("repo"), "2026-11-01T00:00:01.000Z")
      writeSession(home, sessionId(2), at("repo/src"), "2026-11-01T00:00:02.000Z")
      writeSession(home, sessionId(3), at("repo/nested"), "2026-11-01T00:00:03.000Z")
      writeSession(home, sessionId(4), at("link"), "2026-11-01T00:00:04.000Z")
      writeSession(home, sessionId(5), at("plain"), "2026-11-01T00:00:05.000Z")
      writeSession(home, sessionId(6), at("plain/src"), "2026-11-01T00:00:06.000Z")
      const expected: ReadonlyArray<readonly [cwd: string, numbers: ReadonlyArray<number>]> = [
        ["repo", [4, 2, 1]],
        ["repo/src", [2]],
        ["repo/nested", [3]],
        ["plain", [5]]
      ]
      for (const [cwd, numbers] of expected) {
        const { ids } = yield* list("--cwd current", { home, cwd: at(cwd) })
        assert.deepStrictEqual(
          ids,
          numbers.map((n) => sessionId(n).slice(0, 8)),
          cwd
        )
      }
      const linked = yield* list(`--cwd ${at("link")}`, { home })
      assert.deepStrictEqual(
        linked.ids,
        [4, 2, 1].map((n) => sessionId(n).slice(0, 8))
      )
    }).pipe(Effect.scoped)
  )

  it.effect("sessions of one instant are ordered by id, so that paging is stable", () =>
    Effect.gen(function* () {
      const home = yield* temporaryHome
      for (const n of [4, 2, 5, 1, 3]) writeSession(home, sessionId(n), "/w", "2026-11-01T00:00:00.000Z")
      const { ids } = yield* list("", { home })
      assert.deepStrictEqual(
        ids,
        [1, 2, 3, 4, 5].map((n) => sessionId(n).slice(0, 8))
      )
    }).pipe(Effect.scoped)
  )
})
