import * as Effect from "effect/Effect"
import type { ToolFailure } from "../../domain/sending.ts"
import type { Sender } from "../../services/Adapter.ts"
import { pause } from "../pause.ts"
import { type Child, type ChildOutput, type Exit, type LineReader, Processes } from "../../services/Processes.ts"

/** Lines of each stream that are kept. */
export const tailLines = 50
/** UTF-16 units of a line that are kept. */
const tailChars = 2000

/** How long a process group has to end by itself before it is killed, in milliseconds. */
export const graceMs = 5000

/** What a tool has said so far. */
export interface Heard {
  readonly lines: LineReader
  readonly sessionId: () => string | null
  readonly failure: () => ToolFailure | null
  readonly tails: () => { readonly stdout: ReadonlyArray<string>; readonly stderr: ReadonlyArray<string> }
}

/** Listens to a tool: its reader hears every line, and the last ones are kept. */
export const listen = (sender: Sender): Heard => {
  const reader = sender.reader()
  const tails = { stdout: [] as Array<string>, stderr: [] as Array<string> }
  const keep = (tail: Array<string>, line: string): void => {
    tail.push(line.length > tailChars ? `${line.slice(0, tailChars)}…` : line)
    if (tail.length > tailLines) tail.shift()
  }
  return {
    lines: {
      stdout: (line) => {
        keep(tails.stdout, line)
        reader.stdout(line)
      },
      stderr: (line) => {
        keep(tails.stderr, line)
        reader.stderr(line)
      }
    },
    sessionId: reader.sessionId,
    failure: reader.failure,
    tails: () => tails
  }
}

export interface Start {
  readonly bin: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env: Readonly<Record<string, string | null>>
  readonly stdin: string | null
  readonly output: ChildOutput
}

/** How a tool ended; `exit` is null when its time ran out and its group was ended. */
export interface Ran {
  readonly exit: Exit | null
}

/** Starts a tool. Whoever interrupts the effect that uses it, or whose use fails, ends its whole group. */
export const withChild = <A, E, R>(start: Start, use: (child: Child) => Effect.Effect<A, E, R>) =>
  Effect.gen(function* () {
    const processes = yield* Processes
    return yield* Effect.acquireUseRelease(processes.start(start), use, (child) =>
      Effect.flatMap(processes.isAlive(child.id), (alive) =>
        alive ? Effect.asVoid(processes.endGroup(child.id, graceMs)) : Effect.void
      )
    )
  })

/** Waits for a child, at most so long; then its group is ended. */
export const waitFor = Effect.fnUntraced(function* (child: Child, timeoutMs: number | null) {
  const processes = yield* Processes
  if (timeoutMs === null) return { exit: yield* child.exit } satisfies Ran
  const exit = yield* Effect.raceFirst(child.exit, Effect.as(pause(timeoutMs), null))
  if (exit !== null) return { exit } satisfies Ran
  yield* processes.endGroup(child.id, graceMs)
  return { exit: null } satisfies Ran
})
