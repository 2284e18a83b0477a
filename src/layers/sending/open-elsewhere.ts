import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { SessionBusy } from "../../domain/send-errors.ts"
import { isoTime } from "../../domain/time.ts"
import { AdapterRegistry } from "../../services/AdapterRegistry.ts"
import { Processes } from "../../services/Processes.ts"
import { pause } from "../pause.ts"
import type { Target } from "./target.ts"

/** Time between two looks at a session that its tool has open, in milliseconds. */
const pollMs = 500

/** A live process of the tool that has the session open, where the tool says so; null where none does. */
const openIn = Effect.fnUntraced(function* ({ adapter, found, kind }: Target) {
  if (found === null || kind === "fork" || adapter.belongings === undefined) return null
  const { dataHost } = yield* AdapterRegistry
  const processes = yield* Processes
  const own = yield* adapter
    .belongings([found.entry], found.shelf.discovery, adapter.roots(dataHost))
    .pipe(Effect.catch(() => Effect.succeed([])))
  for (const one of own) {
    if (!("paths" in one)) continue
    for (const { pid, program } of one.openIn ?? []) {
      // What a killed process left behind counts for nothing, also when its number was given to another program.
      if (yield* processes.isRunning(pid, program)) return pid
    }
  }
  return null
})

/** Turns a send away, or with `queue` keeps it waiting, while the tool itself has the session open. */
export const refuseOpen = Effect.fnUntraced(function* (target: Target, queue: boolean) {
  for (;;) {
    const pid = yield* openIn(target)
    if (pid === null) return
    if (!queue) {
      const { displayName, source } = target.adapter
      return yield* new SessionBusy({
        message: `${displayName} has session ${target.found?.entry.id ?? ""} open, in process ${pid}`,
        suggestion: `sessionr read ${target.found?.entry.id ?? ""} --source ${source} --anchor tail`,
        holder: { pid, command: displayName, since: isoTime(yield* Clock.currentTimeMillis) },
        job_id: null
      })
    }
    yield* pause(pollMs)
  }
})
