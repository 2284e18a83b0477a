import * as fs from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { FileError } from "../../src/domain/errors.ts"
import type { Role } from "../../src/domain/message.ts"
import type { Refusal, SendKind, SendPlan } from "../../src/domain/sending.ts"
import type { SessionEntry, SessionHead, TokenUsage } from "../../src/domain/session.ts"
import { splitUsage } from "../../src/domain/spending.ts"
import type { Transcript } from "../../src/domain/transcript.ts"
import type { Adapter, LoadOptions, StoreServices } from "../../src/services/Adapter.ts"
import { withWrongTypes } from "./fuzz.ts"
import { pruneTests } from "./prune-kit.ts"
import { checkSender } from "./sender.ts"
import { jsonLines, snapshotOf, storeLayer, temporaryHome } from "./store.ts"

export interface KitSession {
  readonly id: string
  /** As the tool would store them, oldest first; none is a session that was created and never used. */
  readonly records: ReadonlyArray<unknown>
  /** Milliseconds since the epoch, for the session's file or row; the time of writing where absent. */
  readonly mtimeMs?: number
}

/** Role and canonical text. */
export type KitMessage = readonly [role: Role, text: string]

export interface KitFixture {
  readonly name: string
  readonly records: (id: string) => ReadonlyArray<unknown>
  readonly messages: ReadonlyArray<KitMessage>
  /** Reasons of passed-over records and their counts; nothing may be passed over where absent. */
  readonly skipped?: Readonly<Record<string, number>>
}

/** What one source brings to the suite. Everything here is about the tool's format, nothing about how it is read. */
export interface AdapterCase {
  readonly adapter: Adapter
  /** Two session ids that the tool could have made. */
  readonly ids: readonly [string, string]
  /** Writes (or overwrites) these sessions into the tool's store below `home`. */
  readonly write: (home: string, sessions: ReadonlyArray<KitSession>) => void
  /** The file that holds the session's records as lines; null for sources that keep no lines. */
  readonly file: ((home: string, id: string) => string) | null
  /** A prompt, then answers, one tool call and its result; record ids of its own, that no fixture uses. */
  readonly conversation: (id: string) => ReadonlyArray<unknown>
  readonly messages: ReadonlyArray<KitMessage>
  /** What `survey` has to say about the conversation; `createdAt`, `updatedAt` in milliseconds. */
  readonly head: SessionHead
  /** Records that continue the conversation, at least one message. */
  readonly growth: (id: string) => ReadonlyArray<unknown>
  /** A session whose only message is this prompt of the user. */
  readonly prompt: (id: string, text: string) => ReadonlyArray<unknown>
  /** A record of a type that no version of the tool writes, and the reason under which it is counted. */
  readonly unknown: (id: string) => { readonly record: unknown; readonly reason: string }
  /** Answers that the tool stored more than once (streaming, copies): messages and tokens count once. */
  readonly repeated: {
    readonly records: (id: string) => ReadonlyArray<unknown>
    readonly messages: ReadonlyArray<KitMessage>
    readonly usage: TokenUsage
  } | null
  /** Writes a subagent of the session `parentId`, which is the conversation; null where the tool has none. */
  readonly subagent: {
    readonly write: (home: string, parentId: string) => void
    readonly id: string
    readonly toolUseId: string | null
    readonly messages: ReadonlyArray<KitMessage>
  } | null
  /** One fixture per record type and drift of the format. */
  readonly fixtures: ReadonlyArray<KitFixture>
  /** What the tool is called with for each kind of send; null where it has no program. */
  readonly plans: KitPlans | null
}

/** What the plans of a kind depend on. */
export interface PlannedOrder {
  readonly id: string
  readonly mintedId: string
  readonly file: string
}

export type KitPlans = (order: PlannedOrder) => Readonly<Record<SendKind, ExpectedPlan | Refusal>>

/** The plans of sessions that the tool itself can no longer open. */
export const notResumable =
  (plans: KitPlans, reason: string): KitPlans =>
  (order) => {
    const { continue: newest, fork, new: fresh } = plans(order)
    const refusal: Refusal = { refused: "operation", reason }
    return { new: fresh, resume: refusal, continue: newest, fork: "refused" in fork ? fork : refusal }
  }

/** A plan; what is not said is the preferred program, the prompt on standard input, and nothing else. */
export type ExpectedPlan = { readonly args: ReadonlyArray<string> } & Partial<SendPlan>

export const messagesOf = (transcript: Transcript): ReadonlyArray<KitMessage> =>
  Array.from({ length: transcript.count }, (_, at) => {
    const message = transcript.message(at + 1)
    return [message.role, message.text] as const
  })

export const skippedOf = (transcript: Transcript): Readonly<Record<string, number>> =>
  Object.fromEntries(transcript.skipped.map(({ count, reason }) => [reason, count]))

/** A head without what ties it to other sessions: few kits have such sessions, and the tests of those look for it. */
export const unrelated = ({ continuedIn: _in, forkedFrom: _from, ...head }: SessionHead): SessionHead => head

/** Discovery of the store below a home, as under `--home`. */
export const discoverIn = (adapter: Adapter, home: string) =>
  adapter.discover(adapter.roots({ env: {}, home, platform: "linux", ignoreEnv: true }))

const entryOf = (entries: ReadonlyArray<SessionEntry>, id: string): SessionEntry => {
  const entry = entries.find((candidate) => candidate.id === id)
  assert.isDefined(entry, `${id} was not discovered among ${entries.map((e) => e.id).join(", ")}`)
  return entry!
}

/** One session by id: entry, survey and transcript. */
export const readIn = Effect.fnUntraced(function* (
  adapter: Adapter,
  home: string,
  id: string,
  options: LoadOptions = {}
): Effect.fn.Return<{ entry: SessionEntry; head: SessionHead; transcript: Transcript }, FileError, StoreServices> {
  const discovery = yield* discoverIn(adapter, home)
  const entry = entryOf(discovery.entries, id)
  const head = yield* adapter.survey(entry)
  const transcript = yield* adapter.load(entry, discovery, options)
  return { entry, head, transcript }
})

const contains = (all: ReadonlyArray<KitMessage>, some: ReadonlyArray<KitMessage>): boolean =>
  some.every(([role, text]) => all.some((message) => message[0] === role && message[1] === text))

const consistent = (transcript: Transcript): void => {
  let total = 0
  for (let index = 1; index <= transcript.count; index++) {
    const message = transcript.message(index)
    assert.strictEqual(message.index, index)
    assert.strictEqual(message.role, transcript.role(index))
    assert.strictEqual(message.text.length, transcript.chars(index))
    assert.strictEqual(message.time, transcript.time(index))
    total++
  }
  assert.strictEqual(
    Object.values(transcript.byRole).reduce((sum, count) => sum + count, 0),
    total
  )
  assert.isTrue(transcript.skipped.every(({ count }) => count > 0))
  const { forkedFrom, spent, tokenUsage } = transcript.facts
  const told = transcript.head.forkedFrom
  if (told !== undefined) assert.strictEqual(told, forkedFrom)
  // What single answers are known to have cost is never more than what the session is known to have cost.
  const split = spent === undefined || tokenUsage === null ? [] : splitUsage(tokenUsage, spent)
  assert.deepStrictEqual(split.slice(0, spent?.length ?? 0), tokenUsage === null ? [] : (spent ?? []))
}

/** What a list sorts and filters by has to be the same however briefly it was asked for. */
const briefAgrees = Effect.fnUntraced(function* (adapter: Adapter, entry: SessionEntry, head: SessionHead) {
  const told = ({ createdAt, cwd, isEmpty, kind, parentId, updatedAt }: SessionHead) => ({
    createdAt,
    cwd,
    isEmpty,
    kind,
    parentId,
    updatedAt
  })
  assert.deepStrictEqual(told(yield* adapter.survey(entry, true)), told(head))
})

/** Registers the suite that every adapter passes. */
export const adapterKit = (kit: AdapterCase): void => {
  const { adapter } = kit
  const [first, second] = kit.ids
  const test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices | Scope.Scope>) =>
    it.effect(name, () => Effect.scoped(Effect.flatMap(temporaryHome, run)).pipe(Effect.provide(storeLayer)))
  const one = (home: string, records: ReadonlyArray<unknown>, options: LoadOptions = {}) => {
    kit.write(home, [{ id: first, records }])
    return readIn(adapter, home, first, options)
  }

  describe(`adapter ${adapter.source}`, () => {
    describe("fixtures", () => {
      for (const fixture of kit.fixtures) {
        test(fixture.name, (home) =>
          Effect.gen(function* () {
            const { entry, head, transcript } = yield* one(home, fixture.records(first))
            yield* briefAgrees(adapter, entry, head)
            assert.deepStrictEqual(messagesOf(transcript), fixture.messages)
            assert.deepStrictEqual(skippedOf(transcript), fixture.skipped ?? {})
            assert.deepStrictEqual(transcript.head, head)
            consistent(transcript)
          })
        )
      }
    })

    test("reads a conversation, and its survey agrees with the whole of it", (home) =>
      Effect.gen(function* () {
        const { entry, head, transcript } = yield* one(home, kit.conversation(first))
        assert.strictEqual(entry.source, adapter.source)
        assert.deepStrictEqual(messagesOf(transcript), kit.messages)
        assert.deepStrictEqual(unrelated(head), kit.head)
        assert.deepStrictEqual(transcript.head, head)
        assert.strictEqual(head.isEmpty, false)
        yield* briefAgrees(adapter, entry, head)
        consistent(transcript)
      }))

    test("makes the same messages again from their records", (home) =>
      Effect.gen(function* () {
        const kept = yield* one(home, kit.conversation(first))
        const again = yield* one(home, kit.conversation(first), { retainedChars: -1 })
        for (let index = 1; index <= kept.transcript.count; index++) {
          assert.deepStrictEqual(again.transcript.message(index), kept.transcript.message(index))
        }
        assert.strictEqual(again.transcript.contentHash, kept.transcript.contentHash)
      }))

    test("a session that grows keeps its indices and changes its content hash", (home) =>
      Effect.gen(function* () {
        const before = yield* one(home, kit.conversation(first))
        const old = messagesOf(before.transcript)
        const after = yield* one(home, [...kit.conversation(first), ...kit.growth(first)])
        const grown = messagesOf(after.transcript)
        assert.isAbove(grown.length, old.length)
        assert.deepStrictEqual(grown.slice(0, old.length), old)
        assert.notStrictEqual(after.transcript.contentHash, before.transcript.contentHash)
      }))

    test("passes over records of unknown types and counts them", (home) =>
      Effect.gen(function* () {
        const { record, reason } = kit.unknown(first)
        const [head, ...rest] = kit.conversation(first)
        const { transcript } = yield* one(home, [head, record, ...rest, record])
        assert.deepStrictEqual(messagesOf(transcript), kit.messages)
        assert.deepStrictEqual(skippedOf(transcript), { [reason]: 2 })
      }))

    test("a session without records is empty", (home) =>
      Effect.gen(function* () {
        const { head, transcript } = yield* one(home, [])
        assert.strictEqual(head.isEmpty, true)
        assert.strictEqual(head.firstPrompt, null)
        assert.strictEqual(transcript.count, 0)
        assert.deepStrictEqual(transcript.skipped, [])
      }))

    test("survives every field having every wrong type", (home) =>
      Effect.gen(function* () {
        const clean = kit.conversation(first)
        const broken = [clean, ...kit.fixtures.map((fixture) => fixture.records(first))].flat().flatMap(withWrongTypes)
        for (let at = 0; at < broken.length; at += 4000) {
          const { transcript } = yield* one(home, [...broken.slice(at, at + 4000), ...clean])
          consistent(transcript)
          assert.isTrue(contains(messagesOf(transcript), kit.messages), "intact records were lost")
        }
      }))

    test("a prompt of 5 MB is read whole", (home) =>
      Effect.gen(function* () {
        const text = `start ${"0123456789abcdef é\n".repeat(260_000)}end`
        const { head, transcript } = yield* one(home, kit.prompt(first, text))
        assert.deepStrictEqual(messagesOf(transcript), [["user", text]])
        assert.strictEqual(head.firstPrompt, text)
        assert.strictEqual(transcript.head.firstPrompt, text)
      }))

    test("the session written last has the newest time", (home) =>
      Effect.gen(function* () {
        const stamp = Date.UTC(2026, 0, 2, 3, 4, 5)
        kit.write(home, [
          { id: first, records: kit.conversation(first), mtimeMs: stamp },
          { id: second, records: [...kit.conversation(second), ...kit.growth(second)], mtimeMs: stamp + 60_000 }
        ])
        const { entries, unreadable } = yield* discoverIn(adapter, home)
        assert.deepStrictEqual(unreadable, [])
        assert.deepStrictEqual(entries.map((entry) => entry.id).sort(), [first, second].sort())
        const older = yield* adapter.survey(entryOf(entries, first))
        const newer = yield* adapter.survey(entryOf(entries, second))
        assert.isAbove(newer.updatedAt, older.updatedAt)
        if (kit.file !== null) {
          assert.strictEqual(entryOf(entries, first).file.mtimeMs, stamp)
          assert.strictEqual(entryOf(entries, second).file.mtimeMs, stamp + 60_000)
        }
      }))

    test("leaves the store byte-identical, times included", (home) =>
      Effect.gen(function* () {
        kit.write(home, [
          { id: first, records: kit.conversation(first) },
          { id: second, records: [] }
        ])
        const before = snapshotOf(home)
        const roots = adapter.roots({ env: {}, home, platform: "linux", ignoreEnv: true })
        const discovery = yield* adapter.discover(roots)
        for (const entry of discovery.entries) {
          yield* adapter.survey(entry)
          yield* adapter.load(entry, discovery, {})
          yield* adapter.linkedFiles(entry, discovery)
        }
        yield* adapter.retention(roots)
        yield* adapter.notes(roots, discovery)
        assert.deepStrictEqual(snapshotOf(home), before)
      }))

    pruneTests(kit, test)

    test("a home without the tool has no sessions and no complaints", (home) =>
      Effect.gen(function* () {
        const discovery = yield* discoverIn(adapter, home)
        assert.deepStrictEqual(discovery, { entries: [], unreadable: [] })
      }))

    test("plans how to send", (home) =>
      Effect.gen(function* () {
        kit.write(home, [{ id: first, records: kit.conversation(first) }])
        const { entries } = yield* discoverIn(adapter, home)
        checkSender(adapter, entryOf(entries, first), kit.plans)
      }))

    if (kit.repeated !== null) {
      const { messages, records, usage } = kit.repeated
      test("what was stored twice counts once, tokens too", (home) =>
        Effect.gen(function* () {
          const { transcript } = yield* one(home, records(first))
          assert.deepStrictEqual(messagesOf(transcript), messages)
          assert.deepStrictEqual(transcript.facts.tokenUsage, usage)
        }))
    }

    if (kit.subagent !== null) {
      const subagent = kit.subagent
      test("a subagent is marked, tied to its parent and readable", (home) =>
        Effect.gen(function* () {
          kit.write(home, [{ id: first, records: kit.conversation(first) }])
          subagent.write(home, first)
          const parent = yield* readIn(adapter, home, first)
          const child = yield* readIn(adapter, home, subagent.id)
          assert.strictEqual(parent.head.kind, "session")
          assert.strictEqual(child.head.kind, "subagent")
          assert.strictEqual(child.head.parentId, first)
          assert.deepStrictEqual(messagesOf(parent.transcript), kit.messages)
          assert.deepStrictEqual(messagesOf(child.transcript), subagent.messages)
          const link = parent.transcript.facts.subagents.find(({ id }) => id === subagent.id)
          assert.strictEqual(link?.kind, "file")
          assert.strictEqual(link?.toolUseId, subagent.toolUseId)
        }))
    }

    if (kit.file !== null) lineTests(kit, kit.file)
  })
}

/** What only stores of lines can suffer. */
const lineTests = (kit: AdapterCase, file: (home: string, id: string) => string): void => {
  const { adapter } = kit
  const [id] = kit.ids
  const lines = jsonLines(kit.conversation(id))
  const variants: ReadonlyArray<readonly [string, string | Uint8Array, Readonly<Record<string, number>>]> = [
    ["a torn last line is counted", `${lines}{"type":"user","mess`, { "torn last line": 1 }],
    ["a line that is no JSON is counted", `{"broken\n${lines}`, { "invalid JSON": 1 }],
    ["a last line without a line end is read", lines.slice(0, -1), {}],
    ["a byte order mark is no part of the first record", `\ufeff${lines}`, {}],
    ["lines may end in CR LF", lines.replaceAll("\n", "\r\n"), {}],
    ["blank lines are nothing", `\n${lines.replaceAll("\n", "\n\n")}\n`, {}],
    ["NUL bytes before a record are ignored", lines.replaceAll("\n", "\n\0\0"), {}],
    ["other JSON values are counted", `7\n"x"\n[]\nnull\n${lines}`, { "not a record": 4 }]
  ]
  for (const [name, content, skipped] of variants) {
    it.effect(name, () =>
      Effect.gen(function* () {
        const home = yield* temporaryHome
        kit.write(home, [{ id, records: kit.conversation(id) }])
        fs.writeFileSync(file(home, id), content)
        const { head, transcript } = yield* readIn(adapter, home, id)
        assert.deepStrictEqual(messagesOf(transcript), kit.messages)
        assert.deepStrictEqual(skippedOf(transcript), skipped)
        assert.deepStrictEqual(unrelated(head), kit.head)
        assert.deepStrictEqual(transcript.head, head)
        consistent(transcript)
      }).pipe(Effect.scoped, Effect.provide(storeLayer))
    )
  }
}
