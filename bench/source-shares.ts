import type { EverySource } from "./every-source.ts"
import { interleaved, type Timed } from "./measure.ts"

/** What one source costs of a command over all of them. */
export interface Share {
  readonly source: string
  readonly verb: "list" | "search"
  /** Milliseconds of the command for this source alone, start-up left off. */
  readonly time: number
  readonly timeShare: number
  readonly bytesShare: number
  /** How much more of the time than of the bytes. */
  readonly ratio: number
}

export interface Shares {
  /** Milliseconds of both commands over every source, start-up included. */
  readonly list: number
  readonly search: number
  readonly start: number
  readonly shares: ReadonlyArray<Share>
}

const least = (times: ReadonlyArray<number>): number => Math.min(...times)

/**
 * Times `list` and a `search` for what is nowhere, over every source and for each of them alone. The least of `rounds` is
 * taken: shares of medians would tell of whatever else the machine did. A source's bytes are those of its sessions before
 * any compression, which is what has to be looked through.
 */
export const sourceShares = (
  binary: string,
  { home, sources }: EverySource,
  absent: string,
  rounds: number,
  scratch: string
): Shares => {
  const timed = (name: string, ...args: ReadonlyArray<string>): Timed => ({
    name,
    argv: [binary, "--home", home, ...args],
    exits: [0, 10]
  })
  const took = interleaved(
    [
      timed("start", "--version"),
      timed("list", "list", "--cwd", "all"),
      timed("search", "search", absent),
      ...sources.flatMap(({ source }) => [
        timed(`list ${source}`, "list", source, "--cwd", "all"),
        timed(`search ${source}`, "search", "-s", source, absent)
      ])
    ],
    rounds,
    scratch,
    least
  )
  const start = took.get("start")!
  const allBytes = sources.reduce((sum, { bytes }) => sum + bytes, 0)
  const shares = (["list", "search"] as const).flatMap((verb) => {
    const over = (source: string): number => Math.max(0, took.get(`${verb} ${source}`)! - start)
    const all = sources.reduce((sum, { source }) => sum + over(source), 0)
    return sources.map(({ bytes, source }): Share => {
      const timeShare = over(source) / all
      const bytesShare = bytes / allBytes
      return { source, verb, time: over(source), timeShare, bytesShare, ratio: timeShare / bytesShare }
    })
  })
  return { list: took.get("list")!, search: took.get("search")!, start, shares }
}
