import { bytesBelow } from "./files.ts"
import { openCommandcode } from "./sources/commandcode.ts"
import { openCopilot } from "./sources/copilot.ts"
import { openCursor } from "./sources/cursor.ts"
import { openFactory } from "./sources/factory.ts"
import { openGemini } from "./sources/gemini.ts"
import { openGoose } from "./sources/goose.ts"
import { openKiro } from "./sources/kiro.ts"
import { openClaude, openCodex } from "./sources/lines.ts"
import { openOpencode } from "./sources/opencode.ts"
import { openZed } from "./sources/zed.ts"
import { seeded } from "./random.ts"
import { once } from "./stores.ts"
import { type OpenStore, talkOf } from "./talk.ts"

const stores: Readonly<Record<string, OpenStore>> = {
  claude: openClaude,
  codex: openCodex,
  gemini: openGemini,
  copilot: openCopilot,
  "cursor-agent": openCursor,
  commandcode: openCommandcode,
  goose: openGoose,
  opencode: openOpencode,
  kiro: openKiro,
  zed: openZed,
  factory: openFactory
}

const sessionCount = 10_000
const totalBytes = 500_000_000

/** What a source has in the home. */
export interface SourceSize {
  readonly source: string
  readonly sessions: number
  /** Bytes of its sessions, before any compression. */
  readonly bytes: number
  /** Bytes of its files. */
  readonly stored: number
}

export interface EverySource {
  readonly home: string
  readonly sources: ReadonlyArray<SourceSize>
}

/** Sessions of one source: most are short and a few are long, and together they have `bytes`, nearly. */
const fill = (home: string, open: OpenStore, seed: number, sessions: number, bytes: number): number => {
  const random = seeded(seed)
  const store = open(home)
  let written = 0
  let chars = 0
  for (let n = 0; n < sessions; n++) {
    const fair = (bytes - written) / (sessions - n)
    const share = Math.max(0.1, Math.min(6, -Math.log(1 - random() * 0.999)))
    // Sources differ in how much they write for the same words: this one's past tells.
    const perChar = chars < 100_000 ? 1.5 : written / chars
    const wanted = Math.ceil((share * fair) / perChar)
    written += store.add(talkOf(seed * 100_000, n, wanted))
    chars += wanted
  }
  store.close()
  return written
}

/** 10,000 sessions over the eleven sources, of 50 KB in the mean, the same number and about the same bytes of each. */
export const everySource = (root: string): EverySource =>
  once(root, "every-source", (home) => {
    const names = Object.keys(stores)
    let stored = 0
    const sources = names.map((source, at): SourceSize => {
      const sessions =
        Math.floor(((at + 1) * sessionCount) / names.length) - Math.floor((at * sessionCount) / names.length)
      const bytes = fill(home, stores[source]!, 100 + at, sessions, totalBytes / names.length)
      const before = stored
      stored = bytesBelow(home)
      return { source, sessions, bytes, stored: stored - before }
    })
    return { home, sources }
  })
