import { afterAll } from "@effect/vitest"
import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

export const root = path.resolve(import.meta.dirname, "../..")

export const binary = path.join(root, "dist/sessionr")

export const demoHome = path.join(root, "examples/home")

export interface Ran {
  /** A number, or the signal that ended the process. */
  readonly exit: number | NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  /** Added to an environment of nothing but PATH, HOME and places for state and cache that nobody else uses. */
  readonly env?: Readonly<Record<string, string>>
  /** Called as soon as the process has started. */
  readonly started?: (child: ChildProcess) => void
}

const scratched: Array<string> = []

afterAll(() => {
  for (const directory of scratched) fs.rmSync(directory, { recursive: true, force: true })
})

/** A directory that is gone when the tests are done. */
export const scratch = (): string => {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "sessionr-smoke-")))
  scratched.push(directory)
  return directory
}

const nobody = scratch()

/** Runs a program to its end. */
export const run = (file: string, args: ReadonlyArray<string>, options: RunOptions = {}): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const env = {
      PATH: process.env["PATH"],
      HOME: nobody,
      SESSIONR_CACHE_DIR: path.join(nobody, "cache"),
      SESSIONR_STATE_DIR: path.join(nobody, "state"),
      ...options.env
    }
    const child = spawn(file, args, { cwd: options.cwd ?? root, env, stdio: ["ignore", "pipe", "pipe"] })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => void (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => void (stderr += text))
    child.on("error", reject)
    child.on("close", (code, signal) => resolve({ exit: code ?? signal, stdout, stderr }))
    options.started?.(child)
  })

/** Runs the compiled program. */
export const sessionr = (args: ReadonlyArray<string>, options?: RunOptions): Promise<Ran> => run(binary, args, options)

/** Runs it below `bash -o pipefail`, as `$SESSIONR`. */
export const inShell = (line: string, options: RunOptions = {}): Promise<Ran> =>
  run("bash", ["-o", "pipefail", "-c", line], { ...options, env: { ...options.env, SESSIONR: binary } })

export interface BigSession {
  readonly home: string
  readonly id: string
  readonly messages: number
  /** Characters of all its messages. */
  readonly chars: number
}

/** A home with one claude session of many messages. */
export const bigHome = (messages: number, charsEach: number): BigSession => {
  const home = scratch()
  const id = "5a5a5a5a-0000-4000-8000-00000000beef"
  const directory = path.join(home, ".claude/projects/-srv-big")
  fs.mkdirSync(directory, { recursive: true })
  const uuid = (n: number): string => `5a5a5a5a-0000-4000-9000-${n.toString(16).padStart(12, "0")}`
  const lines = Array.from({ length: messages }, (_, at) => {
    const role = at % 2 === 0 ? "user" : "assistant"
    const text = `message ${at} `.padEnd(charsEach, "lorem ipsum dolor ")
    return JSON.stringify({
      parentUuid: at === 0 ? null : uuid(at - 1),
      isSidechain: false,
      userType: "external",
      cwd: "/srv/big",
      sessionId: id,
      version: "2.1.300",
      gitBranch: "main",
      type: role,
      message:
        role === "user"
          ? { role, content: text }
          : { id: `msg_${at}`, role, model: "claude-opus-5-5", content: [{ type: "text", text }] },
      uuid: uuid(at),
      timestamp: new Date(Date.UTC(2026, 9, 1, 12) + at * 1000).toISOString()
    })
  })
  fs.writeFileSync(path.join(directory, `${id}.jsonl`), `${lines.join("\n")}\n`)
  return { home, id, messages, chars: messages * charsEach }
}
