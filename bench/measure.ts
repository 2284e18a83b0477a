import { spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"

/** A command that is timed. */
export interface Timed {
  readonly name: string
  readonly argv: readonly [string, ...ReadonlyArray<string>]
  /** Exit codes that are no failure. */
  readonly exits: ReadonlyArray<number>
}

/** Runs `use` with a directory that is new, empty, and gone afterwards. */
const withFresh = <A>(root: string, use: (directory: string) => A): A => {
  fs.mkdirSync(root, { recursive: true })
  const directory = fs.mkdtempSync(path.join(root, "cache-"))
  try {
    return use(directory)
  } finally {
    fs.rmSync(directory, { recursive: true, force: true })
  }
}

/** An environment in which the program finds no cache and no state. */
const environment = (cache: string): NodeJS.ProcessEnv => ({
  PATH: process.env["PATH"],
  HOME: cache,
  SESSIONR_CACHE_DIR: path.join(cache, "cache"),
  SESSIONR_STATE_DIR: path.join(cache, "state")
})

/** Milliseconds of one run. */
const time = ({ argv, exits, name }: Timed, scratch: string): number =>
  withFresh(scratch, (cache) => {
    const [file, ...args] = argv
    const started = process.hrtime.bigint()
    const ran = spawnSync(file, args, { env: environment(cache), stdio: ["ignore", "ignore", "pipe"] })
    const took = Number(process.hrtime.bigint() - started) / 1e6
    if (ran.status === null || !exits.includes(ran.status)) {
      throw new Error(`${name} ended with ${ran.status ?? ran.signal}: ${String(ran.stderr)}`)
    }
    return took
  })

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * Milliseconds of each command by its name: `rounds` rounds, each of which runs every command once, after one that warms.
 * Of each the median is told, or what `tell` makes of its times.
 */
export const interleaved = (
  commands: ReadonlyArray<Timed>,
  rounds: number,
  scratch: string,
  tell: (times: ReadonlyArray<number>) => number = median
): ReadonlyMap<string, number> => {
  const took = new Map<string, Array<number>>(commands.map(({ name }) => [name, []]))
  for (let round = 0; round <= rounds; round++) {
    for (const command of commands) {
      const one = time(command, scratch)
      if (round > 0) took.get(command.name)!.push(one)
    }
  }
  return new Map(Array.from(took, ([name, values]) => [name, tell(values)]))
}

/**
 * The most memory that a command ever had resident, in bytes, as the kernel keeps count of it; null where there is no
 * /proc. It is a high-water mark, so that looking every few milliseconds misses at most what grew in the last of them.
 */
export const peakMemory = ({ argv, exits, name }: Timed, scratch: string): Promise<number | null> =>
  new Promise((resolve, reject) => {
    const cache = fs.mkdtempSync(path.join(scratch, "cache-"))
    const [file, ...args] = argv
    const child = spawn(file, args, { env: environment(cache), stdio: "ignore" })
    let peak: number | null = null
    const look = (): void => {
      try {
        const status = fs.readFileSync(`/proc/${child.pid}/status`, "utf8")
        const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(status)?.[1]
        if (kilobytes !== undefined) peak = Number(kilobytes) * 1024
      } catch {
        // The process has ended between two looks.
      }
    }
    const timer = setInterval(look, 2)
    child.on("error", reject)
    child.on("exit", (code) => {
      clearInterval(timer)
      fs.rmSync(cache, { recursive: true, force: true })
      if (code !== null && exits.includes(code)) resolve(peak)
      else reject(new Error(`${name} ended with ${code}`))
    })
  })
