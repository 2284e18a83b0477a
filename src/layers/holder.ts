import * as Schema from "effect/Schema"
import * as os from "node:os"
import { isRunning, placeHere, startOf } from "./process-id.ts"

/** Who holds a lock: enough to tell later whether that very process still runs. */
export const Holder = Schema.Struct({
  /** Tells this lock from every other one, of the same process too. */
  token: Schema.String,
  pid: Schema.Int,
  /** When the process started, in ticks since the boot; null where the platform does not tell. */
  started: Schema.NullOr(Schema.String),
  /** The boot of the machine together with the set of process ids that the pid is one of; null where not told. */
  place: Schema.NullOr(Schema.String),
  host: Schema.String,
  /** Milliseconds since the epoch. */
  since: Schema.Finite
})

export type Holder = typeof Holder.Type

/** This process as the holder of a lock. */
export const holderHere = (token: string): Holder => ({
  token,
  pid: process.pid,
  started: startOf(process.pid),
  place: placeHere(),
  host: os.hostname(),
  since: Date.now()
})

/**
 * Whether a holder lives: `dead` and `alive` are certain, `unknown` is everything that cannot be told from here, such as
 * a process of another machine that shares the directory.
 */
export const stateOf = (holder: Holder): "alive" | "dead" | "unknown" => {
  const place = placeHere()
  if (place !== null && holder.place === place) {
    if (!isRunning(holder.pid)) return "dead"
    if (holder.started === null) return "unknown"
    return startOf(holder.pid) === holder.started ? "alive" : "dead"
  }
  // Elsewhere than on Linux a number that nobody has is all that there is to see.
  const isHere = place === null && holder.place === null && holder.host === os.hostname()
  return isHere && !isRunning(holder.pid) ? "dead" : "unknown"
}
