import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import type { Agent } from "./agents.ts"
import { binDirectory } from "./install.ts"
import { type Mock, startMock } from "./mock/server.ts"
import { processesOf } from "../support/processes.ts"

const root = path.resolve(import.meta.dirname, "../..")

export const binary = path.join(root, "dist/sessionr")

/** How a call of the program ended. */
export interface Ran {
  readonly exit: number | NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON; it throws, with everything that was printed, where that is none. */
  // eslint-disable-next-line typescript/no-explicit-any
  readonly json: () => any
  /** Milliseconds until it had ended. */
  readonly took: number
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Called as soon as the process has started. */
  readonly started?: (child: ChildProcess) => void
}

/** A home with one agent in it, its settings, a project directory, and a model that it talks to. */
export interface Sandbox extends AsyncDisposable {
  readonly home: string
  /** A git repository. */
  readonly project: string
  readonly mock: Mock
  readonly sessionr: (args: ReadonlyArray<string>, options?: RunOptions) => Promise<Ran>
  /** Processes whose HOME is this one, the agent's among them: pid and command line. */
  readonly processes: () => ReadonlyArray<string>
  /** A file in the home. */
  readonly write: (name: string, content: string) => string
}

const run = (args: ReadonlyArray<string>, cwd: string, env: NodeJS.ProcessEnv, options: RunOptions): Promise<Ran> =>
  new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(binary, args, {
      cwd: options.cwd ?? cwd,
      env: { ...env, ...options.env },
      stdio: ["ignore", "pipe", "pipe"]
    })
    let stdout = ""
    let stderr = ""
    child.stdout.setEncoding("utf8").on("data", (text: string) => void (stdout += text))
    child.stderr.setEncoding("utf8").on("data", (text: string) => void (stderr += text))
    child.on("error", reject)
    child.on("close", (code, signal) => {
      const json = () => {
        try {
          return JSON.parse(stdout)
        } catch {
          throw new Error(`sessionr ${args.join(" ")} printed no JSON (${code ?? signal}): ${stdout}\n${stderr}`)
        }
      }
      resolve({ exit: code ?? signal, stdout, stderr, json, took: performance.now() - start })
    })
    options.started?.(child)
  })

/** A fresh sandbox. Whatever an agent has left running in it is ended with it. */
export const sandbox = async (agent: Agent): Promise<Sandbox> => {
  const home = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), `sessionr-e2e-${agent.tool}-`)))
  const project = path.join(home, "project")
  fs.mkdirSync(project)
  spawnSync("git", ["init", "--quiet", "--initial-branch=main"], { cwd: project })
  const mock = await startMock()
  agent.configure(home, mock.url)
  const env = {
    HOME: home,
    PATH: `${binDirectory}:/usr/local/bin:/usr/bin:/bin`,
    TERM: "dumb",
    LANG: "C.UTF-8",
    NO_COLOR: "1",
    TMPDIR: path.join(home, "tmp"),
    SESSIONREADER_TOKEN_CAP: "1000000",
    ...agent.env(mock.url)
  }
  fs.mkdirSync(env.TMPDIR)
  return {
    home,
    project,
    mock,
    sessionr: (args, options = {}) => run(args, project, env, options),
    processes: () => processesOf(home),
    write: (name, content) => {
      const file = path.join(home, name)
      fs.writeFileSync(file, content)
      return file
    },
    [Symbol.asyncDispose]: async () => {
      await mock.close()
      for (const line of processesOf(home)) {
        try {
          process.kill(Number.parseInt(line, 10), "SIGKILL")
        } catch {
          // It ended by itself.
        }
      }
      fs.rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
    }
  }
}
