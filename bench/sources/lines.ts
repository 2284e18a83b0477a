import { claudeLike, usualOutput } from "../claude-like.ts"
import { codexLike } from "../codex-like.ts"
import { jsonLines, writeAt } from "../files.ts"
import { fileOf, type Kind } from "../stores.ts"
import type { OpenStore } from "../talk.ts"

const open =
  (kind: Kind): OpenStore =>
  (home) => ({
    add: ({ chars, cwd, dice, end, id, start }) => {
      const records: Array<object> = []
      let left = chars
      const outputChars = (): number => Math.max(100, Math.min(left, usualOutput(dice)))
      const take = (record: unknown): boolean => {
        records.push(record as object)
        left -= JSON.stringify(record).length
        // Something is said in every session.
        return left > 0 || records.length < 4
      }
      const plot = { dice, id, cwd, start, outputChars, overhead: 0.1 }
      if (kind === "claude") claudeLike(plot, take)
      else codexLike(plot, take)
      return writeAt(fileOf(home, kind, id, cwd, start), jsonLines(records), end)
    },
    close: () => {}
  })

/** Claude Code and Codex, as in the other stores of the benchmark. */
export const openClaude = open("claude")
export const openCodex = open("codex")
