import * as fs from "node:fs"
import * as path from "node:path"

const root = path.resolve(import.meta.dirname, "../..")

/** A home, a project in it, and a PATH on which `claude` is a program of ours that can be told to misbehave. */
export interface AgentHome {
  readonly home: string
  readonly project: string
  /** First on PATH. */
  readonly bin: string
  readonly stateDir: string
  /** One line for each start of the agent. */
  readonly log: string
  readonly env: Readonly<Record<string, string>>
}

/** A program that runs a script with the runtime of the tests. */
export const writeProgram = (file: string, script: string): void =>
  fs.writeFileSync(file, `#!/bin/sh\nexec "${process.execPath}" "${script}" "$@"\n`, { mode: 0o755 })

/** Makes one in a directory that is there. */
export const makeAgentHome = (home: string): AgentHome => {
  const project = path.join(home, "project")
  const bin = path.join(home, "bin")
  const log = path.join(home, "starts.log")
  fs.mkdirSync(project)
  fs.mkdirSync(bin)
  writeProgram(path.join(bin, "claude"), path.join(root, "test/support/fake-agent.mjs"))
  return {
    home,
    project,
    bin,
    stateDir: path.join(home, ".sessionreader"),
    log,
    env: {
      HOME: home,
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      SESSIONR_STATE_DIR: "",
      SESSIONR_CACHE_DIR: path.join(home, "cache"),
      FAKE_LOG: log
    }
  }
}

/** The program from its source, for who looks for it on PATH. */
export const installFromSource = ({ bin }: AgentHome): void =>
  writeProgram(path.join(bin, "sessionr"), path.join(root, "src/main.ts"))

export const startsOf = ({
  log
}: AgentHome): ReadonlyArray<{ readonly argv: ReadonlyArray<string>; readonly pid: number }> =>
  fs.existsSync(log)
    ? fs
        .readFileSync(log, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { argv: ReadonlyArray<string>; pid: number })
    : []
