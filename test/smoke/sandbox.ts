import type { ChildProcess } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { makeAgentHome, startsOf } from "../support/agent-home.ts"
import { binary, type Ran, run, scratch } from "./binary.ts"

/** A home, a project and a PATH on which `claude` is a program of ours that can be told to misbehave. */
export interface Sandbox {
  readonly home: string
  readonly project: string
  readonly stateDir: string
  /** What the stand-in was started with, one line a start. */
  readonly starts: () => ReadonlyArray<{ readonly argv: ReadonlyArray<string>; readonly pid: number }>
  readonly call: (args: ReadonlyArray<string>, options?: CallOptions) => Promise<Ran>
  /** Every prompt that is in the transcripts, in the order of their files and lines. */
  readonly prompts: () => ReadonlyArray<string>
}

export interface CallOptions {
  /** Variables for the stand-in. */
  readonly fake?: Readonly<Record<string, string>>
  readonly started?: (child: ChildProcess) => void
  readonly cwd?: string
}

const readLines = (file: string): ReadonlyArray<string> =>
  fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n").filter(Boolean) : []

const transcripts = (home: string): ReadonlyArray<string> => {
  const projects = path.join(home, ".claude/projects")
  if (!fs.existsSync(projects)) return []
  return fs
    .readdirSync(projects, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => path.join(projects, name))
    .sort()
}

const promptOf = (line: string): ReadonlyArray<string> => {
  try {
    const record = JSON.parse(line) as { readonly type?: string; readonly message?: { readonly content?: unknown } }
    return record.type === "user" && typeof record.message?.content === "string" ? [record.message.content] : []
  } catch {
    return []
  }
}

/** A sandbox of its own for each test. */
export const sandbox = (): Sandbox => {
  const agent = makeAgentHome(scratch())
  const { env, home, project, stateDir } = agent
  return {
    home,
    project,
    stateDir,
    starts: () => startsOf(agent),
    call: (args, { cwd = project, fake = {}, started } = {}) =>
      run(binary, args, { cwd, env: { ...env, ...fake }, ...(started === undefined ? {} : { started }) }),
    prompts: () => transcripts(home).flatMap((file) => readLines(file).flatMap(promptOf))
  }
}

/** stdout as JSON; the test fails with what was printed where it is none. */
// eslint-disable-next-line typescript/no-explicit-any
export const json = ({ stderr, stdout }: Ran): any => {
  try {
    return JSON.parse(stdout)
  } catch {
    throw new Error(`no JSON: ${stdout}\n${stderr}`)
  }
}
