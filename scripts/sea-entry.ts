import * as os from "node:os"
import { Readable, Writable } from "node:stream"
import { startupSnapshot } from "node:v8"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { exitCodes } from "../src/domain/error-table.ts"
import { machineWith } from "../src/layers/composition.ts"
import * as OutputLive from "../src/layers/OutputLive.ts"
import { superviseCommand } from "../src/layers/sending/background.ts"
import { main, program, runMain } from "../src/main.ts"
import { Processes, type ProcessId } from "../src/services/Processes.ts"
import { answerPrompt, warmUpSessions } from "./warm-up.ts"

/** A task that was handed to a supervisor. */
interface Handed {
  task: string
}

const nobody: ProcessId = { pid: 1, startedAt: null, bootId: null }

/** Processes that start nothing: a supervisor's task is kept, and the tool has answered and ended at once. */
const processes = (handed: Handed) =>
  Layer.succeed(
    Processes,
    Processes.of({
      self: Effect.succeed(nobody),
      isAlive: () => Effect.succeed(false),
      isRunning: () => Effect.succeed(false),
      start: ({ stdin }) =>
        Effect.sync(() => {
          answerPrompt(os.homedir(), stdin ?? "")
          return { id: nobody, exit: Effect.succeed({ code: 0, signal: null }) }
        }),
      startSelf: (_args, task) =>
        Effect.sync(() => {
          handed.task = task
          return null
        }),
      endGroup: () => Effect.succeed(true),
      marked: () => Effect.succeed([])
    })
  )

/**
 * What the snapshot builder runs before it stores the heap, so that the functions of a start, of reading and of sending
 * are stored compiled. What it finds on the machine must not be kept: nothing here may leave anything in a variable of a
 * module. All calls are one run: node 26.10 dies of a snapshot whose process was given handlers of signals twice.
 */
const warmUp = Effect.gen(function* () {
  const handed: Handed = { task: "" }
  const machine = machineWith(OutputLive.layer, processes(handed))
  const call = Effect.fnUntraced(function* (exitCode: number, ...words: ReadonlyArray<string>) {
    const code = yield* program(words, machine)
    if (code !== exitCode) return yield* Effect.die(`${words.join(" ")} ended with exit code ${code}`)
  })
  const { claude, codex } = warmUpSessions
  yield* call(exitCodes.PARTIAL, "read", claude, "--tokens", "1000")
  yield* call(exitCodes.PARTIAL, "read", codex, "--tokens", "1000")
  yield* call(exitCodes.OK, "list", "--cwd", "all")
  yield* call(exitCodes.ERROR, "send", claude, "--source", "claude", "--message", "Go on.", "--async")
  const { jobId, request } = JSON.parse(handed.task) as { readonly jobId: string; readonly request: object }
  stdin.push(JSON.stringify({ jobId, request: { ...request, detectTimeoutMs: 0 } }))
  stdin.push(null)
  yield* call(exitCodes.OK, superviseCommand)
  yield* call(exitCodes.OK, "job", jobId)
  return exitCodes.OK
})

/** What the program is handed over its standard input. */
const stdin = new Readable({ read: () => {} })

/** Stands in for node:crypto, which no snapshot can hold. */
const crypto = {
  createHash: () => {
    const hash = { update: () => hash, digest: () => "0".repeat(64) }
    return hash
  },
  randomBytes: (size: number) => Buffer.alloc(size)
}

const getBuiltinModule = process.getBuiltinModule

const lateModule = (name: string): object | undefined => {
  if (name === "node:crypto") return crypto
  if (name === "node:sea") return getBuiltinModule.call(process, name)
  throw new Error(`the warm-up of the snapshot cannot load ${name}`)
}

/** Runs `use` without the process's own streams: they are handles, and no snapshot can hold one. */
const detached = (use: (restore: () => void) => void): void => {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
  const others = { stdin, stdout: sink, stderr: sink, getBuiltinModule: lateModule }
  const own = Object.keys(others).map((name) => [name, Object.getOwnPropertyDescriptor(process, name)!] as const)
  const { error, log } = console
  for (const [name, value] of Object.entries(others)) {
    Object.defineProperty(process, name, { configurable: true, writable: true, value })
  }
  console.log = console.error = () => {}
  use(() => {
    for (const [name, descriptor] of own) Object.defineProperty(process, name, descriptor)
    Object.assign(console, { error, log })
  })
}

if (startupSnapshot.isBuildingSnapshot()) {
  startupSnapshot.setDeserializeMainFunction(main)
  detached((restore) => {
    let problem = ""
    process.once("beforeExit", () => {
      restore()
      if (problem !== "") throw new Error(`the warm-up of the snapshot failed: ${problem}`)
    })
    runMain(Effect.onError(warmUp, (cause) => Effect.sync(() => (problem = Cause.pretty(cause)))))
  })
} else main()
