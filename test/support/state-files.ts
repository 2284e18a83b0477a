import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import { FileError, StateError } from "../../src/domain/errors.ts"
import { StateFiles } from "../../src/services/StateFiles.ts"

/** What a state in memory holds, and how to make it fail. */
export interface MemoryState {
  readonly files: Map<string, Uint8Array>
  /** Asked before every step; a reason makes that step fail. */
  fail: (step: string, name: string) => string | null
}

export const memoryState = (): MemoryState => ({ files: new Map(), fail: () => null })

/** Our state without a disk. Locks hold within this process. */
export const memoryLayer = (state: MemoryState) => {
  const locks = new Map<string, Semaphore.Semaphore>()
  const lockOf = (name: string) => {
    const lock = locks.get(name) ?? Semaphore.makeUnsafe(1)
    locks.set(name, lock)
    return lock
  }
  const step = <A>(what: string, name: string, run: () => A): Effect.Effect<A, StateError> =>
    Effect.suspend(() => {
      const reason = state.fail(what, name)
      if (reason === null) return Effect.sync(run)
      return Effect.fail(new StateError({ message: `cannot ${what} ${name}: ${reason}`, path: name, reason }))
    })
  const bytesOf = (name: string): Uint8Array => state.files.get(name) ?? new Uint8Array()
  return Layer.succeed(
    StateFiles,
    StateFiles.of({
      pathOf: (name) => `/state/${name}`,
      text: (name) =>
        step("read", name, () => (state.files.has(name) ? Buffer.from(bytesOf(name)).toString("utf8") : null)),
      put: (name, text) => step("write", name, () => void state.files.set(name, Buffer.from(text))),
      names: (name) =>
        step("list", name, () => {
          const below = Array.from(state.files.keys()).filter((key) => key.startsWith(`${name}/`))
          return Array.from(new Set(below.map((key) => key.slice(name.length + 1).split("/")[0]!))).sort()
        }),
      remove: (name) =>
        step("remove", name, () => {
          for (const key of Array.from(state.files.keys())) {
            if (key === name || key.startsWith(`${name}/`)) state.files.delete(key)
          }
        }),
      locked: (name) => (use) =>
        Effect.andThen(
          step("lock", name, () => {}),
          Semaphore.withPermits(lockOf(name), 1)(use)
        ),
      take: (path, name) =>
        Effect.andThen(
          step("take", name, () => {}),
          Effect.try({
            try: () => void state.files.set(name, fs.readFileSync(path)),
            catch: (cause) => new FileError({ path, reason: String(cause) })
          })
        ),
      setMode: (name) => step("change", name, () => {}),
      hash: (name) => step("hash", name, () => createHash("sha256").update(bytesOf(name)).digest("hex"))
    })
  )
}
