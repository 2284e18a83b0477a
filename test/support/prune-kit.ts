import { assert } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Adapter, StoreServices } from "../../src/services/Adapter.ts"
import { runCli } from "./run-cli.ts"
import { filesOf, makeOld, snapshotOf, temporaryHome } from "./store.ts"

type Test = <E>(name: string, run: (home: string) => Effect.Effect<void, E, StoreServices | Scope.Scope>) => void

interface Written {
  readonly id: string
  readonly records: ReadonlyArray<unknown>
}

/** What this needs of an adapter's case. */
interface PruneCase {
  readonly adapter: Adapter
  readonly ids: readonly [string, string]
  readonly write: (home: string, sessions: ReadonlyArray<Written>) => void
  readonly conversation: (id: string) => ReadonlyArray<unknown>
  readonly subagent: { readonly write: (home: string, parentId: string) => void } | null
}

const rootsOf = (adapter: Adapter, home: string) => adapter.roots({ env: {}, home, platform: "linux", ignoreEnv: true })

/** What every source keeps when its sessions are moved to the trash. */
export const pruneTests = (kit: PruneCase, test: Test): void => {
  const { adapter } = kit
  const [first, second] = kit.ids
  test("what belongs to a session is told without touching it, and is not another's", (home) =>
    Effect.gen(function* () {
      kit.write(home, [
        { id: first, records: kit.conversation(first) },
        { id: second, records: kit.conversation(second) }
      ])
      const before = snapshotOf(home)
      const roots = adapter.roots({ env: {}, home, platform: "linux", ignoreEnv: true })
      const discovery = yield* adapter.discover(roots)
      const entries = [first, second].map((id) => discovery.entries.find((entry) => entry.id === id)!)
      const belongings = yield* adapter.belongings!(entries, discovery, roots)
      assert.lengthOf(belongings, 2)
      for (const [at, own] of belongings.entries()) {
        if ("refused" in own) {
          assert.include(own.refused, entries[at]!.file.path)
          continue
        }
        const covers = (path: string) => own.paths.some((mine) => path === mine || path.startsWith(`${mine}/`))
        assert.isTrue(covers(entries[at]!.file.path))
        assert.isFalse(covers(entries[1 - at]!.file.path))
      }
      assert.deepStrictEqual(snapshotOf(home), before)
    }))

  test("prune moves sessions away whole, or refuses them with a reason; undone, nothing has happened", (home) =>
    Effect.gen(function* () {
      kit.write(home, [
        { id: first, records: kit.conversation(first) },
        { id: second, records: kit.conversation(second) }
      ])
      kit.subagent?.write(home, first)
      makeOld(home)
      const before = filesOf(home)
      const state = yield* temporaryHome
      const options = { home, state, adapters: [adapter] }
      const plan = (yield* runCli(["prune", "--older-than", "1s", "--dry-run"], options)).json
      const ids = (items: ReadonlyArray<{ readonly id: string }>) => items.map(({ id }) => id).sort()
      assert.deepStrictEqual([...ids(plan.would_delete), ...ids(plan.refused)].sort(), [first, second].sort())
      assert.deepStrictEqual(filesOf(home), before)
      const { exitCode, json } = yield* runCli(["prune", "--older-than", "1s", "--yes"], options)
      assert.strictEqual(exitCode, 0)
      assert.deepStrictEqual(json.deleted, plan.would_delete)
      assert.deepStrictEqual(json.refused, plan.refused)
      const left = yield* adapter.discover(rootsOf(adapter, home))
      assert.deepStrictEqual(left.unreadable, [])
      if (json.refused.length === 0) assert.deepStrictEqual(left.entries, [])
      else assert.deepStrictEqual(filesOf(home), before)
      if (json.trash === null) return
      const undone = (yield* runCli(["prune", "--undo", json.trash], options)).json
      assert.deepStrictEqual(undone.conflicts, [])
      assert.strictEqual(undone.count, json.count)
      assert.deepStrictEqual(filesOf(home), before)
    }))
}
