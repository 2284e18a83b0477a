/**
 * `npm run bench [-- --strict] [--no-huge] [--no-sources] [--rounds N]`: the speed of the compiled program beside the least
 * that the same work can cost, and of each source beside the others, all of it in one run on this machine. Medians. Exit
 * code 1 with `--strict` when a target is missed.
 */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { parseArgs } from "node:util"
import { everySource } from "./every-source.ts"
import { interleaved, peakMemory, type Timed } from "./measure.ts"
import { normaliseClaude, normaliseCodex, type Speeds } from "./normalise.ts"
import { sourceShares } from "./source-shares.ts"
import { fiftyMegabytes, manySessions, sixHundredMessages, twoGigabytes } from "./stores.ts"

const { values } = parseArgs({
  options: {
    strict: { type: "boolean", default: false },
    huge: { type: "boolean", default: true },
    sources: { type: "boolean", default: true },
    rounds: { type: "string", default: "9" }
  },
  allowNegative: true
})
const rounds = Math.max(7, Number(values.rounds) || 0)

const root = path.dirname(import.meta.dirname)
const cache = path.join(root, ".cache/bench")
const scratch = path.join(cache, "scratch")
const binary = path.join(root, "dist/sessionr")
const empty = path.join(root, "dist/bench/empty")
const absent = "zzqqxxjjvv"

/** A line of the report; `target` reads as what must hold. */
interface Row {
  readonly figure: string
  readonly measured: string
  readonly ratio: string
  readonly target: string
  /** Null where it could not be measured; the reason is in `measured`. */
  readonly ok: boolean | null
}

const missing = (figure: string, target: string, reason: string): Row => ({
  figure,
  measured: reason,
  ratio: "-",
  target,
  ok: null
})

const milliseconds = (value: number): string => `${value.toFixed(1)} ms`

const startRows = (): ReadonlyArray<Row> => {
  const many = manySessions(cache)
  const session = sixHundredMessages(cache)
  const timed = (name: string, ...args: ReadonlyArray<string>): Timed => ({
    name,
    argv: [binary, ...args],
    exits: [0, 10]
  })
  const hasRipgrep = spawnSync("rg", ["--version"]).status === 0
  const commands: Array<Timed> = [
    { name: "empty", argv: [empty], exits: [0] },
    timed("version", "--version"),
    timed("list", "--home", many, "list", "--cwd", "all"),
    timed("read", "--home", session.home, "read", session.id),
    timed("search", "--home", many, "search", absent)
  ]
  if (hasRipgrep) commands.push({ name: "rg", argv: ["rg", "--hidden", "-ic", absent, many], exits: [1] })
  const took = interleaved(commands, rounds, scratch)
  const base = took.get("empty")!
  const against = (figure: string, name: string, most: number): Row => {
    const ratio = took.get(name)! / base
    return {
      figure,
      measured: milliseconds(took.get(name)!),
      ratio: `${ratio.toFixed(2)} × empty`,
      target: `≤ ${most} × empty`,
      ok: ratio <= most
    }
  }
  const searched = took.get("search")!
  const rg = took.get("rg")
  const target = "≤ 5 × rg + start"
  const figure = "search, no hit, 600 MB"
  return [
    { figure: "an empty binary", measured: milliseconds(base), ratio: "1", target: "", ok: true },
    against("--version", "version", 1.8),
    against("list, 2,000 sessions, no cache", "list", 12),
    against("read, 600 messages", "read", 4),
    rg === undefined
      ? missing(figure, target, `${milliseconds(searched)}; ripgrep is not on PATH`)
      : {
          figure,
          measured: `${milliseconds(searched)} (rg -ic ${milliseconds(rg)})`,
          ratio: `${((searched - took.get("version")!) / rg).toFixed(2)} × rg + start`,
          target,
          ok: searched <= 5 * rg + took.get("version")!
        }
  ]
}

const speedRow = (source: string, { normalise, parse }: Speeds): Row => {
  const megabytes = (value: number): string => `${Math.round(value / 1e6)} MB/s`
  return {
    figure: `normalise ${source}, 50 MB`,
    measured: `${megabytes(normalise)} (JSON.parse ${megabytes(parse)})`,
    ratio: `${(normalise / parse).toFixed(2)} × JSON.parse`,
    target: "≥ 0.4 × JSON.parse",
    ok: normalise / parse >= 0.4
  }
}

const memoryRow = async (end: string): Promise<Row> => {
  const figure = `memory of read --anchor ${end}, 2 GB`
  const target = "≤ 300 MB"
  const { bavail, bsize } = fs.statfsSync(root)
  if (!values.huge) return missing(figure, target, "left out: --no-huge")
  if (!fs.existsSync(path.join(cache, "1/huge")) && bavail * bsize < 6e9) {
    return missing(figure, target, "left out: less than 6 GB of disk are free")
  }
  const { home, id } = twoGigabytes(cache)
  const argv = [binary, "--home", home, "read", id, "--anchor", end] as const
  const peak = await peakMemory({ name: figure, argv, exits: [0, 10] }, scratch)
  if (peak === null) return missing(figure, target, "this system has no /proc")
  return { figure, measured: `${Math.round(peak / 1e6)} MB`, ratio: "-", target, ok: peak <= 300e6 }
}

/** Most of a source's share of the time, as a multiple of its share of the bytes. */
const mostShare = 3

const sourceRows = (): ReadonlyArray<Row> => {
  const target = `≤ ${mostShare} × its bytes`
  if (!values.sources) return [missing("list and search of each source", target, "left out: --no-sources")]
  const every = everySource(cache)
  const { list, search, shares, start } = sourceShares(binary, every, absent, rounds, scratch)
  const total = (figure: string, took: number): Row => ({
    figure,
    measured: milliseconds(took),
    ratio: `${(took / start).toFixed(1)} × --version`,
    target: "",
    ok: true
  })
  const percent = (share: number): string => `${(100 * share).toFixed(1)}%`
  return [
    total("list, 10,000 sessions of 11 sources", list),
    total("search, no hit, the same 500 MB", search),
    ...shares.map(({ bytesShare, ratio, source, time, timeShare, verb }) => ({
      figure: `${verb} of ${source} alone`,
      measured: `${milliseconds(time)} (${percent(timeShare)} of the time, ${percent(bytesShare)} of the bytes)`,
      ratio: `${ratio.toFixed(2)} × its bytes`,
      target,
      ok: ratio <= mostShare
    }))
  ]
}

const print = (rows: ReadonlyArray<Row>): void => {
  const mark = (ok: boolean | null): string => (ok === null ? "?" : ok ? "ok" : "MISSED")
  const table = [
    ["figure", "measured", "ratio", "target", ""],
    ...rows.map(({ figure, measured, ok, ratio, target }) => [figure, measured, ratio, target, mark(ok)])
  ]
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)))
  for (const cells of table)
    console.log(
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd()
    )
}

for (const args of [[], ["--empty"]]) {
  const compiled = spawnSync(process.execPath, [path.join(root, "scripts/compile.ts"), ...args], { stdio: "inherit" })
  if (compiled.status !== 0) process.exit(1)
}
fs.rmSync(scratch, { recursive: true, force: true })
fs.mkdirSync(scratch, { recursive: true })

const rows = [
  ...startRows(),
  speedRow("claude", await normaliseClaude(fiftyMegabytes(cache, "claude"), rounds)),
  speedRow("codex", await normaliseCodex(fiftyMegabytes(cache, "codex"), rounds)),
  await memoryRow("head"),
  await memoryRow("tail"),
  ...sourceRows()
]
console.log(
  `\nnode ${process.version}, ${process.platform} ${process.arch}, medians of ${rounds} rounds, the least of them for sources\n`
)
print(rows)
if (values.strict && rows.some(({ ok }) => ok !== true)) process.exitCode = 1
