import * as fs from "node:fs"
import * as path from "node:path"
import { claudeLike, usualOutput } from "./claude-like.ts"
import { codexLike } from "./codex-like.ts"
import { dice } from "./random.ts"

/** Changes when what is generated changes, so that no older store is measured. */
const generation = "1"

const megabyte = 1_000_000

/** 2026-10-01, noon. */
const epoch = Date.UTC(2026, 9, 1, 12)

/** A session on disk. */
export interface Generated {
  readonly home: string
  readonly id: string
  readonly file: string
}

export type Kind = "claude" | "codex"

/** Where a session of this kind lies. */
export const fileOf = (home: string, kind: Kind, id: string, cwd: string, start: number): string => {
  if (kind === "claude") return path.join(home, ".claude/projects", cwd.replaceAll(/[^A-Za-z0-9]/g, "-"), `${id}.jsonl`)
  const time = new Date(start).toISOString().slice(0, 19)
  const day = time.slice(0, 10).replaceAll("-", "/")
  return path.join(home, ".codex/sessions", day, `rollout-${time.replaceAll(":", "-")}-${id}.jsonl`)
}

interface Order {
  readonly home: string
  readonly kind: Kind
  readonly seed: number
  /** Asked after each record with the bytes written so far: false ends the session with the turn. */
  readonly more: (bytes: number, record: unknown) => boolean
  /** Once, past so many bytes, a tool prints so many characters. */
  readonly flood?: { readonly afterBytes: number; readonly chars: number }
}

const write = ({ flood, home, kind, more, seed }: Order): Generated => {
  const roll = dice(seed)
  const id = roll.uuid()
  const cwd = `/srv/project-${roll.between(1, 40)}`
  const start = epoch + seed * 1_200_000
  const file = fileOf(home, kind, id, cwd, start)
  fs.mkdirSync(path.dirname(file), { recursive: true })
  const out = fs.openSync(file, "w")
  let waiting: Array<string> = []
  let waitingBytes = 0
  let bytes = 0
  let flooded = flood === undefined
  const flush = (): void => {
    fs.writeSync(out, waiting.join(""))
    waiting = []
    waitingBytes = 0
  }
  const push = (line: string): void => {
    waiting.push(line, "\n")
    waitingBytes += line.length + 1
    bytes += Buffer.byteLength(line) + 1
    if (waitingBytes > 4 * megabyte) flush()
  }
  const outputChars = (): number => {
    if (flooded || bytes < flood!.afterBytes) return usualOutput(roll)
    flooded = true
    return flood!.chars
  }
  const generate = kind === "claude" ? claudeLike : codexLike
  generate({ dice: roll, id, cwd, start, outputChars }, (record) => {
    push(JSON.stringify(record))
    return more(bytes, record)
  })
  flush()
  fs.closeSync(out)
  fs.utimesSync(file, start / 1000 + 3600, start / 1000 + 3600)
  return { home, id, file }
}

/** Generates a store once, and gives back what `make` returned then. */
export const once = <A>(root: string, name: string, make: (home: string) => A): A => {
  const home = path.join(root, generation, name)
  const note = `${home}.json`
  if (fs.existsSync(note)) return JSON.parse(fs.readFileSync(note, "utf8")) as A
  console.error(`bench: generating ${name}`)
  fs.rmSync(home, { recursive: true, force: true })
  fs.mkdirSync(home, { recursive: true })
  const made = make(home)
  fs.writeFileSync(note, JSON.stringify(made))
  return made
}

/** 2,000 sessions of 300 KB in the mean, two thirds of them claude's: 600 MB. */
export const manySessions = (root: string): string =>
  once(root, "many", (home) => {
    const roll = dice(1)
    let left = 600 * megabyte
    for (let n = 0; n < 2000; n++) {
      const fair = left / (2000 - n)
      // Most sessions are short and a few are long.
      const size = Math.max(0.1, Math.min(6, -Math.log(1 - roll.between(1, 999) / 1000))) * fair
      const { file } = write({ home, kind: n % 3 === 2 ? "codex" : "claude", seed: 1000 + n, more: (it) => it < size })
      left -= fs.statSync(file).size
    }
    return home
  })

/** A claude session of 600 messages. */
export const sixHundredMessages = (root: string): Generated =>
  once(root, "six-hundred", (home) => {
    let messages = 0
    const counts = (record: unknown): boolean => {
      const { message } = record as { readonly message?: { readonly content: unknown } }
      const block = (Array.isArray(message?.content) ? message.content[0] : undefined) as { type?: string } | undefined
      return message !== undefined && block?.type !== "thinking"
    }
    const more = (_bytes: number, record: unknown): boolean => (counts(record) ? ++messages : messages) < 598
    return write({ home, kind: "claude", seed: 7, more })
  })

/** One session of 50 MB. */
export const fiftyMegabytes = (root: string, kind: Kind): Generated =>
  once(root, `fifty-${kind}`, (home) => write({ home, kind, seed: 11, more: (bytes) => bytes < 50 * megabyte }))

/** One claude session of 2 GB; in its middle a line of 20 MB, which is a tool's output in the two copies that it keeps. */
export const twoGigabytes = (root: string): Generated =>
  once(root, "huge", (home) => {
    const more = (bytes: number): boolean => bytes < 2000 * megabyte
    const flood = { afterBytes: 1000 * megabyte, chars: 10 * megabyte }
    return write({ home, kind: "claude", seed: 13, more, flood })
  })
