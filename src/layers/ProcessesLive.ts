import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as nodePath from "node:path"
import { SpawnError } from "../domain/send-errors.ts"
import { Host, type HostInfo } from "../services/Host.ts"
import { type Child, type ChildOutput, type ChildRequest, type Exit, Processes } from "../services/Processes.ts"
import { followFile, lineSplitter } from "./child-output.ts"
import { groupRuns, identify, isAlive, isCalled, isRunning, markedProcesses } from "./process-id.ts"

/** How long we go on reading pipes after the process that we started has ended. */
const drainMs = 250

/**
 * A file that is already unlinked, at its start: unlike a pipe it cannot be cut off when we die, and unlike an argument
 * nobody else can read it. Where an open file cannot be unlinked it stays until `close`.
 */
const promptFile = (text: string): { readonly fd: number; readonly close: () => void } => {
  const directory = fs.mkdtempSync(nodePath.join(os.tmpdir(), "sessionr-"))
  const path = nodePath.join(directory, "stdin")
  fs.writeFileSync(path, text, { mode: 0o600 })
  const fd = fs.openSync(path, "r")
  const remove = (): void => fs.rmSync(directory, { recursive: true, force: true })
  if (process.platform !== "win32") remove()
  return {
    fd,
    close: () => {
      fs.closeSync(fd)
      if (process.platform === "win32") remove()
    }
  }
}

const targets = (output: ChildOutput) => {
  if (output.kind === "pipes") return { stdio: ["pipe", "pipe"] as const, close: () => {} }
  if (output.kind === "none") return { stdio: ["ignore", "ignore"] as const, close: () => {} }
  const out = fs.openSync(output.stdout, "a", 0o600)
  const err = fs.openSync(output.stderr, "a", 0o600)
  return {
    stdio: [out, err] as const,
    close: () => {
      fs.closeSync(out)
      fs.closeSync(err)
    }
  }
}

type Environment = Readonly<Record<string, string | undefined>>

const environment = (own: Environment, more: Readonly<Record<string, string | null>>): NodeJS.ProcessEnv => {
  const merged: NodeJS.ProcessEnv = { ...own }
  for (const [name, value] of Object.entries(more)) {
    if (value === null) delete merged[name]
    else merged[name] = value
  }
  return merged
}

/** What hands the output of a child on: `end` reads what is left and lets go of it. */
const follow = (child: ChildProcess, output: ChildOutput): { readonly end: () => void } => {
  if (output.kind === "none") return { end: () => {} }
  if (output.kind === "files") {
    const followers = [followFile(output.stdout, output.lines.stdout), followFile(output.stderr, output.lines.stderr)]
    return { end: () => followers.forEach(({ end }) => end()) }
  }
  const ends = (["stdout", "stderr"] as const).map((name) => {
    const split = lineSplitter(output.lines[name], output.mirror)
    const stream = child[name]!
    stream.on("data", split.push)
    stream.on("error", () => {})
    return () => {
      stream.destroy()
      split.end()
    }
  })
  return { end: () => ends.forEach((end) => end()) }
}

/** How the child ends. After its end the pipes are read a little longer, then let go whoever holds them. */
const exitOf = (child: ChildProcess, output: ChildOutput): Promise<Exit> => {
  const { end } = follow(child, output)
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      let isDone = false
      const done = (): void => {
        if (isDone) return
        isDone = true
        clearTimeout(timer)
        end()
        resolve({ code, signal })
      }
      const timer = setTimeout(done, drainMs)
      child.once("close", done)
      if (output.kind !== "pipes") done()
    })
    child.once("error", end)
  })
}

const spawnFailure = (bin: string, cause: unknown): SpawnError => {
  const { code, message } = cause as NodeJS.ErrnoException
  return new SpawnError({
    message: `cannot start ${bin}: ${code ?? message}`,
    suggestion: "sessionr doctor",
    bin,
    searched: [bin],
    error: code ?? message
  })
}

const started = (child: ChildProcess, bin: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.once("spawn", resolve)
    child.once("error", (error) => reject(spawnFailure(bin, error)))
  })

const start = (own: Environment, request: ChildRequest) =>
  Effect.tryPromise({
    try: async (): Promise<Child> => {
      const { args, bin, cwd, env, output, stdin } = request
      const prompt = stdin === null ? null : promptFile(stdin)
      const target = targets(output)
      try {
        const child = spawn(bin, args, {
          cwd,
          env: environment(own, env),
          detached: true,
          stdio: [prompt === null ? "ignore" : prompt.fd, ...target.stdio]
        })
        const exit = exitOf(child, output)
        await started(child, bin)
        return { id: identify(child.pid!), exit: Effect.promise(() => exit) }
      } finally {
        prompt?.close()
        target.close()
      }
    },
    catch: (cause) => (cause instanceof SpawnError ? cause : spawnFailure(request.bin, cause))
  })

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const signal = (group: number, name: NodeJS.Signals): void => {
  try {
    process.kill(-group, name)
  } catch {
    // It has gone by itself.
  }
}

const gone = async (group: number, withinMs: number): Promise<boolean> => {
  const until = Date.now() + withinMs
  while (groupRuns(group)) {
    if (Date.now() >= until) return false
    await sleep(25)
  }
  return true
}

/** How this program is started again: an executable, and the words before its arguments. */
export interface SelfCommand {
  readonly bin: string
  readonly words: ReadonlyArray<string>
}

/** Compiled it is its own executable, from source it is the runtime with our first file. */
const ownCommand = Effect.sync((): SelfCommand => {
  const script = process.argv[1]
  const isSource = script !== undefined && script.endsWith(".ts")
  return { bin: process.execPath, words: isSource ? [...process.execArgv, script] : [] }
})

/** Starts this program again, hears its first line, and lets go of it. */
const startSelf = (own: Environment, { bin, words }: SelfCommand, args: ReadonlyArray<string>, stdin: string) =>
  Effect.tryPromise({
    try: async (): Promise<string | null> => {
      const prompt = promptFile(stdin)
      try {
        const child = spawn(bin, [...words, ...args], {
          cwd: "/",
          env: environment(own, {}),
          detached: true,
          stdio: [prompt.fd, "pipe", "ignore"]
        })
        const first = firstLine(child)
        await started(child, bin)
        return await first
      } finally {
        prompt.close()
      }
    },
    catch: (cause) => (cause instanceof SpawnError ? cause : spawnFailure(bin, cause))
  })

const firstLine = (child: ChildProcess): Promise<string | null> =>
  new Promise((resolve) => {
    const done = (line: string | null): void => {
      child.stdout!.destroy()
      child.unref()
      resolve(line)
    }
    const split = lineSplitter(done)
    child.stdout!.on("data", split.push)
    child.stdout!.once("end", () => done(null))
    child.once("error", () => done(null))
  })

/** Whether the leader of the group is the process that is meant, or has ended: its number is not given out before its group is empty. */
const isOurs = (id: { readonly pid: number; readonly startedAt: string | null }): boolean => {
  const now = identify(id.pid).startedAt
  return now === null || id.startedAt === null || now === id.startedAt
}

const make = ({ env }: HostInfo, self: Effect.Effect<SelfCommand, SpawnError>) =>
  Processes.of({
    self: Effect.sync(() => identify(process.pid)),
    isAlive: (id) => Effect.sync(() => isAlive(id)),
    isRunning: (pid, program) => Effect.sync(() => isRunning(pid) && isCalled(pid, program)),
    start: (request) => start(env, request),
    startSelf: (args, stdin) => Effect.flatMap(self, (command) => startSelf(env, command, args, stdin)),
    endGroup: (id, graceMs) =>
      Effect.promise(async () => {
        // A live process of that number that is not ours started later: then all of our group had ended.
        if (!isAlive(id) && identify(id.pid).startedAt !== null && groupRuns(id.pid) && !isOurs(id)) return true
        signal(id.pid, "SIGTERM")
        if (await gone(id.pid, graceMs)) return true
        signal(id.pid, "SIGKILL")
        return gone(id.pid, 1000)
      }),
    marked: (variable, value) => Effect.sync(() => markedProcesses(variable, value).map(identify))
  })

/** Processes of this machine, by way of Node; `self` says how this program is started again. */
export const layerStarting = (self: Effect.Effect<SelfCommand, SpawnError, Host>) =>
  Layer.effect(
    Processes,
    Effect.map(Effect.service(Host), (host) => make(host, Effect.provideService(self, Host, host)))
  )

/** For the program itself. */
export const layer = layerStarting(ownCommand)
