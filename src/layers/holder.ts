import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as os from "node:os"

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

const textOf = (read: () => string): string | null => {
  try {
    return read().trim()
  } catch {
    return null
  }
}

/** Linux tells the boot, and which namespace of process ids a container has. */
const placeHere = (): string | null => {
  const boot = textOf(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))
  const namespace = textOf(() => fs.readlinkSync("/proc/self/ns/pid"))
  return boot === null || namespace === null ? null : `${boot} ${namespace}`
}

/** State and start of a process, fields 3 and 22 of its `stat`: the name before them may hold blanks and brackets. */
const statOf = (pid: number): { readonly state: string; readonly started: string } | null => {
  const stat = textOf(() => fs.readFileSync(`/proc/${pid}/stat`, "utf8"))
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")
  return fields === undefined ? null : { state: fields[0] ?? "", started: fields[19] ?? "" }
}

/** Whether a process of that number runs here; one that has ended and waits for its parent does not. */
export const isRunning = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM"
  }
  const state = statOf(pid)?.state
  return state !== "Z" && state !== "X"
}

/** This process as the holder of a lock. */
export const holderHere = (token: string): Holder => ({
  token,
  pid: process.pid,
  started: statOf(process.pid)?.started ?? null,
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
    const known = isRunning(holder.pid) ? statOf(holder.pid) : null
    if (known === null) return "dead"
    if (holder.started === null) return "unknown"
    return known.started === holder.started ? "alive" : "dead"
  }
  // Elsewhere than on Linux a number that nobody has is all that there is to see.
  const isHere = place === null && holder.place === null && holder.host === os.hostname()
  return isHere && !isRunning(holder.pid) ? "dead" : "unknown"
}
