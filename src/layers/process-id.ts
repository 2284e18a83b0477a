import { execFileSync } from "node:child_process"
import * as fs from "node:fs"
import type { ProcessId } from "../services/Processes.ts"

const textOf = (read: () => string): string | null => {
  try {
    return read().trim()
  } catch {
    return null
  }
}

/** What a small program prints; null where it fails or is not there. */
const printed = (file: string, args: ReadonlyArray<string>): string | null =>
  textOf(() => execFileSync(file, args, { encoding: "utf8", timeout: 2000, stdio: ["ignore", "pipe", "ignore"] })) ||
  null

interface ProcessStat {
  readonly state: string
  readonly group: number
  readonly started: string
}

/** Fields 3, 5 and 22 of `/proc/<pid>/stat`, proc(5): the name before them may hold blanks and brackets. */
const statOf = (pid: number): ProcessStat | null => {
  const stat = textOf(() => fs.readFileSync(`/proc/${pid}/stat`, "utf8"))
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ")
  if (fields === undefined) return null
  return { state: fields[0] ?? "", group: Number(fields[2]), started: fields[19] ?? "" }
}

/** Ended, and only waiting for its parent to notice. */
const isOver = ({ state }: ProcessStat): boolean => state === "Z" || state === "X"

/** When a process started, in ticks since the boot on Linux, else as `ps` spells it; null where nothing tells. */
export const startOf = (pid: number): string | null => {
  if (process.platform === "linux") return statOf(pid)?.started ?? null
  return process.platform === "win32" ? null : printed("ps", ["-o", "lstart=", "-p", String(pid)])
}

/** The boot of the machine together with the set of process ids that a pid is one of; null where nothing tells. */
export const placeHere = (): string | null => {
  if (process.platform === "darwin") return printed("sysctl", ["-n", "kern.boottime"])
  const boot = textOf(() => fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8"))
  const namespace = textOf(() => fs.readlinkSync("/proc/self/ns/pid"))
  return boot === null || namespace === null ? null : `${boot} ${namespace}`
}

/** Whether a process of that number runs here, whoever owns it. */
export const isRunning = (pid: number): boolean => {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM"
  }
  const stat = statOf(pid)
  return stat === null || !isOver(stat)
}

/** The words that a process was started with, or what it calls itself instead; null where nothing tells. */
const commandLineOf = (pid: number): string | null => {
  if (process.platform === "win32") return null
  if (process.platform !== "linux") return printed("ps", ["-o", "command=", "-p", String(pid)])
  return textOf(() => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8"))?.replaceAll("\0", " ") || null
}

/** Whether a process may be of that program, going by its command line. */
export const isCalled = (pid: number, program: string | null): boolean =>
  program === null || (commandLineOf(pid)?.includes(program) ?? true)

/** What a process is known by. */
export const identify = (pid: number): ProcessId => ({ pid, startedAt: startOf(pid), bootId: placeHere() })

/** Whether that very process still runs. Where the system says nothing of starts and boots, the pid alone decides. */
export const isAlive = ({ bootId, pid, startedAt }: ProcessId): boolean => {
  if (!isRunning(pid)) return false
  const place = placeHere()
  if (bootId !== null && place !== null && bootId !== place) return false
  const now = startOf(pid)
  return startedAt === null || now === null || startedAt === now
}

const listProcesses = (): ReadonlyArray<number> => {
  try {
    return fs
      .readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Whether anything of a process group still runs. */
export const groupRuns = (group: number): boolean => {
  try {
    process.kill(-group, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  if (process.platform !== "linux") return true
  // What has ended but was not waited for still answers to a signal.
  return listProcesses().some((pid) => {
    const stat = statOf(pid)
    return stat !== null && stat.group === group && !isOver(stat)
  })
}

/** Pids of processes whose environment has `variable=value`; only Linux shows it, and only of the same user. */
export const markedProcesses = (variable: string, value: string): ReadonlyArray<number> => {
  const wanted = `${variable}=${value}`
  return listProcesses().filter((pid) => {
    const environment = textOf(() => fs.readFileSync(`/proc/${pid}/environ`, "utf8"))
    return environment !== null && environment.split("\0").includes(wanted)
  })
}
