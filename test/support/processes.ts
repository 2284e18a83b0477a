import { spawnSync } from "node:child_process"
import * as fs from "node:fs"

/** What a file below `/proc` says; empty where there is none. */
const ofProcess = (pid: number | string, name: string): string => {
  try {
    return fs.readFileSync(`/proc/${pid}/${name}`, "utf8")
  } catch {
    return ""
  }
}

/** Fresh machines may be without `ps`; macOS is without `/proc`. */
const hasProc = fs.existsSync("/proc/self/stat")

const ps = (...args: ReadonlyArray<string>): string =>
  spawnSync("ps", args, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).stdout

/** Whether a process runs; one that has ended and was not waited for does not. */
export const isAlive = (pid: number): boolean => {
  const stat = hasProc ? ofProcess(pid, "stat").replace(/^.*\) /s, "") : ps("-o", "stat=", "-p", String(pid)).trim()
  return stat !== "" && !/^[ZX]/.test(stat)
}

/** Number and command of every process whose home is this directory, a line each. */
export const processesOf = (home: string): ReadonlyArray<string> => {
  const wanted = `HOME=${home}`
  if (hasProc) {
    return fs
      .readdirSync("/proc")
      .filter((pid) => /^\d+$/.test(pid) && ofProcess(pid, "environ").split("\0").includes(wanted))
      .map((pid) => `${pid} ${ofProcess(pid, "cmdline").replaceAll("\0", " ").slice(0, 200)}`)
  }
  // `ps` shows the environment behind the command.
  return ps("axeww", "-o", "pid=,command=")
    .split("\n")
    .filter((line) => line.includes(`${wanted} `) || line.endsWith(wanted))
    .map((line) => line.trim().slice(0, 200))
}
