import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { FileError, StateError } from "../../src/domain/errors.ts"
import * as StateFilesLive from "../../src/layers/StateFilesLive.ts"
import * as StoreTrashLive from "../../src/layers/StoreTrashLive.ts"
import { StateFiles } from "../../src/services/StateFiles.ts"
import { StoreTrash } from "../../src/services/StoreTrash.ts"

/**
 * What happens at one of the steps that change the disk: the program is killed in the middle of it or after it, and does
 * nothing more; or the step fails.
 */
export interface Fault {
  readonly kind: "killed within" | "killed after" | "fails"
  /** Counted from 1; 0 for none. */
  readonly step: number
}

export const noFault: Fault = { kind: "fails", step: 0 }

type Operation = (...args: ReadonlyArray<never>) => Effect.Effect<unknown, unknown>

/** Both services that change the disk, counting their steps. */
export const faulty = (fault: Fault, links = true) => {
  const count = { steps: 0, killed: false, names: [] as Array<string> }
  const guard =
    (name: string, operation: Operation, half: Operation | undefined, error: StateError | FileError): Operation =>
    (...args) =>
      Effect.suspend(() => {
        // A process that was killed cleans nothing up.
        if (count.killed) return Effect.die("killed")
        count.steps++
        count.names.push(name)
        if (count.steps !== fault.step) return operation(...args)
        if (fault.kind === "fails") return Effect.fail(error)
        count.killed = true
        const done = fault.kind === "killed within" ? half?.(...args) : operation(...args)
        return Effect.andThen(done ?? Effect.void, Effect.die("killed"))
      })
  const guarded = <S extends object>(
    service: S,
    names: ReadonlyArray<keyof S & string>,
    halves: Readonly<Record<string, Operation>>,
    error: StateError | FileError
  ): S => ({
    ...service,
    ...Object.fromEntries(names.map((name) => [name, guard(name, service[name] as Operation, halves[name], error)]))
  })
  const stateFiles = Layer.effect(
    StateFiles,
    Effect.map(Effect.service(StateFiles), (files) =>
      guarded(
        files,
        ["put", "take", "setMode", "remove"],
        {
          // Half of a copy, as a kill leaves it.
          take: (_path: never, name: never) =>
            Effect.sync(() => {
              const to = files.pathOf(name)
              fs.mkdirSync(to.slice(0, to.lastIndexOf("/")), { recursive: true })
              fs.writeFileSync(to, "half")
            })
        },
        new StateError({ message: "cannot write", path: "/state", reason: "the disk is full (ENOSPC)" })
      )
    )
  ).pipe(Layer.provide(StateFilesLive.layerWith({ links })))
  const storeTrash = Layer.effect(
    StoreTrash,
    Effect.map(Effect.service(StoreTrash), (trash) =>
      guarded(
        trash,
        ["remove", "removeDirectory", "makeDirectory", "setTimes", "restore"],
        {},
        new FileError({ path: "/store", reason: "the disk failed (EIO)" })
      )
    )
  ).pipe(Layer.provide(StoreTrashLive.layer))
  return { count, stateFiles, storeTrash }
}
