import * as fs from "node:fs"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as StoreTrashLive from "../../src/layers/StoreTrashLive.ts"
import { StoreTrash } from "../../src/services/StoreTrash.ts"
import { testNow } from "./run-cli.ts"
import { temporaryHome } from "./store.ts"
import { claudeId, writeClaude } from "./stores.ts"

export const day = 86_400_000

/** A claude session of some age, its file as old as its last message. */
const writeAged = (home: string, n: number, days: number, cwd = "/w"): string => {
  const startMs = testNow - days * day
  const path = writeClaude(home, claudeId(n), [["user", `question ${n}`]], { cwd, startMs })
  fs.utimesSync(path, startMs / 1000, startMs / 1000)
  return path
}

/** Three sessions of ten, twenty and thirty days, and a state of its own. */
export const small = Effect.gen(function* () {
  const home = yield* temporaryHome
  const state = yield* temporaryHome
  const paths = [1, 2, 3].map((n) => writeAged(home, n, n * 10))
  return { home, state, paths }
})

export const test = (name: string, run: Effect.Effect<void, unknown, Scope.Scope>) =>
  it.effect(name, () => Effect.orDie(Effect.scoped(run)))

export const ids = (items: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> => items.map(({ id }) => id)

/** The real thing, but for one operation. */
export const withTrash = (change: (trash: StoreTrash["Service"]) => Partial<StoreTrash["Service"]>) =>
  Layer.effect(
    StoreTrash,
    Effect.map(Effect.service(StoreTrash), (trash) => ({ ...trash, ...change(trash) }))
  ).pipe(Layer.provide(StoreTrashLive.layer))
