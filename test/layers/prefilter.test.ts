import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { cursorAgent } from "../../src/adapters/cursor-agent/index.ts"
import { goose } from "../../src/adapters/goose/index.ts"
import { kiro } from "../../src/adapters/kiro/index.ts"
import { opencode } from "../../src/adapters/opencode/index.ts"
import { zed } from "../../src/adapters/zed/index.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import * as cursorStore from "../adapters/cursor-agent/store.ts"
import * as gooseStore from "../adapters/goose/store.ts"
import * as kiroStore from "../adapters/kiro/records.ts"
import * as opencodeStore from "../adapters/opencode/store.ts"
import * as zedStore from "../adapters/zed/store.ts"
import { discoverIn } from "../support/adapter-kit.ts"
import { mutateRecord, seeded } from "../support/fuzz.ts"
import { runCli } from "../support/run-cli.ts"
import { storeLayer, temporaryHome } from "../support/store.ts"

const sessions = 14
const queries = 60

type Random = () => number

const pick = <A>(random: Random, from: ReadonlyArray<A>): A => from[Math.floor(random() * from.length)]!

const words = [
  "marmalade",
  "Größe",
  "naïve",
  "C:\\temp",
  '"quoted"',
  "日本語のテキスト",
  "a\tb",
  "x<y>&z",
  "end.\nNext",
  "ﬁn"
]

/** A text of its own, often longer than the pages of a database. */
const prose = (random: Random, n: number): string =>
  Array.from({ length: 1 + Math.floor(random() * random() * 900) }, () =>
    random() < 0.3 ? pick(random, words) : `w${n}q${Math.floor(random() * 5000).toString(36)}`
  ).join(pick(random, [" ", " ", "\n", "  "]))

interface Case {
  readonly name: string
  readonly adapter: Adapter
  /** Writes sessions whose records are those of the fixtures, bent at random, with long texts among them. */
  readonly write: (home: string, random: Random) => void
}

const idOf = (n: number): string => `5e55${String(n).padStart(4, "0")}-0000-4000-8000-000000000001`

/** Records of one session: a sample of the fixtures, every other one bent, and a prompt with a text of its own. */
const sample = <A>(
  random: Random,
  n: number,
  fixtures: ReadonlyArray<A>,
  prompt: (text: string) => A
): ReadonlyArray<A> => [
  ...Array.from({ length: Math.floor(random() * 6) }, () => {
    const record = pick(random, fixtures)
    return random() < 0.5 ? record : (mutateRecord(random, record) as A)
  }),
  prompt(prose(random, n))
]

const each = <A>(make: (n: number) => A): ReadonlyArray<A> => Array.from({ length: sessions }, (_, n) => make(n))

const opencodeRows = (random: Random, n: number, file: string): ReadonlyArray<opencodeStore.Row> => {
  const id = `ses_${n}`
  // Ids of rows are those of one table: each session gets its own.
  const own = (row: opencodeStore.Row) =>
    JSON.parse(JSON.stringify(row).replaceAll(/"((?:msg|prt)_\w+)"/g, `"$1_${n}"`)) as opencodeStore.Row
  const rows = opencodeStore.fixtureRows(file, id).map(own)
  const bent = rows.map((row) =>
    random() < 0.4 && typeof row["data"] === "object" ? { ...row, data: mutateRecord(random, row["data"]) } : row
  )
  const text = prose(random, n)
  if (file === "messages") {
    const time = { created: 1793600000000 }
    const shell = { command: prose(random, n), output: { output: text }, status: "completed", time }
    return [
      ...bent,
      { table: "session_message", id: `msg_x${n}`, session_id: id, seq: 900, type: "user", data: { text, time } },
      { table: "session_message", id: `msg_y${n}`, session_id: id, seq: 901, type: "shell", data: shell }
    ]
  }
  const message = { role: "user", time: { created: 1793500001500 } }
  return [
    ...bent,
    { table: "message", id: `msg_p1x${n}`, session_id: id, data: message },
    { table: "part", id: `prt_x${n}`, message_id: `msg_p1x${n}`, session_id: id, data: { type: "text", text } }
  ]
}

const cases: ReadonlyArray<Case> = [
  {
    name: "opencode",
    adapter: opencode,
    write: (home, random) =>
      opencodeStore.writeDatabase("2")(
        home,
        each((n) => ({ id: `ses_${n}`, records: opencodeRows(random, n, pick(random, ["parts", "messages"])) }))
      )
  },
  {
    name: "goose",
    adapter: goose,
    write: (home, random) => {
      const fixtures = ["items", "compaction", "files", "broken"].flatMap(gooseStore.fixtureRows)
      const prompt = (text: string) => ({ role: "user", created: 1793600000, content: [{ type: "text", text }] })
      gooseStore.writeDatabase(17)(
        home,
        each((n) => ({
          id: `20261101_${n}`,
          records: [
            { table: "sessions", name: `About ${prose(random, n).slice(0, 60)}`, user_set_name: 1 },
            ...sample<gooseStore.Row>(random, n, fixtures, prompt)
          ]
        }))
      )
    }
  },
  {
    name: "zed",
    adapter: zed,
    write: (home, random) => {
      const fixtures = ["current", "0.3.0-2025", "0.2.0", "0.1.0", "unversioned"].flatMap(zedStore.fixtureMessages)
      const prompt = (text: string) => {
        const at = Math.floor(text.length / 2)
        const mention = { uri: { File: { abs_path: "/srv/boat.ts" } }, content: prose(random, 99) }
        const linked = [{ Text: text.slice(0, at) }, { Mention: mention }, { Text: text.slice(at) }]
        return { User: { id: "u", content: random() < 0.5 ? linked : [{ Text: text }] } }
      }
      zedStore.writeRows(
        home,
        "2026",
        each((n) => {
          const messages = sample<unknown>(random, n, fixtures, prompt)
          const title = prose(random, n).slice(0, 40)
          return random() < 0.7
            ? zedStore.rowOf(idOf(n), { ...zedStore.documentOf(messages), title }, { summary: title })
            : zedStore.oldRowOf(idOf(n), { ...zedStore.oldDocumentOf(messages), summary: title }, { summary: "" })
        })
      )
    }
  },
  {
    name: "kiro",
    adapter: kiro,
    write: (home, random) =>
      kiroStore.createDatabase(home, (database) => {
        const insertOld = database.prepare("INSERT INTO conversations VALUES (?, ?)")
        for (let n = 0; n < sessions; n++) {
          const fixtures = kiroStore.fixtureRecords("history")
          const prompt = (text: string): unknown => kiroStore.asked(text, kiroStore.response(prose(random, n)))
          const value = kiroStore.conversationValue(idOf(n), sample(random, n, fixtures, prompt), {
            latest_summary: random() < 0.3 ? [prose(random, n), []] : null
          })
          if (random() < 0.3) insertOld.run(`/srv/${n}`, JSON.stringify(value, null, 2))
          else kiroStore.insertConversation(database, idOf(n), value)
          // The same conversation under another folder, older: nothing of it is shown.
          if (random() < 0.3) {
            const stale = kiroStore.conversationValue(idOf(n), [prompt("stale")])
            kiroStore.insertConversation(database, idOf(n), stale, kiroStore.start, "/elsewhere")
          }
        }
      })
  },
  {
    name: "stores of cursor-agent",
    adapter: cursorAgent,
    write: (home, random) => {
      for (let n = 0; n < sessions; n++) {
        const prompt = (text: string) => ({ role: "user", content: text })
        const records = sample<unknown>(random, n, cursorStore.fixture("store"), prompt)
        const { field } = cursorStore
        cursorStore.writeBlobs(
          `${cursorStore.storeDir(home, idOf(n))}/store.db`,
          { agentId: idOf(n), name: random() < 0.5 ? "New Agent" : prose(random, n).slice(0, 50) },
          (put) => {
            if (n === 3) return null
            const output = Buffer.concat([field(1, prose(random, n)), field(2, prose(random, n))])
            const shell = Buffer.concat([field(1, put(field(1, `ls ${n}`))), field(2, put(output))])
            return Buffer.concat([
              ...records.map((record) => field(1, put(JSON.stringify(record) ?? ""))),
              ...(random() < 0.5 ? [field(8, put(field(2, shell)))] : [])
            ])
          }
        )
      }
      const lines = cursorStore.fixture("transcript")
      cursorStore.writeTranscripts(home, [{ id: idOf(77), records: lines }])
    }
  },
  {
    name: "chats of Cursor's IDE",
    adapter: cursorAgent,
    write: (home, random) => {
      const rows: Array<readonly [string, unknown]> = []
      for (let n = 0; n < sessions; n++) {
        const prompt = (text: string): unknown => ({ bubbleId: "p", type: 1, text })
        const bubbles = sample<unknown>(random, n, cursorStore.fixture("bubbles"), prompt)
        const composer = { composerId: idOf(n), ...(random() < 0.5 ? { name: prose(random, n).slice(0, 50) } : {}) }
        if (n % 3 === 0) {
          // The first versions, with raw control characters that no JSON may have.
          const inline = JSON.stringify({ ...composer, conversation: bubbles })
          rows.push([`composerData:${idOf(n)}`, inline.replaceAll(" w", pick(random, ["\u0001w", "\tw", " w"]))])
        } else if (n % 3 === 1) {
          rows.push([`composerData:${idOf(n)}`, composer])
          bubbles.forEach((bubble, at) => rows.push([`bubbleId:${idOf(n)}:b${at}`, bubble ?? "null"]))
        } else {
          const stored = Buffer.alloc(32, n)
          const conversationState = `~${cursorStore.field(1, stored).toString("base64")}`
          rows.push([`composerData:${idOf(n)}`, { ...composer, conversationState }])
          rows.push([`agentKv:blob:${stored.toString("hex")}`, { role: "assistant", content: prose(random, n) }])
        }
      }
      cursorStore.writeIde(home, rows)
    }
  }
]

const usable = (word: string): boolean =>
  word !== "" && word.length < 200 && word.isWellFormed() && !word.includes("\u0000")

/** Queries from what a reader of these texts sees, and some that are nowhere or everywhere. */
const queriesFrom = (random: Random, texts: ReadonlyArray<string>): ReadonlyArray<string> => {
  const wordOf = (): string => {
    const all = pick(random, texts).split(/\s+/).filter(usable)
    const word = all.length === 0 ? "none" : pick(random, all)
    const from = Math.floor(random() * random() * word.length)
    const part = random() < 0.5 ? word : word.slice(from, from + 3 + Math.floor(random() * 20))
    return random() < 0.2 ? part.toUpperCase() : part
  }
  const phrase = (): string => {
    const all = pick(random, texts).split(/\s+/)
    const from = Math.floor(random() * all.length)
    const some = all
      .slice(from, from + 2 + Math.floor(random() * 3))
      .filter((word) => usable(word) && !word.includes('"'))
    return `"${some.join(" ")}"`
  }
  const drawn = Array.from({ length: queries }, () => {
    const kind = random()
    return kind < 0.5 ? wordOf() : kind < 0.8 ? phrase() : `${wordOf()} ${wordOf()}`
  })
  const fixed = ["zzqqxx", "w1q", "unknown", "shell", "tool", "IDE", "stale", `"About w2"`, "{", "…"]
  return fixed.concat(drawn).filter((query) => usable(query) && query !== '""' && !query.startsWith("-"))
}

const inHome = <A, E>(use: (home: string) => Effect.Effect<A, E>) => Effect.scoped(Effect.flatMap(temporaryHome, use))

/** The same adapter, which tells how many sessions were read. */
const counted = (adapter: Adapter) => {
  const count = { loads: 0 }
  const load: Adapter["load"] = (entry, discovery, options) => {
    count.loads++
    return adapter.load(entry, discovery, options)
  }
  return { adapter: { ...adapter, load }, count }
}

const idsOf = (home: string, adapter: Adapter, words: ReadonlyArray<string>) =>
  Effect.map(runCli(["search", "--cwd", "all", "--top", "200", ...words], { home, adapters: [adapter] }), (ran) => {
    assert.strictEqual(ran.exitCode, 0, ran.stdout)
    return (ran.json.results as ReadonlyArray<{ id: string }>).map(({ id }) => id)
  })

describe("sessions in databases", () => {
  it.effect("are found by what is only in the log of a database that is open", () =>
    inHome((home) =>
      Effect.gen(function* () {
        const row = gooseStore.fixtureRows("items")[0]!
        gooseStore.writeDatabase(17)(
          home,
          each((n) => ({ id: `20261101_${n}`, records: [row] }))
        )
        const database = new DatabaseSync(gooseStore.databasePath(home))
        const close = Effect.sync(() => database.close())
        database.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0")
        const late = { role: "user", created: 1793700000, content: [{ type: "text", text: "marmalade ".repeat(900) }] }
        gooseStore.insertRows(database, [late], "20261101_3")
        assert.deepStrictEqual(yield* idsOf(home, goose, ["marmalade"]).pipe(Effect.ensuring(close)), ["20261101_3"])
      })
    )
  )

  it("are looked through without being read, whichever source they are of", () => {
    const opaque = adapters.filter((adapter) => adapter.opaque !== undefined)
    assert.deepStrictEqual(
      opaque.filter(({ storedTexts }) => storedTexts === undefined).map(({ source }) => source),
      []
    )
    assert.deepStrictEqual(
      new Set(opaque.map(({ source }) => source)),
      new Set(cases.map(({ adapter }) => adapter.source))
    )
  })

  for (const { adapter, name, write } of cases) {
    it.effect(
      `${name}: the same sessions are found as by reading every one of them`,
      () =>
        inHome((home) =>
          Effect.gen(function* () {
            const random = seeded(20_261_122)
            write(home, random)
            const discovery = yield* discoverIn(adapter, home)
            assert.isAtLeast(discovery.entries.length, sessions)
            const texts: Array<string> = []
            for (const entry of discovery.entries) {
              const transcript = yield* adapter.load(entry, discovery, {})
              texts.push(transcript.head.title ?? "")
              for (let index = 1; index <= transcript.count; index++) texts.push(transcript.message(index).text)
            }
            const { storedTexts: _, ...plain } = adapter
            const all = counted(plain)
            const filtered = counted(adapter)
            let found = 0
            for (const query of queriesFrom(random, texts)) {
              // Few of the sessions of a database are asked for one by one.
              const asked = random() < 0.2 ? [query, "--max-sessions", "2"] : [query]
              const expected = yield* idsOf(home, all.adapter, asked)
              assert.deepStrictEqual(yield* idsOf(home, filtered.adapter, asked), expected, JSON.stringify(asked))
              found += expected.length
            }
            assert.isAbove(found, queries / 2)
            assert.isBelow(filtered.count.loads, all.count.loads * 0.7)
            const before = filtered.count.loads
            assert.deepStrictEqual(yield* idsOf(home, filtered.adapter, ["zzqqxx"]), [])
            assert.strictEqual(filtered.count.loads, before)
          }).pipe(Effect.provide(storeLayer))
        ),
      60_000
    )
  }
})
