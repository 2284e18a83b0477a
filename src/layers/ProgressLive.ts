import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Host } from "../services/Host.ts"
import { Invocation } from "../services/Invocation.ts"
import { Progress } from "../services/Progress.ts"

/** Work that is over sooner shows nothing. */
const patienceMs = 300
/** Between two drawings. */
const pauseMs = 100
const barCells = 24

const bar = (done: number, total: number): string => {
  const filled = total === 0 ? barCells : Math.floor((done / total) * barCells)
  return `[${"#".repeat(filled)}${".".repeat(barCells - filled)}]`
}

/** Draws where stderr is a terminal and nobody asked for quiet. */
export const layer = Layer.effect(
  Progress,
  Effect.gen(function* () {
    const { stderrIsTerminal } = yield* Host
    const { quiet } = yield* Invocation
    if (!stderrIsTerminal || quiet) return Progress.of({ update: () => {}, clear: () => {} })
    const startedAt = performance.now()
    let drawnAt = startedAt + patienceMs - pauseMs
    let drawn = false
    return Progress.of({
      update: (label, done, total) => {
        const now = performance.now()
        if (now - drawnAt < pauseMs) return
        drawnAt = now
        drawn = true
        process.stderr.write(`\r\u001b[K${label} ${bar(done, total)} ${done}/${total}`)
      },
      clear: () => {
        if (drawn) process.stderr.write("\r\u001b[K")
        drawn = false
      }
    })
  })
)
