import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as fs from "node:fs"
import * as path from "node:path"
import { claude } from "../src/adapters/claude/index.ts"
import { codex } from "../src/adapters/codex/index.ts"
import * as SqliteLive from "../src/layers/SqliteLive.ts"
import * as StoreFilesLive from "../src/layers/StoreFilesLive.ts"
import type { Adapter } from "../src/services/Adapter.ts"
import { median } from "./measure.ts"
import type { Generated } from "./stores.ts"

const live = Layer.merge(StoreFilesLive.layer, SqliteLive.layer)

/** Bytes per second of both, on the same file. */
export interface Speeds {
  readonly parse: number
  readonly normalise: number
}

/** Every line of the bytes as text through `JSON.parse`, nothing kept. */
const parseLines = (bytes: Buffer): void => {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at)
    const to = end < 0 ? bytes.length : end
    JSON.parse(bytes.toString("utf8", at, to))
    at = to + 1
  }
}

const seconds = async (run: () => unknown): Promise<number> => {
  const started = process.hrtime.bigint()
  await run()
  return Number(process.hrtime.bigint() - started) / 1e9
}

/** How fast an adapter loads a session, beside reading its file and parsing every line. Medians of `rounds` in turns. */
const compare = async (adapter: Adapter, root: string, { file, id }: Generated, rounds: number): Promise<Speeds> => {
  const load = Effect.gen(function* () {
    const discovery = yield* adapter.discover([root])
    const entry = discovery.entries.find((it) => it.id === id)
    if (entry === undefined) throw new Error(`${adapter.source} does not find ${id}`)
    const transcript = yield* adapter.load(entry, discovery, {})
    if (transcript.count === 0) throw new Error(`${adapter.source} finds no message in ${file}`)
  }).pipe(Effect.provide(live))
  const parsing: Array<number> = []
  const normalising: Array<number> = []
  for (let round = 0; round <= rounds; round++) {
    const parse = await seconds(() => parseLines(fs.readFileSync(file)))
    const normalise = await seconds(() => Effect.runPromise(load))
    // The first round compiles.
    if (round === 0) continue
    parsing.push(parse)
    normalising.push(normalise)
  }
  const { size } = fs.statSync(file)
  return { parse: size / median(parsing), normalise: size / median(normalising) }
}

export const normaliseClaude = (session: Generated, rounds: number): Promise<Speeds> =>
  compare(claude, path.join(session.home, ".claude"), session, rounds)

export const normaliseCodex = (session: Generated, rounds: number): Promise<Speeds> =>
  compare(codex, path.join(session.home, ".codex"), session, rounds)
