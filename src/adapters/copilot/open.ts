import * as Effect from "effect/Effect"
import { StoreFiles } from "../../services/StoreFiles.ts"
import { stateDir } from "./discover.ts"

const inUse = /^inuse\.(\d+)\.(?:lock|hold)$/

/**
 * Processes by the session that they have open: each leaves a file in its directory; one that was killed does not take it
 * away.
 */
export const registrations = Effect.fnUntraced(function* (roots: ReadonlyArray<string>) {
  const files = yield* StoreFiles
  const found: Array<{ readonly id: string; readonly pid: number }> = []
  for (const root of roots) {
    const tree = yield* files.walk(`${root}/${stateDir}`, {
      depth: 1,
      take: (name, depth) => depth === 1 && inUse.test(name)
    })
    for (const { path } of tree.files) {
      const [name, id] = path.split(/[\\/]/).reverse()
      const pid = inUse.exec(name ?? "")?.[1]
      if (pid !== undefined && id !== undefined) found.push({ id, pid: Number(pid) })
    }
  }
  return found
})
