import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as Effect from "effect/Effect"
import { FileError } from "../../src/domain/errors.ts"
import { hashTexts } from "../../src/layers/hash.ts"
import { adapters } from "../../src/layers/adapters.ts"
import type { ShapeName } from "../../src/schemas/shape-names.ts"
import type { Adapter } from "../../src/services/Adapter.ts"
import { writeJob } from "../support/jobs.ts"
import type { RunOptions } from "../support/run-cli.ts"

/** One thing that a command can say, in every format and version. */
export interface Row {
  /** The command as it is called; `--output` and `--api-version` are added. */
  readonly words: ReadonlyArray<string>
  readonly exit: number
  /** The published shape of the answer. */
  readonly shape: ShapeName | "batch"
  /** For errors. */
  readonly code?: string
  readonly options?: RunOptions
  /** A success that in text mode says something on stderr besides: the document alone is on stdout. */
  readonly notes?: true
}

export const vat = "33df6d44"
/** Its texts hold what a terminal obeys. */
export const hostile = "ccbd4a8f"
export const agent = "agent-a5ad8593c38978ba1"

export const [claude] = adapters as readonly [Adapter, ...ReadonlyArray<Adapter>]

/** A source that is there, but whose files have gone. */
export const unreadable: Adapter = {
  ...claude,
  load: ({ file }) => Effect.fail(new FileError({ path: file.path, reason: "EIO" }))
}

/** A source with a defect in what reads a session. */
export const broken: Adapter = {
  ...claude,
  load: () => Effect.die(new TypeError("x is not a function\u001b[31m"))
}

/** A source with a defect in what looks for sessions. */
export const dead: Adapter = { ...claude, source: "dead", aliases: [], discover: () => Effect.die(new Error("gone")) }

export const success = (line: string, shape: Row["shape"], exit = 0, options: RunOptions = {}): Row => ({
  words: line.split(" "),
  exit,
  shape,
  options
})

export const failure = (
  code: string,
  words: string | ReadonlyArray<string>,
  exit = 2,
  options: RunOptions = {}
): Row => ({
  words: typeof words === "string" ? words.split(" ") : words,
  exit,
  shape: "error",
  code,
  options
})

/** Our state would lie below a file. */
export const noState: RunOptions = { env: { SESSIONR_STATE_DIR: `${import.meta.filename}/state` } }

export const claudeProgram = { programs: { claude: "/usr/bin/claude" } }

/** A send on a copy of the demo home, with an agent that behaves like this. */
export const sending = (agent: RunOptions["agent"] = {}): RunOptions => ({ ...claudeProgram, copied: true, agent })

export const jobId = "j-20261120-110000-0a1b2c3d"

/** A job of before, as its record says. */
export const withJob = (change: object, exit: number | null, agent: RunOptions["agent"] = {}): RunOptions => ({
  ...sending(agent),
  prepare: ({ stateDir }) => writeJob(stateDir, { jobId, ...change }, exit)
})

export const doneAt = Date.parse("2026-11-20T11:01:00.000Z")
export const finished = withJob({ completedAt: doneAt, delivery: "delivered" }, 0)
export const running = withJob({}, null, { runs: true })

/** Another send has the session: its holder is a process that the fake says is alive. */
export const busy: RunOptions = {
  ...sending({ runs: true }),
  prepare: ({ stateDir }) => {
    const id = "33df6d44-dd8f-4a44-b953-a787c477423d"
    const holder = { pid: 4_000_000, startedAt: "0", bootId: "test" }
    const held = {
      version: 1,
      token: "t",
      source: "claude",
      subject: id,
      holders: [holder],
      command: "send",
      jobId,
      since: doneAt
    }
    fs.mkdirSync(nodePath.join(stateDir, "leases"), { recursive: true })
    const name = hashTexts("claude", id).slice(0, 32)
    fs.writeFileSync(nodePath.join(stateDir, "leases", `${name}.json`), JSON.stringify(held))
  }
}

/** The key was used for another request. */
export const usedKey: RunOptions = {
  ...sending(),
  prepare: ({ stateDir }) => {
    const by = { pid: 4_000_000, startedAt: "0", bootId: "test" }
    const entry = { version: 1, key: "k", request: "another", jobId, by }
    fs.mkdirSync(nodePath.join(stateDir, "journal"), { recursive: true })
    fs.writeFileSync(nodePath.join(stateDir, "journal", `${hashTexts("k").slice(0, 32)}.json`), JSON.stringify(entry))
  }
}

export const send = `send ${vat} --cwd / --quiet --detect-timeout-ms 0 -m hello`

export const batch = { inputs: { ids: `# two\n${vat}\n\n${hostile}\n`, broken: `${vat}\nffffffff\n`, empty: "" } }

/** A document on stdout, or in an envelope. */
export const document = (line: string, options: RunOptions = {}): Row => ({
  ...success(line, "export", 0, options),
  notes: true
})

/** The command of a row; a call without one is none. */
export const commandOf = ({ words }: Row): string => words.find((word) => !word.startsWith("-")) ?? ""
