import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as TestClock from "effect/testing/TestClock"
import { takesValue } from "../../src/commands/cli.ts"
import { parseGlobals } from "../../src/commands/globals.ts"
import { run } from "../../src/commands/run.ts"
import { commands } from "../../src/commands/table.ts"
import { FileNotReadable } from "../../src/domain/errors.ts"
import { adapters } from "../../src/layers/adapters.ts"
import { compose } from "../../src/layers/composition.ts"
import * as DirectoriesLive from "../../src/layers/DirectoriesLive.ts"
import * as SqliteLive from "../../src/layers/SqliteLive.ts"
import type * as StateFilesLive from "../../src/layers/StateFilesLive.ts"
import * as StoreFilesLive from "../../src/layers/StoreFilesLive.ts"
import * as StoreTrashLive from "../../src/layers/StoreTrashLive.ts"
import * as TextScanLive from "../../src/layers/TextScanLive.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { Confirmation } from "../../src/services/Confirmation.ts"
import { Directories } from "../../src/services/Directories.ts"
import { Host } from "../../src/services/Host.ts"
import { Output } from "../../src/services/Output.ts"
import { Programs } from "../../src/services/Programs.ts"
import { StoreTrash } from "../../src/services/StoreTrash.ts"
import { TextInput } from "../../src/services/TextInput.ts"
import { type FakeAgent, fakeProcesses, type Recorded } from "./fake-processes.ts"
import { storeLayer, temporaryHome } from "./store.ts"

/** The invented home of `examples/`, as it lies in the repository. */
export const demoHome = nodePath.resolve(import.meta.dirname, "../../examples/home")

/** The clock of every run: after the newest demo session. */
export const testNow = Date.parse("2026-11-20T12:00:00.000Z")

export interface RunOptions {
  /** The user's home directory; the demo home where absent. */
  readonly home?: string
  /** Absolute; a directory without sessions where absent. */
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether stdout is a terminal; it is not where absent. */
  readonly terminal?: boolean
  readonly columns?: number
  /** Our own state and cache, to be shared by several runs; a fresh directory where absent. */
  readonly state?: string
  /** The sources of the program where absent. */
  readonly adapters?: ReadonlyArray<Adapter>
  /** Texts that the caller may name, by path; `-` is standard input. Everything else is on the real disk. */
  readonly inputs?: Readonly<Record<string, string>>
  /** Bytes over which a database is not copied with its log; what is shipped where absent. */
  readonly copyLimit?: number
  /** What the person at the terminal says to a question; nobody is there where absent. */
  readonly answer?: boolean
  /** What takes files out of the stores, instead of the real thing. */
  readonly storeTrash?: typeof StoreTrashLive.layer
  /** Our own state, instead of the real thing. */
  readonly stateFiles?: typeof StateFilesLive.layer
  /** Paths of the programs on PATH, by name. */
  readonly programs?: Readonly<Record<string, string>>
  /** The home is a copy of the demo home, with the sessions of Claude Code alone, made for this run. */
  readonly copied?: true
  /** Every directory is taken for one that exists. */
  readonly anyDirectory?: true
  /** Stands in for the tool that is started; nothing is started in any case. */
  readonly agent?: FakeAgent
  /** What the agent was asked, to be looked at afterwards. */
  readonly recorded?: Recorded
  /** Done before the run, below the state directory and the home. */
  readonly prepare?: (places: { readonly stateDir: string; readonly home: string }) => void
}

export interface CliResult {
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  /** stdout as one JSON value; throws where it is none. */
  // eslint-disable-next-line typescript/no-explicit-any
  readonly json: any
  /** stdout as JSON Lines. */
  // eslint-disable-next-line typescript/no-explicit-any
  readonly lines: ReadonlyArray<any>
}

/** Keeps what is written. */
export const fakeOutput = (written: { stdout: string; stderr: string }) =>
  Layer.succeed(
    Output,
    Output.of({
      stdout: (text) => Effect.sync(() => void (written.stdout += text)),
      stderr: (text) => Effect.sync(() => void (written.stderr += text)),
      closed: Effect.succeed(false)
    })
  )

/** Texts by path; there are no others. */
export const fakeInput = (inputs: Readonly<Record<string, string>>) =>
  Layer.succeed(
    TextInput,
    TextInput.of({
      read: (path) => {
        const text = inputs[path]
        if (text !== undefined) return Effect.succeed(text)
        return Effect.fail(new FileNotReadable({ message: `cannot read ${path}: ENOENT`, path, reason: "ENOENT" }))
      }
    })
  )

/** The demo home is the repository's own: nothing may be taken out of it. */
export const lockedTrash = Layer.effect(
  StoreTrash,
  Effect.map(Effect.service(StoreTrash), (trash) => ({
    ...trash,
    remove: () => Effect.die("a test took a file out of the demo home"),
    removeDirectory: () => Effect.die("a test took a directory out of the demo home")
  }))
).pipe(Layer.provide(StoreTrashLive.layer))

/** Programs by name, all of version 1.2.3; there are no others. */
export const fakePrograms = (programs: Readonly<Record<string, string>>) =>
  Layer.succeed(
    Programs,
    Programs.of({
      find: (name) => Effect.succeed(programs[name] ?? null),
      version: () => Effect.succeed("1.2.3")
    })
  )

/** Every directory is taken for one that exists. */
export const anyDirectory = Layer.effect(
  Directories,
  Effect.map(Effect.service(Directories), (real) => Directories.of({ ...real, exists: () => Effect.succeed(true) }))
).pipe(Layer.provide(DirectoriesLive.layer))

/** A run of its own: a nested one would share the layers of the one around it, its output included. */
const separately = (argv: ReadonlyArray<string>, options: RunOptions): Effect.Effect<string> =>
  Effect.promise(() => Effect.runPromise(runCli(argv, options))).pipe(Effect.map(({ stdout }) => stdout))

/**
 * One call of the whole program in this process: everything but the streams, the programs on PATH, the caller's own
 * files, the host and the clock is what is shipped, on the real disk below `home`.
 */
export const runCli = (argv: ReadonlyArray<string>, options: RunOptions = {}): Effect.Effect<CliResult> =>
  Effect.gen(function* () {
    yield* TestClock.setTime(testNow)
    const state = options.state ?? (yield* temporaryHome)
    const ownHome = options.copied === true ? yield* copyClaudeHome : (options.home ?? demoHome)
    options.prepare?.({ stateDir: nodePath.join(state, "state"), home: ownHome })
    const again = (args: ReadonlyArray<string>, stdin: string): Effect.Effect<string> => {
      const { copied: _copied, prepare: _prepare, ...same } = options
      const inputs = { ...options.inputs, "-": stdin }
      return separately(args, { ...same, home: ownHome, state, inputs })
    }
    const terminal = options.terminal ?? false
    const env: Readonly<Record<string, string>> = {
      SESSIONR_STATE_DIR: nodePath.join(state, "state"),
      SESSIONR_CACHE_DIR: nodePath.join(state, "cache"),
      ...options.env
    }
    const host = Layer.succeed(
      Host,
      Host.of({
        env,
        home: ownHome,
        cwd: options.cwd ?? "/nowhere/at/all",
        platform: "linux",
        arch: "x64",
        stdoutIsTerminal: terminal,
        stderrIsTerminal: false,
        columns: options.columns ?? 100,
        runtime: "node v26.0.0",
        nodeVersion: "v26.0.0"
      })
    )
    const written = { stdout: "", stderr: "" }
    const machine = Layer.mergeAll(
      fakeOutput(written),
      fakeInput(options.inputs ?? {}),
      fakeProcesses(ownHome, options.agent ?? {}, again, options.recorded),
      fakePrograms(options.programs ?? {}),
      options.anyDirectory === true ? anyDirectory : DirectoriesLive.layer,
      options.copyLimit === undefined
        ? storeLayer
        : Layer.merge(StoreFilesLive.layer, SqliteLive.layerWith({ copyLimit: options.copyLimit })),
      Layer.succeed(
        Confirmation,
        Confirmation.of({
          available: Effect.succeed(options.answer !== undefined),
          ask: (question) =>
            Effect.sync(() => {
              written.stderr += `${question} [y/N] `
              return options.answer ?? false
            })
        })
      ),
      options.storeTrash ?? (ownHome === demoHome ? lockedTrash : StoreTrashLive.layer),
      TextScanLive.layer
    )
    const { error, globals, rest } = parseGlobals(argv, env, terminal, takesValue(commands))
    const { apiVersion, color, formWords, home, output, quiet, timing } = globals
    const invocation = { apiVersion, color, output, quiet, timing }
    const program = compose(
      { invocation, home, version: "0.0.0-test", formWords },
      machine,
      options.adapters ?? adapters,
      options.stateFiles
    )
    const exitCode = yield* run({ globals, words: rest, argv, error }).pipe(
      Effect.provide([Layer.provideMerge(program, host), NodeServices.layer]),
      Effect.orDie
    )
    return {
      ...written,
      exitCode,
      get json() {
        return JSON.parse(written.stdout)
      },
      get lines() {
        return written.stdout
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line))
      }
    }
  }).pipe(Effect.scoped, Effect.provide(TestClock.layer()))

/** The words of a command line as a POSIX shell sees them, `sessionr` itself left off; nothing is expanded. */
export const shellWords = (line: string): ReadonlyArray<string> => {
  const words: Array<string> = []
  for (const [word] of line.matchAll(/(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s'"\\])+/gs)) {
    words.push(
      word.replace(
        /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/gs,
        (_, single: string | undefined, double: string | undefined, escaped: string) =>
          single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped
      )
    )
  }
  return words[0] === "sessionr" ? words.slice(1) : words
}

/** Runs a command line that the program printed. */
export const runLine = (line: string, options: RunOptions = {}): Effect.Effect<CliResult> =>
  runCli(shellWords(line), options)

/** A copy of what the demo home has of Claude Code, that may be changed. */
export const copyClaudeHome = Effect.map(temporaryHome, (path) => {
  const from = nodePath.join(demoHome, ".claude")
  fs.cpSync(from, nodePath.join(path, ".claude"), { recursive: true, preserveTimestamps: true })
  return path
})

/** A copy of the demo home that may be changed, with modification times of its own. */
export const copyDemoHome = Effect.map(temporaryHome, (path) => {
  fs.cpSync(demoHome, path, { recursive: true, preserveTimestamps: true })
  return path
})
