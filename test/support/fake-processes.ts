import * as fs from "node:fs"
import * as nodePath from "node:path"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { SpawnError } from "../../src/domain/send-errors.ts"
import { type ChildRequest, type Exit, Processes, type ProcessId } from "../../src/services/Processes.ts"

/** How a stand-in for `claude` behaves: nothing is started, its transcript is written as it would be. */
export interface FakeAgent {
  readonly writes?: "nothing" | "prompt" | "answer"
  readonly exit?: Exit
  /** Said in its last event, which then is an error. */
  readonly failure?: string
  /** It does not start. */
  readonly missing?: true
  /** It never ends by itself. */
  readonly hangs?: true
  /** Every child that was started is still running. */
  readonly runs?: true
}

/** Recorded instead of started. */
export interface Recorded {
  readonly started: Array<ChildRequest>
  readonly ended: Array<ProcessId>
}

const valueOf = (args: ReadonlyArray<string>, flag: string): string | null => {
  const word = args.find((one) => one.startsWith(`${flag}=`))
  if (word !== undefined) return word.slice(flag.length + 1)
  const at = args.indexOf(flag)
  return at < 0 ? null : (args[at + 1] ?? null)
}

const transcriptOf = (home: string, id: string, cwd: string): string => {
  const projects = nodePath.join(home, ".claude/projects")
  const known = fs
    .readdirSync(projects, { recursive: true, encoding: "utf8" })
    .find((name) => name.endsWith(`/${id}.jsonl`))
  return nodePath.join(projects, known ?? nodePath.join(cwd.replaceAll(/[^A-Za-z0-9]/g, "-"), `${id}.jsonl`))
}

const lastUuid = (file: string): string | null => {
  if (!fs.existsSync(file)) return null
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean)
  const uuids = lines.flatMap((line) => /"uuid":"([^"]+)"/.exec(line)?.[1] ?? [])
  return uuids.at(-1) ?? null
}

/** What the agent leaves in the store of `home`, and prints. */
const act = (home: string, { args, cwd, output, stdin }: ChildRequest, agent: FakeAgent): void => {
  const id = valueOf(args, "--session-id") ?? valueOf(args, "--resume") ?? "no-id"
  const say = (event: object): void => {
    if (output.kind !== "none") output.lines.stdout(JSON.stringify(event))
  }
  say({ type: "system", subtype: "init", session_id: id })
  const file = transcriptOf(home, id, cwd)
  const record = (type: string, uuid: string, parentUuid: string | null, message: object): string =>
    `${JSON.stringify({ parentUuid, isSidechain: false, cwd, sessionId: id, version: "2.1.329", type, message, uuid, timestamp: "2026-11-20T11:59:00.000Z" })}\n`
  const asked = "aaaaaaaa-0000-4000-8000-000000000001"
  const writes = agent.writes ?? "answer"
  if (writes !== "nothing") {
    fs.mkdirSync(nodePath.dirname(file), { recursive: true })
    fs.appendFileSync(file, record("user", asked, lastUuid(file), { role: "user", content: stdin }))
  }
  if (writes === "answer") {
    const content = [{ type: "text", text: "Done." }]
    const answer = { id: "msg_fake", role: "assistant", model: "claude-opus-5-5", content, stop_reason: "end_turn" }
    fs.appendFileSync(file, record("assistant", "aaaaaaaa-0000-4000-8000-000000000002", asked, answer))
  }
  const failed = agent.failure !== undefined
  say({ type: "result", is_error: failed, result: agent.failure ?? "Done.", session_id: id })
}

const none: ProcessId = { pid: 4_000_000, startedAt: "0", bootId: "test" }
const self: ProcessId = { pid: 4_000_001, startedAt: "0", bootId: "test" }

/** Processes of a machine on which only the stand-in can be started; `again` runs the program once more. */
export const fakeProcesses = (
  home: string,
  agent: FakeAgent,
  again: (args: ReadonlyArray<string>, stdin: string) => Effect.Effect<string>,
  recorded: Recorded = { started: [], ended: [] }
) =>
  Layer.succeed(
    Processes,
    Processes.of({
      self: Effect.succeed(self),
      isAlive: ({ pid }) => Effect.succeed(agent.runs === true && pid === none.pid),
      isRunning: (pid) => Effect.succeed(agent.runs === true && pid === none.pid),
      start: (request) =>
        Effect.suspend(() => {
          if (agent.missing === true) {
            const { bin } = request
            return Effect.fail(
              new SpawnError({ message: `cannot start ${bin}: ENOENT`, bin, searched: [bin], error: "ENOENT" })
            )
          }
          recorded.started.push(request)
          act(home, request, agent)
          const exit = agent.hangs === true ? Effect.never : Effect.succeed(agent.exit ?? { code: 0, signal: null })
          return Effect.succeed({ id: none, exit })
        }),
      startSelf: (args, stdin) => Effect.map(again(args, stdin), (printed) => printed.split("\n")[0] || null),
      endGroup: (id) =>
        Effect.sync(() => {
          recorded.ended.push(id)
          return true
        }),
      marked: () => Effect.succeed([])
    })
  )
